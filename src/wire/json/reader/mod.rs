//! A JSON deserialiser that tracks its position.
//!
//! It accepts the grammar of RFC 8259 as `serde_json` does, and differs in its
//! errors: they contain the position of the value and what was expected there,
//! never the value itself. So an error costs the same however long the value
//! is, and no paths are tracked while all is well: a path is put together on
//! the way out of the value that did not fit.
//!
//! Values can be left out ([`Reader::without`]): they are skipped as if they
//! were not there, and all others keep their places.

mod access;
mod cursor;

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Range};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{Deserialize, Deserializer, EnumAccess, MapAccess, Visitor};

use self::access::{Elements, Members, Numbers, Variant};
use self::cursor::{Cursor, ListForm};
use super::error::Error;
use super::path::Segment;

/// With this `serde_json` begins the names by which it tells its own types from others.
pub(crate) const RESERVED: &str = "$serde_json::private::";

/// Asks a [`Reader`] for the text of a value, as it is there. It comes by
/// `visit_enum`, as the name of a variant, which no visitor of another type has code for;
/// whoever does not know the name calls `visit_newtype_struct`.
pub(crate) const RAW: &str = "$zaphook::raw";

/// Asks a [`Reader`] for a list in any of its forms: elements and numbered
/// members by `visit_seq`, `null` by `visit_unit`, anything else by `visit_some`
/// as its only element. Whoever does not know the name calls
/// `visit_newtype_struct`.
pub(crate) const LIST: &str = "$zaphook::list";

/// The hint of such a list's size has this bit if the elements are numbered members.
pub(crate) const NUMBERED: usize = 1 << (usize::BITS - 1);

/// A value as its text; only a [`Reader`] gives it.
pub(crate) struct RawText<'de>(pub(crate) &'de str);

impl<'de> Deserialize<'de> for RawText<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Raw;

        impl<'de> Visitor<'de> for Raw {
            type Value = RawText<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any JSON")
            }

            fn visit_enum<A: EnumAccess<'de>>(self, text: A) -> Result<RawText<'de>, A::Error> {
                text.variant().map(|(text, _)| RawText(text))
            }
        }

        deserializer.deserialize_newtype_struct(RAW, Raw)
    }
}

/// Reads a JSON text from its beginning to its end. `W` says whose types it reads.
pub(crate) struct Reader<'de, W = Ours> {
    cursor: Cursor<'de>,
    whose: PhantomData<W>,
}

/// Whose types are read.
pub(crate) trait Whose {
    /// Reads what is said to be a newtype struct.
    fn newtype<'de, V: Visitor<'de>>(
        reader: &mut Reader<'de, Self>,
        visitor: V,
    ) -> Result<V::Value, Error>
    where
        Self: Sized;
}

/// Types of this crate. None is read as a newtype struct (they are `transparent`), so that the
/// ways to read a list that other deserialisers take are not compiled for this one, with
/// everything that is in lists: they were a twelfth of what LLVM was given for Evolution.
pub(crate) struct Ours;

/// Types of anyone.
pub(crate) struct Anyones;

impl Whose for Ours {
    fn newtype<'de, V: Visitor<'de>>(_: &mut Reader<'de, Self>, _: V) -> Result<V::Value, Error> {
        Err(Error::unreadable())
    }
}

impl Whose for Anyones {
    fn newtype<'de, V: Visitor<'de>>(
        reader: &mut Reader<'de, Self>,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(reader)
    }
}

impl<'de> Reader<'de> {
    pub(crate) fn new(text: &'de str) -> Self {
        Self::without(text, &[])
    }

    /// Leaves out the members and elements whose values are at these places,
    /// which are in order.
    pub(crate) fn without(text: &'de str, left_out: &'de [Range<usize>]) -> Self {
        Self { cursor: Cursor::new(text, left_out, false), whose: PhantomData }
    }

