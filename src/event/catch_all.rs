//! What is not one of the typed events.

use serde::{Deserialize, Serialize, Serializer};

use crate::wire::{Fault, Path, RawJson};

/// An event whose name this version does not know. It is as authentic as any
/// other; its payload is kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    pub(crate) name: Box<str>,
    pub(crate) payload: Option<RawJson>,
}

impl Unknown {
    /// The name as received.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The payload as received; `None` when there is none.
    pub fn payload(&self) -> Option<&RawJson> {
        self.payload.as_ref()
    }
}

/// An event whose name is known and whose payload could not be typed, because
/// something is missing or odd without which the event has no meaning. The
/// payload is kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Malformed {
    pub(crate) name: &'static str,
    pub(crate) fault: Fault,
    pub(crate) payload: Option<RawJson>,
}

impl Malformed {
    /// The event's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Where the fault is, from the outermost value of the body, and what.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Where the fault is, from the outermost value of the body.
    pub fn path(&self) -> &Path {
        self.fault.path()
    }

    /// The payload as received; `None` when there is none.
    pub fn payload(&self) -> Option<&RawJson> {
        self.payload.as_ref()
    }
}

/// A known event that was left untyped because
/// [`Receiver::only`](crate::Receiver::only) asks for others. The payload is
/// kept as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Skipped {
    pub(crate) name: &'static str,
    pub(crate) payload: Option<RawJson>,
}

impl Skipped {
    /// The event's name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The payload as received; `None` when there is none.
    pub fn payload(&self) -> Option<&RawJson> {
        self.payload.as_ref()
    }
}

macro_rules! serialize_as_payload {
    ($($Type:ty),+) => {
        $(impl Serialize for $Type {
            /// Writes the payload as it came, `null` when there is none.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.payload.serialize(serializer)
            }
        })+
    };
}

serialize_as_payload!(Unknown, Malformed, Skipped);

/// How far an event was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recognition {
    /// `known`: typed.
    Known,
    /// `unknown`: the name is not one of the documented ones.
    Unknown,
    /// `malformed`: the name is known, the payload could not be typed.
    Malformed,
    /// `skipped`: the name is known, and not one that was asked for.
    Skipped,
}

impl Recognition {
    /// The word for it, as in logs and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Unknown => "unknown",
            Self::Malformed => "malformed",
            Self::Skipped => "skipped",
        }
    }
}

/// Where the name of an event was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum NameSource {
    /// `body`: a member of the body.
    #[default]
    Body,
    /// `header`: a header that no signature covers. Only where the body names
    /// no event; nothing else is taken from there.
    Header,
    /// `shape`: the body is known by its form alone; nothing in it is a name.
    Shape,
}

impl NameSource {
    /// The word for it, as in logs and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Header => "header",
            Self::Shape => "shape",
        }
    }
}
