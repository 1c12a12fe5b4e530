//! Wawp's and WAHA's captures.

use serde_json::{Value, json};
use zaphook::{Secret, Wawp};

use super::{Case, Subject, inspect};

pub const SUBJECT: Subject = Subject {
    name: "wawp",
    keys: &["secrets", "header", "query", "path", "networks", "none"],
    cases,
};

const SECRET: &str = "my-hmac-key";

const BODY: &str = r#"{"id":"evt_1","timestamp":1705312500123,"event":"session.status","session":"default","engine":"NOWEB","payload":{"status":"WORKING"}}"#;

fn signed(secret: &str, algorithm: Option<&str>, auth: Value) -> Value {
    let signature = Wawp::sign(&Secret::new(secret).unwrap(), BODY.as_bytes());
    let mut headers = json!({"X-Webhook-Hmac": signature, "X-Team": "h"});
    if let Some(algorithm) = algorithm {
        headers["x-webhook-hmac-algorithm"] = json!(algorithm);
    }
    json!({"provider": "wawp", "headers": headers, "body": BODY, "auth": auth})
}

fn at(uri: &str, auth: Value) -> Value {
    json!({"provider": "wawp", "uri": uri, "peer": "203.0.113.7", "headers": {"X-Team": "h"},
        "body": BODY, "auth": auth})
}

fn cases() -> Vec<Case> {
    let plain = || json!({"secrets": [SECRET]});
    let header = |value: &str| json!({"header": {"name": "x-team", "values": ["g", value]}});
    vec![
        Case::accepted("signed", signed(SECRET, Some("sha512"), plain()), &["secrets"]),
        Case::accepted("without algorithm", signed(SECRET, None, plain()), &["secrets"]),
        Case::refused("other secret", signed("other", Some("sha512"), plain()), "mismatch"),
        Case::refused(
            "other algorithm",
            signed(SECRET, Some("sha256"), plain()),
            "unsupported_algorithm",
        ),
        Case::refused("unsigned", at("/", plain()), "missing_credential"),
        Case::accepted("a header", at("/", header("h")), &["header"]).by_secret(Some(1)),
        Case::refused("another header", at("/", header("i")), "mismatch"),
        Case::accepted(
            "signed, with a header",
            signed(SECRET, Some("sha512"), {
                let mut auth = plain();
                auth["header"] = json!({"name": "X-Team", "values": ["h"]});
                auth
            }),
            &["secrets", "header"],
        ),
        Case::accepted(
            "a query",
            at("/?secret=q", json!({"query": {"name": "secret", "values": ["q"]}})),
            &["query"],
        ),
        Case::refused(
            "another query",
            at("/?secret=p", json!({"query": {"name": "secret", "values": ["q"]}})),
            "mismatch",
        ),
        Case::accepted("a path", at("/wawp/p", json!({"path": {"values": ["p"]}})), &["path"]),
        Case::refused("another", at("/wawp/q", json!({"path": {"values": ["p"]}})), "mismatch"),
        Case::accepted("here", at("/", json!({"networks": ["203.0.113.7"]})), &["networks"])
            .by_secret(None),
        Case::refused("elsewhere", at("/", json!({"networks": ["10.0.0.0/8"]})), "network"),
        Case::accepted("nothing", at("/", json!({"none": true})), &["none"]).by_secret(None),
        Case::accepted(
            "nothing, with a header",
            at("/", {
                let mut auth = header("h");
                auth["none"] = json!(true);
                auth
            }),
            &["none", "header"],
        )
        .by_secret(Some(1)),
    ]
}

#[test]
fn flags_describe_a_delivery_of_wawp() {
    let flags = ["--provider=wawp", "--body=-", "--header", "X-Team: h"];
    let more = ["--header-token", "x-team=g", "--header-token", "x-team=h"];
    let said = inspect(&[&flags[..], &more].concat(), BODY.as_bytes());
    assert_eq!(said.reports()[0]["proof"], json!({"by": ["header"], "secret": 1}));
}
