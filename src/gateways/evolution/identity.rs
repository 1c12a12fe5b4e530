//! Deduplication keys.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};

use super::calls::Call;
use super::edited::MessageEdited;
use super::event::{Envelope, Event};
use super::go;
use super::key::{MessageKey, is_at_meta};
use super::labels::LabelEdit;
use super::message::Message;
use super::receipt::MessageUpdate;
use super::status::MessageStatus;
use crate::auth::AccountMembers;
use crate::event::EventSet;
use crate::idempotency::{Key, body_digest};
use crate::jid::{Jid, Kind};

/// The gateway's name, as used in keys.
pub(super) const NAME: &str = "evolution";

/// The instance: by its name, else as given by a body without an envelope.
pub(super) fn account(envelope: &Envelope) -> Option<&str> {
    envelope.instance.as_deref().or(match &envelope.event {
        Event::CloudMessageStatus(update) => update.instance_id.as_deref(),
        Event::Go(go) => go.instance(),
        _ => None,
    })
}

/// As [`account`] reads it, following the same path as the event's `route`.
pub(super) const ACCOUNT: AccountMembers = AccountMembers::Outer {
    names: &[
        "event",
        "data",
        "instance",
        "instanceToken",
        "instanceId",
        "instanceName",
        "keyId",
        "message_template_id",
        "message_template_name",
    ],
    account: |outer| {
        let has = |name: &str| outer.has(name);
        if outer.says("instance") {
            return outer.text("instance");
        }
        if !has("data") {
            if has("message_template_id") || has("message_template_name") {
                return None;
            }
            if !has("event") && has("keyId") {
                return outer.text("instanceId");
            }
        }
        let event = outer.text("event").filter(|_| go::Envelope::recognises(|name| outer.says(name)))?;
        // An event of Evolution's own has its name nowhere else.
        if Event::position(event).is_some() {
            return None;
        }
        outer.first_text(&["instanceId", "instanceName"])
    },
};

/// The message with what happened to it, or the stage of a call; if the event
/// has nothing of its own to identify it, the body: a retry has the same text,
/// and the time in it distinguishes it from others.
pub(super) fn key(envelope: &Envelope, body: &[u8]) -> Option<Key> {
    if let Event::Go(go) = &envelope.event {
        return of_go(envelope, go, body);
    }
    let identified = |identity: &[&str]| {
        let parts = [account(envelope), Some(envelope.event.name())];
        Key::new(NAME, parts.into_iter().chain(identity.iter().copied().map(Some)))
    };
    let by_content = match &envelope.event {
        Event::MessagesUpsert(messages) => match &**messages {
            [message] => of_new(message).and_then(|parts| identified(&texts(&parts))),
            _ => None,
        },
        Event::SendMessage(message) => of_key(&message.key).and_then(|parts| identified(&parts)),
        Event::MessagesUpdate(update) | Event::CloudMessageStatus(update) => {
            of_update(update).and_then(|parts| identified(&parts))
        }
        Event::MessagesEdited(edited) | Event::SendMessageUpdate(edited) => {
            let at = edited.timestamp_ms.as_ref().map(millis);
            let parts = at.as_deref().and_then(|at| of_edit(edited, at));
            parts.and_then(|parts| identified(&parts))
        }
        Event::MessagesDelete(deleted) => {
            let shape = if deleted.is_stored_row() { "row" } else { "key" };
            let by = deleted.participant();
            let id = deleted.message_id();
            let message = id.and_then(|id| of(id, deleted.chat(), deleted.is_from_me(), by));
            message.and_then(|message| identified(&[&*message, &[shape]].concat()))
        }
        Event::Call(call) => of_call(call).and_then(|parts| identified(&texts(&parts))),
        Event::LabelsEdit(label) if label.deleted.unwrap_or(false) => {
            of_label(label).and_then(|parts| identified(&texts(&parts)))
        }
        _ => None,
    };
    by_content.or_else(|| {
        envelope.date_time.as_ref()?;
        by_body(account(envelope), &[envelope.event.name()], body)
    })
}

/// As for Evolution API, by the event's own data; else by its body, if it has a
/// time.
fn of_go(envelope: &Envelope, go: &go::Envelope, body: &[u8]) -> Option<Key> {
    let account = account(envelope);
    let name = go.event.name();
    let by_content = go.identity().and_then(|identity| {
        let parts = [account, Some("go"), Some(name)];
        Key::new(NAME, parts.into_iter().chain(identity.iter().map(|part| Some(&**part))))
    });
    by_content.or_else(|| go.is_dated().then(|| by_body(account, &["go", name], body))?)
}

/// By the whole body. There may be no instance, and the name may be empty or
/// cut inside a character.
fn by_body(account: Option<&str>, name: &[&str], body: &[u8]) -> Option<Key> {
    let digest = body_digest(body);
    let end = ["body", &*digest];
    let named = || name.iter().chain(&end).copied().map(Some);
    let all = Key::new(NAME, std::iter::once(account).chain(named()));
    all.or_else(|| Key::new(NAME, named())).or_else(|| Key::new(NAME, end.map(Some)))
}

