//! Headers that talk the verifier into another algorithm, another key, or another way to read the token.

use super::forgery::Forgery;
use super::loot::{Kind, Loot, well_signed};
use crate::forge::{hmac, part, parts, sign};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use hmac::{Hmac, KeyInit, Mac};
use rcgen::{KeyPair, PublicKeyData, SigningKey};
use serde_json::json;
use sha2::{Sha384, Sha512};
use std::io::Write;
use tests::token::SECRET;

/// The attacker's own secret.
const OWN: &str = "the attacker's secret, long enough as well";

pub(super) fn forgeries() -> Vec<Forgery> {
    [algorithms(), keys(), extensions(), kinds(), duplicates()]
        .into_iter()
        .flatten()
        .collect()
}

fn algorithms() -> Vec<Forgery> {
    let mut all = Vec::new();
    for (name, alg) in [
        ("none", "none"),
        ("none_capitalised", "None"),
        ("none_in_capitals", "NONE"),
        ("none_mixed", "nOnE"),
        ("none_with_a_space", "none "),
        ("none_with_a_zero_byte", "none\0"),
        ("empty", ""),
    ] {
        let header = move |loot: &Loot| loot.header_with("alg", &json!(alg).to_string());
        all.push(Forgery::new(format!("alg::{name}"), move |loot| {
            format!("{}.{}.", part(header(loot)), part(loot.payload()))
        }));
        all.push(Forgery::new(
            format!("alg::{name}_under_the_old_signature"),
            move |loot| {
                let [.., signature] = parts(&loot.good);
                format!("{}.{}.{signature}", part(header(loot)), part(loot.payload()))
            },
        ));
        all.push(Forgery::new(format!("alg::{name}_signed"), move |loot| {
            well_signed(header(loot), loot.payload())
        }));
    }
    // Each says another algorithm than it is signed by, which is the right one with the right key.
    for (name, alg) in [
        ("hs384", r#""HS384""#),
        ("hs512", r#""HS512""#),
        ("rs256", r#""RS256""#),
        ("ps256", r#""PS256""#),
        ("es256", r#""ES256""#),
        ("es256k", r#""ES256K""#),
        ("eddsa", r#""EdDSA""#),
        ("in_small_letters", r#""hs256""#),
        ("with_a_space", r#""HS256 ""#),
        ("with_a_zero_byte", r#""HS256\u0000""#),
        ("by_its_uri", r#""http://www.w3.org/2001/04/xmldsig-more#hmac-sha256""#),
        ("a_list", r#"["HS256"]"#),
        ("an_object", r#"{"HS256":true}"#),
        ("a_number", "256"),
        ("true", "true"),
        ("null", "null"),
    ] {
        all.push(Forgery::new(format!("alg::{name}_in_name_only"), move |loot| {
            well_signed(loot.header_with("alg", alg), loot.payload())
        }));
    }
    all.push(Forgery::new("alg::absent", |loot| {
        well_signed(r#"{"typ":"JWT"}"#, loot.payload())
    }));
    all.push(Forgery::new("alg::hs384_properly", |loot| {
        let message = unsigned(loot, r#""HS384""#);
        let mut mac = Hmac::<Sha384>::new_from_slice(SECRET.as_bytes()).expect("any length");
        mac.update(message.as_bytes());
        format!("{message}.{}", part(mac.finalize().into_bytes()))
    }));
    all.push(Forgery::new("alg::hs512_properly", |loot| {
        let message = unsigned(loot, r#""HS512""#);
        let mut mac = Hmac::<Sha512>::new_from_slice(SECRET.as_bytes()).expect("any length");
        mac.update(message.as_bytes());
        format!("{message}.{}", part(mac.finalize().into_bytes()))
    }));
    all
}

/// The header brings a key along, or says where one is: the signature is good by that key.
fn keys() -> Vec<Forgery> {
    let mut all = Vec::new();
    for member in ["jku", "x5u", "kid", "url", "iss"] {
        all.push(Forgery::new(format!("key_at::{member}"), move |loot| {
            let header = loot.header_with(member, &json!(loot.trap).to_string());
            sign(header, loot.payload(), OWN)
        }));
    }
    for (name, kid, key) in [
        ("kid_dev_null", "../../../../../../dev/null", ""),
        ("kid_absolute_path", "/dev/null", ""),
        ("kid_file_url", "file:///dev/null", ""),
        ("kid_known_file", "/proc/sys/kernel/ostype", "Linux\n"),
        ("kid_sql", "x' UNION SELECT 'k' -- ", "k"),
        ("kid_command", "key; cat /dev/null", ""),
        ("kid_zero_byte", "key\0", ""),
        ("kid_empty", "", ""),
        (
            "kid_names_itself",
            "the attacker's secret, long enough as well",
            "the attacker's secret, long enough as well",
        ),
    ] {
        all.push(Forgery::new(format!("key_at::{name}"), move |loot| {
            let header = loot.header_with("kid", &json!(kid).to_string());
            sign(header, loot.payload(), key)
        }));
    }
    all.push(Forgery::new("key_inside::jwk_oct", |loot| {
        let jwk = json!({"kty": "oct", "k": part(OWN), "alg": "HS256"}).to_string();
        sign(loot.header_with("jwk", &jwk), loot.payload(), OWN)
    }));
    all.push(Forgery::new("key_inside::jwk_ed25519", |loot| {
        let key = KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": part(key.der_bytes())});
        let header = json!({"alg": "EdDSA", "typ": loot.token.header["typ"], "jwk": jwk});
        signed_by(&key, &header.to_string(), &loot.payload())
    }));
    all.push(Forgery::new("key_inside::jwk_p256", |loot| {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
        let point = key.der_bytes();
        let jwk = json!({"kty": "EC", "crv": "P-256", "x": part(&point[1..33]), "y": part(&point[33..])});
        let header = json!({"alg": "ES256", "typ": loot.token.header["typ"], "jwk": jwk});
        signed_by(&key, &header.to_string(), &loot.payload())
    }));
    all.push(Forgery::new("key_inside::x5c", |loot| {
        let header = loot.header_with("x5c", &json!([part(OWN)]).to_string());
        sign(header, loot.payload(), OWN)
    }));
    all
}

fn extensions() -> Vec<Forgery> {
    let header = |name: &str, member: &'static str, text: &'static str| {
        Forgery::new(name, move |loot| {
            well_signed(loot.header_with(member, text), loot.payload())
        })
    };
    vec![
        header("crit_of_a_known_claim", "crit", r#"["exp"]"#),
        header("crit_of_nothing", "crit", "[]"),
        header("crit_of_the_unknown", "crit", r#"["http://example.org/x"]"#),
        header("crit_null", "crit", "null"),
        Forgery::new("crit_of_an_extension_that_is_there", |loot| {
            // RFC 7515 §4.1.11: whoever does not understand it must refuse the token.
            let header = format!(r#"{{"crit":["x"],"x":1,{}"#, &loot.header()[1..]);
            well_signed(header, loot.payload())
        }),
        header("b64_true", "b64", "true"),
        header("zip_in_name_only", "zip", r#""DEF""#),
        Forgery::new("payload_not_encoded", |loot| {
            // RFC 7797: the payload stands there as it is. A dot in it would be one too many.
            let payload = loot.payload().replace('.', "");
            let header = part(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#);
            let signature = part(hmac(&format!("{header}.{payload}"), SECRET));
            format!("{header}.{payload}.{signature}")
        }),
        Forgery::new("payload_compressed", |loot| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(loot.payload().as_bytes()).expect("memory");
            let payload = encoder.finish().expect("memory");
            well_signed(loot.header_with("zip", r#""DEF""#), payload)
        }),
        Forgery::new("payload_that_is_a_token", |loot| {
            well_signed(loot.header_with("cty", r#""JWT""#), &loot.good)
        }),
    ]
}

fn kinds() -> Vec<Forgery> {
    let typ = |name: &str, text: &'static str| {
        Forgery::new(format!("typ::{name}"), move |loot| {
            well_signed(loot.header_with("typ", text), loot.payload())
        })
    };
    vec![
        typ("of_mail", r#""mail+jwt""#),
        typ("of_a_logout_token", r#""logout+jwt""#),
        typ("of_a_proof", r#""dpop+jwt""#),
        typ("encrypted", r#""JWE""#),
        typ("empty", r#""""#),
        typ("a_number", "1"),
        typ("null", "null"),
        typ("a_list", r#"["at+jwt","session+jwt","JWT"]"#),
        typ("with_a_zero_byte", r#""at+jwt\u0000""#),
        Forgery::new("typ::of_the_other_kind", |loot| {
            let other = match loot.kind {
                Kind::Access => r#""session+jwt""#,
                Kind::Session => r#""at+jwt""#,
            };
            well_signed(loot.header_with("typ", other), loot.payload())
        }),
        Forgery::new("typ::of_the_other_kind_in_capitals", |loot| {
            let other = match loot.kind {
                Kind::Access => r#""SESSION+JWT""#,
                Kind::Session => r#""AT+JWT""#,
            };
            well_signed(loot.header_with("typ", other), loot.payload())
        }),
        Forgery::new("typ::in_the_claims_only", |loot| {
            let header = r#"{"alg":"HS256","typ":"refresh+jwt"}"#;
            well_signed(header, loot.payload_with("typ", &loot.token.header["typ"].to_string()))
        }),
    ]
}

/// Of two members of one name, each reader may believe another one.
fn duplicates() -> Vec<Forgery> {
    let header = |name: &str, text: fn(&Loot) -> String| {
        Forgery::new(format!("twice::{name}"), move |loot| {
            well_signed(text(loot), loot.payload())
        })
    };
    let payload = |name: &str, member: &'static str, first: bool| {
        Forgery::new(format!("twice::{name}"), move |loot| {
            let own = &loot.token.claims[member];
            let pair = format!("\"{member}\":{own}");
            let text = loot.payload();
            let text = if first {
                format!("{{{pair},{}", &text[1..])
            } else {
                format!("{},{pair}}}", &text[..text.len() - 1])
            };
            well_signed(loot.header(), text)
        })
    };
    vec![
        header("alg_none_first", |loot| {
            format!(r#"{{"alg":"none",{}"#, &loot.header()[1..])
        }),
        header("alg_none_last", |loot| {
            let header = loot.header();
            format!(r#"{},"alg":"none"}}"#, &header[..header.len() - 1])
        }),
        header("alg_the_same", |loot| {
            format!(r#"{{"alg":"HS256",{}"#, &loot.header()[1..])
        }),
        header("alg_escaped", |loot| {
            format!(r#"{{"\u0061lg":"none",{}"#, &loot.header()[1..])
        }),
        header("kid", |loot| {
            format!(r#"{{"kid":"1","kid":"2",{}"#, &loot.header()[1..])
        }),
        payload("sub_first", "sub", true),
        payload("sub_last", "sub", false),
        payload("exp_first", "exp", true),
        payload("exp_last", "exp", false),
        Forgery::new("twice::exp_escaped", |loot| {
            well_signed(loot.header(), format!(r#"{{"\u0065xp":1,{}"#, &loot.payload()[1..]))
        }),
        Forgery::new("twice::deep_inside", |loot| {
            well_signed(loot.header(), loot.payload_with("x", r#"[{"a":1,"a":2}]"#))
        }),
    ]
}

fn unsigned(loot: &Loot, alg: &str) -> String {
    format!("{}.{}", part(loot.header_with("alg", alg)), part(loot.payload()))
}

fn signed_by(key: &KeyPair, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", part(header), part(payload));
    let signature = key.sign(message.as_bytes()).expect("a signature");
    // Ed25519 signatures are 64 bytes; those of ECDSA come as ASN.1 (RFC 3279 §2.2.3).
    let signature = if signature.len() == 64 {
        signature
    } else {
        two_numbers(&signature)
    };
    format!("{message}.{}", part(signature))
}

/// The two numbers of an ECDSA signature, 32 bytes each (RFC 7518 §3.4).
fn two_numbers(asn1: &[u8]) -> Vec<u8> {
    let mut rest = &asn1[2..];
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let length = usize::from(rest[1]);
        let number = &rest[2..2 + length];
        let significant = &number[number.len().saturating_sub(32)..];
        numbers.extend(vec![0; 32 - significant.len()]);
        numbers.extend_from_slice(significant);
        rest = &rest[2 + length..];
    }
    numbers
}
