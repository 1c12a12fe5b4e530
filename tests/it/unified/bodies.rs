//! Bodies of one happening, as each gateway posts it.
//!
//! People and places are the same everywhere: Ana writes, Bia is in the group, "we"
//! are the account.

use serde_json::{Value, json};

pub const ANA: &str = "5511999990001";
pub const ANA_LID: &str = "100000000000001";
pub const BIA: &str = "5511999990002";
pub const BIA_LID: &str = "100000000000002";
pub const WE: &str = "5511888880001";
pub const WE_LID: &str = "100000000000009";
pub const GROUP: &str = "120363000000000001@g.us";
pub const CHANNEL: &str = "120363111111111111@newsletter";
pub const AT: i64 = 1_770_733_424;
pub const ISO: &str = "2026-02-10T14:23:44Z";
/// A message of Ana's, and one of ours.
pub const M1: &str = "3A00112233445566778A";
pub const M2: &str = "3EB0C0DE00112233AABB";
/// What an act is called that is a message of its own.
pub const ACT: &str = "3AFF112233445566778A";

/// One with the members of another; `null` takes a member out.
pub fn with(mut base: Value, more: Value) -> Value {
    let (Some(into), Value::Object(more)) = (base.as_object_mut(), more) else { panic!() };
    for (name, value) in more {
        match value {
            Value::Null => drop(into.remove(&name)),
            value => drop(into.insert(name, value)),
        }
    }
    base
}

pub fn c_us(user: &str) -> String {
    format!("{user}@c.us")
}

pub fn pn(user: &str) -> String {
    format!("{user}@s.whatsapp.net")
}

pub fn lid(user: &str) -> String {
    format!("{user}@lid")
}

pub fn enviaai(event: &str, data: Value) -> String {
    let data = with(json!({"instanceId": "inst_1"}), data);
    json!({"event": event, "timestamp": ISO, "data": data}).to_string()
}

/// A message that EnviaAI received from Ana.
pub fn enviaai_message(more: Value) -> String {
    let message = json!({"messageId": M1, "chatId": "chat_ana", "from": ANA, "type": "text",
        "timestamp": ISO, "contactName": "Ana Exemplo", "isGroup": false});
    enviaai("message.received", with(message, more))
}

pub fn eazewa(event: &str, data: Value) -> String {
    json!({"event": event, "instanceId": "33", "data": data}).to_string()
}

/// A message of whatsapp-web.js, from Ana.
pub fn web_message(more: Value) -> Value {
    let message = json!({"id": format!("false_{}_{M1}", c_us(ANA)), "fromMe": false, "type": "chat",
        "from": c_us(ANA), "to": c_us(WE), "timestamp": AT, "body": ""});
    with(message, more)
}

/// The same of ours, to Ana.
pub fn web_own(more: Value) -> Value {
    let own = json!({"id": format!("true_{}_{M2}", c_us(ANA)), "fromMe": true, "type": "chat",
        "from": c_us(WE), "to": c_us(ANA), "timestamp": AT});
    with(own, more)
}

pub fn eazewa_message(more: Value) -> String {
    eazewa("message", json!({"message": web_message(more)}))
}

pub fn evolution(event: &str, data: Value) -> String {
    json!({"event": event, "instance": "cantina", "sender": pn(WE), "data": data}).to_string()
}

/// A key of a message of Ana's.
pub fn key(more: Value) -> Value {
    with(json!({"id": M1, "remoteJid": pn(ANA), "fromMe": false}), more)
}

pub fn upsert(key: Value, message: Value) -> String {
    upsert_with(key, message, json!({}))
}

pub fn upsert_with(key: Value, message: Value, more: Value) -> String {
    let data = json!({"key": key, "pushName": "Ana Exemplo", "message": message,
        "messageTimestamp": AT});
    evolution("messages.upsert", with(data, more))
}

pub fn go(event: &str, data: Value) -> String {
    json!({"event": event, "data": data, "instanceToken": "exemplo", "instanceId": "i-1",
        "instanceName": "cantina"})
    .to_string()
}

/// What Evolution Go says of a message of Ana's.
pub fn info(more: Value) -> Value {
    let info = json!({"Chat": pn(ANA), "Sender": pn(ANA), "IsFromMe": false, "IsGroup": false,
        "ID": M1, "PushName": "Ana Exemplo", "Timestamp": ISO, "Edit": ""});
    with(info, more)
}

pub fn go_message(info: Value, message: Value) -> String {
    go_message_with(info, message, json!({}))
}

pub fn go_message_with(info: Value, message: Value, more: Value) -> String {
    go("Message", with(json!({"Info": info, "Message": message}), more))
}

pub fn waha(engine: &str, event: &str, payload: Value) -> String {
    json!({"id": format!("evt_{event}_{engine}"), "timestamp": AT * 1000, "event": event,
        "session": "cantina", "engine": engine, "me": {"id": c_us(WE), "lid": lid(WE_LID)},
        "payload": payload})
    .to_string()
}

/// A message of WAHA's, from Ana.
pub fn waha_message(engine: &str, more: Value) -> String {
    let message = json!({"id": format!("false_{}_{M1}", c_us(ANA)), "fromMe": false,
        "from": c_us(ANA), "timestamp": AT, "hasMedia": false});
    waha(engine, "message", with(message, more))
}

/// An id of WAHA's.
pub fn id(from_me: bool, chat: &str, bare: &str) -> String {
    format!("{from_me}_{chat}_{bare}")
}

pub fn zavu(event: &str, data: Value) -> String {
    json!({"id": format!("evt_{event}"), "type": event, "timestamp": AT * 1000,
        "senderId": "sender_1", "projectId": "project_1", "data": data})
    .to_string()
}

/// A message that Zavu received from Ana.
pub fn zavu_message(more: Value) -> String {
    let message = json!({"messageId": M1, "from": format!("+{ANA}"), "to": format!("+{WE}"),
        "channel": "whatsapp", "status": "received", "messageType": "text",
        "profileName": "Ana Exemplo", "providerTimestamp": AT * 1000});
    zavu("message.inbound", with(message, more))
}
