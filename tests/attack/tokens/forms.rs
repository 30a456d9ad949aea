//! What is no compact serialisation of a signed JSON object, or too much of one.

use super::forgery::Forgery;
use super::loot::{Kind, LIMIT, padded, well_signed};
use crate::forge::{part, parts, sign_parts};
use serde_json::json;
use tests::token::SECRET;

pub(super) fn forgeries() -> Vec<Forgery> {
    [parts_of_it(), spellings(), payloads(), sizes()]
        .into_iter()
        .flatten()
        .collect()
}

fn parts_of_it() -> Vec<Forgery> {
    vec![
        Forgery::new("one_part", |loot| parts(&loot.good)[1].to_owned()),
        Forgery::new("one_long_part", |_| "x".repeat(6000)),
        Forgery::new("four_parts", |loot| format!("{}.x", loot.good)),
        Forgery::new("a_dot_behind", |loot| format!("{}.", loot.good)),
        Forgery::new("a_dot_in_front", |loot| format!(".{}", loot.good)),
        Forgery::new("a_dot_twice", |loot| loot.good.replacen('.', "..", 1)),
        Forgery::new("only_dots", |_| "..".to_owned()),
        Forgery::new("only_a_signature", |loot| format!("..{}", parts(&loot.good)[2])),
        Forgery::new("without_a_payload", |loot| sign_parts(&part(loot.header()), "", SECRET)),
        Forgery::new("without_a_header", |loot| sign_parts("", &part(loot.payload()), SECRET)),
        Forgery::new("five_parts_as_if_encrypted", |loot| {
            let header = part(r#"{"alg":"dir","enc":"A256GCM"}"#);
            format!("{header}..{}", loot.good)
        }),
        Forgery::new("two_tokens", |loot| format!("{}.{}", loot.good, loot.other)),
        Forgery::new("json_serialisation", |loot| {
            let [header, payload, signature] = parts(&loot.good);
            json!({"protected": header, "payload": payload, "signature": signature}).to_string()
        }),
        Forgery::new("json_serialisation_with_two_signatures", |loot| {
            let [header, payload, signature] = parts(&loot.good);
            let signature = json!({"protected": header, "signature": signature});
            json!({"payload": payload, "signatures": [signature, signature]}).to_string()
        }),
        Forgery::new("json_serialisation_encoded", |loot| {
            let [header, payload, signature] = parts(&loot.good);
            part(json!({"protected": header, "payload": payload, "signature": signature}).to_string())
        }),
    ]
}

fn spellings() -> Vec<Forgery> {
    vec![
        Forgery::new("a_space_inside", |loot| loot.good.replacen('.', ". ", 1)),
        Forgery::new("a_tab_inside", |loot| loot.good.replacen('.', "\t.", 1)),
        Forgery::of(Kind::Access, "in_quotes", |loot| format!("\"{}\"", loot.good)),
        Forgery::of(Kind::Access, "dots_escaped", |loot| loot.good.replace('.', "%2E")),
        Forgery::of(Kind::Access, "a_comma_behind", |loot| format!("{},", loot.good)),
        Forgery::of(Kind::Access, "twice_by_comma", |loot| format!("{0},{0}", loot.good)),
        Forgery::of(Kind::Access, "somebody_elses_by_comma", |loot| {
            format!("{}, Bearer {}", loot.good, loot.other)
        }),
        Forgery::of(Kind::Access, "a_word_behind", |loot| format!("{} x", loot.good)),
        Forgery::of(Kind::Access, "a_parameter", |loot| format!("token={}", loot.good)),
        Forgery::new("whole_token_encoded_once_more", |loot| part(&loot.good)),
        Forgery::new("header_not_encoded", |loot| {
            sign_parts(&loot.header(), &part(loot.payload()), SECRET)
        }),
    ]
}

fn payloads() -> Vec<Forgery> {
    let payload = |name: &str, bytes: &'static [u8]| {
        Forgery::new(format!("payload::{name}"), move |loot| {
            well_signed(loot.header(), bytes)
        })
    };
    let around = |name: &str, change: fn(&str) -> Vec<u8>| {
        Forgery::new(format!("payload::{name}"), move |loot| {
            well_signed(loot.header(), change(&loot.payload()))
        })
    };
    vec![
        payload("an_empty_object", b"{}"),
        payload("a_list", b"[]"),
        payload("text", b"\"sub\""),
        payload("a_number", b"1"),
        payload("null", b"null"),
        payload("no_json", b"sub=ada"),
        payload("cut_off", b"{\"sub\":"),
        payload("a_zero_byte", b"\0"),
        around("in_a_list", |json| format!("[{json}]").into()),
        around("and_another", |json| format!("{json}{json}").into()),
        around("and_a_comma", |json| format!("{json},").into()),
        around("and_a_zero_byte", |json| format!("{json}\0").into()),
        around("a_comma_inside", |json| {
            format!("{},}}", &json[..json.len() - 1]).into()
        }),
        around("a_comment_inside", |json| json.replacen('{', "{/**/", 1).into()),
        around("byte_order_mark", |json| format!("\u{feff}{json}").into()),
        around("utf_16", |json| {
            json.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }),
        around("not_utf_8", |json| {
            [&json.as_bytes()[..json.len() - 1], b",\"x\":\"\xff\"}"].concat()
        }),
        around("a_lone_surrogate", |json| {
            json.replacen('{', r#"{"x":"\ud800","#, 1).into()
        }),
        around("single_quotes", |json| json.replace('"', "'").into()),
        Forgery::new("header_is_a_list", |loot| {
            well_signed(r#"[{"alg":"HS256"}]"#, loot.payload())
        }),
        Forgery::new("header_is_no_json", |loot| well_signed("alg=HS256", loot.payload())),
        Forgery::new("header_cut_off", |loot| {
            well_signed(r#"{"alg":"HS256""#, loot.payload())
        }),
        Forgery::new("header_with_a_byte_order_mark", |loot| {
            well_signed(format!("\u{feff}{}", loot.header()), loot.payload())
        }),
    ]
}

fn sizes() -> Vec<Forgery> {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(500), close.repeat(500));
    vec![
        Forgery::new("just_over_the_limit", |loot| {
            let token = padded(loot, LIMIT + 2);
            assert!(token.len() > LIMIT, "{} bytes", token.len());
            token
        }),
        Forgery::new("far_over_the_limit", |loot| padded(loot, 2 * LIMIT)),
        Forgery::new("lists_nested_deeply", move |loot| {
            well_signed(loot.header(), loot.payload_with("x", &deep("[", "]")))
        }),
        Forgery::new("objects_nested_deeply", move |loot| {
            well_signed(loot.header(), loot.payload_with("x", &deep("{\"a\":", "}")))
        }),
        Forgery::new("header_nested_deeply", move |loot| {
            well_signed(loot.header_with("x", &deep("[", "]")), loot.payload())
        }),
        Forgery::new("brackets_that_never_close", |loot| {
            well_signed(loot.header(), "[".repeat(5000))
        }),
    ]
}
