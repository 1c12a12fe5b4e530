//! Bodies whose event cannot be determined at all.

use std::fmt;
use std::str::Utf8Error;

use http::StatusCode;

/// An authentic body that is not JSON, that names no event, or that repeats a
/// member which decides what it is.
///
/// It contains positions and documented member names, never text from the body.
/// The caller still has the request, and so every byte of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Unreadable {
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    NotJson { line: usize, column: usize },
    NoEvent(&'static str),
    RepeatedKey(&'static str),
}

/// The kinds of [`Unreadable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnreadableReason {
    /// `not_json`: the body is not a single JSON text in UTF-8.
    NotJson,
    /// `no_event`: the body names no event.
    NoEvent,
    /// `repeated_key`: a top-level member that decides the event or its
    /// identity appears twice, so two readers might see two events.
    RepeatedKey,
}

impl UnreadableReason {
    /// The reason as one word, for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotJson => "not_json",
            Self::NoEvent => "no_event",
            Self::RepeatedKey => "repeated_key",
        }
    }
}

impl fmt::Display for UnreadableReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Unreadable {
    pub(super) fn not_utf8(body: &[u8], error: Utf8Error) -> Self {
        let before = body.get(..error.valid_up_to()).unwrap_or_default();
        let mut lines = before.rsplit(|byte| *byte == b'\n');
        let column = lines.next().map_or(0, <[u8]>::len).saturating_add(1);
        Self { kind: Kind::NotJson { line: lines.count().saturating_add(1), column } }
    }

    pub(super) fn not_json(error: &serde_json::Error) -> Self {
        Self { kind: Kind::NotJson { line: error.line(), column: error.column() } }
    }

    /// `wanted` is the member that should have named the event.
    pub(crate) fn no_event(wanted: &'static str) -> Self {
        Self { kind: Kind::NoEvent(wanted) }
    }

    pub(super) fn repeated_key(key: &'static str) -> Self {
        Self { kind: Kind::RepeatedKey(key) }
    }

    /// The kind of fault.
    pub fn reason(&self) -> UnreadableReason {
        match self.kind {
            Kind::NotJson { .. } => UnreadableReason::NotJson,
            Kind::NoEvent(_) => UnreadableReason::NoEvent,
            Kind::RepeatedKey(_) => UnreadableReason::RepeatedKey,
        }
    }

    /// The status to answer with: 200. The request is authentic and will be
    /// just as unreadable the next time, so retrying is pointless. Keep the
    /// body.
    pub fn status(&self) -> StatusCode {
        StatusCode::OK
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.reason())?;
        match self.kind {
            Kind::NotJson { line, column } => {
                write!(f, "not JSON in UTF-8 at line {line}, column {column}")
            }
            Kind::NoEvent(key) => write!(f, "no text in `{key}` names the event"),
            Kind::RepeatedKey(key) => write!(f, "`{key}` appears more than once"),
        }
    }
}

impl fmt::Debug for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unreadable({self})")
    }
}

impl std::error::Error for Unreadable {}
