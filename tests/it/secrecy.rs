//! What must not be shown: secrets, tags, and what people write (P14).

use serde_json::{Value, json};
use zaphook::auth::{AccountTokens, BodySignature, Jwt, Networks, TokenPlace};
use zaphook::testing::Capture;
use zaphook::{EnviaAi, Evolution, Head, Receiver, Request, Secret, Secrets, Token, Tokens};

use crate::enviaai;
use crate::fixtures::{self, with};
use crate::gateways::{ALL, SECRET};
use crate::thorough;

const MARK: &str = "MARK7f3a";

/// Every text of the body marked, but for the name of the event.
fn marked(value: &mut Value, name: &str, events: &[&str]) {
    match value {
        Value::String(text) if events.contains(&text.as_str()) => {}
        Value::String(text) => *text = format!("{MARK} {text} \"{MARK}\", expected {MARK}`{MARK}`"),
        Value::Array(elements) => {
            elements.iter_mut().for_each(|element| marked(element, "", events))
        }
        Value::Object(members) => {
            for (member, value) in members.iter_mut().filter(|(member, _)| *member != name) {
                let _ = member;
                marked(value, "", events);
            }
        }
        _ => {}
    }
}

#[test]
fn p14_neither_errors_nor_deliveries_show_text() {
    for gateway in ALL {
        let (mut seen, mut turn) = (0, 0);
        let mut check = |body: &[u8]| {
            let shown = (gateway.shown)(body);
            let text = String::from_utf8_lossy(body);
            assert!(!shown.contains(MARK), "{text}\n{shown}");
            assert!(!shown.contains("whs_"), "{shown}");
            seen += 1;
        };
        let [name, payload] = gateway.members;
        for (fixture, body) in fixtures::all(gateway.name).into_iter().step_by(thorough::or(5, 1)) {
            if fixture.ends_with(".unknown") {
                continue;
            }
            let mut json = fixtures::json(&body);
            marked(&mut json, name, gateway.names);
            let body = json.to_string();
            check(body.as_bytes());
            // Every field of another type, with marks in it.
            let (before, object) = match json.get(payload) {
                Some(Value::Array(elements)) => (vec![payload, "0"], elements.first()),
                Some(value) => (vec![payload], Some(value)),
                None => (vec![], Some(&json)),
            };
            let members = object.and_then(Value::as_object).into_iter().flatten();
            let fields: Vec<&String> = members.map(|(field, _)| field).collect();
            // The name of an event is no secret.
            for field in fields.into_iter().filter(|field| *field != name) {
                let path: Vec<&str> = before.iter().copied().chain([field.as_str()]).collect();
                let trap = format!("x\", expected {MARK}`{MARK}` at line {MARK}");
                // Each field in turn one of them: that is enough for all of them
                // in every place.
                turn += 1;
                let odd = match turn % 5 {
                    0 => Some(json!({MARK: MARK})),
                    1 => Some(json!([MARK])),
                    2 => Some(json!(7)),
                    3 => Some(json!(trap)),
                    _ => None,
                };
                check(with(&body, &path, odd).as_bytes());
            }
            let trap = format!("x, expected {MARK}");
            for odd in [json!(MARK), json!(trap), json!([MARK]), json!({MARK: MARK})] {
                check(with(&body, &[payload], Some(odd)).as_bytes());
            }
            check(with(&body, &[name], Some(json!({MARK: MARK}))).as_bytes());
            // Cut off, cut into, and not text.
            let step = body.len().div_euclid(thorough::or(3, 10)).max(7);
            for end in (1..body.len()).step_by(step).filter(|end| body.is_char_boundary(*end)) {
                check(&body.as_bytes()[..end]);
                check(format!("{}{MARK}", &body[..end]).as_bytes());
            }
            check(&[body.as_bytes(), b"\xFF"].concat());
        }
        assert!(seen > 100, "{seen}");
    }
}

/// The search finds what is there to be found: an event of its own shows text.
#[test]
fn the_marks_are_visible_where_text_is_shown() {
    let body =
        with(&fixtures::text(enviaai::SUBJECT.message), &["data", "content"], Some(json!(MARK)));
    let delivery = zaphook::Delivery::<EnviaAi>::parse_trusted(body).unwrap();
    assert!(format!("{:?}", delivery.event()).contains(MARK));
}

