//! Evolution API's deliveries. Part of the quickstart.

use std::time::Duration;

use bytes::Bytes;
use zaphook::evolution::Event;
use zaphook::{Delivery as Received, Evolution, Receiver, Secret, SecretError};

use super::server::Server;
use super::{Delivery, Fate};

pub(crate) fn join(server: &mut Server) -> Result<Vec<Delivery>, SecretError> {
    let key = Secret::new("a jwt_key of your choice")?;
    // Evolution Go's instance by its id as well as by its name.
    let instances = ["cantina", "0d5a9c3e-6b1f-4e5a-9d27-51c0a7f4e6b2"];
    let policy = Evolution::jwt(key.clone()).and_instances(instances);
    server.route(Receiver::new(policy), fields);

    let now = chrono::Utc::now().timestamp();
    let sent = |what, body: &str, made_at, status, reports| {
        let authorization = Evolution::sign(&key, made_at);
        delivery(what, request(Some(&authorization), body), status, reports)
    };
    let good = |what, body: &str, reports| sent(what, body, now, 200, reports);
    let message = r#"{"event":"messages.upsert","instance":"cantina","data":{"key":{"remoteJid":"100000000000001@lid","remoteJidAlt":"5511999990001@s.whatsapp.net","fromMe":false,"id":"3EB0C0DE00112233AABB01","participant":"","addressingMode":"lid"},"pushName":"Ana Exemplo","status":"DELIVERY_ACK","message":{"conversation":"Ainda há mesas para sábado?"},"messageType":"conversation","messageTimestamp":1770733425,"instanceId":"6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11","source":"android"},"destination":"https://hooks.example.org/evolution","date_time":"2026-02-10T11:23:45.678Z","sender":"5511888880001@s.whatsapp.net","server_url":"https://evolution.example.org","apikey":null}"#;
    Ok(vec![
        good(
            "a text message from a LID, with its phone number in another field",
            message,
            &["messages.upsert (known)", "phone      +5511999990001", "text       Ainda há mesas"],
        ),
        good(
            "the same, sent to another destination: not handled twice",
            &message.replace("hooks.example.org/evolution", "global.example.org"),
            &["outcome    duplicate"],
        ),
        good(
            "a message of version 1, in the spelling of the configuration",
            r#"{"event":"MESSAGES_UPSERT","instance":"cantina","data":{"key":{"remoteJid":"5511999990002@s.whatsapp.net","fromMe":false,"id":"3EB0C0DE00112233AABB02"},"pushName":"Bia Exemplo","message":{"extendedTextMessage":{"text":"Oi"}},"messageType":"extendedTextMessage","messageTimestamp":1770733430,"owner":"cantina","source":"ios"},"date_time":"2026-02-10T11:23:50.000Z"}"#,
            &["MESSAGES_UPSERT (known)", "phone      +5511999990002"],
        ),
        good(
            "a receipt, by another address than the message had",
            r#"{"event":"messages.update","instance":"cantina","data":{"keyId":"3EB0C0DE00112233AABB01","remoteJid":"100000000000001@lid","fromMe":false,"status":"READ","instanceId":"6f1c2a0e-8d43-4c1b-9a55-0b7e3f5d2c11"},"date_time":"2026-02-10T11:24:00.000Z"}"#,
            &["message    3EB0C0DE00112233AABB01", "status     READ"],
        ),
        good(
            "a deletion among the edits, with its time as {low, high}",
            r#"{"event":"messages.edited","instance":"cantina","data":{"key":{"remoteJid":"100000000000009@lid","fromMe":true,"id":"3EB0C0DE00112233AABB01"},"type":0,"timestampMs":{"low":-1821493248,"high":412,"unsigned":false}},"date_time":"2026-02-25T03:13:20.000Z"}"#,
            &["deleted    3EB0C0DE00112233AABB01", "happened   2026-02-25 06:13:20"],
        ),
        good(
            "members of a group, as strings",
            r#"{"event":"group-participants.update","instance":"cantina","data":{"id":"120363000000000001@g.us","author":null,"participants":["5511999990001@s.whatsapp.net","100000000000002@lid"],"action":"add"},"date_time":"2026-02-10T11:25:00.000Z"}"#,
            &["add        +5511999990001", "add        100000000000002@lid"],
        ),
        good(
            "an instance that is logged out: no data at all",
            r#"{"event":"logout.instance","instance":"cantina","data":null,"date_time":"2026-02-10T11:26:00.000Z"}"#,
            &["logout.instance (known)"],
        ),
        good(
            "a message from Evolution Go, a separate product",
            r#"{"data":{"Info":{"Chat":"5511999990001@s.whatsapp.net","Sender":"5511999990001:12@s.whatsapp.net","ID":"3EB0C0DE00112233AABB05","IsFromMe":false,"IsGroup":false,"PushName":"Ana","Timestamp":"2026-02-10T11:23:45-03:00","Type":"text"},"Message":{"conversation":"Oi"}},"event":"Message","instanceId":"0d5a9c3e-6b1f-4e5a-9d27-51c0a7f4e6b2","instanceName":"cantina","instanceToken":"the token of its instance"}"#,
            &[
                "Message (known)",
                "happened   2026-02-10 14:23:45 UTC",
                "message    3EB0C0DE00112233AABB05",
            ],
        ),
        good(
            "a malformed optional field: set aside, the message stays",
            &message
                .replace("3EB0C0DE00112233AABB01", "3EB0C0DE00112233AABB03")
                .replace(r#""Ana Exemplo""#, r#"["Ana"]"#),
            &[
                "set aside  data.pushName: expected a string, found an array",
                "phone      +5511999990001",
            ],
        ),
        sent(
            "a retry with the token of the first attempt, which has expired meanwhile",
            &message.replace("3EB0C0DE00112233AABB01", "3EB0C0DE00112233AABB04"),
            now - 1215,
            200,
            &["proof      jwt and instances"],
        ),
        sent(
            "a token that expired long ago: 503, since a 401 is final",
            message,
            now - 3600,
            503,
            &["refused    expired"],
        ),
        sent(
            "another instance than the accepted one",
            &message.replace("cantina", "oficina"),
            now,
            401,
            &["refused    wrong_instance"],
        ),
        delivery(
            "no token: refused before the body is read",
            request(None, message),
            401,
            &["refused    missing_credential"],
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

fn request(authorization: Option<&str>, body: &str) -> http::Request<Bytes> {
    let mut request = http::Request::post("/evolution").header("content-type", "application/json");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    request.body(Bytes::copy_from_slice(body.as_bytes())).expect("a valid request")
}

/// What is worth showing of an event.
fn fields(delivery: &Received<Evolution>) -> Vec<String> {
    let event = delivery.event();
    let mut fields = Vec::new();
    let mut show = |name: &str, value: &str| fields.push(format!("{name:<10} {value}"));
    match event {
        Event::MessagesUpsert(messages) => {
            for message in messages {
                if let Some(phone) = message.key.sender_phone() {
                    show("phone", &format!("+{phone}"));
                }
                if let Some(name) = &message.push_name {
                    show("name", name);
                }
                if let Some(content) = message.content()
                    && let Some(text) = content.text()
                {
                    show("text", text);
                }
            }
        }
        Event::MessagesUpdate(update) => {
            show("message", update.message_id().unwrap_or_default());
            if let Some(status) = &update.status {
                show("status", status.as_str());
            }
        }
        Event::GroupParticipantsUpdate(update) => {
            for member in update.participants.iter().flatten() {
                let phone = member.phone().map(|phone| format!("+{phone}"));
                let action = update.action.as_ref().map_or("", |action| action.as_str());
                show(action, &phone.unwrap_or_else(|| member.id.to_string()));
            }
        }
        Event::Go(go) => show("message", go.message_id().unwrap_or_default()),
        _ => {
            if let Some(deletion) = event.deletion() {
                show("deleted", deletion.message_id);
            }
        }
    }
    fields
}