    /// Reads unpaired surrogates in texts with escapes as U+FFFD.
    pub(super) fn lossy(text: &'de str) -> Self {
        Self { cursor: Cursor::new(text, &[], true), whose: PhantomData }
    }

    /// The members of an object, one after another, for whoever does not want all of
    /// them.
    pub(super) fn members(&mut self) -> Option<impl MapAccess<'de, Error = Error>> {
        let is_object = self.enter(b'{').is_ok_and(|is_object| is_object);
        is_object.then_some(Members { reader: self, first: true, name: 0 })
    }
}

impl<'de, W> Reader<'de, W> {
    pub(super) fn of(text: &'de str) -> Self {
        Self { cursor: Cursor::new(text, &[], false), whose: PhantomData }
    }
}

impl<'de, W> Deref for Reader<'de, W> {
    type Target = Cursor<'de>;

    #[inline]
    fn deref(&self) -> &Cursor<'de> {
        &self.cursor
    }
}

impl<W> DerefMut for Reader<'_, W> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.cursor
    }
}

macro_rules! numbers {
    ($($method:ident)+) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self.peek() {
                Some(b'-' | b'0'..=b'9') => self.number()?.visit(visitor),
                _ => Err(self.unexpected(&visitor)),
            }
        })+
    };
}

impl<'de, W: Whose> Deserializer<'de> for &mut Reader<'de, W> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'n') => self.deserialize_unit(visitor),
            Some(b'-' | b'0'..=b'9') => self.number()?.visit(visitor),
            _ => Err(Error::unreadable()),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b't') => self.word("true").and_then(|()| visitor.visit_bool(true)),
            Some(b'f') => self.word("false").and_then(|()| visitor.visit_bool(false)),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    fn deserialize_i128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.digits() {
            Some(number) => visitor.visit_i128(number),
            None => self.deserialize_i64(visitor),
        }
    }

    fn deserialize_u128<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.digits() {
            Some(number) => visitor.visit_u128(number),
            None => self.deserialize_u64(visitor),
        }
    }

    #[inline]
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected(&visitor));
        }
        match self.string()? {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_str(&self.unescaped),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'[') => self.deserialize_seq(visitor),
            _ => self.deserialize_str(visitor),
        }
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'n') => self.word("null").and_then(|()| visitor.visit_none()),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'n') => self.word("null").and_then(|()| visitor.visit_unit()),
            _ => Err(self.unexpected(&visitor)),
        }
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match name {
            RAW => visitor.visit_enum(BorrowedStrDeserializer::new(self.skip()?)),
            LIST => {
                let (close, numbers) = match self.enter_list()? {
                    ListForm::List => (b']', None),
                    ListForm::Numbered => (b'}', Some(Numbers::default())),
                    ListForm::Null => return visitor.visit_unit(),
                    ListForm::Single => return visitor.visit_some(self),
                };
                let elements = Elements { reader: &mut *self, next: 0, numbers };
                let value = visitor.visit_seq(elements)?;
                self.leave(close)?;
                Ok(value)
            }
            _ => W::newtype(self, visitor),
        }
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.open(b'[', &visitor)?;
        let elements = Elements { reader: self, next: 0, numbers: None };
        let value = visitor.visit_seq(elements)?;
        self.leave(b']')?;
        Ok(value)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.open(b'{', &visitor)?;
        let value = visitor.visit_map(Members { reader: self, first: true, name: 0 })?;
        self.leave(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'[') => self.deserialize_seq(visitor),
            _ => self.deserialize_map(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.peek() {
            Some(b'"') => visitor.visit_enum(Variant { reader: self, alone: true }),
            Some(b'{') => {
                self.enter(b'{')?;
                let value = visitor.visit_enum(Variant { reader: &mut *self, alone: false })?;
                self.leave(b'}')?;
                Ok(value)
            }
            _ => Err(self.unexpected(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }
}

#[cfg(test)]
mod tests;
