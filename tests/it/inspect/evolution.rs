//! Evolution API's captures.

use serde_json::{Value, json};
use zaphook::testing::Capture;
use zaphook::{Evolution, Secret};

use super::{Case, Subject, fault, inspect};

pub const SUBJECT: Subject = Subject {
    name: "evolution",
    keys: &[
        "jwt",
        "basic",
        "header",
        "apikey",
        "instance_token",
        "instances",
        "query",
        "path",
        "networks",
        "none",
    ],
    cases,
};

const SECRET: &str = "a jwt_key";

const AT: i64 = 1_705_312_500;

const BODY: &str = r#"{"event":"connection.update","instance":"cantina","data":{"instance":"cantina","state":"open","statusReason":200},"date_time":"2024-01-15T09:55:00.000Z","server_url":"http://localhost:8080","apikey":"key-1"}"#;

fn capture(headers: Value, uri: &str, later: i64, auth: Value) -> Value {
    json!({"provider": "evolution", "headers": headers, "uri": uri, "peer": "203.0.113.7",
        "received_at": AT + later, "body": BODY, "auth": auth})
}

fn bearer(secret: &str, later: i64, auth: Value) -> Value {
    let token = Evolution::sign(&Secret::new(secret).unwrap(), AT);
    capture(json!({"authorization": token}), "/", later, auth)
}

fn at(uri: &str, auth: Value) -> Value {
    capture(json!({"X-Team": "h", "authorization": "Basic dTpw"}), uri, 0, auth)
}

const GO_TOKEN: &str = "8e1f-token-of-an-instance";

/// A delivery of Evolution Go.
fn go(auth: Value) -> Value {
    let body = json!({"data": {}, "event": "Disconnected", "instanceId": "0f6c1a52",
        "instanceName": "cantina", "instanceToken": GO_TOKEN});
    json!({"provider": "evolution", "received_at": AT, "body": body.to_string(), "auth": auth})
}

