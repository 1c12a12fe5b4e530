//! eazeWA's deliveries. Part of the quickstart.

use std::time::Duration;

use bytes::Bytes;
use zaphook::auth::{AccountTokens, TokenPlace};
use zaphook::eazewa::{Event, Message};
use zaphook::{Delivery as Received, EazeWa, Receiver, SecretError, Token};

use super::server::Server;
use super::{Delivery, Fate};

/// The token of instance 33, and that of instance 34.
const TOKEN: &str = "9f2c51b7-5a0e-4d8e";
const OTHER: &str = "c4cfb1a0-77d1-4b1f";

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, SecretError> {
    let tokens = AccountTokens::new([("33", Token::new(TOKEN)?), ("34", Token::new(OTHER)?)])?;
    server.route(Receiver::new(EazeWa::per_instance(TokenPlace::path(), tokens)), fields);

    Ok(vec![
        good(
            "a text message",
            r#"{"event":"message","instanceId":"33","data":{"message":{"_data":{"notifyName":"Ana Exemplo"},"id":{"fromMe":false,"remote":"5511999990001@c.us","id":"3EB09F8E7D6C5B4A3921","_serialized":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"},"ack":1,"hasMedia":false,"body":"Olá! Ainda há mesas para sábado? 🍽️","type":"chat","timestamp":1770733425,"from":"5511999990001@c.us","to":"5511888880001@c.us","fromMe":false},"media":null}}"#,
            &[
                "message (known)",
                "account    33",
                "from       +5511999990001",
                "name       Ana Exemplo",
                "mesas para sábado",
                "happened   2026-02-10 14:23:45 UTC",
            ],
        ),
        good(
            "the same message as message_create: another event",
            r#"{"event":"message_create","instanceId":"33","data":{"message":{"id":{"fromMe":false,"remote":"5511999990001@c.us","id":"3EB09F8E7D6C5B4A3921","_serialized":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"},"body":"Olá!","type":"chat","timestamp":1770733425,"from":"5511999990001@c.us","fromMe":false}}}"#,
            &["message_create (known)", "outcome    handled"],
        ),
        good(
            "the same message, with its id in the form of July 2026",
            r#"{"event":"message","instanceId":"33","data":{"message":{"id":{"fromMe":false,"remote":"5511999990001@c.us","id":"3EB09F8E7D6C5B4A3921","$1":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3921"},"body":"Olá!","type":"chat","timestamp":1770733425,"from":"5511999990001@c.us","fromMe":false}}}"#,
            &["outcome    duplicate"],
        ),
        good(
            "a document, inline",
            r#"{"event":"message","instanceId":33,"data":{"message":{"id":{"fromMe":false,"remote":"120363111111111111@g.us","id":"3A19283746556473829B","participant":{"server":"lid","user":"180000000000042","_serialized":"180000000000042@lid"}},"hasMedia":true,"body":"cardapio.pdf","type":"document","timestamp":"1770733430","from":"120363111111111111@g.us","author":"180000000000042@lid","fromMe":false},"media":{"mimetype":"application/pdf","data":"JVBERi0xLjQK","filename":"cardapio.pdf"}}}"#,
            &[
                "key        eazewa/33/message/false_120363111111111111@g.us_3A19283746556473829B_180000000000042@lid",
                "from       180000000000042@lid",
                "file       cardapio.pdf, application/pdf, 9 bytes",
            ],
        ),
        good(
            "a message was read",
            r#"{"event":"message_ack","instanceId":"33","data":{"message":{"id":"true_5511999990001@c.us_3EB0A1B2C3D4E5F60718","ack":2},"acknowledged":3}}"#,
            &["ack        Read", "/3"],
        ),
        good(
            "a reaction was removed",
            r#"{"event":"message_reaction","instanceId":"33","data":{"reaction":{"id":"false_5511999990001@c.us_3A0102030405060708AB","timestamp":1770733450.25,"reaction":"","msgId":"true_5511999990001@c.us_3EB0A1B2C3D4E5F60718","senderId":"5511999990001@c.us","ack":null}}}"#,
            &["removed    true", "happened   2026-02-10 14:24:10.250 UTC"],
        ),
        good(
            "an event without a payload: no deduplication key",
            r#"{"instanceId":"33","event":"authenticated"}"#,
            &["authenticated (known)", "outcome    handled_without_key"],
        ),
        good(
            "the connection ended",
            r#"{"event":"disconnected","instanceId":"33","data":{"reason":"LOGOUT"}}"#,
            &["reason     LOGOUT"],
        ),
        good(
            "an event that this version does not know",
            r#"{"event":"chat_pinned","instanceId":"33","data":{"chat":"5511999990001@c.us"}}"#,
            &["chat_pinned (unknown)", r#"payload    {"chat""#],
        ),
        good(
            "a malformed optional field: set aside, the message stays",
            r#"{"event":"message","instanceId":"33","data":{"message":{"id":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3930","timestamp":["odd"],"body":"Oi","from":"5511999990001@c.us","fromMe":false}}}"#,
            &["set aside  data.message.timestamp: expected a time as a number", "text       Oi"],
        ),
        Delivery {
            fate: Fate::Fails,
            ..good(
                "a handler that fails: eazeWA would not retry, so the answer is 200",
                r#"{"event":"message","instanceId":"33","data":{"message":{"id":"false_5511999990001@c.us_3EB09F8E7D6C5B4A3931","body":"Sim"}}}"#,
                &["outcome    failed"],
            )
        },
        refused(
            "the token of instance 34 with a body of instance 33",
            &format!("/eazewa/{OTHER}"),
            &["refused    mismatch: the path: a token of another account"],
        ),
        refused(
            "an unknown token: refused before the body is read",
            "/eazewa/0123456789abcdef",
            &["refused    mismatch: the path: not one of the configured tokens"],
        ),
        refused("no token", "/eazewa/", &["refused    missing_credential"]),
    ])
}

fn good(what: &'static str, body: &str, reports: &'static [&'static str]) -> Delivery {
    delivery(what, &format!("/eazewa/{TOKEN}"), body, 200, reports)
}

fn refused(what: &'static str, path: &str, reports: &'static [&'static str]) -> Delivery {
    let body = r#"{"event":"message","instanceId":"33","data":{"message":{"id":"x","body":"Oi"}}}"#;
    delivery(what, path, body, 401, reports)
}

fn delivery(
    what: &'static str,
    path: &str,
    body: &str,
    status: u16,
    reports: &'static [&'static str],
) -> Delivery {
    let request = http::Request::post(path).header("content-type", "application/json");
    let body = Bytes::copy_from_slice(body.as_bytes());
    let request = request.body(body).expect("a valid request");
    Delivery { what, request, status, reports, fate: Fate::Works, after: Duration::ZERO }
}

/// What is worth showing of an event.
fn fields(delivery: &Received<EazeWa>) -> Vec<String> {
    let field = |name: &str, value: &dyn std::fmt::Display| format!("{name:<10} {value}");
    match delivery.event() {
        Event::Message(new) | Event::MessageCreate(new) => {
            let mut lines = message(&new.message);
            // Decoded here and now, and not before.
            lines.extend(new.media.as_ref().map(|media| {
                let name = media.filename.as_deref().unwrap_or("without a name");
                let kind = media.mimetype.as_deref().unwrap_or("of an unknown type");
                match media.data.decode() {
                    Ok(bytes) => field("file", &format!("{name}, {kind}, {} bytes", bytes.len())),
                    Err(error) => field("file", &error),
                }
            }));
            lines
        }
        Event::MessageAck(event) => {
            event.ack().map(|ack| format!("{:<10} {ack:?}", "ack")).into_iter().collect()
        }
        Event::MessageReaction(event) => vec![
            field("to", &event.reaction.msg_id),
            field("removed", &event.reaction.is_removed()),
        ],
        Event::Disconnected(event) => {
            event.reason.iter().map(|reason| field("reason", reason)).collect()
        }
        Event::Unknown(_) | Event::Malformed(_) => {
            delivery.payload().map(|raw| field("payload", &raw.as_str())).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn message(message: &Message) -> Vec<String> {
    let from = message.sender().map(|jid| match jid.phone() {
        Some(phone) => format!("+{phone}"),
        None => jid.to_string(),
    });
    let name = message.data.as_ref().and_then(|model| model.notify_name());
    [("from", from), ("name", name), ("text", message.text().map(str::to_owned))]
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name:<10} {}", value?)))
        .collect()
}
