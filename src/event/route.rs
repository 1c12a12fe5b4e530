//! Which members of a body say what it is.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::catch_all::NameSource;
use super::unreadable::Unreadable;
use crate::wire::json::{self, Members};

/// The members of a body that decide what it is.
#[derive(Debug)]
pub struct Layout {
    /// The member that names the event.
    pub(crate) name: &'static str,
    /// The member that holds the payload.
    pub(crate) payload: &'static str,
    /// The members used for routing or for the key; none may be repeated.
    pub(crate) unique: &'static [&'static str],
}

/// What names an event, and which value of the body is its payload.
#[derive(Debug)]
pub struct Route<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) source: NameSource,
    pub(crate) payload: Option<&'a RawValue>,
}

impl<'a> Route<'a> {
    /// The usual case: one member is the name, another the payload.
    pub(super) fn by_layout(members: &Members<'a>, layout: &Layout) -> Result<Self, Unreadable> {
        let name = members.get(layout.name).and_then(text);
        let name = name.ok_or(Unreadable::no_event(layout.name))?;
        Ok(Self { name, source: NameSource::Body, payload: members.get(layout.payload) })
    }
}

/// The text of a value that is one, mended if need be.
fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    if let Ok(json::Name(name)) = serde_json::from_str(raw.get()) {
        return Some(name);
    }
    serde_json::from_str::<String>(&json::repair(raw.get())?).ok().map(Cow::Owned)
}
