//! What did not fit, and where, but never the text itself.

use std::fmt;

use super::path::Path;

/// A value that does not have the expected shape: where it is and what is wrong
/// with it.
///
/// It contains only positions and kinds, never text of the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    path: Path,
    misfit: Misfit,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfit {
    /// The member is required and missing.
    Missing,
    /// The member appears more than once.
    Repeated,
    /// The value is of another type or out of range.
    Unexpected {
        /// What was expected, such as `a string`.
        expected: Box<str>,
        /// The JSON type that was found, such as `an object`.
        found: &'static str,
    },
    /// The text is not JSON there, or contains something no value can.
    Unreadable,
    /// Nothing is known to be wrong with it. It was not read: so much of a long text
    /// did not fit that reading on would have taken too long.
    Unread,
}

impl Fault {
    /// Where the value is, or should be.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    pub fn misfit(&self) -> &Misfit {
        &self.misfit
    }

    pub(crate) fn unreadable(path: Path) -> Self {
        Self { path, misfit: Misfit::Unreadable }
    }

    pub(crate) fn missing(path: Path) -> Self {
        Self { path, misfit: Misfit::Missing }
    }

    /// The same fault at another place.
    pub(crate) fn at(self, path: Path) -> Self {
        Self { path, ..self }
    }

    pub(crate) fn new(path: Path, misfit: Misfit) -> Self {
        Self { path, misfit }
    }
}

/// The JSON type of a value, in words.
pub(crate) fn kind(value: &str) -> &'static str {
    match value.trim_start().bytes().next() {
        Some(b'{') => "an object",
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "something else",
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Repeated => f.write_str("appears more than once"),
            Self::Unexpected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Unreadable => f.write_str("not readable"),
            Self::Unread => f.write_str("not read"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_root() {
            write!(f, "{}", self.misfit)
        } else {
            write!(f, "{}: {}", self.path, self.misfit)
        }
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_json_has_its_words() {
        for (value, words) in [
            ("{}", "an object"),
            (" [1]", "an array"),
            (r#""null""#, "a string"),
            ("true", "a boolean"),
            ("false", "a boolean"),
            ("null", "null"),
            ("-1", "a number"),
            ("0.5", "a number"),
            ("9", "a number"),
            ("", "something else"),
            ("+1", "something else"),
        ] {
            assert_eq!(kind(value), words, "{value}");
        }
    }
}
