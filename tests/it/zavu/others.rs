//! What is no event: tool calls, management objects, retry schedules.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Value, json};
use zaphook::zavu::{
    Form, ProjectWebhook, SecretAnswer, SignatureVersion, ToolCall, ToolCallError, ToolCalls,
    Webhook, WebhookV2, WebhookV2Settings,
};
use zaphook::{Gateway, Head, Request, Secret, Zavu};

use super::{receiver, time};
use crate::fixtures::{self, assert_written_back, with};
use crate::gateways::secret;

const HEADER: &str = "X-Zavu-Signature";

fn call() -> String {
    fixtures::text("zavu/tools/call.json").trim().to_owned()
}

/// When the call of the fixture was made.
fn made() -> DateTime<Utc> {
    time("2024-01-15T09:55:00.123Z")
}

fn receive_at(calls: &ToolCalls, body: &str, at: DateTime<Utc>) -> Result<ToolCall, ToolCallError> {
    let headers = [
        (HEADER, ToolCalls::sign(&secret(), body.as_bytes())),
        ("X-Zavu-Timestamp", at.timestamp_millis().to_string()),
        ("X-Zavu-Tool", "another".to_owned()),
    ];
    calls.receive(&Head::new(&headers).received_at(at).with_body(body))
}

fn reason(result: Result<ToolCall, ToolCallError>) -> &'static str {
    match result {
        Err(ToolCallError::Refused(refusal)) => refusal.reason().as_str(),
        Err(ToolCallError::NotJson) => "not JSON",
        Err(ToolCallError::Event) => "event",
        Err(ToolCallError::Malformed(_)) => "malformed",
        Err(_) => "another",
        Ok(_) => "received",
    }
}

