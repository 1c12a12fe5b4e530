//! The quick way: one pass over the text, the payload typed in place.
//!
//! It reads the members in the order of the text. When the name comes before
//! the payload, the payload is typed as it passes; when it comes later, the
//! payload is delimited and typed at the end. Whatever is not the documented
//! case (an unknown name, a value that does not fit, a repeated member, an
//! escape in a name) ends this way without an answer.
//!
//! Where the layout knows of another place for the name, it is as good as its
//! own: the name's own member then goes to the head like any other.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::Hint;
use super::catch_all::{NameSource, Skipped};
use super::envelope::{Envelope, Notes, ReceivedName};
use super::held::Held;
use super::list::{At, EventSet, Wanted};
use crate::wire::json::{self, RawText};
use crate::wire::room::Room;
use crate::wire::{RawJson, time};

/// Why the quick way gave up, if it was for something in the payload.
pub(super) struct GivenUp {
    /// As which event of the list the payload was read.
    pub(super) position: usize,
    pub(super) error: json::Error,
    /// Whether the error is of the payload alone, and not of the whole text.
    pub(super) is_inside: bool,
}

#[inline]
pub(super) fn read<E: Envelope>(
    text: &str,
    hint: Hint<'_>,
    wanted: &Wanted,
) -> Result<Held<E>, Option<GivenUp>> {
    time::forget_rescaled();
    let _room = Room::of(text);
    let mut json = json::Reader::new(text);
    let typing = Typing::default();
    let mut envelope = None;
    let whole = Whole { hint, wanted, typing: &typing, envelope: &mut envelope };
    match json.deserialize_map(whole).and_then(|()| json.end()) {
        Ok(()) => envelope.ok_or(None),
        Err(error) => Err(typing.given_up(error)),
    }
}

/// Which payload is being read, for when that fails.
#[derive(Default)]
struct Typing {
    position: Cell<Option<usize>>,
    /// The error of one that was read by itself.
    error: Cell<Option<json::Error>>,
}

impl Typing {
    #[cold]
    fn given_up(&self, error: json::Error) -> Option<GivenUp> {
        let position = self.position.take()?;
        let inside = self.error.take();
        let is_inside = inside.is_some();
        Some(GivenUp { position, error: inside.unwrap_or(error), is_inside })
    }
}

struct Whole<'a, 'w, E> {
    hint: Hint<'a>,
    wanted: &'w Wanted,
    typing: &'w Typing,
    /// Where it is put.
    envelope: &'w mut Option<Held<E>>,
}

impl<'de, E: Envelope> Visitor<'de> for Whole<'_, '_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let mut members = Splitter::<'_, 'de, A, E> {
            map,
            wanted: self.wanted,
            typing: self.typing,
            name: None,
            elsewhere: None,
            held: None,
            payload: None,
            seen: 0,
        };
        let mut head = E::Head::default();
        E::read_head(&mut head, &mut members)?;
        let (name, position, name_source) = match (&members.name, &members.elsewhere) {
            (Some(Said::Event(name, position)), _)
            | (Some(Said::Another), Some((name, Some(position)))) => {
                (*name, *position, NameSource::Body)
            }
            (Some(Said::Another), None) => {
                let hint = (self.hint)().unwrap_or_default();
                let position = E::Event::position(hint);
                let position = position.ok_or_else(|| A::Error::custom("unknown name"))?;
                (hint, position, NameSource::Header)
            }
            _ => return Err(A::Error::custom("no name")),
        };
        let payload = members.payload.ok_or_else(|| A::Error::custom("no payload"))?;
        let event = match payload {
            Payload::Event(event) => event,
            Payload::Later(raw) if !self.wanted.contains(position) => {
                skipped(position, RawJson::of_value(raw.0))
            }
            Payload::Later(raw) => {
                json::read_without(raw.0, &[], At::new(position)).map_err(|error| {
                    self.typing.position.set(Some(position));
                    self.typing.error.set(Some(error));
                    A::Error::custom("an odd payload")
                })?
            }
        };
        let name = ReceivedName::new::<E::Event>(name, Some(position));
        let in_layout = matches!(members.name, Some(Said::Event(..)));
        let rescaled = time::was_rescaled();
        let notes = Notes { name, name_source, in_layout, rescaled, ..Notes::default() };
        *self.envelope = Some(E::assemble(head, event, notes).hold());
        Ok(())
    }
}

fn skipped<E: EventSet>(position: usize, payload: RawJson) -> E {
    let name = E::NAMES.get(position).copied().unwrap_or_default();
    E::skipped(Skipped { name, payload: Some(payload) })
}

enum Payload<'de, E> {
    Event(E),
    Later(RawText<'de>),
}

