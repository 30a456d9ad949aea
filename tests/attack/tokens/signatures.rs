//! Signatures that are missing, another one's, or made with a key that is not the server's.

use super::forgery::Forgery;
use super::loot::{Loot, well_signed};
use crate::forge::{hmac, part, parts, sign, sign_parts, spare_bits};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use tests::token::SECRET;

pub(super) fn forgeries() -> Vec<Forgery> {
    [taken_apart(), other_keys(), other_spellings()]
        .into_iter()
        .flatten()
        .collect()
}

fn taken_apart() -> Vec<Forgery> {
    vec![
        Forgery::new("without_its_signature", |loot| {
            let [header, payload, _] = parts(&loot.good);
            format!("{header}.{payload}.")
        }),
        Forgery::new("without_its_signature_and_its_dot", |loot| {
            let [header, payload, _] = parts(&loot.good);
            format!("{header}.{payload}")
        }),
        Forgery::new("signature_one_letter_short", |loot| {
            loot.good[..loot.good.len() - 1].to_owned()
        }),
        Forgery::new("signature_cut_to_half", |loot| {
            with_signature(loot, |signature| part(&signature[..16]))
        }),
        Forgery::new("signature_one_byte_long", |loot| {
            with_signature(loot, |signature| part(&signature[..1]))
        }),
        Forgery::new("signature_with_a_byte_more", |loot| {
            with_signature(loot, |signature| part([signature, &[0]].concat()))
        }),
        Forgery::new("signature_twice", |loot| {
            with_signature(loot, |signature| part(signature.repeat(2)))
        }),
        Forgery::new("signature_with_a_bit_changed", |loot| {
            with_signature(loot, |signature| {
                let mut signature = signature.to_vec();
                signature[31] ^= 1;
                part(signature)
            })
        }),
        Forgery::new("signature_of_zeros", |loot| with_signature(loot, |_| part([0; 32]))),
        Forgery::new("signature_in_hexadecimal", |loot| {
            with_signature(loot, |signature| {
                let digits: Vec<_> = signature.iter().map(|byte| format!("{byte:02x}")).collect();
                digits.concat()
            })
        }),
        Forgery::new("somebody_elses_signature", |loot| {
            let [header, payload, _] = parts(&loot.good);
            let [.., signature] = parts(&loot.other);
            format!("{header}.{payload}.{signature}")
        }),
        Forgery::new("somebody_elses_payload", |loot| {
            let [header, _, signature] = parts(&loot.good);
            let [_, payload, _] = parts(&loot.other);
            format!("{header}.{payload}.{signature}")
        }),
        Forgery::new("header_of_the_other_kind", |loot| {
            let [_, payload, signature] = parts(&loot.good);
            let [header, ..] = parts(&loot.sibling);
            format!("{header}.{payload}.{signature}")
        }),
        Forgery::new("a_claim_changed_under_the_old_signature", |loot| {
            let [header, _, signature] = parts(&loot.good);
            let payload = loot.payload_with("exp", "9999999999");
            format!("{header}.{}.{signature}", part(payload))
        }),
    ]
}

fn other_keys() -> Vec<Forgery> {
    let key = |name: &str, secret: fn() -> Vec<u8>| {
        Forgery::new(format!("key::{name}"), move |loot| {
            sign(loot.header(), loot.payload(), secret())
        })
    };
    vec![
        key("another", || b"another secret, which is long enough too".to_vec()),
        key("empty", Vec::new),
        key("one_zero_byte", || vec![0]),
        key("with_a_line_break", || format!("{SECRET}\n").into()),
        key("with_a_zero_byte", || {
            // HMAC pads its key with zeros up to its block: of a key that is shorter, this would be the same one.
            format!("\0{SECRET}").into()
        }),
        key("in_capitals", || SECRET.to_uppercase().into()),
        key("cut", || SECRET[..32].into()),
        key("in_base64", || BASE64_STANDARD.encode(SECRET).into()),
        key("hashed", || Sha256::digest(SECRET).to_vec()),
        key("well_known", || b"your-256-bit-secret".to_vec()),
        key("the_word_secret", || b"secret".to_vec()),
        key("its_own_issuer", || b"taskward".to_vec()),
        Forgery::new("key::its_own_header", |loot| {
            let header = loot.header();
            sign(&header, loot.payload(), &header)
        }),
        Forgery::new("signed_over_the_payload_alone", |loot| {
            let [header, payload, _] = parts(&loot.good);
            format!("{header}.{payload}.{}", part(hmac(payload, SECRET)))
        }),
        Forgery::new("signed_over_what_it_decodes_to", |loot| {
            let [header, payload, _] = parts(&loot.good);
            let message = format!("{}.{}", loot.header(), loot.payload());
            format!("{header}.{payload}.{}", part(hmac(&message, SECRET)))
        }),
    ]
}

/// What decodes to the same bytes must not be the same token.
fn other_spellings() -> Vec<Forgery> {
    vec![
        Forgery::new("signature_with_spare_bits", |loot| {
            let [header, payload, signature] = parts(&loot.good);
            format!("{header}.{payload}.{}", spare_bits(signature))
        }),
        Forgery::new("signature_with_padding", |loot| format!("{}=", loot.good)),
        Forgery::new("signature_in_the_standard_alphabet", |loot| {
            let differs = |signature: &str| signature.contains(['-', '_']);
            let token = (0..1000)
                .map(|number| well_signed(loot.header(), loot.payload_with("number", &number.to_string())))
                .find(|token| differs(parts(token)[2]))
                .expect("one of so many");
            let [header, payload, signature] = parts(&token);
            format!("{header}.{payload}.{}", signature.replace('-', "+").replace('_', "/"))
        }),
        Forgery::new("payload_with_padding", |loot| {
            let payload = part(spaced(&loot.payload(), 1));
            sign_parts(&part(loot.header()), &format!("{payload}=="), SECRET)
        }),
        Forgery::new("payload_with_spare_bits", |loot| {
            let payload = part(spaced(&loot.payload(), 1));
            sign_parts(&part(loot.header()), &spare_bits(&payload), SECRET)
        }),
        Forgery::new("header_with_spare_bits", |loot| {
            let header = part(spaced(&loot.header(), 2));
            sign_parts(&spare_bits(&header), &part(loot.payload()), SECRET)
        }),
        Forgery::new("header_with_padding", |loot| {
            let header = part(spaced(&loot.header(), 2));
            sign_parts(&format!("{header}="), &part(loot.payload()), SECRET)
        }),
        Forgery::new("payload_in_the_standard_alphabet", |loot| {
            let payload = BASE64_STANDARD.encode(spaced(&loot.payload_with("x", r#""???>>>~~~""#), 0));
            assert!(payload.contains(['+', '/']), "{payload}");
            sign_parts(&part(loot.header()), &payload, SECRET)
        }),
        Forgery::new("payload_with_a_letter_too_many", |loot| {
            let payload = part(spaced(&loot.payload(), 0));
            sign_parts(&part(loot.header()), &format!("{payload}A"), SECRET)
        }),
    ]
}

fn with_signature(loot: &Loot, change: impl Fn(&[u8]) -> String) -> String {
    let [header, payload, _] = parts(&loot.good);
    let signature = hmac(&format!("{header}.{payload}"), SECRET);
    format!("{header}.{payload}.{}", change(&signature))
}

/// The JSON with spaces after it, so that its length leaves this remainder when it is divided by three.
pub(super) fn spaced(json: &str, remainder: usize) -> String {
    let mut json = json.to_owned();
    while json.len() % 3 != remainder {
        json.push(' ');
    }
    json
}
