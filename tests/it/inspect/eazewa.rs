//! eazeWA's captures.

use serde_json::{Value, json};

use super::{Case, Subject, fault, inspect};

pub const SUBJECT: Subject = Subject {
    name: "eazewa",
    keys: &["tokens", "token_query", "query", "path", "networks", "none"],
    cases,
};

const BODY: &str = r#"{"instanceId":33,"event":"qr","data":{"qr":"2@k"}}"#;

fn at(uri: &str, auth: Value) -> Value {
    json!({"provider": "eazewa", "uri": uri, "peer": "203.0.113.7", "body": BODY, "auth": auth})
}

fn cases() -> Vec<Case> {
    let tokens = || json!({"tokens": {"33": "t33", "34": ["t34", "u34"], "35": ["t35", "u35"]}});
    let in_query = || {
        let mut auth = tokens();
        auth["token_query"] = json!("token");
        auth
    };
    let of = |instance: Value, capture: Value| {
        let mut capture = capture;
        capture["body"] = json!(
            json!({"event": "qr", "data": {"qr": "2@k"}, "instanceId": instance}).to_string()
        );
        capture
    };
    vec![
        Case::accepted("its token", at("/eazewa/t33", tokens()), &["tokens"]),
        Case::accepted("its second", of(json!("34"), at("/u34", tokens())), &["tokens"])
            .by_secret(Some(1)),
        Case::refused("nobody's", at("/eazewa/t36", tokens()), "mismatch"),
        Case::refused("another's", at("/eazewa/t34", tokens()), "mismatch"),
        Case::refused("an unknown one", of(json!(36), at("/t33", tokens())), "mismatch"),
        Case::refused("no token", at("/eazewa/", tokens()), "missing_credential"),
        Case::refused("nobody", of(json!(null), at("/t33", tokens())), "malformed_credential"),
        Case::accepted("in the query", at("/t34?token=t33", in_query()), &["tokens"]),
        Case::refused("not in the query", at("/t33?token=t34", in_query()), "mismatch"),
        Case::accepted(
            "good for all",
            of(json!(99), at("/b", json!({"tokens": ["a", "b"]}))),
            &["tokens"],
        )
        .by_secret(Some(1)),
        Case::refused("good for none", at("/c", json!({"tokens": ["a", "b"]})), "mismatch"),
        Case::accepted(
            "a query beside it",
            at("/t33?t=q", {
                let mut auth = tokens();
                auth["query"] = json!({"name": "t", "values": ["q"]});
                auth
            }),
            &["tokens", "query"],
        ),
        Case::refused(
            "another query",
            at("/?t=p", json!({"query": {"name": "t", "values": ["q"]}})),
            "mismatch",
        ),
        Case::accepted("a path", at("/hook/p", json!({"path": {"values": ["p"]}})), &["path"]),
        Case::refused("another", at("/hook/q", json!({"path": {"values": ["p"]}})), "mismatch"),
        Case::accepted("here", at("/", json!({"networks": ["203.0.113.7"]})), &["networks"])
            .by_secret(None),
        Case::refused("elsewhere", at("/", json!({"networks": ["10.0.0.0/8"]})), "network"),
        Case::accepted("nothing", at("/", json!({"none": true})), &["none"]).by_secret(None),
    ]
}

#[test]
fn the_place_of_tokens_needs_tokens() {
    let auth = json!({"none": true, "token_query": "t"});
    assert_eq!(fault(&at("/", auth)), "line 1: auth.token_query: it needs `tokens` beside it");
}

#[test]
fn flags_describe_a_delivery_of_eazewa() {
    let flags = ["--provider=eazewa", "--body=-", "--token", "34=t34", "--token", "33=t33"];
    let said = inspect(&[&flags[..], &["--uri=/eazewa/t33"]].concat(), BODY.as_bytes());
    assert_eq!(said.reports()[0]["proof"], json!({"by": ["tokens"], "secret": 0}));
    let more = ["--uri=/eazewa?k=t33", "--token-query=k"];
    let said = inspect(&[&flags[..], &more].concat(), BODY.as_bytes());
    assert_eq!(said.reports()[0]["proof"], json!({"by": ["tokens"], "secret": 0}));
}
