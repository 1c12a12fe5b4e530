//! EnviaAI's deliveries. Part of the quickstart.

use std::time::Duration;

use bytes::Bytes;
use zaphook::enviaai::Event;
use zaphook::{Delivery as Received, EnviaAi, Receiver, Secret, SecretError};

use super::server::Server;
use super::{Delivery, Fate, LEASE};

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, SecretError> {
    let current = Secret::new("whs_3b9ff21c")?;
    let previous = Secret::new("whs_77e0b1a4")?;
    server.route(Receiver::new(EnviaAi::signed([current.clone(), previous.clone()])), fields);

    let good = |what, body: &str, reports| {
        let signature = EnviaAi::sign(&current, body.as_bytes());
        delivery(what, request(Some(&signature), body), 200, reports)
    };
    let mut deliveries = vec![
        good(
            "a text message",
            r#"{"event":"message.received","timestamp":"2026-02-10T14:23:45.678Z","data":{"messageId":"msg_8f2c41","instanceId":"inst_4b7d","chatId":"chat_19aa","from":"5511999990001","type":"text","content":"Olá! Ainda há mesas para sábado? 🍽️","timestamp":"2026-02-10T14:23:44.120Z","contactName":"Ana Exemplo","isGroup":false}}"#,
            &["message.received (known)", "from       +5511999990001", "mesas para sábado"],
        ),
        good(
            "the delivery status of a message",
            r#"{"event":"message.delivered","timestamp":"2026-02-10T14:24:03.250Z","data":{"messageId":"msg_9d0a77","instanceId":"inst_4b7d","chatId":"chat_19aa","to":"5511999990001","status":"delivered","deliveredAt":"2026-02-10T14:24:03.100Z"}}"#,
            &["status     delivered", "happened   2026-02-10 14:24:03.100 UTC"],
        ),
        good(
            "a message that failed",
            r#"{"event":"message.failed","timestamp":"2026-02-10T14:26:00.000Z","data":{"messageId":"msg_9d0a78","instanceId":"inst_4b7d","chatId":"chat_19ab","to":"5511999990009","status":"failed","error":{"code":"recipient_not_found","message":"The number has no account"}}}"#,
            &["error      recipient_not_found"],
        ),
        good(
            "an instance that lost its connection",
            r#"{"event":"instance.disconnected","timestamp":"2026-02-10T08:00:00.000Z","data":{"instanceId":"inst_4b7d","reason":"logged_out"}}"#,
            &["reason     logged_out"],
        ),
        good(
            "a test delivery",
            r#"{"event":"message.received","timestamp":"2026-02-10T15:00:00.000Z","data":{"messageId":"msg_test_1","instanceId":"inst_4b7d","from":"5511999990000","type":"text","content":"Mensagem de teste","test":true}}"#,
            &["test       true"],
        ),
        good(
            "an event that this version does not know: kept raw",
            r#"{"event":"message.reaction","timestamp":"2026-02-10T14:40:00.000Z","data":{"messageId":"msg_8f2c41","emoji":"👍"}}"#,
            &[
                "message.reaction (unknown)",
                r#"payload    {"messageId":"msg_8f2c41","emoji":"👍"}"#,
            ],
        ),
        good(
            "a malformed optional field: set aside, the message stays",
            r#"{"event":"message.received","timestamp":"2026-02-10T14:41:00.000Z","data":{"messageId":"msg_8f2c46","instanceId":"inst_4b7d","from":"5511999990001","type":"text","content":"Oi","contactName":{"first":"Ana"}}}"#,
            &[
                "message.received (known)",
                "set aside  data.contactName: expected a string, found an object",
                "content    Oi",
            ],
        ),
        good(
            "a broken essential field: malformed, the payload is kept",
            r#"{"event":"message.received","timestamp":"2026-02-10T14:42:00.000Z","data":{"messageId":["msg_8f2c47"],"instanceId":"inst_4b7d","from":"5511999990001"}}"#,
            &[
                "message.received (malformed)",
                "malformed  data.messageId: expected a string or a whole number, found an array",
                r#"payload    {"messageId":["msg_8f2c47"]"#,
            ],
        ),
        good(
            "a text cut inside an emoji",
            r#"{"event":"message.received","timestamp":"2026-02-10T14:43:00.000Z","data":{"messageId":"msg_8f2c48","instanceId":"inst_4b7d","from":"5511999990001","type":"text","content":"Até logo \ud83d"}}"#,
            &["message.received (known)", "repaired   ", "content    Até logo \u{fffd}"],
        ),
        good("not JSON at all", "event=message.received", &["unreadable not_json"]),
    ];

    let body = r#"{"event":"message.received","timestamp":"2026-02-10T14:44:00.000Z","data":{"messageId":"msg_8f2c49","instanceId":"inst_4b7d","from":"5511999990001","type":"text","content":"R$ 10"}}"#;
    let signature = EnviaAi::sign(&previous, body.as_bytes());
    deliveries.extend([
        delivery(
            "signed with the secret that is being rotated out",
            request(Some(&signature), body),
            200,
            &["proof      secrets, secret 1"],
        ),
        delivery(
            "one byte tampered with",
            request(Some(&signature), &body.replace("R$ 10", "R$ 90")),
            401,
            &["refused    mismatch"],
        ),
        delivery(
            "no signature: refused before the body is read",
            request(None, body),
            401,
            &["refused    missing_credential"],
        ),
    ]);

    let again = |what, status, reports| {
        let body = r#"{"event":"message.received","timestamp":"2026-02-10T14:45:00.000Z","data":{"messageId":"msg_8f2c50","instanceId":"inst_4b7d","from":"5511999990001","type":"text","content":"Sim"}}"#;
        let signature = EnviaAi::sign(&current, body.as_bytes());
        delivery(what, request(Some(&signature), body), status, reports)
    };
    deliveries.extend([
        Delivery {
            fate: Fate::Fails,
            ..again("a handler that fails: EnviaAI should retry", 503, &["outcome    failed"])
        },
        Delivery {
            fate: Fate::Dies,
            ..again("the retry: the process crashes while it works", 502, &["attempt    2"])
        },
        again(
            "a retry too soon: the crashed worker still owns the event",
            503,
            &["outcome    in_progress"],
        ),
        Delivery {
            after: LEASE,
            ..again(
                "a retry after the lease has ended",
                200,
                &["attempt    3", "outcome    handled"],
            )
        },
        again("the same delivery again: not handled twice", 200, &["outcome    duplicate"]),
    ]);
    Ok(deliveries)
}