/// By the message alone, whatever address its chat has in this event.
pub(super) fn message_key(envelope: &Envelope) -> Option<Key> {
    Key::new(NAME, [account(envelope), Some("message"), envelope.event.message_id()])
}

fn of_key(key: &MessageKey) -> Option<Vec<&str>> {
    of(&key.id, key.chat(), key.is_from_me(), key.participant())
}

/// The identity of a message in the protocol.
///
/// An id from Meta is unique by itself, and the members next to it cannot be
/// trusted: up to 2.3.7 the Cloud channel sends the chat of whichever message
/// came last.
fn of<'a>(
    id: &'a str,
    chat: Option<&'a Jid>,
    from_me: bool,
    by: Option<&'a Jid>,
) -> Option<Vec<&'a str>> {
    if is_at_meta(id) {
        return Some(vec!["message", id]);
    }
    let mut parts = vec!["message", chat?.as_str(), direction(from_me), id];
    parts.extend(by.map(Jid::as_str));
    Some(parts)
}

fn direction(from_me: bool) -> &'static str {
    if from_me { "me" } else { "them" }
}

/// A new message. In a channel an edit is a message with the same id and
/// different content.
fn of_new(message: &Message) -> Option<Vec<Cow<'_, str>>> {
    let mut parts: Vec<_> = of_key(&message.key)?.into_iter().map(Cow::Borrowed).collect();
    if message.key.chat().is_some_and(|chat| chat.kind() == Kind::Channel) {
        let said = message.content();
        let said = said.as_ref();
        let file = said.and_then(|said| said.media()?.url);
        let kind = said.and_then(|said| said.kind());
        let kind = kind.as_ref().map(|kind| kind.as_str());
        parts.push("content".into());
        parts.push(hidden(&[kind, said.and_then(|said| said.text()), file])?.into());
    }
    Some(parts)
}

/// A deletion of a label, which the server posts twice, with two times.
fn of_label(label: &LabelEdit) -> Option<Vec<Cow<'_, str>>> {
    let color = label.color.map(|color| color.to_string());
    let was = [label.name.as_deref(), color.as_deref(), label.predefined_id.as_deref()];
    Some(vec!["label".into(), (&*label.id).into(), "deleted".into(), hidden(&was)?.into()])
}

/// Only a status distinguishes one update of a message from another. Votes and
/// edits can come repeatedly with the same status, or without one; `DELETED` is
/// also used for edits. A star and its removal are both `SERVER_ACK`, in equal
/// bodies, and cannot be distinguished.
///
/// The receipts of one message name its chat sometimes by LID, sometimes by
/// phone number. In a one-to-one chat the id is known only to the two people,
/// and is enough.
fn of_update(update: &MessageUpdate) -> Option<Vec<&str>> {
    let status = update.status.as_ref().filter(|status| **status != MessageStatus::Deleted)?;
    if update.message.is_some() || update.poll_updates.is_some() {
        return None;
    }
    let (id, from_me) = (update.message_id()?, update.is_from_me());
    let is_of_one = update.chat().is_some_and(|chat| chat.is_person() || is_bare(chat));
    let message = match is_of_one && !is_at_meta(id) {
        true => vec!["message", "one", direction(from_me), id],
        false => of(id, update.chat(), from_me, update.participant())?,
    };
    Some([message, vec!["status", status.as_str()]].concat())
}

fn is_bare(chat: &Jid) -> bool {
    chat.kind() == Kind::Phone
}

/// The stage of a call; in a group several people join or leave one.
fn of_call(call: &Call) -> Option<Vec<Cow<'_, str>>> {
    let mut parts =
        vec!["call".into(), call.call_id()?.into(), call.status.as_ref()?.as_str().into()];
    if let Some(from) = call.from.as_ref().filter(|from| !from.as_str().is_empty()) {
        parts.push("from".into());
        parts.push(user(from));
    }
    Some(parts)
}

/// A person, without the device.
pub(super) fn user(jid: &Jid) -> Cow<'_, str> {
    String::from(jid.to_s_whatsapp_net()).into()
}

fn of_edit<'a>(edited: &'a MessageEdited, at: &'a str) -> Option<Vec<&'a str>> {
    let kind = edited.kind.as_ref()?.as_str()?;
    Some([of_key(edited.key.as_ref()?)?, vec![kind, at]].concat())
}

/// The digest of texts: keys end up in logs, where messages do not belong.
/// `None` when one of them was repaired, since other texts cut at the same
/// place would look the same.
fn hidden(texts: &[Option<&str>]) -> Option<String> {
    let mut joined = String::new();
    for text in texts {
        let text = text.unwrap_or_default();
        if text.contains(char::REPLACEMENT_CHARACTER) {
            return None;
        }
        joined.push_str(&text.len().to_string());
        joined.push(':');
        joined.push_str(text);
    }
    Some(body_digest(joined.as_bytes()))
}

fn texts<'a>(parts: &'a [Cow<'_, str>]) -> Vec<&'a str> {
    parts.iter().map(|part| &**part).collect()
}

fn millis(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
