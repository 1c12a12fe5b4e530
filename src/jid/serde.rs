//! Deserialising: from text, or from the object that WhatsApp Web turns an id
//! into.

use serde::{Deserialize, Deserializer};

use super::Jid;
use crate::wire::text_or_object::{self, OwnedMembers};

impl<'de> Deserialize<'de> for Jid {
    #[inline]
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text_or_object::read(
            deserializer,
            "a JID as text or object",
            |text| Self::from_wire(text),
            |object| Some(Self { text: text_of(object)?, object: object.join().map(Box::new) }),
        )
    }
}

/// The text of a JID that came as an object.
fn text_of(object: &OwnedMembers) -> Option<Box<str>> {
    serialised(object)
        .or_else(|| {
            let user = object.read_text("user").filter(|user| !user.is_empty())?;
            let server = object.read_text("server").filter(|server| !server.is_empty())?;
            Some([&*user, "@", &*server].concat())
        })
        .or_else(|| empty(object))
        .map(Into::into)
}

/// The text of an id that came as an object, where the object holds it whole:
/// under `_serialized`, or under `$1`, as since July 2026.
pub(crate) fn serialised(object: &OwnedMembers) -> Option<String> {
    let text = |name| object.read_text(name).filter(|text| !text.is_empty());
    text("_serialized").or_else(|| text("$1"))
}

/// The empty text of an object that holds no other.
pub(crate) fn empty(object: &OwnedMembers) -> Option<String> {
    object.read_text("_serialized").or_else(|| object.read_text("$1"))
}
