//! Events that were not typed.

use serde::{Deserialize, Serialize, Serializer};

use crate::wire::{Fault, Path, RawJson};

/// An event whose name this version does not know. It is as authentic as any
/// other; its raw payload is kept.
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

/// An event whose name is known but whose payload could not be typed, because
/// an essential field is missing or malformed. The raw payload is kept.
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

    /// What the fault is and where, as a path from the top of the body.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Where the fault is, as a path from the top of the body.
    pub fn path(&self) -> &Path {
        self.fault.path()
    }

    /// The payload as received; `None` when there is none.
    pub fn payload(&self) -> Option<&RawJson> {
        self.payload.as_ref()
    }
}

/// A known event that was not typed because
/// [`Receiver::only`](crate::Receiver::only) does not include it. The raw
/// payload is kept.
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
            /// Writes the raw payload, `null` when there is none.
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.payload.serialize(serializer)
            }
        })+
    };
}

serialize_as_payload!(Unknown, Malformed, Skipped);

/// Whether an event was recognised, and typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recognition {
    /// `known`: typed.
    Known,
    /// `unknown`: the name is not one of the documented ones.
    Unknown,
    /// `malformed`: the name is known, but the payload could not be typed.
    Malformed,
    /// `skipped`: the name is known, but not one of the requested ones.
    Skipped,
}

impl Recognition {
    /// The value as one word, for logs and metrics.
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
    /// `header`: a header that no signature covers. Used only where the body
    /// names no event, and for nothing but the name.
    Header,
    /// `shape`: the body is recognised by its shape alone; it contains no event
    /// name.
    Shape,
}

impl NameSource {
    /// The value as one word, for logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Header => "header",
            Self::Shape => "shape",
        }
    }
}
