//! EnviaAI's captures.

use serde_json::{Value, json};
use zaphook::{EnviaAi, Secret};

use super::{Case, Subject};

pub const SUBJECT: Subject =
    Subject { name: "enviaai", keys: &["secrets", "query", "path", "networks", "none"], cases };

pub const SECRET: &str = "whs_3b9ff21c";

pub const MESSAGE: &str = r#"{"event":"message.received","timestamp":"2026-02-01T12:30:00.000Z","data":{"messageId":"msg_1","instanceId":"inst_1","from":"5511999990001","content":"Oi","timestamp":"2026-02-01T12:29:58.250Z"}}"#;

pub fn signature(secret: &str, body: &str) -> String {
    EnviaAi::sign(&Secret::new(secret).unwrap(), body.as_bytes())
}

pub fn signed(secret: &str, body: &str, auth: Value) -> Value {
    let headers = json!({"x-ENVIAAI-signature": signature(secret, body)});
    json!({"provider": "enviaai", "headers": headers, "body": body, "auth": auth})
}

fn at(uri: &str, auth: Value) -> Value {
    json!({"provider": "enviaai", "uri": uri, "body": MESSAGE, "auth": auth})
}

fn from(peer: Value, auth: Value) -> Value {
    json!({"provider": "enviaai", "peer": peer, "body": MESSAGE, "auth": auth})
}

fn cases() -> Vec<Case> {
    let header = |value: Value| {
        json!({"provider": "enviaai", "headers": {"X-EnviaAI-Signature": value},
            "body": MESSAGE, "auth": {"secrets": [SECRET]}})
    };
    let right = signature(SECRET, MESSAGE);
    let query = json!({"query": {"name": "k", "values": ["old", "new"]}});
    let path = json!({"path": {"values": ["t"]}});
    let networks = json!({"networks": ["203.0.113.0/24", "2001:db8::/32"]});
    let all = json!({"secrets": [SECRET], "query": {"name": "k", "values": ["q"]},
        "path": {"values": ["t"]}, "networks": ["203.0.113.0/24"]});
    let either = json!({"any_of": [{"secrets": [SECRET]}, {"path": {"values": ["t"]}}],
        "networks": ["203.0.113.0/24"]});
    let with = |mut capture: Value, uri: &str, peer: &str| {
        capture["uri"] = json!(uri);
        capture["peer"] = json!(peer);
        capture
    };
    let base64 = {
        use base64::Engine;
        base64::engine::general_purpose::STANDARD.encode(MESSAGE)
    };
    vec![
        Case::accepted("signed", header(json!(right)), &["secrets"]),
        Case::accepted(
            "signed with the second",
            signed(SECRET, MESSAGE, json!({"secrets": ["a", SECRET]})),
            &["secrets"],
        )
        .by_secret(Some(1)),
        Case::accepted(
            "a body in base64",
            json!({"provider": "enviaai", "headers": {"X-EnviaAI-Signature": [right]},
                "body_base64": base64, "auth": {"secrets": [SECRET]}}),
            &["secrets"],
        ),
        Case::refused(
            "other secret",
            signed("other", MESSAGE, json!({"secrets": [SECRET]})),
            "mismatch",
        ),
        Case::refused("two signatures", header(json!([right, right])), "ambiguous_credential"),
        Case::refused("no signature", header(json!([])), "missing_credential"),
        Case::refused("an empty one", header(json!("sha256=")), "malformed_credential"),
        Case::accepted("a query", at("/hook?k=new", query.clone()), &["query"]).by_secret(Some(1)),
        Case::refused("another query", at("/hook?k=newer", query.clone()), "mismatch"),
        Case::refused("no query", at("/hook?K=new", query.clone()), "missing_credential"),
        Case::refused("two queries", at("/?k=new&k=new", query), "ambiguous_credential"),
        Case::accepted("a path", at("/hook/t", path.clone()), &["path"]),
        Case::refused("another path", at("/hook/tt", path.clone()), "mismatch"),
        Case::accepted("a path with a slash", at("/hook/t/", path.clone()), &["path"]),
        Case::refused("no path", at("/hook/t//", path), "missing_credential"),
        Case::accepted("a network", from(json!("203.0.113.7"), networks.clone()), &["networks"])
            .by_secret(None),
        Case::accepted("of six", from(json!("[2001:db8::7]:80"), networks.clone()), &["networks"])
            .by_secret(None),
        Case::refused("from elsewhere", from(json!("198.51.100.7"), networks.clone()), "network"),
        Case::refused("from nowhere", from(json!(null), networks), "network"),
        Case::accepted("nothing", at("/", json!({"none": true})), &["none"]).by_secret(None),
        Case::accepted(
            "all of it",
            with(signed(SECRET, MESSAGE, all.clone()), "/t?k=q", "203.0.113.7"),
            &["secrets", "query", "path", "networks"],
        ),
        Case::refused(
            "all but the path",
            with(signed(SECRET, MESSAGE, all), "/s?k=q", "203.0.113.7"),
            "mismatch",
        ),
        Case::accepted(
            "the first of two ways",
            with(signed(SECRET, MESSAGE, either.clone()), "/", "203.0.113.7"),
            &["secrets", "networks"],
        ),
        Case::accepted(
            "the second of two ways",
            with(signed("other", MESSAGE, either.clone()), "/t", "203.0.113.7"),
            &["path", "networks"],
        ),
        Case::refused(
            "neither of two ways",
            with(signed("other", MESSAGE, either.clone()), "/s", "203.0.113.7"),
            "mismatch",
        ),
        Case::refused(
            "either of two ways, from elsewhere",
            with(signed(SECRET, MESSAGE, either), "/t", "198.51.100.7"),
            "network",
        ),
    ]
}
