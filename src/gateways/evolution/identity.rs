//! What makes two deliveries the same event.

use chrono::{DateTime, SecondsFormat, Utc};

use super::edited::MessageEdited;
use super::event::{Envelope, Event};
use super::key::MessageKey;
use super::receipt::MessageUpdate;
use super::status::MessageStatus;
use crate::idempotency::{Key, body_digest};
use crate::jid::Jid;

/// The gateway's name, as in keys.
pub(super) const NAME: &str = "evolution";

/// The instance: by its name, else as what has no envelope tells it.
pub(super) fn account(envelope: &Envelope) -> Option<&str> {
    envelope.instance.as_deref().or(match &envelope.event {
        Event::CloudMessageStatus(update) => update.instance_id.as_deref(),
        Event::Go(go) => go.instance(),
        _ => None,
    })
}

/// The message with what happened to it, or the stage of a call; where the
/// event tells nothing of its own, the body: a repetition is the same text,
/// and the time in it tells it from others.
pub(super) fn key(envelope: &Envelope, body: &[u8]) -> Option<Key> {
    let identified = |identity: Vec<&str>| {
        let parts = [account(envelope), Some(envelope.event.name())];
        Key::new(NAME, parts.into_iter().chain(identity.into_iter().map(Some)))
    };
    let by_content = match &envelope.event {
        Event::MessagesUpsert(message) | Event::SendMessage(message) => {
            of_key(&message.key).and_then(&identified)
        }
        Event::MessagesUpdate(update) | Event::CloudMessageStatus(update) => {
            of_update(update).and_then(&identified)
        }
        Event::MessagesEdited(edited) | Event::SendMessageUpdate(edited) => {
            let at = edited.timestamp_ms.as_ref().map(millis);
            at.as_deref().and_then(|at| of_edit(edited, at)).and_then(&identified)
        }
        Event::MessagesDelete(deleted) => {
            let shape = if deleted.is_stored_row() { "row" } else { "key" };
            let by = deleted.participant();
            let id = deleted.message_id();
            let message = id.and_then(|id| of(id, deleted.chat(), deleted.is_from_me(), by));
            message.and_then(|message| identified([message, vec![shape]].concat()))
        }
        Event::Go(go) => {
            return go.identity().and_then(|identity| {
                let parts = [account(envelope), Some("go"), Some(go.event.name())];
                let identity = identity.iter().map(|part| Some(&**part));
                Key::new(NAME, parts.into_iter().chain(identity))
            });
        }
        Event::Call(call) => call
            .status
            .as_ref()
            .and_then(|status| identified(vec!["call", &call.id, status.as_str()])),
        _ => None,
    };
    by_content.or_else(|| {
        envelope.date_time.as_ref()?;
        let digest = body_digest(body);
        let name = envelope.event.name();
        // There may be no instance, and the name may be empty or cut inside a
        // character.
        [&[account(envelope), Some(name), Some("body"), Some(&*digest)][..]]
            .into_iter()
            .chain([&[Some(name), Some("body"), Some(&*digest)][..], &[Some("body"), Some(&*digest)]])
            .find_map(|parts| Key::new(NAME, parts.iter().copied()))
    })
}

/// The message alone, whatever address its chat has in this event.
pub(super) fn message_key(envelope: &Envelope) -> Option<Key> {
    Key::new(NAME, [account(envelope), Some("message"), envelope.event.message_id()])
}

fn of_key(key: &MessageKey) -> Option<Vec<&str>> {
    of(&key.id, key.chat(), key.is_from_me(), key.participant())
}

/// The identity of a message in the protocol.
fn of<'a>(
    id: &'a str,
    chat: Option<&'a Jid>,
    from_me: bool,
    by: Option<&'a Jid>,
) -> Option<Vec<&'a str>> {
    let from = if from_me { "me" } else { "them" };
    let mut parts = vec!["message", chat?.as_str(), from, id];
    parts.extend(by.map(Jid::as_str));
    Some(parts)
}

/// Only a status tells one update of a message from another. Votes and edits
/// can come with the same word, or without any, again and again; `DELETED`
/// stands for edits too.
fn of_update(update: &MessageUpdate) -> Option<Vec<&str>> {
    let status = update.status.as_ref().filter(|status| **status != MessageStatus::Deleted)?;
    if update.message.is_some() || update.poll_updates.is_some() {
        return None;
    }
    let message =
        of(update.message_id()?, update.chat(), update.is_from_me(), update.participant())?;
    Some([message, vec!["status", status.as_str()]].concat())
}

fn of_edit<'a>(edited: &'a MessageEdited, at: &'a str) -> Option<Vec<&'a str>> {
    let kind = edited.kind.as_ref()?.as_str()?;
    Some([of_key(edited.key.as_ref()?)?, vec![kind, at]].concat())
}

fn millis(time: &DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
