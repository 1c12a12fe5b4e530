//! Zavu's captures.

use chrono::DateTime;
use serde_json::{Value, json};
use zaphook::zavu::Form;
use zaphook::{Secret, Zavu};

use super::{Case, Subject, fault, inspect};

pub const SUBJECT: Subject = Subject {
    name: "zavu",
    keys: &[
        "secrets",
        "require",
        "accept_timestamped_v1",
        "max_age_s",
        "max_ahead_s",
        "query",
        "path",
        "networks",
        "none",
    ],
    cases,
};

const SECRET: &str = "whsec_1f40c2";

const AT: i64 = 1_705_312_500;

const BODY: &str = r#"{"id":"evt_1","type":"call.answered","timestamp":1705312500123,"senderId":"snd_1","projectId":"prj_1","data":{"callId":"call_1","from":"+5511888880001","to":"+5511999990001","status":"in_progress"}}"#;

fn signature(secret: &str, form: Form) -> String {
    let at = DateTime::from_timestamp(AT, 0).unwrap();
    Zavu::sign_as(form, &Secret::new(secret).unwrap(), at, BODY.as_bytes())
}

fn capture(signature: &str, later: i64, auth: Value) -> Value {
    json!({"provider": "zavu", "headers": {"X-Zavu-Signature": signature},
        "received_at": AT + later, "body": BODY, "auth": auth})
}

fn signed(form: Form, later: i64, auth: Value) -> Value {
    capture(&signature(SECRET, form), later, auth)
}

fn at(uri: &str, auth: Value) -> Value {
    json!({"provider": "zavu", "uri": uri, "peer": "203.0.113.7", "body": BODY, "auth": auth})
}

fn cases() -> Vec<Case> {
    let plain = || json!({"secrets": [SECRET]});
    let with = |key: &str, value: Value| {
        let mut auth = plain();
        auth[key] = value;
        auth
    };
    let v2 = || with("require", json!("v2"));
    let stripped = |form: Form| {
        let whole = signature(SECRET, form);
        whole.split(",v2=").next().unwrap().to_owned()
    };
    vec![
        Case::accepted("F0", signed(Form::F0, 0, plain()), &["F0"]),
        Case::accepted("F1", signed(Form::F1, 300, plain()), &["F1"]),
        Case::accepted("F2", signed(Form::F2, -60, plain()), &["F2"]),
        Case::accepted("both", signed(Form::F1AndF2, 0, plain()), &["F2"]),
        Case::accepted("both, stripped", capture(&stripped(Form::F1AndF2), 0, plain()), &["F1"]),
        Case::accepted(
            "the second",
            signed(Form::F2, 0, json!({"secrets": ["whsec_0", SECRET]})),
            &["F2"],
        )
        .by_secret(Some(1)),
        Case::refused("other", capture(&signature("x", Form::F2), 0, plain()), "mismatch"),
        Case::refused("none", capture("", 0, plain()), "malformed_credential"),
        Case::refused("stale", signed(Form::F2, 301, plain()), "stale"),
        Case::refused("ahead", signed(Form::F2, -61, plain()), "too_far_ahead"),
        Case::accepted("v2, required", signed(Form::F2, 0, v2()), &["F2"]),
        Case::accepted("v2 of both, required", signed(Form::F1AndF2, 0, v2()), &["F2"]),
        Case::refused("v1, v2 required", signed(Form::F1, 0, v2()), "missing_credential"),
        Case::refused(
            "both, stripped, v2 required",
            capture(&stripped(Form::F1AndF2), 0, v2()),
            "missing_credential",
        ),
        Case::refused("F1' by itself", signed(Form::F1Timestamped, 0, plain()), "mismatch"),
        Case::accepted(
            "F1', asked for",
            signed(Form::F1Timestamped, 0, with("accept_timestamped_v1", json!(true))),
            &["F1'"],
        ),
        Case::refused(
            "F1', asked not to",
            signed(Form::F1Timestamped, 0, with("accept_timestamped_v1", json!(false))),
            "mismatch",
        ),
        Case::accepted("old", signed(Form::F2, 19_260, with("max_age_s", json!(19_260))), &["F2"]),
        Case::refused("older", signed(Form::F2, 11, with("max_age_s", json!(10))), "stale"),
        Case::accepted("early", signed(Form::F2, -90, with("max_ahead_s", json!(90))), &["F2"]),
        Case::refused(
            "earlier",
            signed(Form::F2, -11, with("max_ahead_s", json!(10.5))),
            "too_far_ahead",
        ),
        Case::accepted(
            "a query",
            at("/?t=q", json!({"query": {"name": "t", "values": ["q"]}})),
            &["query"],
        ),
        Case::refused(
            "another query",
            at("/?t=p", json!({"query": {"name": "t", "values": ["q"]}})),
            "mismatch",
        ),
        Case::accepted("a path", at("/zavu/p", json!({"path": {"values": ["p"]}})), &["path"]),
        Case::refused("another", at("/zavu/q", json!({"path": {"values": ["p"]}})), "mismatch"),
        Case::accepted("here", at("/", json!({"networks": ["203.0.113.7"]})), &["networks"])
            .by_secret(None),
        Case::refused("elsewhere", at("/", json!({"networks": ["10.0.0.0/8"]})), "network"),
        Case::accepted("nothing", at("/", json!({"none": true})), &["none"]).by_secret(None),
    ]
}

#[test]
fn what_is_said_of_signatures_needs_their_secrets() {
    for (key, value) in [
        ("require", json!("v2")),
        ("accept_timestamped_v1", json!(true)),
        ("max_age_s", json!(1)),
        ("max_ahead_s", json!(1)),
    ] {
        let mut auth = json!({"networks": ["203.0.113.7"]});
        auth[key] = value;
        let expected = format!("line 1: auth.{key}: it needs `secrets` beside it");
        assert_eq!(fault(&at("/", auth)), expected);
    }
}

/// By flags, as the documentation has it.
#[test]
fn flags_describe_a_delivery_of_zavu() {
    let header = format!("X-Zavu-Signature: {}", signature(SECRET, Form::F2));
    let flags = ["--provider", "zavu", "--secret", SECRET, "--header", &header, "--body", "-"];
    for (more, by) in [
        (&["--at", "1705312500"][..], json!(["F2"])),
        (&["--at", "1705312500", "--require", "v2"], json!(["F2"])),
        (&["--at", "1705312801"], Value::Null),
        (&["--at", "1705312801", "--max-age-s", "301"], json!(["F2"])),
        (&["--at", "1705312439"], Value::Null),
        (&["--at", "1705312439", "--max-ahead-s", "61"], json!(["F2"])),
    ] {
        let said = inspect(&[&flags[..], more].concat(), BODY.as_bytes());
        assert_eq!((said.code, &*said.errors), (Some(0), ""));
        assert_eq!(said.reports()[0]["proof"]["by"], by, "{more:?}");
    }
    let header = format!("X-Zavu-Signature: {}", signature(SECRET, Form::F1Timestamped));
    let flags = ["--provider=zavu", "--secret", SECRET, "--header", &header, "--body=-"];
    let more = ["--at=1705312500", "--accept-timestamped-v1"];
    let said = inspect(&[&flags[..], &more].concat(), BODY.as_bytes());
    assert_eq!(said.reports()[0]["proof"]["by"], json!(["F1'"]));
}
