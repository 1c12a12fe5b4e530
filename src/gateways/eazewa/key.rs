//! Deduplication keys. eazeWA gives events no id, so the key is made from what
//! the event says.

use super::EazeWa;
use super::event::{Envelope, Event};
use super::group::GroupNotificationType;
use super::kind::MessageType;
use crate::gateways::Gateway;
use crate::idempotency::{Key, body_digest};
use crate::wire::time::iso;

pub(super) fn of_event(envelope: &Envelope) -> Option<Key> {
    let identified = |identity: &[&str]| key(envelope, envelope.name(), identity);
    match &envelope.event {
        Event::Message(new) | Event::MessageCreate(new) => {
            let id = new.message.id.as_str();
            match &new.message.message_type {
                // A placeholder: the message follows under the same id.
                Some(MessageType::Ciphertext) => identified(&["ciphertext", id]),
                _ => identified(&[id]),
            }
        }
        Event::MediaUploaded(uploaded) => identified(&[uploaded.message.id.as_str()]),
        Event::MessageRevokeMe(revoke) => identified(&[revoke.message.id.as_str()]),
        Event::MessageRevokeEveryone(revoke) => identified(&[revoke.after.id.as_str()]),
        Event::MessageAck(event) => {
            identified(&[event.message.id.as_str(), &event.ack()?.as_i64().to_string()])
        }
        Event::MessageEdit(edit) => {
            // Without a time a text that comes back ("B", "C", "B") would be
            // mistaken for a retry of the first edit.
            let time = edit.message.latest_edit_sender_timestamp_ms.as_ref()?;
            identified(&[edit.message.id.as_str(), "time", &iso::text(time)])
        }
        Event::MessageReaction(event) => {
            let reaction = &event.reaction;
            let time = iso::text(reaction.timestamp.as_ref()?);
            // Empty where a reaction was removed, which is an event too.
            let emoji = format!("={}", reaction.reaction.as_deref()?);
            identified(&[reaction.id.as_ref()?.as_str(), &time, &emoji])
        }
        Event::GroupJoin(change) | Event::GroupLeave(change) | Event::GroupUpdate(change) => {
            let notice = &change.notification;
            // The id of a notice is a short number, made of the time: two of the
            // same second may share it.
            let kind = notice.notification_type.as_ref().map(GroupNotificationType::as_str);
            let time = notice.timestamp.as_ref().map(iso::text).unwrap_or_default();
            let (kind, time) = (format!("={}", kind.unwrap_or_default()), format!("={time}"));
            identified(&[notice.id.as_str(), &kind, &time])
        }
        Event::VoteUpdate(event) => {
            let vote = &event.vote;
            let time = iso::text(vote.interacted_at.as_ref()?);
            identified(&[vote.poll_id()?.as_str(), vote.voter.as_str(), &time])
        }
        // The id is the caller's choice, so who calls belongs to it.
        Event::Call(event) => {
            let id = event.call.id.as_deref()?;
            match &event.call.from {
                Some(from) => identified(&[id, "from", from.as_str()]),
                None => identified(&[id]),
            }
        }
        Event::Qr(qr) => {
            let text = Some(qr.qr.expose()).filter(|text| !text.is_empty())?;
            identified(&[&hidden(text)?])
        }
        // Nothing in them is unique.
        _ => None,
    }
}

/// The message key, which no event has for a name.
pub(super) fn of_message(envelope: &Envelope) -> Option<Key> {
    let id = envelope.event.message_id()?;
    key(envelope, "message_id", &[id.as_str()])
}

/// The digest of a text: keys end up in logs, where neither messages nor a code
/// that opens an account belong. `None` for a text that was repaired, since
/// other texts cut at the same place would look the same.
fn hidden(text: &str) -> Option<String> {
    (!text.contains(char::REPLACEMENT_CHARACTER)).then(|| body_digest(text.as_bytes()))
}

fn key(envelope: &Envelope, name: &str, identity: &[&str]) -> Option<Key> {
    let parts = [envelope.instance_id.as_deref(), Some(name)];
    Key::new(EazeWa::NAME, parts.into_iter().chain(identity.iter().copied().map(Some)))
}