#[test]
fn a_tool_call_is_received() {
    let calls = ToolCalls::signed([Secret::new("whsec_other").unwrap(), secret()]);
    let call = receive_at(&calls, &call(), made()).unwrap();
    assert_eq!(call.tool.as_deref(), Some("check_table"));
    assert_eq!(call.arguments.parse().unwrap()["people"], json!(4));
    assert_eq!(call.arguments.raw().as_str(), r#"{"people":4,"at":"2026-02-14T20:00","n":1.5}"#);
    let context = call.context.clone().unwrap();
    assert_eq!(context.contact_phone.as_deref(), Some("+5511999990001"));
    assert_eq!(context.message_id.as_deref(), Some("jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a"));
    assert_eq!(context.session_id.as_deref(), Some("ses_51"));
    assert_eq!(call.timestamp, Some(made()));
    assert_written_back("call", &self::call(), &serde_json::to_string(&call).unwrap(), &[]);

    let bare = receive_at(&calls, &fixtures::text("zavu/tools/call.bare.json"), Utc::now());
    let bare = bare.unwrap();
    assert_eq!((bare.tool, bare.context, bare.timestamp), (None, None, None));
}

#[test]
fn the_fields_of_a_tool_call() {
    for path in [
        &["tool"][..],
        &["context"],
        &["context", "contactPhone"],
        &["context", "messageId"],
        &["context", "sessionId"],
    ] {
        let parse = |value| ToolCall::parse_trusted(with(&call(), path, value).as_bytes()).unwrap();
        let absent = parse(None);
        assert_eq!(parse(Some(Value::Null)), absent, "{path:?}");
        assert_eq!(parse(Some(json!([7]))), absent, "{path:?}");
    }
    for arguments in [None, Some(Value::Null), Some(json!([])), Some(json!("text"))] {
        let body = with(&call(), &["arguments"], arguments);
        let error = ToolCall::parse_trusted(body.as_bytes()).unwrap_err();
        assert!(
            matches!(&error, ToolCallError::Malformed(fault) if fault.path().to_string() == "arguments")
        );
        assert_eq!(error.status(), 400);
    }
    for body in ["", "[]", "{", "7", "\u{feff}{}"] {
        assert!(ToolCall::parse_trusted(body.as_bytes()).is_err(), "{body}");
    }
}

#[test]
fn a_tool_call_proves_itself() {
    let calls = ToolCalls::signed(secret());
    let body = call();
    let good = ToolCalls::sign(&secret(), body.as_bytes());
    let refused = |headers: &[(&str, &str)], method: &Method| {
        let pairs = headers.to_vec();
        let head = Head::new(&pairs).method(method).received_at(made());
        let error = calls.receive(&head.with_body(body.as_str()));
        error.map(drop).map_err(|error| (reason(Err(error.clone())), error.status().as_u16()))
    };
    assert_eq!(refused(&[(HEADER, &good)], &Method::POST), Ok(()));
    assert_eq!(refused(&[("x-zavu-SIGNATURE", &good.to_uppercase())], &Method::POST), Ok(()));
    assert_eq!(refused(&[(HEADER, &good)], &Method::GET), Err(("method_not_allowed", 405)));
    assert_eq!(refused(&[], &Method::POST), Err(("missing_credential", 401)));
    assert_eq!(
        refused(&[(HEADER, &good), (HEADER, &good)], &Method::POST),
        Err(("ambiguous_credential", 401))
    );
    for bad in ["", "=", &good[1..], &format!("{good}0"), &format!("sha256={good}")] {
        let refusal = refused(&[(HEADER, bad)], &Method::POST);
        assert_eq!(refusal, Err(("malformed_credential", 401)), "{bad}");
    }
    let other = ToolCalls::sign(&Secret::new("whsec_other").unwrap(), body.as_bytes());
    assert_eq!(refused(&[(HEADER, &other)], &Method::POST), Err(("mismatch", 401)));
}

/// Its own time is signed; the header's is not.
#[test]
fn a_tool_call_is_as_old_as_its_body_says() {
    let calls = ToolCalls::signed(secret());
    let received = |calls: &ToolCalls, milliseconds: i64| {
        reason(receive_at(calls, &call(), made() + TimeDelta::milliseconds(milliseconds)))
    };
    assert_eq!(received(&calls, 300_000), "received");
    assert_eq!(received(&calls, 300_001), "stale");
    assert_eq!(received(&calls, -60_000), "received");
    assert_eq!(received(&calls, -60_001), "too_far_ahead");
    let strict = calls.max_age(Duration::ZERO).max_ahead(Duration::from_secs(1));
    assert_eq!(
        [0, 1, -1000, -1001].map(|ms| received(&strict, ms)),
        ["received", "stale", "received", "too_far_ahead"]
    );
    // One that is no time is not one that is absent.
    let calls = ToolCalls::signed(secret());
    for odd in [json!("soon"), json!([]), json!(i64::MAX), json!(1.5e300)] {
        let body = with(&call(), &["timestamp"], Some(odd));
        assert_eq!(reason(receive_at(&calls, &body, made())), "stale", "{body}");
    }
    let seconds = with(&call(), &["timestamp"], Some(json!(1_705_312_500)));
    assert_eq!(reason(receive_at(&calls, &seconds, made())), "stale");
}

/// Neither is ever taken for the other, whatever it is signed with.
#[test]
fn tool_calls_are_no_events_and_events_no_tool_calls() {
    let calls = ToolCalls::signed(secret());
    for folder in ["zavu", "zavu/unnamed"] {
        for (name, body) in fixtures::all(folder) {
            assert_eq!(reason(receive_at(&calls, &body, made())), "event", "{name}");
            let with_arguments = with(&body, &["arguments"], Some(json!({})));
            assert_eq!(reason(receive_at(&calls, &with_arguments, made())), "event", "{name}");
            let escaped = with_arguments.replace(r#""arguments""#, r#""\ud83d":1,"arguments""#);
            assert_eq!(reason(receive_at(&calls, &escaped, made())), "event", "{name}");
        }
    }

    let at = Utc::now();
    for (_, body) in fixtures::all("zavu/tools") {
        // Its own signature is none of an event's forms.
        let bare = [(HEADER, ToolCalls::sign(&secret(), body.as_bytes()))];
        let error = receiver().receive(&Request::new(&bare, body.as_str())).unwrap_err();
        assert_eq!(error.reason(), "malformed_credential");
        assert!(error.to_string().contains("tool call"), "{error}");
        assert!(receiver().screen(&Head::new(&bare)).is_err());
        // Nor does it become an event by being signed like one, and named so.
        for form in [Form::F0, Form::F1, Form::F2] {
            let signature = Zavu::sign_as(form, &secret(), at, body.as_bytes());
            let headers = [(HEADER, signature.as_str()), ("X-Zavu-Event", "message.inbound")];
            let error = receiver().receive(&Request::new(&headers, body.as_str())).unwrap_err();
            assert_eq!(error.reason(), "no_event");
        }
    }
}

#[test]
fn management_objects() {
    fn read<T: serde::de::DeserializeOwned + serde::Serialize>(name: &str) -> T {
        let body = fixtures::text(&format!("zavu/management/{name}.json"));
        let value: T = serde_json::from_str(&body).unwrap();
        assert_written_back(name, &body, &serde_json::to_string(&value).unwrap(), &[]);
        value
    }

    let webhook: Webhook = read("webhook");
    assert_eq!(webhook.url.as_deref(), Some("https://hooks.example.org/zavu"));
    assert_eq!(webhook.events.as_ref().unwrap().len(), 2);
    assert_eq!(webhook.active, Some(true));
    assert_eq!(webhook.signature_version, Some(SignatureVersion::V1AndV2));
    assert_eq!(webhook.secret.as_ref().unwrap().expose(), "whsec_0f6b1d");
    assert!(!format!("{webhook:?}").contains("0f6b1d"));

    let project: ProjectWebhook = read("project_webhook");
    let project = project.webhook.unwrap();
    assert_eq!((project.signature_version, project.active), (None, Some(false)));
    assert_eq!(read::<ProjectWebhook>("project_webhook.none").webhook, None);

    let answer: SecretAnswer = read("secret");
    assert_eq!(answer.secret.expose(), "whsec_77e0b1");
    assert!(!format!("{answer:?}").contains("77e0b1"));

    let v2: WebhookV2 = read("webhook_v2");
    assert_eq!(v2.webhook.unwrap().signature_version, Some(SignatureVersion::V2));
    assert!(v2.sender_webhooks.unwrap()[0].as_str().contains("snd_5e1f"));
    let none: WebhookV2 = read("webhook_v2.none");
    assert_eq!((none.webhook, none.sender_webhooks), (None, Some(Vec::new())));

    let settings: WebhookV2Settings = read("webhook_v2_settings");
    assert_eq!(settings.signature_version, Some(SignatureVersion::V2));
    assert_eq!(settings.disable_sender_webhooks, Some(false));
    assert_eq!((settings.active, settings.events.unwrap().len()), (Some(true), 1));
    assert_eq!(settings.url.as_deref(), Some("https://hooks.example.org/zavu2"));
}

#[test]
fn management_objects_need_little() {
    for field in ["url", "events", "active", "signatureVersion", "secret"] {
        let body = fixtures::text("zavu/management/webhook.json");
        let absent: Webhook = serde_json::from_str(&with(&body, &[field], None)).unwrap();
        let null = with(&body, &[field], Some(Value::Null));
        assert_eq!(serde_json::from_str::<Webhook>(&null).unwrap(), absent, "{field}");
    }
    assert!(serde_json::from_str::<WebhookV2Settings>("{}").is_ok());
    assert!(serde_json::from_str::<SecretAnswer>("{}").is_err());
}

#[test]
fn three_retry_schedules() {
    let schedules: Vec<(Vec<u64>, u64, u64)> = Zavu::RETRIES
        .iter()
        .map(|schedule| {
            let delays = schedule.delays().map(|delay| delay.as_secs()).collect();
            let within = schedule.timeout().unwrap().as_secs();
            (delays, within, schedule.horizon().unwrap().as_secs())
        })
        .collect();
    assert_eq!(
        schedules,
        [
            (vec![60, 300, 900, 3600, 14_400], 30, 5 * 3600 + 21 * 60),
            (vec![60, 300, 900, 3600], 30, 3600 + 21 * 60),
            (vec![60, 300, 1800, 7200], 5, 2 * 3600 + 36 * 60),
        ]
    );
    for schedule in Zavu::RETRIES {
        assert_eq!(schedule.lease(), Duration::from_secs(60));
        assert_eq!(schedule.retention(), Duration::from_secs(24 * 3600));
        for (status, repeats) in [(200, false), (202, false), (302, true), (401, true), (503, true)]
        {
            let status = http::StatusCode::from_u16(status).unwrap();
            assert_eq!(schedule.repeats_after(status), repeats, "{status}");
        }
    }
    assert_eq!(receiver().body_limit(), 1024 * 1024);
}
