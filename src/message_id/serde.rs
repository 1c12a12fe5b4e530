//! Reading: from text, from a number as its digits, or from the object that
//! WhatsApp Web makes of an id.

use serde::{Deserialize, Deserializer};

use super::MessageId;
use super::parts::{Direction, Parts};
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

/// The text of an id that came in parts only. Without sender or chat it is
/// bare.
fn rebuilt(object: &OwnedMembers) -> Option<String> {
    let id = object.read_text("id").filter(|id| !id.is_empty())?;
    let jid = |name| object.read::<Jid>(name).filter(|jid| !jid.as_str().is_empty());
    let (Some(from_me), Some(chat)) = (from_me(object), jid("remote")) else { return Some(id) };
    let participant = jid("participant");
    let parts = Parts {
        participant: participant.as_ref().map(Jid::view),
        direction: direction(object),
        ..Parts::new(from_me, &chat, &id)
    };
    Some(parts.join_apart())
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
