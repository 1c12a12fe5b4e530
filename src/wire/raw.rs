//! JSON kept as it came.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::json::{self, Fault};

/// JSON text kept exactly as it came: engine dumps, free-form objects, and
/// whatever could not be typed.
///
/// Equality is by text. `Debug` shows the size only, since dumps hold message
/// text and keys. It can be read from and written to JSON text
/// (`serde_json`), not other formats.
///
/// ```
/// use zaphook::RawJson;
///
/// let raw: RawJson = serde_json::from_str(r#"{"n": 1.50}"#)?;
/// assert_eq!(raw.as_str(), r#"{"n": 1.50}"#);
///
/// let value: serde_json::Value = raw.parse()?;
/// assert_eq!(value["n"], 1.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// The JSON text, without surrounding white space.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the JSON as a type of your own. Escapes of unpaired surrogates,
    /// which no Rust text can hold, are read as U+FFFD.
    ///
    /// # Errors
    ///
    /// When the JSON does not have the shape of `T`; the error names the path,
    /// in the names of the JSON's own members, and shows no value.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        json::read_repaired(self.as_str())
    }

    /// The text of a value that `serde_json` has already delimited.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self)
    }
}

impl From<&RawValue> for RawJson {
    fn from(raw: &RawValue) -> Self {
        Self(raw.to_owned())
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(raw: Box<RawValue>) -> Self {
        Self(raw)
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}