#[test]
fn no_type_shows_a_secret() {
    let secret = Secret::new(SECRET).unwrap();
    let mark = &SECRET[4..];
    let body = fixtures::text(enviaai::SUBJECT.message);
    let tag = EnviaAi::sign(&secret, body.as_bytes());
    let tag = tag.strip_prefix("sha256=").unwrap();

    let policy = EnviaAi::signed([secret.clone(), secret.clone()])
        .and(Networks::new(["10.0.0.0/8"]).unwrap());
    let receiver = Receiver::new(policy.clone());
    let wrong = [("X-EnviaAI-Signature", "sha256=00"), ("X-Forwarded-For", mark)];
    let request = Head::new(&wrong).uri(&body).with_body(body.as_str());
    let refusal = Receiver::new(EnviaAi::signed(secret.clone())).receive(&request).unwrap_err();
    let missing = receiver.receive(&Request::new(&[("", ""); 0], body.as_str())).unwrap_err();
    let other = EnviaAi::sign(&Secret::new("whs_other").unwrap(), body.as_bytes());
    let mismatch = [("X-EnviaAI-Signature", other)];
    let mismatch = Receiver::new(EnviaAi::signed(secret.clone()))
        .receive(&Request::new(&mismatch, body.as_str()))
        .unwrap_err();

    let unverified = {
        let mut unverified = zaphook::Unverified::default();
        unverified.token_digest = Some([0xAB; 32]);
        format!("{unverified:?}")
    };
    assert!(!unverified.contains("171") && !unverified.contains("ab"), "{unverified}");

    let token = || Token::new(SECRET).unwrap();
    let in_url = EnviaAi::by(zaphook::auth::Query::new("secret", [token(), token()]))
        .and(zaphook::auth::Path::new(token()));
    let uri = format!("/{SECRET}?secret={SECRET}&secret={SECRET}");
    let doubled = Head::new(&wrong).uri(&uri);
    let doubled = Receiver::new(in_url.clone()).screen(&doubled).unwrap_err();
    let accounts = AccountTokens::new([(SECRET, token())]).unwrap();
    let jwt = Jwt::hs256(secret.clone()).expecting("app", "evolution");
    let late = jwt.verify(jwt.sign(r#"{"exp":1,"iat":0}"#), chrono::Utc::now()).unwrap_err();
    // Nor the digest of a token, in bytes or in digits.
    let digest = token().digest();
    let digest = format!("{}, {}", digest[0], digest[1]);

    let as_numbers: String =
        SECRET.bytes().skip(4).map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    for shown in [
        format!("{secret:?} {secret:#?}"),
        format!("{:?}", Secrets::from(secret.clone())),
        format!("{:?}", BodySignature::sha512(secret.clone())),
        format!("{policy:?} {policy:#?}"),
        format!("{:?}", Evolution::jwt(secret.clone()).and_instances(["cantina"])),
        format!("{:?}", Evolution::by(zaphook::evolution::Basic::new("user", secret.clone()))),
        format!("{receiver:?} {receiver:#?}"),
        format!("{request:?} {request:#?}"),
        format!("{refusal} {refusal:?} {refusal:#?}"),
        format!("{missing} {missing:?}"),
        format!("{mismatch} {mismatch:?} {:?}", zaphook::Answer::from(mismatch.clone())),
        format!("{:?}", Secret::new(format!(" {SECRET}")).unwrap_err()),
        format!("{:?} {:?}", Token::new(format!(" {SECRET}")), Token::new(&SECRET[..8])),
        format!("{:?} {:#?} {:?}", token(), token(), Tokens::from([token(), token()])),
        format!("{:?} {:?}", TokenPlace::query("secret"), TokenPlace::path()),
        format!("{in_url:?} {in_url:#?} {doubled} {doubled:?}"),
        format!("{accounts:?} {accounts:#?}"),
        format!("{jwt:?} {jwt:#?} {late} {late:?}"),
    ] {
        assert!(!shown.contains(&digest), "{shown}");
        assert!(!shown.contains(mark), "{shown}");
        assert!(!shown.contains(&as_numbers), "{shown}");
        assert!(!shown.contains(tag), "{shown}");
        assert!(!shown.contains(&tag[..16]), "{shown}");
    }
}

#[test]
fn codes_that_open_an_account_are_hidden() {
    let body = fixtures::text("enviaai/instance.qr_updated.json");
    let delivery = zaphook::Delivery::<EnviaAi>::parse_trusted(body).unwrap();
    let shown = format!("{:?} {:#?} {delivery:?}", delivery.envelope(), delivery.event());
    assert!(!shown.contains("base64"), "{shown}");
}

/// The paths of the texts in a body, as JSON pointers.
fn texts(value: &Value, path: String, into: &mut Vec<String>) {
    match value {
        Value::String(_) => into.push(path),
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                texts(element, format!("{path}/{index}"), into);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                texts(member, format!("{path}/{name}"), into);
            }
        }
        _ => {}
    }
}