/// What the name's own member says.
enum Said<'de> {
    /// A name, and its position in the list.
    Event(&'de str, usize),
    /// Something else: the event is named elsewhere.
    Another,
}

/// Hands the members of the envelope to its head, but for the two that it
/// keeps: the name and the payload.
struct Splitter<'a, 'de, A, E: Envelope> {
    map: A,
    wanted: &'a Wanted,
    typing: &'a Typing,
    name: Option<Said<'de>>,
    /// The text of the other member that may name the event, and its position.
    elsewhere: Option<(&'de str, Option<usize>)>,
    /// A text that was looked at, and is the head's next value.
    held: Option<&'de str>,
    payload: Option<Payload<'de, E::Event>>,
    /// A bit for each of the layout's unique members.
    seen: u32,
}

impl<'de, A: MapAccess<'de>, E: Envelope> Splitter<'_, 'de, A, E> {
    fn take_name(&mut self) -> Result<(), A::Error> {
        let name = self.map.next_value()?;
        let said = match (E::Event::position(name), &E::LAYOUT.elsewhere) {
            _ if self.name.is_some() => None,
            (Some(position), _) => Some(Said::Event(name, position)),
            (None, Some(elsewhere)) if (elsewhere.when)(name) => {
                self.held = Some(name);
                Some(Said::Another)
            }
            _ => None,
        };
        self.name = Some(said.ok_or_else(|| A::Error::custom("unknown or repeated name"))?);
        Ok(())
    }

    fn take_elsewhere(&mut self) -> Result<(), A::Error> {
        let name = self.map.next_value()?;
        if self.elsewhere.is_some() {
            return Err(A::Error::custom("repeated name"));
        }
        self.held = Some(name);
        self.elsewhere = Some((name, E::Event::position(name)));
        Ok(())
    }

    /// The event's position in the list, as far as it is named already.
    fn position(&self) -> Option<usize> {
        match (&self.name, &self.elsewhere) {
            (Some(Said::Event(_, position)), _) => Some(*position),
            (Some(Said::Another), Some((_, position))) => *position,
            _ => None,
        }
    }

    #[inline]
    fn take_payload(&mut self) -> Result<(), A::Error> {
        if self.payload.is_some() {
            return Err(A::Error::custom("repeated payload"));
        }
        self.payload = Some(match self.position() {
            Some(position) if self.wanted.contains(position) => {
                self.typing.position.set(Some(position));
                let event = self.map.next_value_seed(At::new(position))?;
                self.typing.position.set(None);
                Payload::Event(event)
            }
            _ => Payload::Later(self.map.next_value()?),
        });
        Ok(())
    }
}

impl<A, E: Envelope> Splitter<'_, '_, A, E> {
    fn is_elsewhere(&self, key: &str) -> bool {
        E::LAYOUT.elsewhere.as_ref().is_some_and(|elsewhere| elsewhere.name == key)
    }

    /// Whether a member that may be there once has been there before.
    fn is_repeated(&mut self, key: &str) -> bool {
        let Some(place) = E::LAYOUT.unique.iter().position(|unique| *unique == key) else {
            return false;
        };
        let bit = u32::try_from(place).ok().and_then(|place| 1u32.checked_shl(place)).unwrap_or(0);
        let repeated = self.seen & bit != 0 || bit == 0;
        self.seen |= bit;
        repeated
    }
}

impl<'de, A: MapAccess<'de>, E: Envelope> MapAccess<'de> for Splitter<'_, 'de, A, E> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        loop {
            match self.map.next_key::<&'de str>()? {
                None => return Ok(None),
                Some(key) if key == E::LAYOUT.name => {
                    self.take_name()?;
                    if self.held.is_some() {
                        return seed
                            .deserialize(BorrowedStrDeserializer::new(E::LAYOUT.name))
                            .map(Some);
                    }
                }
                Some(key) if key == E::LAYOUT.payload => self.take_payload()?,
                Some(key) if self.is_elsewhere(key) => {
                    self.take_elsewhere()?;
                    return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some);
                }
                Some(key) if E::LAYOUT.undecided.contains(&key) => {
                    return Err(A::Error::custom("perhaps of another kind"));
                }
                Some(key) if self.is_repeated(key) => {
                    return Err(A::Error::custom("repeated member"));
                }
                Some(key) => return seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
            }
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.held.take() {
            Some(text) => seed.deserialize(Text(text, PhantomData)),
            None => self.map.next_value_seed(seed),
        }
    }
}

/// A text that was read already, as JSON has it: there, and so no `null`.
struct Text<'de, E>(&'de str, PhantomData<E>);

impl<'de, E: Error> Deserializer<'de> for Text<'de, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
