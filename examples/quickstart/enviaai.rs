//! EnviaAI's deliveries. Part of the quickstart.

use std::time::Duration;

use bytes::Bytes;
use zaphook::enviaai::{Event, EventName};
use zaphook::testing::{self, Sample, Scenario};
use zaphook::{Delivery as Received, EnviaAi, Receiver, Secret, SecretError};

use super::server::Server;
use super::{Delivery, Fate, LEASE};

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, SecretError> {
    let current = Secret::new("whs_3b9ff21c")?;
    let previous = Secret::new("whs_77e0b1a4")?;
    server.route(Receiver::new(EnviaAi::signed([current.clone(), previous.clone()])), fields);

    // Each an event of its own. The secret is the webhook's; EnviaAI signs the body.
    let received = |n| testing::sample(EventName::MessageReceived).nth(n);
    let told = |scenario: Scenario| scenario.of().expect("EnviaAI tells it");
    let good = |what, sample: Sample<EnviaAi>, reports| {
        delivery(what, sample.signed(&current), 200, reports)
    };
    let mut deliveries = vec![
        good(
            "a text message",
            received(1).from("+5511999990001").text("Olá! Ainda há mesas para sábado? 🍽️"),
            &["message.received (known)", "from       +5511999990001", "mesas para sábado"],
        ),
        good(
            "the delivery status of a message",
            testing::sample(EventName::MessageDelivered),
            &["status     delivered", "happened   2026-02-10 14:23:44 UTC"],
        ),
        good(
            "a message that failed",
            testing::sample(EventName::MessageFailed),
            &["error      recipient_not_found"],
        ),
        good(
            "an instance that lost its connection",
            testing::sample(EventName::InstanceDisconnected),
            &["reason     logged_out"],
        ),
        good("a test delivery", received(2).set("data.test", true), &["test       true"]),
        good(
            "an event that this version does not know: kept raw",
            told(Scenario::Unknown),
            &["something.new (unknown)", r#"payload    {"messageId":""#],
        ),
        good(
            "a malformed optional field: set aside, the message stays",
            received(3).set("data.contactName", ["Ana"]),
            &[
                "message.received (known)",
                "set aside  data.contactName: expected a string, found an array",
                "content    oi",
            ],
        ),
        good(
            "a broken essential field: malformed, the payload is kept",
            told(Scenario::Broken),
            &[
                "message.received (malformed)",
                "malformed  data.messageId: expected a string or a whole number, found an array",
                r#"payload    {"messageId":[""#,
            ],
        ),
        good(
            "a text cut inside an emoji",
            told(Scenario::CutEmoji),
            &["message.received (known)", "repaired   ", "content    Até logo \u{fffd}"],
        ),
        delivery(
            "not JSON at all",
            testing::enviaai(&current, "event=message.received"),
            200,
            &["unreadable not_json"],
        ),
    ];

    let body = received(4).text("R$ 10").body();
    let body = String::from_utf8_lossy(&body);
    let signature = EnviaAi::sign(&previous, body.as_bytes());
    deliveries.extend([
        delivery(
            "signed with the secret that is being rotated out",
            request(Some(&signature), &body),
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
            request(None, &body),
            401,
            &["refused    missing_credential"],
        ),
    ]);

    let again = |what, status, reports| {
        delivery(what, received(5).text("Sim").signed(&current), status, reports)
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
    mut request: http::Request<Bytes>,
    status: u16,
    reports: &'static [&'static str],
) -> Delivery {
    *request.uri_mut() = http::Uri::from_static("/enviaai");
    Delivery { what, request, status, reports, fate: Fate::Works, after: Duration::ZERO }
}

fn request(signature: Option<&str>, body: &str) -> http::Request<Bytes> {
    let mut request = http::Request::post("/").header("content-type", "application/json");
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