/// The body with the text at a pointer replaced.
fn put(body: &Value, pointer: &str, text: &str) -> String {
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap() = json!(text);
    body.to_string()
}

/// What a capture without credentials says of a body.
fn captured(gateway: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> String {
    let request = Head::new(&headers).uri(uri).with_body(body);
    Capture::from_request(gateway, &request).without_credentials().to_string()
}

/// All fixtures of all gateways: what is typed as sensitive is in no `Debug` and
/// in no capture, whether or not its body can be typed.
#[test]
fn what_is_typed_as_sensitive_is_shown_nowhere() {
    let mut found = std::collections::BTreeSet::new();
    let mut seen = std::collections::BTreeSet::new();
    for gateway in ALL {
        let [name, _] = gateway.members;
        for (fixture, body) in fixtures::all(gateway.name) {
            let json = fixtures::json(&body);
            let mut paths = Vec::new();
            texts(&json, String::new(), &mut paths);
            let name_at = format!("/{name}");
            // One place of an event is looked at once.
            let event = json.pointer(&name_at).cloned().unwrap_or_default().to_string();
            paths.retain(|path| seen.insert((gateway.name, event.clone(), path.clone())));
            for (index, path) in paths.iter().enumerate().filter(|(_, path)| **path != name_at) {
                // A text of a length that no other has, which `Debug` tells.
                let long = format!("{MARK}{}", "x".repeat(2000 + index));
                let marked = put(&json, path, &long);
                let shown = (gateway.debug)(marked.as_bytes());
                if !shown.contains(&format!("Sensitive({} bytes)", long.len())) {
                    continue;
                }
                let place = format!("{}/{fixture}{path}", gateway.name);
                assert!(!shown.contains(MARK), "{place}");
                assert!(!(gateway.shown)(marked.as_bytes()).contains(MARK), "{place}");
                let shown = captured(gateway.name, "/", &[], &marked);
                assert!(!shown.contains(MARK), "{place}: {shown}");
                // A short one, too, and the same where nothing can be typed.
                let short = put(&json, path, "MARK7");
                assert!(!captured(gateway.name, "/", &[], &short).contains("MARK7"), "{place}");
                let broken = format!("{},", marked.trim_end());
                assert!(!captured(gateway.name, "/", &[], &broken).contains(MARK), "{place}");
                found.insert(path.rsplit('/').next().unwrap().to_owned());
            }
        }
    }
    let expected = ["apikey", "base64", "code", "destination", "invite", "inviteCode", "mediaKey"];
    for name in expected {
        assert!(found.contains(name), "{name} is not among {found:?}");
    }
    assert!(found.len() > 12, "{found:?}");
}

/// Whatever the URL and the headers hold is replaced wherever a body repeats it.
#[test]
fn what_url_and_headers_hold_is_replaced_in_every_body() {
    let (raw, decoded) = ("s3cr%2Bt-MARK7f3a-a", "s3cr+t-MARK7f3a-a");
    let uri = format!("/hook/path-MARK7f3a?token={raw}");
    let headers = [("x-team", "team-MARK7f3a"), ("authorization", "Bearer bear-MARK7f3a")];
    let mut seen = std::collections::BTreeSet::new();
    for gateway in ALL {
        for (fixture, body) in fixtures::all(gateway.name) {
            let json = fixtures::json(&body);
            let mut paths = Vec::new();
            texts(&json, String::new(), &mut paths);
            paths.retain(|path| seen.insert((gateway.name, path.clone())));
            for (index, path) in paths.iter().enumerate() {
                let text = match index % 3 {
                    0 => format!("https://hooks.example.org{uri}/messages-upsert"),
                    1 => format!("say \"{decoded}\", team-MARK7f3a"),
                    _ => format!("bear-MARK7f3a\n{raw}"),
                };
                let body = put(&json, path, &text);
                let shown = captured(gateway.name, &uri, &headers, &body);
                assert!(!shown.contains("MARK7f3a"), "{}/{fixture}{path}: {shown}", gateway.name);
            }
        }
    }
}
