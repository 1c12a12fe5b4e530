//! What a reader says of a value that does not fit.

use std::fmt;

use serde::de::{Expected, Unexpected};

use super::fault::{Fault, Misfit, kind};
use super::path::{Path, Segment};
use super::scan::Bad;

/// What did not fit, and the way to it so far.
pub(crate) struct Error(Box<Found>);

struct Found {
    misfit: Kind,
    /// From the inside out.
    path: Vec<Segment>,
    /// The kind of the innermost value on the path.
    found: &'static str,
    /// Where that value begins in the text.
    at: usize,
}

enum Kind {
    Missing(&'static str),
    Repeated(&'static str),
    Unexpected(String),
    Unreadable,
}

impl Error {
    #[cold]
    fn new(misfit: Kind) -> Self {
        Self(Box::new(Found { misfit, path: Vec::new(), found: "", at: 0 }))
    }

    #[cold]
    pub(super) fn unreadable() -> Self {
        Self::new(Kind::Unreadable)
    }

    pub(super) fn within(mut self, segment: Segment, found: &'static str, at: usize) -> Self {
        if self.0.path.is_empty() {
            self.0.found = found;
            self.0.at = at;
        }
        self.0.path.push(segment);
        self
    }

    /// Where the value begins that did not fit, in the text that was read: what comes
    /// before it did, or has not ended there.
    pub(crate) fn at(&self) -> usize {
        self.0.at
    }

    /// The same error, for whoever reads the value of this member alone, which begins
    /// there; `None` when it is not about that.
    pub(crate) fn inside(mut self, member: &str, start: usize) -> Option<Self> {
        match self.0.path.pop()? {
            Segment::Member(name) if name == member => {}
            _ => return None,
        }
        self.0.at = self.0.at.checked_sub(start)?;
        Some(self)
    }

    /// The fault, in the text that was read.
    #[cold]
    pub(crate) fn into_fault(self, text: &str) -> Fault {
        let Found { misfit, mut path, found, .. } = *self.0;
        let found = if path.is_empty() { kind(text) } else { found };
        path.reverse();
        let path = Path::from(path);
        match misfit {
            Kind::Missing(name) => Fault::new(path.member(name), Misfit::Missing),
            Kind::Repeated(name) => Fault::new(path.member(name), Misfit::Repeated),
            Kind::Unexpected(expected) => {
                let of_a_struct = expected.starts_with("struct ");
                let expected = if of_a_struct { "an object" } else { &expected }.into();
                Fault::new(path, Misfit::Unexpected { expected, found })
            }
            Kind::Unreadable => Fault::new(path, Misfit::Unreadable),
        }
    }
}

impl From<Bad> for Error {
    fn from(_: Bad) -> Self {
        Self::unreadable()
    }
}

impl serde::de::Error for Error {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self::unreadable()
    }

    #[cold]
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::Unexpected(expected.to_string()))
    }

    #[cold]
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Kind::Unexpected(expected.to_string()))
    }

    #[cold]
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::new(Kind::Unexpected(expected.to_string()))
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::new(Kind::Missing(field))
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        Self::new(Kind::Repeated(field))
    }

    #[cold]
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self::unreadable()
    }

    #[cold]
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self::unreadable()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.misfit {
            Kind::Missing(name) => write!(f, "missing field `{name}`"),
            Kind::Repeated(name) => write!(f, "duplicate field `{name}`"),
            Kind::Unexpected(expected) => write!(f, "expected {expected}"),
            Kind::Unreadable => f.write_str("not readable"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_to_whoever_reads_one_member_alone() {
        let error = || {
            let error = Error::unreadable().within(Segment::Element(2), "an object", 40);
            error.within(Segment::Member("data".into()), "an array", 12)
        };
        // Where the innermost value begins.
        assert_eq!(error().at(), 40);
        let inside = error().inside("data", 12).unwrap();
        assert_eq!(inside.at(), 28);
        assert_eq!(inside.into_fault("[]").path().to_string(), "[2]");
        // Another member, no member at all, and one that begins behind it.
        assert!(error().inside("head", 12).is_none());
        let in_a_list = Error::unreadable().within(Segment::Element(0), "null", 1);
        assert!(in_a_list.inside("data", 0).is_none());
        assert!(Error::unreadable().inside("data", 0).is_none());
        assert!(error().inside("data", 41).is_none());
    }
}
