//! Going through a JSON text, value by value and member by member.

use std::ops::Range;

use serde::de::{Error as _, Expected, Unexpected, Visitor};

use super::super::error::Error;
use super::super::fault::kind;
use super::super::path::Segment;
use super::super::scan;
use super::RESERVED;

/// How deep what is typed may nest; what is skipped or kept raw has no limit.
pub(super) const DEPTH: u8 = 128;

/// Goes through a JSON text.
pub(crate) struct Cursor<'de> {
    pub(super) text: &'de str,
    pub(super) at: usize,
    /// How much deeper it may go.
    pub(super) depth: u8,
    /// Where the values are that are left out, in order.
    pub(super) left_out: &'de [Range<usize>],
    /// Whether an unpaired surrogate is U+FFFD.
    pub(super) lossy: bool,
    /// Texts with escapes in them are put together here.
    pub(super) unescaped: String,
}

/// How a list is written.
pub(super) enum ListForm {
    List,
    Numbered,
    Null,
    /// Its only element, without a list.
    Single,
}

impl<'de> Cursor<'de> {
    pub(super) fn new(text: &'de str, left_out: &'de [Range<usize>], lossy: bool) -> Self {
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
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_on(),
        }
    }

    #[inline(never)]
    pub(super) fn peek_on(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.next(),
                byte => return byte.copied(),
            }
        }
    }

    #[inline]
    pub(super) fn next(&mut self) {
        self.at = self.at.wrapping_add(1);
    }

    pub(super) fn rest(&self) -> &'de str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The text of the next value, which is passed over.
    pub(in super::super) fn skip(&mut self) -> Result<&'de str, Error> {
        self.peek();
        let rest = self.rest();
        let length = scan::value(rest.as_bytes())?;
        self.at = self.at.wrapping_add(length);
        rest.get(..length).ok_or_else(Error::unreadable)
    }

    /// The text that begins at the next byte, a quote: as it is there, or
    /// put together in `unescaped` (`None`).
    #[inline(never)]
    pub(super) fn string(&mut self) -> Result<Option<&'de str>, Error> {
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
    pub(super) fn unescape(&mut self) -> Result<(), Error> {
        self.unescaped.clear();
        let length = scan::unescape(self.rest(), &mut self.unescaped, self.lossy)?;
        self.at = self.at.wrapping_add(length);
        Ok(())
    }

    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<Number, Error> {
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

    pub(super) fn word(&mut self, word: &str) -> Result<(), Error> {
        if !self.rest().starts_with(word) {
            return Err(Error::unreadable());
        }
        self.at = self.at.wrapping_add(word.len());
        Ok(())
    }

    /// Passes over the value that begins here, without a look at it, if it is
    /// one to be left out.
    pub(super) fn leave_out(&mut self) -> bool {
        let found = self.left_out.binary_search_by_key(&self.at, |value| value.start);
        let value = found.ok().and_then(|found| self.left_out.get(found));
        if let Some(value) = value {
            self.at = value.end;
        }
        value.is_some()
    }

    /// Goes into an object or an array, if that is what is next.
    #[inline]
    pub(super) fn enter(&mut self, bracket: u8) -> Result<bool, Error> {
        if self.peek() != Some(bracket) {
            return Ok(false);
        }
        self.depth = self.depth.checked_sub(1).ok_or_else(Error::unreadable)?;
        self.next();
        Ok(true)
    }

    /// The same, where nothing else is expected.
    #[inline(never)]
    pub(super) fn open(&mut self, bracket: u8, expected: &dyn Expected) -> Result<(), Error> {
        match self.enter(bracket)? {
            true => Ok(()),
            false => Err(self.unexpected(expected)),
        }
    }

    #[inline(never)]
    pub(super) fn leave(&mut self, bracket: u8) -> Result<(), Error> {
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
    pub(super) fn unexpected(&mut self, expected: &dyn Expected) -> Error {
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
    pub(super) fn seek_member(&mut self, first: &mut bool) -> Result<bool, Error> {
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
    pub(super) fn seek_member_value(&mut self) -> Result<(), Error> {
        if self.peek() != Some(b':') {
            return Err(Error::unreadable());
        }
        self.next();
        self.peek();
        Ok(())
    }

    /// The name of a member, as [`string`](Self::string); its quote is next.
    #[inline]
    pub(super) fn name(&mut self) -> Result<Option<&'de str>, Error> {
        let name = self.string()?;
        // As the name of a member of a body it would be mistaken for one of those types.
        match name.unwrap_or(&self.unescaped).starts_with(RESERVED) {
            true => Err(Error::unreadable()),
            false => Ok(name),
        }
    }

    /// To the next element; `false` at the end of the array.
    pub(super) fn seek_element(&mut self, next: &mut usize) -> Result<bool, Error> {
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
    pub(in super::super) fn locate(
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

    pub(super) fn locate_if(
        &mut self,
        wanted: bool,
        inside: &[Segment],
        found: &mut Vec<Range<usize>>,
    ) -> Result<(), Error> {
        if wanted { self.locate(inside, found) } else { self.skip().map(drop) }
    }

    /// Goes into what may be a list in any of its forms; a single element is still there.
    #[inline(never)]
    pub(super) fn enter_list(&mut self) -> Result<ListForm, Error> {
        let form = match self.peek() {
            Some(b'[') => ListForm::List,
            Some(b'{') if self.is_numbered() => ListForm::Numbered,
            Some(b'n') => return self.word("null").map(|()| ListForm::Null),
            _ => return Ok(ListForm::Single),
        };
        self.enter(if matches!(form, ListForm::List) { b'[' } else { b'{' })?;
        Ok(form)
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
    pub(super) fn name_at(&self, at: usize) -> String {
        let mut name = Self { at, unescaped: String::new(), ..*self };
        match name.string() {
            Ok(Some(name)) => name.to_owned(),
            Ok(None) => name.unescaped,
            Err(_) => String::new(),
        }
    }

    /// What an error is about that was met in the value that begins there.
    #[cold]
    pub(super) fn within(&self, error: Error, segment: Segment, value: usize) -> Error {
        let found = self.text.get(value..).unwrap_or_default();
        error.within(segment, kind(found), value)
    }

    /// An integer of up to 128 bits; what is none is left to others.
    pub(super) fn digits<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.peek();
        let rest = self.rest();
        let (length, whole) = scan::number(rest.as_bytes()).ok()?;
        let number = rest.get(..length).filter(|_| whole)?.parse().ok()?;
        self.at = self.at.wrapping_add(length);
        Some(number)
    }
}

pub(super) enum Number {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
}

impl Number {
    pub(super) fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Unsigned(number) => visitor.visit_u64(number),
            Self::Signed(number) => visitor.visit_i64(number),
            Self::Float(number) => visitor.visit_f64(number),
        }
    }
}