fn cases() -> Vec<Case> {
    let jwt = || json!({"jwt": {"secrets": ["older", SECRET]}});
    let strict = || json!({"jwt": {"secrets": [SECRET], "leeway_s": 10}});
    let and = |mut auth: Value, key: &str, value: Value| {
        auth[key] = value;
        auth
    };
    let basic = |password: &str| json!({"basic": {"user": "u", "passwords": ["x", password]}});
    let header = |value: &str| json!({"header": {"name": "x-team", "values": [value]}});
    let query = || json!({"query": {"name": "t", "values": ["q"]}});
    let path = || json!({"path": {"values": ["p"]}});
    let instances = |name: &str| json!(["padaria", name]);
    let mut expired = Case::refused("expired", bearer(SECRET, 611, strict()), "expired");
    expired.status = 503;
    vec![
        Case::accepted("a JWT", bearer(SECRET, 1799, jwt()), &["jwt"]).by_secret(Some(1)),
        Case::accepted("a JWT in time", bearer(SECRET, 609, strict()), &["jwt"]),
        expired,
        Case::refused("a JWT of the future", bearer(SECRET, -11, strict()), "too_far_ahead"),
        Case::refused("another JWT", bearer("other", 0, jwt()), "mismatch"),
        Case::refused(
            "a JWT without signature",
            capture(json!({"authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}), "/", 0, jwt()),
            "unsupported_algorithm",
        ),
        Case::refused("no JWT", at("/", jwt()), "malformed_credential"),
        Case::accepted("a password", at("/", basic("p")), &["basic"]).by_secret(Some(1)),
        Case::refused("another password", at("/", basic("q")), "mismatch"),
        Case::accepted("a header", at("/", header("h")), &["header"]),
        Case::refused("another header", at("/", header("i")), "mismatch"),
        Case::accepted("an apikey", at("/", json!({"apikey": ["key-1"]})), &["apikey"]),
        Case::accepted(
            "a token of Go",
            go(json!({"instance_token": ["t", GO_TOKEN]})),
            &["instance_token"],
        )
        .by_secret(Some(1)),
        Case::refused("another token of Go", go(json!({"instance_token": ["t"]})), "mismatch"),
        Case::refused(
            "no token of Go",
            at("/", json!({"instance_token": [GO_TOKEN]})),
            "missing_credential",
        ),
        Case::refused("another apikey", at("/", json!({"apikey": ["key-2"]})), "mismatch"),
        Case::accepted(
            "a JWT of an instance, with its apikey",
            bearer(
                SECRET,
                0,
                and(and(jwt(), "apikey", json!(["key-1"])), "instances", instances("cantina")),
            ),
            &["jwt", "apikey", "instances"],
        )
        .by_secret(Some(1)),
        Case::refused(
            "a JWT of another instance",
            bearer(SECRET, 0, and(jwt(), "instances", instances("bar"))),
            "wrong_instance",
        ),
        Case::accepted(
            "an instance alone",
            at("/", json!({"instances": ["cantina"]})),
            &["instances"],
        )
        .by_secret(None),
        Case::accepted("a query", at("/?t=q/connection-update", query()), &["query"]),
        Case::refused("another query", at("/?t=p/connection-update", query()), "mismatch"),
        Case::accepted("a path", at("/hook/p/connection-update", path()), &["path"]),
        Case::refused("another path", at("/hook/q/connection-update", path()), "mismatch"),
        Case::accepted("here", at("/", json!({"networks": ["203.0.113.7"]})), &["networks"])
            .by_secret(None),
        Case::refused("elsewhere", at("/", json!({"networks": ["10.0.0.0/8"]})), "network"),
        Case::accepted("nothing", at("/", json!({"none": true})), &["none"]).by_secret(None),
    ]
}

#[test]
fn one_header_carries_one_of_jwt_and_password() {
    let auth = json!({"jwt": {"secrets": [SECRET]}, "basic": {"user": "u", "passwords": ["p"]}});
    assert!(fault(&at("/", auth)).starts_with("line 1: auth.basic: one header cannot"));
}

#[test]
fn flags_describe_a_delivery_of_evolution() {
    let token = Evolution::sign(&Secret::new(SECRET).unwrap(), AT);
    let header = format!("Authorization: {token}");
    let flags = ["--provider=evolution", "--body=-", "--header", &header, "--at", "1705313160"];
    for (more, verdict) in [
        (&["--jwt-secret=x", "--jwt-secret", SECRET, "--apikey=key-1"][..], "accepted"),
        (&["--jwt-secret", SECRET, "--instance=padaria", "--instance=cantina"], "accepted"),
        (&["--jwt-secret", SECRET, "--instance=padaria"], "refused"),
        (&["--jwt-secret", SECRET, "--jwt-leeway-s", "61"], "accepted"),
        (&["--jwt-secret", SECRET, "--jwt-leeway-s", "60"], "refused"),
    ] {
        let said = inspect(&[&flags[..], more].concat(), BODY.as_bytes());
        assert_eq!((said.code, &*said.errors), (Some(0), ""));
        assert_eq!(said.reports()[0]["verdict"], verdict, "{more:?}");
    }
    let flags = ["--provider=evolution", "--body=-", "--header=Authorization: Basic dTpw"];
    let more = ["--basic=u:x", "--basic=u:p"];
    let said = inspect(&[&flags[..], &more].concat(), BODY.as_bytes());
    assert_eq!(said.reports()[0]["proof"], json!({"by": ["basic"], "secret": 1}));
}

/// What the server puts behind the URL stays in a capture without credentials.
#[test]
fn the_name_of_the_event_stays_in_the_url() {
    for (uri, replaced) in [
        ("/hook/secret/connection-update", "/hook/REPLACED/connection-update"),
        ("/hook?token=secret/connection-update", "/hook?token=REPLACED/connection-update"),
        ("/hook/secret/connection-updated", "/hook/secret/REPLACED"),
    ] {
        let capture: Capture =
            capture(json!({}), uri, 0, json!({"none": true})).to_string().parse().unwrap();
        let shown: Value =
            serde_json::from_str(&capture.without_credentials().to_string()).unwrap();
        assert_eq!(shown["uri"], replaced);
        assert!(shown["body"].as_str().unwrap().contains(r#""apikey":"REPLACED""#));
    }
}
