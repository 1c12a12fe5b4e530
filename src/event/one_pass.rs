//! The quick way: one pass over the text, the payload typed in place.
//!
//! It reads the members in the order of the text. When the name comes before
//! the payload, the payload is typed as it passes; when it comes later, the
//! payload is delimited and typed at the end. Whatever is not the documented
//! case (an unknown name, a value that does not fit, a repeated member) ends
//! this way without an answer.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::catch_all::Skipped;
use super::envelope::{Envelope, Notes, ReceivedName};
use super::list::{At, EventSet, Wanted};
use super::route::Layout;
use crate::wire::RawJson;
use crate::wire::json::Name;

pub(super) fn read<E: Envelope>(text: &str, wanted: &Wanted) -> Option<E> {
    let mut json = serde_json::Deserializer::from_str(text);
    let envelope = json.deserialize_map(Whole { wanted, envelope: PhantomData }).ok()?;
    json.end().ok()?;
    Some(envelope)
}

struct Whole<'a, E> {
    wanted: &'a Wanted,
    envelope: PhantomData<E>,
}

impl<'de, E: Envelope> Visitor<'de> for Whole<'_, E> {
    type Value = E;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<E, A::Error> {
        let mut members = Splitter {
            map,
            wanted: self.wanted,
            layout: &E::LAYOUT,
            name: None,
            payload: None::<Payload<'de, E::Event>>,
            seen: 0,
        };
        let head = E::Head::deserialize(MapAccessDeserializer::new(&mut members))?;
        let (Some((name, position)), Some(payload)) = (members.name, members.payload) else {
            return Err(A::Error::custom("no name or no payload"));
        };
        let event = match payload {
            Payload::Event(event) => event,
            Payload::Later(raw) if !self.wanted.contains(position) => {
                skipped(position, RawJson::from(raw))
            }
            Payload::Later(raw) => {
                let mut json = serde_json::Deserializer::from_str(raw.get());
                E::Event::deserialize_at(position, &mut json).map_err(A::Error::custom)?
            }
        };
        let name = ReceivedName::new::<E::Event>(&name, Some(position));
        let notes = Notes { name, in_layout: true, ..Notes::default() };
        Ok(E::assemble(head, event, notes))
    }
}

fn skipped<E: EventSet>(position: usize, payload: RawJson) -> E {
    let name = E::NAMES.get(position).copied().unwrap_or_default();
    E::skipped(Skipped { name, payload: Some(payload) })
}

enum Payload<'de, E> {
    Event(E),
    Later(&'de RawValue),
}

/// Hands the members of the envelope to its head, but for the two that it
/// keeps: the name and the payload.
struct Splitter<'a, 'de, A, E> {
    map: A,
    wanted: &'a Wanted,
    layout: &'static Layout,
    name: Option<(Cow<'de, str>, usize)>,
    payload: Option<Payload<'de, E>>,
    /// A bit for each of the layout's unique members.
    seen: u32,
}

impl<'de, A: MapAccess<'de>, E: EventSet> Splitter<'_, 'de, A, E> {
    fn take_name(&mut self) -> Result<(), A::Error> {
        let Name(name) = self.map.next_value()?;
        let position = E::position(&name).filter(|_| self.name.is_none());
        let position = position.ok_or_else(|| A::Error::custom("unknown or repeated name"))?;
        self.name = Some((name, position));
        Ok(())
    }

    fn take_payload(&mut self) -> Result<(), A::Error> {
        if self.payload.is_some() {
            return Err(A::Error::custom("repeated payload"));
        }
        self.payload = Some(match self.name {
            Some((_, position)) if self.wanted.contains(position) => {
                Payload::Event(self.map.next_value_seed(At::new(position))?)
            }
            _ => Payload::Later(self.map.next_value()?),
        });
        Ok(())
    }
}

impl<A, E> Splitter<'_, '_, A, E> {
    /// Whether a member that may be there once has been there before.
    fn is_repeated(&mut self, key: &str) -> bool {
        let Some(place) = self.layout.unique.iter().position(|unique| *unique == key) else {
            return false;
        };
        let bit = u32::try_from(place).ok().and_then(|place| 1u32.checked_shl(place)).unwrap_or(0);
        let repeated = self.seen & bit != 0 || bit == 0;
        self.seen |= bit;
        repeated
    }
}

impl<'de, A: MapAccess<'de>, E: EventSet> MapAccess<'de> for Splitter<'_, 'de, A, E> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key()? {
                None => return Ok(None),
                Some(Name(key)) if key == self.layout.name => self.take_name()?,
                Some(Name(key)) if key == self.layout.payload => self.take_payload()?,
                Some(Name(key)) if self.is_repeated(&key) => {
                    return Err(A::Error::custom("repeated member"));
                }
                Some(Name(Cow::Borrowed(key))) => {
                    return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
                }
                Some(Name(Cow::Owned(key))) => {
                    return seed.deserialize(StringDeserializer::new(key)).map(Some);
                }
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
