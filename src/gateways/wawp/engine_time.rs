//! Times whose unit depends on the engine.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::wire::RawJson;
use crate::wire::json::Reader;
use crate::wire::scalar::not;
use crate::wire::time::{millis, seconds};

/// A time as a number whose unit depends on the engine that sent it. The number
/// is kept; a method of the payload converts it to a time, given the engine. As
/// everywhere, a number that is only plausible in the other unit is read in
/// that one.
#[derive(Clone, PartialEq, Eq)]
pub struct EngineTime(RawJson);

impl EngineTime {
    /// The number as received.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Read as Unix seconds.
    pub fn as_seconds(&self) -> Option<DateTime<Utc>> {
        seconds::deserialize(&mut Reader::without(self.as_str(), &[])).ok().flatten()
    }

    /// Read as Unix milliseconds.
    pub fn as_milliseconds(&self) -> Option<DateTime<Utc>> {
        millis::deserialize(&mut Reader::without(self.as_str(), &[])).ok().flatten()
    }
}

impl fmt::Debug for EngineTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EngineTime({})", self.as_str())
    }
}

impl Serialize for EngineTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for EngineTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let time = Self(RawJson::deserialize(deserializer)?);
        // Milliseconds reach further than seconds, so they tell whether it is
        // a number of either.
        let is_time = matches!(
            millis::exactly(&mut Reader::without(time.as_str(), &[])),
            Ok(Some(_))
        );
        if is_time { Ok(time) } else { Err(not("a time as a number")) }
    }
}
