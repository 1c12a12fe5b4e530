//! What did not fit, and where; never the text itself.

use std::fmt;

use super::path::{Path, Segment};
use super::stop::{Doubt, Stop, stop, taken};
use super::text::locate;

/// A value that does not have the expected shape: where it stands and what
/// is wrong with it.
///
/// It names positions and kinds only. No text of the value gets into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    path: Path,
    misfit: Misfit,
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misfit {
    /// The member is needed and absent.
    Missing,
    /// The member stands there more than once.
    Repeated,
    /// The value is of another kind or out of range.
    Unexpected {
        /// What was expected, such as `a string`.
        expected: Box<str>,
        /// The JSON type that was found, such as `an object`.
        found: &'static str,
    },
    /// The text is not JSON there, or holds what no value can.
    Unreadable,
}

impl Fault {
    /// Where the value stands, or should.
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

    /// Reads the fault off an error of `serde_json` over `text`.
    ///
    /// The message is only searched for the fixed phrases that serde builds
    /// around names of ours: member names in backticks, and the expectation,
    /// which comes last. What it quotes of the input is left behind.
    pub(super) fn new(
        text: &str,
        error: &serde_json::Error,
        again: &mut dyn FnMut(&str) -> Option<serde_json::Error>,
    ) -> Self {
        let Stop { mut path, doubt } = stopped(text, error);
        let message = error.to_string();
        let named = |phrase: &str| {
            message.strip_prefix(phrase).and_then(|rest| rest.split('`').next()).map(str::to_owned)
        };
        if let Some(name) = named("missing field `") {
            return Self { path: path.member(&name), misfit: Misfit::Missing };
        }
        if let Some(name) = named("duplicate field `") {
            return Self { path: path.member(&name), misfit: Misfit::Repeated };
        }
        let inner = match &doubt {
            Doubt::None => None,
            Doubt::First(entry) | Doubt::Last(entry) => Some(entry.clone()),
        };
        // With one more entry there, an error about the whole stays what and
        // where it is, and one about the entry moves away from the bracket.
        if let Some(inner) = inner
            && !with_one_more(text, &path, &doubt).is_some_and(|more| {
                again(&more).is_some_and(|other| {
                    stopped(&more, &other).path == path && said(&other) == said(error)
                })
            })
        {
            path.push(inner);
        }
        let expected = (error.is_data() && message.starts_with("invalid "))
            .then(|| message.rsplit_once(", expected "))
            .flatten()
            .map(|(_, rest)| rest.rsplit_once(" at line ").map_or(rest, |(expected, _)| expected));
        let misfit = match expected {
            Some(expected) => Misfit::Unexpected {
                expected: if expected.starts_with("struct ") { "an object" } else { expected }
                    .into(),
                found: found(text, &path),
            },
            None => Misfit::Unreadable,
        };
        Self { path, misfit }
    }
}

/// The text with one more entry beside the one that is in doubt.
fn with_one_more(text: &str, path: &Path, doubt: &Doubt) -> Option<String> {
    let at = locate(text, path).into_iter().next()?;
    let (at, entry) = match doubt {
        Doubt::First(_) => (at.start.checked_add(1)?, "null,"),
        Doubt::Last(Segment::Member(_)) => (at.end.checked_sub(1)?, r#","\u0000":null"#),
        _ => (at.end.checked_sub(1)?, ",null"),
    };
    Some([text.get(..at)?, entry, text.get(at..)?].concat())
}

fn stopped(text: &str, error: &serde_json::Error) -> Stop {
    stop(text, taken(text, error.line(), error.column()))
}

/// What an error says, but for the place.
fn said(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let said = message.rsplit_once(" at line ").map(|(said, _)| said.to_owned());
    said.unwrap_or(message)
}

/// The JSON type of the value at a path.
fn found(text: &str, path: &Path) -> &'static str {
    let first = locate(text, path).first().and_then(|range| text.get(range.clone()));
    kind(first.unwrap_or_default())
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
            Self::Repeated => f.write_str("there more than once"),
            Self::Unexpected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Unreadable => f.write_str("not readable"),
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
