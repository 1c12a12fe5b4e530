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

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut, Range};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    Deserialize, Deserializer, EnumAccess, Error as _, Expected, MapAccess, Unexpected, Visitor,
};

use self::access::{Elements, Members, Numbers, Variant};
use super::error::Error;
use super::fault::kind;
use super::path::Segment;
use super::scan;

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

/// How deep what is typed may nest; what is skipped or kept raw has no limit.
const DEPTH: u8 = 128;

/// Reads a JSON text from its beginning to its end, as types of whom `W` says.
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
/// everything that is in lists: they were a tenth of Evolution's code.
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

/// Goes through a JSON text.
pub(crate) struct Cursor<'de> {
    text: &'de str,
    at: usize,
    /// How much deeper it may go.
    depth: u8,
    /// Where the values are that are left out, in order.
    left_out: &'de [Range<usize>],
    /// Whether an unpaired surrogate is U+FFFD.
    lossy: bool,
    /// Texts with escapes in them are put together here.
    unescaped: String,
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

impl<'de> Cursor<'de> {
    fn new(text: &'de str, left_out: &'de [Range<usize>], lossy: bool) -> Self {
        Self { text, at: 0, depth: DEPTH, left_out, lossy, unescaped: String::new() }
    }

    /// Whether nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Error::unreadable()),
        }
    }

    /// The next byte that is no white space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_on(),
        }
    }

    #[inline(never)]
    fn peek_on(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.next(),
                byte => return byte.copied(),
            }
        }
    }

    #[inline]
    fn next(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text of the next value, which is passed over.
    pub(super) fn skip(&mut self) -> Result<&'de str, Error> {
        self.peek();
        let rest = self.rest();
        let length = scan::value(rest.as_bytes())?;
        self.at = self.at.wrapping_add(length);
        rest.get(..length).ok_or_else(Error::unreadable)
    }

    /// The text that begins at the next byte, a quote: as it is there, or
    /// put together in `unescaped` (`None`).
    #[inline(never)]
    fn string(&mut self) -> Result<Option<&'de str>, Error> {
        self.next();
        let rest = self.rest();
        let plain = scan::plain(rest.as_bytes());
        match rest.as_bytes().get(plain) {
            Some(b'"') => {
                self.at = self.at.wrapping_add(plain).wrapping_add(1);
                // What ends before an ASCII character ends at a character.
                rest.get(..plain).map(Some).ok_or_else(Error::unreadable)
            }
            _ => self.unescape().map(|()| None),
        }
    }

    /// The same, for a text that has an escape or no end.
    #[cold]
    fn unescape(&mut self) -> Result<(), Error> {
        self.unescaped.clear();
        let length = scan::unescape(self.rest(), &mut self.unescaped, self.lossy)?;
        self.at = self.at.wrapping_add(length);
        Ok(())
    }

    #[inline(never)]
    fn number(&mut self) -> Result<Number, Error> {
        let rest = self.rest();
        let (length, whole) = scan::number(rest.as_bytes())?;
        self.at = self.at.wrapping_add(length);
        let text = rest.get(..length).unwrap_or_default();
        if whole {
            match text.strip_prefix('-') {
                None => {
                    if let Ok(number) = text.parse() {
                        return Ok(Number::Unsigned(number));
                    }
                }
                // Minus nothing is no integer: it has a sign.
                Some("0") => {}
                Some(_) => {
                    if let Ok(number) = text.parse() {
                        return Ok(Number::Signed(number));
                    }
                }
            }
        }
        let number: f64 = text.parse().map_err(|_| Error::unreadable())?;
        if number.is_finite() { Ok(Number::Float(number)) } else { Err(Error::unreadable()) }
    }

    fn word(&mut self, word: &str) -> Result<(), Error> {
        if !self.rest().starts_with(word) {
            return Err(Error::unreadable());
        }
        self.at = self.at.wrapping_add(word.len());
        Ok(())
    }

    /// Passes over the value that begins here, without a look at it, if it is
    /// one to be left out.
    fn leave_out(&mut self) -> bool {
        let found = self.left_out.binary_search_by_key(&self.at, |value| value.start);
        let value = found.ok().and_then(|found| self.left_out.get(found));
        if let Some(value) = value {
            self.at = value.end;
        }
        value.is_some()
    }

    /// Goes into an object or an array, if that is what is next.
    #[inline]
    fn enter(&mut self, bracket: u8) -> Result<bool, Error> {
        if self.peek() != Some(bracket) {
            return Ok(false);
        }
        self.depth = self.depth.checked_sub(1).ok_or_else(Error::unreadable)?;
        self.next();
        Ok(true)
    }

    /// The same, where nothing else is expected.
    #[inline(never)]
    fn open(&mut self, bracket: u8, expected: &dyn Expected) -> Result<(), Error> {
        match self.enter(bracket)? {
            true => Ok(()),
            false => Err(self.unexpected(expected)),
        }
    }

    #[inline(never)]
    fn leave(&mut self, bracket: u8) -> Result<(), Error> {
        if self.peek() != Some(bracket) {
            return Err(Error::unreadable());
        }
        self.next();
        self.depth = self.depth.saturating_add(1);
        Ok(())
    }

    /// The error for a value that is not what the visitor takes, if it is one
    /// that there can be. What it is follows from where it is.
    #[cold]
    fn unexpected(&mut self, expected: &dyn Expected) -> Error {
        let read = match self.peek() {
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number().map(drop),
            _ => Ok(()),
        };
        read.err().unwrap_or_else(|| Error::invalid_type(Unexpected::Unit, expected))
    }

    /// To the quote of the next member's name; `false`
    /// at the end of the object.
    #[inline(always)]
    fn seek_member(&mut self, first: &mut bool) -> Result<bool, Error> {
        loop {
            match self.peek() {
                Some(b'}') => return Ok(false),
                Some(b',') if !*first => self.next(),
                Some(_) if *first => {}
                _ => return Err(Error::unreadable()),
            }
            *first = false;
            if self.peek() != Some(b'"') {
                return Err(Error::unreadable());
            }
            if self.left_out.is_empty() {
                return Ok(true);
            }
            let name = self.at;
            self.skip()?;
            self.seek_member_value()?;
            if !self.leave_out() {
                self.at = name;
                return Ok(true);
            }
        }
    }

    /// To the value of a member whose name has been read.
    #[inline(never)]
    fn seek_member_value(&mut self) -> Result<(), Error> {
        if self.peek() != Some(b':') {
            return Err(Error::unreadable());
        }
        self.next();
        self.peek();
        Ok(())
    }

    /// The name of a member, as [`string`](Self::string); its quote is next.
    #[inline]
    fn name(&mut self) -> Result<Option<&'de str>, Error> {
        let name = self.string()?;
        // As the name of a member of a body it would be mistaken for one of those types.
        match name.unwrap_or(&self.unescaped).starts_with(RESERVED) {
            true => Err(Error::unreadable()),
            false => Ok(name),
        }
    }

    /// To the next element; `false` at the end of the array.
    fn seek_element(&mut self, next: &mut usize) -> Result<bool, Error> {
        loop {
            match self.peek() {
                Some(b']') => return Ok(false),
                Some(b',') if *next > 0 => {
                    self.next();
                    // There is no element behind the last comma.
                    if self.peek() == Some(b']') {
                        return Err(Error::unreadable());
                    }
                }
                Some(_) if *next == 0 => {}
                _ => return Err(Error::unreadable()),
            }
            *next = next.saturating_add(1);
            if !self.leave_out() {
                return Ok(true);
            }
        }
    }

    /// The places of all values at a path, which follow in the text.
    pub(super) fn locate(
        &mut self,
        path: &[Segment],
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Error> {
        let start = self.peek();
        match (start, path) {
            (_, []) => {
                let start = self.at;
                self.skip()?;
                found.push(start..self.at);
                Ok(())
            }
            (Some(b'{'), [Segment::Member(wanted), inside @ ..]) => {
                self.enter(b'{')?;
                let mut first = true;
                while self.seek_member(&mut first)? {
                    let name = self.string()?;
                    let wanted = name.unwrap_or(&self.unescaped) == wanted;
                    self.seek_member_value()?;
                    self.locate_if(wanted, inside, found)?;
                }
                self.leave(b'}')
            }
            (Some(b'['), [Segment::Element(_) | Segment::EveryElement, inside @ ..]) => {
                let by_number = matches!(path.first(), Some(Segment::Element(_)));
                let is_outermost = self.depth == DEPTH;
                self.enter(b'[')?;
                let mut next = 0;
                while self.seek_element(&mut next)? {
                    let wanted = match path.first() {
                        Some(Segment::Element(index)) => next.checked_sub(1) == Some(*index),
                        _ => true,
                    };
                    self.locate_if(wanted, inside, found)?;
                    // Nothing is behind the list, and no other element has this number.
                    if is_outermost && wanted && by_number {
                        return Ok(());
                    }
                }
                self.leave(b']')
            }
            _ => self.skip().map(drop),
        }
    }

    fn locate_if(
        &mut self,
        wanted: bool,
        inside: &[Segment],
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Error> {
        if wanted { self.locate(inside, found) } else { self.skip().map(drop) }
    }

    /// Whether an object's members are numbered from its first one on, or it
    /// has none.
    fn is_numbered(&mut self) -> bool {
        let (at, depth) = (self.at, self.depth);
        self.next();
        let numbered = match self.peek() {
            Some(b'"') => {
                let name = self.string().ok().map(|name| name.unwrap_or(&self.unescaped));
                name.is_some_and(|name| name.parse::<usize>().is_ok())
            }
            _ => true,
        };
        (self.at, self.depth) = (at, depth);
        numbered
    }

    /// The name of the member whose quote is there.
    #[cold]
    fn name_at(&self, at: usize) -> String {
        let mut name = Self { at, unescaped: String::new(), ..*self };
        match name.string() {
            Ok(Some(name)) => name.to_owned(),
            Ok(None) => name.unescaped,
            Err(_) => String::new(),
        }
    }

    /// What an error is about that was met in the value that begins there.
    #[cold]
    fn within(&self, error: Error, segment: Segment, value: usize) -> Error {
        let found = self.text.get(value..).unwrap_or_default();
        error.within(segment, kind(found), value)
    }
}

enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Number {
    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
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
                let (open, close, numbers) = match self.peek() {
                    Some(b'[') => (b'[', b']', None),
                    Some(b'{') if self.is_numbered() => (b'{', b'}', Some(Numbers::default())),
                    Some(b'n') => return self.deserialize_unit(visitor),
                    _ => return visitor.visit_some(self),
                };
                self.enter(open)?;
                let elements = Elements { reader: &mut *self, next: 0, numbers };
                let value = visitor.visit_seq(elements)?;
                self.leave(close)?;
                Ok(value)
            }
            _ => W::newtype(self, visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.open(b'[', &visitor)?;
        let elements = Elements { reader: self, next: 0, numbers: None };
        let value = visitor.visit_seq(elements)?;
        self.leave(b']')?;
        Ok(value)
    }

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

impl Cursor<'_> {
    /// An integer of up to 128 bits; what is none is left to others.
    fn digits<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.peek();
        let rest = self.rest();
        let (length, whole) = scan::number(rest.as_bytes()).ok()?;
        let number = rest.get(..length).filter(|_| whole)?.parse().ok()?;
        self.at = self.at.wrapping_add(length);
        Some(number)
    }
}

#[cfg(test)]
mod tests;
