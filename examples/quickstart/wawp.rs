//! Wawp's deliveries, and WAHA's: two kinds of proof on one route. Part of the
//! quickstart.

use std::time::Duration;

use bytes::Bytes;
use zaphook::auth::Query;
use zaphook::wawp::Event;
use zaphook::{Delivery as Received, Receiver, Secret, Token, Wawp};

use super::server::Server;
use super::{Delivery, Fate};

const TOKEN: &str = "f2Q8xN4pL0sV7kT3";

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, Box<dyn std::error::Error>> {
    let key = Secret::new("my-hmac-key")?;
    // Wawp signs nothing: a secret in the URL. WAHA signs with its key.
    let policy = Wawp::any_of([
        Wawp::by(Query::new("secret", Token::new(TOKEN)?)),
        Wawp::signed(key.clone()),
    ]);
    server.route(Receiver::new(policy), fields);

    let wawp = |what, body: &str, reports| {
        delivery(what, request(&format!("/wawp?secret={TOKEN}"), &[], body), 200, reports)
    };
    let waha = |what, algorithm: &str, body: &str, status, reports| {
        let signature = Wawp::sign(&key, body.as_bytes());
        let headers =
            [("x-webhook-hmac", signature.as_str()), ("x-webhook-hmac-algorithm", algorithm)];
        delivery(what, request("/wawp", &headers, body), status, reports)
    };
    let waiting = r#"{"id":"evt_01jmz3k8q2v7x9w4t6r5000101","timestamp":1770733425678,"event":"message","session":"default","metadata":{},"me":{"id":"5511888880001@c.us","pushName":"Cantina Exemplo"},"payload":{"id":"false_100000000000001@lid_3A00112233445566778A","timestamp":1770733424,"from":"100000000000001@lid","fromMe":false,"source":"app","to":null,"participant":null,"body":"Ainda há mesas?","hasMedia":false,"media":null,"ack":null,"ackName":"PENDING","location":null,"vCards":null,"replyTo":null,"_data":{"Info":{"Chat":"100000000000001@lid","SenderAlt":"5511999990001:3@s.whatsapp.net","PushName":"Ana Exemplo"}}},"engine":"GOWS","environment":{"version":"2026.8.1","engine":"GOWS","tier":"PLUS"}}"#;
    let any = waiting
        .replace("evt_01jmz3k8q2v7x9w4t6r5000101", "evt_01jmz3k8q2v7x9w4t6r5000102")
        .replace(r#""event":"message""#, r#""event":"message.any""#);

    Ok(vec![
        waha(
            "a message from WAHA, whose sender is a LID",
            "sha512",
            waiting,
            200,
            &[
                "message (known)",
                "proof      secrets, secret 0",
                "from       Ana Exemplo +5511999990001",
                "text       Ainda há mesas?",
            ],
        ),
        waha(
            "the same message again, as another event",
            "sha512",
            &any,
            200,
            &[
                "message.any (known)",
                "message    wawp/default/message/100000000000001@lid/3A00112233445566778A",
            ],
        ),
        waha(
            "the same event again: not handled twice",
            "sha512",
            waiting,
            200,
            &["outcome    duplicate"],
        ),
        waha(
            "a signature that claims another algorithm",
            "md5",
            waiting,
            401,
            &["refused    unsupported_algorithm"],
        ),
        wawp(
            "a receipt from Wawp, in its own short form",
            r#"{"id":"evt_1234567890","timestamp":1770733425678,"session":"4B7D9C21E0AA","metadata":{"user.id":"7"},"engine":"WEBJS","event":"message.ack","payload":{"id":"true_5511999990001@c.us_3EB0C0DE00112233AABB","ack":3,"ackName":"READ","chatId":"5511999990001@c.us"},"me":{"id":"5511888880001@c.us"}}"#,
            &["proof      query, secret 0", "receipt    Read by 5511999990001@c.us"],
        ),
        wawp(
            "a bare status from Wawp, without an envelope: no key",
            r#"{"instance_id":"4B7D9C21E0AA","status":"SCAN_QR_CODE","qr":"data:image/png;base64,iVBORw0KGgo=","ts":1770733424}"#,
            &["session.status (known)", "account    4B7D9C21E0AA", "state      SCAN_QR_CODE"],
        ),
        delivery(
            "a wrong secret: refused before the body is read",
            request("/wawp?secret=guess", &[], waiting),
            401,
            &["refused    mismatch"],
        ),
    ])
}

fn delivery(
    what: &'static str,
    request: http::Request<Bytes>,
    status: u16,
    reports: &'static [&'static str],
) -> Delivery {
    Delivery { what, request, status, reports, fate: Fate::Works, after: Duration::ZERO }
}

fn request(uri: &str, headers: &[(&str, &str)], body: &str) -> http::Request<Bytes> {
    let mut request = http::Request::post(uri).header("content-type", "application/json");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).expect("a valid request")
}

/// What is worth showing of an event.
fn fields(delivery: &Received<Wawp>) -> Vec<String> {
    let mut lines = match delivery.event() {
        Event::Message(message) | Event::MessageAny(message) => {
            let name = message.sender_name().unwrap_or_default();
            let phone = message.sender_phone().unwrap_or_default();
            let text = message.body.as_deref().unwrap_or_default();
            vec![format!("from       {name} +{phone}"), format!("text       {text}")]
        }
        Event::MessageAck(ack) => {
            let reader = ack.reader().map(|reader| reader.to_jid().to_string()).unwrap_or_default();
            ack.receipt()
                .map(|level| format!("receipt    {level:?} by {reader}"))
                .into_iter()
                .collect()
        }
        Event::SessionStatus(session) => vec![format!("state      {}", session.status)],
        _ => Vec::new(),
    };
    lines.extend(delivery.message_key().map(|key| format!("message    {key}")));
    lines
}
