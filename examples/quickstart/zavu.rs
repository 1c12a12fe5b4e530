//! Zavu's deliveries. Part of the quickstart.

use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use zaphook::zavu::{Event, Form, Signature};
use zaphook::{Delivery as Received, Receiver, Secret, SecretError, Zavu};

use super::server::Server;
use super::{Delivery, Fate};

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, SecretError> {
    let support = Secret::new("whsec_3b9ff21c")?;
    let sales = Secret::new("whsec_77e0b1a4")?;
    let policy = Zavu::signed([support.clone(), sales.clone()]);
    server.route(Receiver::new(policy), fields);

    let now = Utc::now();
    let signed = |form, body: &str| Zavu::sign_as(form, &support, now, body.as_bytes());
    let good = |what, form, body: &str, reports| {
        delivery(what, request(&signed(form, body), None, body), 200, reports)
    };
    let mut deliveries = vec![
        good(
            "a text message, signed over time and body",
            Form::F2,
            r#"{"id":"evt_1705312500123_a1","type":"message.inbound","timestamp":1705312500123,"senderId":"snd_5e1f","projectId":"prj_77aa","data":{"messageId":"jd7f3k2m","conversationId":null,"from":"+5511999990001","to":"+5511888880001","channel":"whatsapp","status":"received","messageType":"text","text":"Olá! Ainda há mesas para sábado? 🍽️","content":null,"profileName":"Ana Exemplo","providerTimestamp":1705312498000}}"#,
            &[
                "message.inbound (known)",
                "proof      F2, secret 0",
                "from       +5511999990001",
                "happened   2024-01-15 09:54:58 UTC",
            ],
        ),
        good(
            "a location, signed during the migration from v1 to v2",
            Form::F1AndF2,
            r#"{"id":"evt_1705312501123_a2","type":"message.inbound","timestamp":1705312501123,"senderId":"snd_5e1f","projectId":"prj_77aa","data":{"messageId":"jd7f3k2n","from":"BR.4815162342108","to":"+5511888880001","channel":"whatsapp","messageType":"location","content":{"latitude":-23.5616,"longitude":-46,"locationName":"Cantina Exemplo"}}}"#,
            &["proof      F2", "from       BR.4815162342108", "place      Cantina Exemplo"],
        ),
        good(
            "a message that failed, signed over the body alone",
            Form::F1,
            r#"{"id":"evt_1705312502123_a3","type":"message.failed","timestamp":1705312502123,"senderId":"snd_5e1f","projectId":"prj_77aa","data":{"messageId":"jd7f3k2o","to":"+5511999990009","channel":"whatsapp","status":"failed","errorCode":"131047","errorMessage":"Re-engagement message"}}"#,
            &["proof      F1", "error      131047"],
        ),
        good(
            "the first generation",
            Form::F0,
            r#"{"id":"evt_1705312503_a4","type":"message.queued","timestamp":1705312503123,"projectId":"prj_77aa","data":{"messageId":"msg_1001","to":"+5511999990001","channel":"sms","status":"queued","templateId":null}}"#,
            &["proof      F0", "account    prj_77aa", "status     queued"],
        ),
        good(
            "an event that this version does not know: kept raw",
            Form::F2,
            r#"{"id":"evt_1705312504123_a5","type":"message.pinned","timestamp":1705312504123,"senderId":"snd_5e1f","projectId":"prj_77aa","data":{"messageId":"jd7f3k2m","pinned":true}}"#,
            &["message.pinned (unknown)", r#"payload    {"messageId":"jd7f3k2m","pinned":true}"#],
        ),
    ];

    let v2 = r#"{"id":"evt_1705312505123_a6","type":"whatsapp","timestamp":1705312505123,"projectId":"prj_77aa","from":"+5511888880001","to":"+5511999990001","data":{"messageId":"jd7f3k2p","to":"+5511999990001","channel":"whatsapp","status":"delivered"}}"#;
    let ahead = Zavu::sign(&support, now + TimeDelta::minutes(5), v2.as_bytes());
    let stale = Zavu::sign(&support, now - TimeDelta::minutes(6), v2.as_bytes());
    let both = signed(Form::F1AndF2, v2);
    let wrong = format!("{}0", both.trim_end_matches(|digit: char| digit.is_ascii_hexdigit()));
    let wrong = format!("{wrong}{}", "0".repeat(63));
    let other = Zavu::sign(&sales, now, v2.as_bytes());
    let tampered = v2.replace("delivered", "read");
    deliveries.extend([
        delivery(
            "API v2, whose body names no event: the header does, unsigned",
            request(&signed(Form::F2, v2), Some("message.delivered"), v2),
            200,
            &["message.delivered (known)", "named by   header", "transport  whatsapp"],
        ),
        delivery(
            "the same event with the secret of another sender: not handled twice",
            request(&other, Some("message.delivered"), v2),
            200,
            &["outcome    duplicate"],
        ),
        delivery(
            "no header to name it",
            request(&signed(Form::F2, v2), None, v2),
            200,
            &["unreadable no_event"],
        ),
        delivery(
            "one word tampered with",
            request(&signed(Form::F2, v2), Some("message.delivered"), &tampered),
            401,
            &["refused    mismatch"],
        ),
        delivery(
            "signed six minutes ago: refused before the body is read",
            request(&stale, Some("message.delivered"), v2),
            401,
            &["refused    stale"],
        ),
        delivery(
            "signed five minutes from now",
            request(&ahead, Some("message.delivered"), v2),
            401,
            &["refused    too_far_ahead"],
        ),
        delivery(
            "a wrong v2 next to a valid v1",
            request(&wrong, Some("message.delivered"), v2),
            401,
            &["refused    mismatch"],
        ),
        delivery(
            "a tool call, which is not an event",
            request(&"0".repeat(64), None, r#"{"tool":"price","arguments":{}}"#),
            401,
            &["refused    malformed_credential"],
        ),
    ]);

    // With v1 and v2 in the header, whoever is in between can take v2 out and
    // write another time: only a receiver that insists on v2 notices.
    server.route_at(
        "/zavu/strict",
        Receiver::new(Zavu::by(Signature::new(support.clone()).require_v2())),
        fields,
    );
    let body = r#"{"id":"evt_1705312506123_a7","type":"message.inbound","timestamp":1705312506123,"senderId":"snd_5e1f","projectId":"prj_77aa","data":{"messageId":"jd7f3k2q","from":"+5511999990001","text":"Sim"}}"#;
    let stripped = strip_v2(&signed(Form::F1AndF2, body), now);
    let strict = |signature: &str| {
        let mut request = request(signature, None, body);
        *request.uri_mut() = http::Uri::from_static("/zavu/strict");
        request
    };
    deliveries.extend([
        delivery(
            "a stripped v2, as long as v1 is accepted",
            request(&stripped, None, body),
            200,
            &["proof      F1", "outcome    handled"],
        ),
        delivery(
            "a stripped v2, where v2 is required",
            strict(&stripped),
            401,
            &["refused    missing_credential"],
        ),
        delivery(
            "the same with its v2",
            strict(&signed(Form::F1AndF2, body)),
            200,
            &["proof      F2"],
        ),
    ]);
    Ok(deliveries)
}

/// What someone in between would make of a header with both.
fn strip_v2(signature: &str, at: DateTime<Utc>) -> String {
    let v1 = signature.split(',').find(|part| part.starts_with("v1=")).unwrap_or_default();
    format!("t={},{v1}", (at + TimeDelta::seconds(1)).timestamp())
}

fn delivery(
    what: &'static str,
    request: http::Request<Bytes>,
    status: u16,
    reports: &'static [&'static str],
) -> Delivery {
    Delivery { what, request, status, reports, fate: Fate::Works, after: Duration::ZERO }
}

fn request(signature: &str, event: Option<&str>, body: &str) -> http::Request<Bytes> {
    let mut request = http::Request::post("/zavu")
        .header("content-type", "application/json")
        .header(Zavu::SIGNATURE_HEADER, signature);
    if let Some(event) = event {
        request = request.header(Zavu::EVENT_HEADER, event);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).expect("a valid request")
}

/// What is worth showing of an event.
fn fields(delivery: &Received<Zavu>) -> Vec<String> {
    let optional =
        |name: &str, value: Option<String>| value.map(|value| format!("{name:<10} {value}"));
    let envelope = delivery.envelope();
    let mut lines = vec![
        optional("named by", Some(delivery.name_source().as_str().to_owned())),
        optional("transport", envelope.transport.as_ref().map(ToString::to_string)),
    ];
    match delivery.event() {
        Event::MessageInbound(message) => {
            let place = message.content.as_ref().and_then(|content| content.place());
            lines.extend([
                optional("from", Some(message.from.clone())),
                optional("text", message.text.clone()),
                optional("place", place.and_then(|place| place.name).map(str::to_owned)),
            ]);
        }
        Event::Unknown(_) | Event::Malformed(_) => {
            lines.push(optional("payload", delivery.payload().map(|raw| raw.as_str().to_owned())));
        }
        event => {
            if let Some(message) = event.outbound() {
                lines.extend([
                    optional("to", message.to.clone()),
                    optional("status", message.status.as_ref().map(ToString::to_string)),
                    optional("error", message.error_code.as_ref().map(ToString::to_string)),
                ]);
            }
        }
    }
    lines.into_iter().flatten().collect()
}