fn delivery(
    what: &'static str,
    request: http::Request<Bytes>,
    status: u16,
    reports: &'static [&'static str],
) -> Delivery {
    Delivery { what, request, status, reports, fate: Fate::Works, after: Duration::ZERO }
}

fn request(signature: Option<&str>, body: &str) -> http::Request<Bytes> {
    let mut request = http::Request::post("/enviaai").header("content-type", "application/json");
    if let Some(signature) = signature {
        request = request.header(EnviaAi::SIGNATURE_HEADER, signature);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).expect("a valid request")
}

/// What is worth showing of an event.
fn fields(delivery: &Received<EnviaAi>) -> Vec<String> {
    let optional =
        |name: &str, value: Option<String>| value.map(|value| format!("{name:<10} {value}"));
    match delivery.event() {
        Event::MessageReceived(message) => [
            optional("from", message.from.phone().map(|phone| format!("+{phone}"))),
            optional("contact", message.contact_name.clone()),
            optional("type", message.message_type.as_ref().map(ToString::to_string)),
            optional("content", message.content.clone()),
            optional("test", message.is_test().then(|| "true".into())),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Event::MessageDelivered(message) => [
            optional("to", message.to.as_ref().map(ToString::to_string)),
            optional("status", message.status.as_ref().map(ToString::to_string)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        Event::MessageFailed(message) => {
            let error = message.error.as_ref();
            let code = error.and_then(|error| error.code.as_ref()).map(ToString::to_string);
            [
                optional("to", message.to.as_ref().map(ToString::to_string)),
                optional("error", code),
                optional("because", error.and_then(|error| error.message.clone())),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
        Event::InstanceDisconnected(instance) => {
            optional("reason", instance.reason.as_ref().map(ToString::to_string))
                .into_iter()
                .collect()
        }
        Event::Unknown(_) | Event::Malformed(_) => {
            optional("payload", delivery.payload().map(|raw| raw.as_str().to_owned()))
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}
