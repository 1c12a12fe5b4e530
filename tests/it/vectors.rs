//! Published test vectors. They are not part of the project: their folder is
//! named by `ZAPHOOK_VECTORS`.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zaphook::auth::{BodySignature, Jwt, Reason};
use zaphook::{EnviaAi, Receiver, Request, Secret, Zavu};

use crate::fixtures::{self, with};
use crate::gateways::ALL;

fn folder(name: &str) -> PathBuf {
    let root = std::env::var_os("ZAPHOOK_VECTORS")
        .expect("set ZAPHOOK_VECTORS to the folder of the test vectors");
    // `cargo test` runs here, whatever the variable is relative to.
    Path::new(env!("CARGO_MANIFEST_DIR")).join(root).join(name)
}

fn read(name: &str) -> Value {
    let path = folder(name);
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap()
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

/// Both ways through the public API: the verifier alone and, for SHA-256, a
/// receiver with the header.
fn verifies(algorithm: &str, key: &[u8], message: &[u8], tag: &str) -> bool {
    let secret = Secret::from_bytes(key).unwrap();
    if algorithm == "HMAC-SHA512" {
        return BodySignature::sha512(secret).verify(tag.as_bytes(), message).is_ok();
    }
    let alone = BodySignature::sha256(secret.clone()).verify(tag.as_bytes(), message).is_ok();
    let headers = [("X-EnviaAI-Signature", format!("sha256={tag}"))];
    let received = Receiver::new(EnviaAi::signed(secret))
        .authenticate(&Request::new(&headers, message))
        .is_ok();
    assert_eq!(alone, received);
    let headers = [("X-Zavu-Signature", format!("sha256={tag}"))];
    let secret = Secret::from_bytes(key).unwrap();
    let received =
        Receiver::new(Zavu::signed(secret)).authenticate(&Request::new(&headers, message)).is_ok();
    assert_eq!(alone, received);
    alone
}

#[test]
#[ignore = "needs the vectors: set ZAPHOOK_VECTORS"]
fn wycheproof_hmac() {
    for (file, algorithm, bits) in [
        ("wycheproof/hmac_sha256_test.json", "HMAC-SHA256", 256),
        ("wycheproof/hmac_sha512_test.json", "HMAC-SHA512", 512),
    ] {
        let (mut full, mut truncated) = (0, 0);
        for group in read(file)["testGroups"].as_array().unwrap() {
            for test in group["tests"].as_array().unwrap() {
                let (key, message) = (bytes(&test["key"]), bytes(&test["msg"]));
                let tag = test["tag"].as_str().unwrap();
                let verdict = verifies(algorithm, &key, &message, tag);
                if group["tagSize"] == bits {
                    assert_eq!(verdict, test["result"] == "valid", "{file} {}", test["tcId"]);
                    full += 1;
                } else {
                    assert!(!verdict, "{file} {}: a truncated tag", test["tcId"]);
                    truncated += 1;
                }
            }
        }
        assert_eq!((full, truncated), (87, 87), "{file}");
    }
}

#[test]
#[ignore = "needs the vectors: set ZAPHOOK_VECTORS"]
fn wycheproof_jws() {
    let (mut as_published, mut skipped, mut stricter) = (0, 0, 0);
    let file = read("wycheproof/json_web_signature_hs256_subset.json");
    for group in file["testGroups"].as_array().unwrap() {
        let key = URL_SAFE_NO_PAD.decode(group["private"]["k"].as_str().unwrap()).unwrap();
        let jwt = Jwt::hs256(Secret::from_bytes(key).unwrap());
        for test in group["tests"].as_array().unwrap() {
            // One of them is the JSON form, which is no compact one.
            let token = match &test["jws"] {
                Value::String(compact) => compact.clone(),
                json => json.to_string(),
            };
            let verdict = jwt.verify_signature(&token);
            match test["tcId"].as_u64().unwrap() {
                // Byte for byte the valid token: what they are about does not
                // show in the compact form.
                367 | 370 => skipped += 1,
                // Valid for decoders that drop what is no base64url.
                372 | 373 => {
                    assert_eq!(verdict.unwrap_err().reason(), Reason::MalformedCredential);
                    stricter += 1;
                }
                id => {
                    assert_eq!(verdict.is_ok(), test["result"] == "valid", "{id}: {verdict:?}");
                    as_published += 1;
                }
            }
        }
    }
    assert_eq!((as_published, skipped, stricter), (36, 2, 2));
}

#[test]
#[ignore = "needs the vectors: set ZAPHOOK_VECTORS"]
fn known_hmac_answers() {
    let file = read("hmac/known-answers.json");
    let vectors = file["vectors"].as_array().unwrap();
    assert_eq!(vectors.len(), 18);
    for vector in vectors {
        let algorithm = vector["alg"].as_str().unwrap();
        let (key, message) = (bytes(&vector["key_hex"]), bytes(&vector["msg_hex"]));
        let tag = vector["tag_hex"].as_str().unwrap();
        assert!(verifies(algorithm, &key, &message, tag), "{vector}");
        assert!(verifies(algorithm, &key, &message, &tag.to_uppercase()), "{vector}");
        let secret = Secret::from_bytes(&key).unwrap();
        let signature = match algorithm {
            "HMAC-SHA256" => BodySignature::sha256(secret),
            "HMAC-SHA512" => BodySignature::sha512(secret),
            other => panic!("{other}"),
        };
        assert_eq!(signature.sign(&message), tag);
        for end in 0..tag.len() {
            assert!(!verifies(algorithm, &key, &message, &tag[..end]), "{vector} {end}");
        }
        let other = if tag.ends_with('0') { "1" } else { "0" };
        let other = format!("{}{other}", &tag[..tag.len() - 1]);
        assert!(!verifies(algorithm, &key, &message, &other), "{vector}");
    }
}

#[test]
#[ignore = "needs the vectors: set ZAPHOOK_VECTORS"]
fn json_suite_at_four_places() {
    let mut files = 0;
    for sub in ["json/test_parsing", "json/test_transform"] {
        for entry in fs::read_dir(folder(sub)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let content = fs::read(&path).unwrap();
            files += 1;
            for gateway in ALL {
                let message = fixtures::text(gateway.message);
                let [_, payload] = gateway.members;
                let splice = |at: &[&str]| {
                    let marked = with(&message, at, Some(json!("@@")));
                    let (before, after) = marked.split_once(r#""@@""#).unwrap();
                    [before.as_bytes(), &content, after.as_bytes()].concat()
                };
                let text = String::from_utf8_lossy(&content);
                let places = [
                    content.clone(),
                    splice(&[payload]),
                    splice(&["unknown"]),
                    with(&message, gateway.text, Some(json!(text))).into_bytes(),
                ];
                for (place, body) in (1..).zip(places) {
                    let started = Instant::now();
                    let result = (gateway.receive)(&body);
                    assert!(started.elapsed() < Duration::from_secs(1), "{name} at {place}");
                    let accepted = result.is_ok();
                    match (&name[..2], place) {
                        ("n_", 1..=3) => assert!(!accepted, "{name} at {place}: {result:?}"),
                        ("y_", 3) => {
                            assert_eq!(result.as_ref().unwrap().recognition, "known", "{name}");
                        }
                        ("y_", 2) => assert!(accepted, "{name} at {place}: {result:?}"),
                        (_, 4) => {
                            let report = result.as_ref().unwrap();
                            assert_eq!((report.recognition, report.set_aside.len()), ("known", 0));
                        }
                        _ => {}
                    }
                    if let Err(error) = result {
                        let shown = format!("{error} {error:?}");
                        assert!(shown.len() < 200 && !shown.contains("5511"), "{name}: {shown}");
                    }
                }
            }
        }
    }
    assert_eq!(files, 169);
}
