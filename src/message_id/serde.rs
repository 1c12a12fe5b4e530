//! Deserialising: from text, from a number as its digits, or from the object
//! that WhatsApp Web turns an id into.

use serde::{Deserialize, Deserializer};

use super::parts::{Direction, Parts};
use super::{MessageId, parse};
use crate::jid::Jid;
use crate::jid::serde::{empty, serialised};
use crate::wire::text_or_object::{self, OwnedMembers};

impl<'de> Deserialize<'de> for MessageId {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_or_object::read_id(
            deserializer,
            "a message id as text or object",
            |text| Self::from_wire(text),
            |number| Some(Self { text: number.as_str().into(), object: Some(Box::new(number)) }),
            |object| Some(Self { text: text_of(object)?, object: object.join().map(Box::new) }),
        )
    }
}

/// The text of an id that came as an object.
fn text_of(object: &OwnedMembers) -> Option<Box<str>> {
    serialised(object).or_else(|| rebuilt(object)).or_else(|| empty(object)).map(Into::into)
}

/// The text of an id that came only in parts. Without sender or chat it is
/// bare.
///
/// The sender's client chooses the id, which must not be mistaken for other
/// parts once it is joined: such an id is percent-encoded.
fn rebuilt(object: &OwnedMembers) -> Option<String> {
    let id = object.read_text("id").filter(|id| !id.is_empty())?;
    let jid = |name| object.read::<Jid>(name).filter(|jid| !jid.as_str().is_empty());
    let (from_me, chat, participant) = (from_me(object), jid("remote"), jid("participant"));
    let (Some(from_me), Some(chat)) = (from_me, chat) else { return Some(bare(id)) };
    let whole = |id: &str| {
        let parts = Parts {
            participant: participant.as_ref().map(Jid::view),
            direction: direction(object),
            ..Parts::new(from_me, &chat, id)
        };
        let text = parts.join();
        // Where all else is as it was, so is what lies between: the id, which in a
        // channel may have a server id in it.
        let found = Parts { server_id: None, id: Some(id), ..parse::read(&text).0 };
        (found == parts).then_some(text)
    };
    // What holds the sign itself is encoded as well, so that no two ids meet.
    let plain = || (!id.contains('%')).then(|| whole(&id))?;
    plain().or_else(|| whole(&encoded(&id))).or_else(|| Some(bare(id)))
}

/// An id alone, which must not read as a serialised one.
fn bare(id: String) -> String {
    match parse::read(&id).0.chat {
        Some(_) => encoded(&id),
        None => id,
    }
}

/// The id without what separates the parts of a message id.
fn encoded(id: &str) -> String {
    let mut text = String::with_capacity(id.len());
    for character in id.chars() {
        match character {
            '_' => text.push_str("%5F"),
            '@' => text.push_str("%40"),
            '%' => text.push_str("%25"),
            plain => text.push(plain),
        }
    }
    text
}

fn from_me(object: &OwnedMembers) -> Option<bool> {
    object.read("fromMe").or_else(|| match &*object.read_text("fromMe")? {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    })
}

fn direction(object: &OwnedMembers) -> Option<Direction> {
    match &*object.read_text("self")? {
        "in" => Some(Direction::In),
        "out" => Some(Direction::Out),
        _ => None,
    }
}
