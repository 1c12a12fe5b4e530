//! What the server reports about itself.

use std::ops::Deref;

use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::{List, RawJson};

object! {
    /// A request to the server's API failed. It goes to an address of its own,
    /// and its envelope carries the key to the whole server.
    #[doc(alias = "error")]
    pub struct ErrorReport {
        /// The kind of error, such as `Internal Server Error`.
        pub error: Option<String>,
        /// What went wrong: one text or several.
        pub message: Option<ErrorTexts>,
        /// The HTTP status that the server answered.
        #[serde(with = "integer")]
        pub status: Option<i64>,
        /// What the server answered.
        pub response: Option<ErrorResponse>,
    }
}

object! {
    /// What the server answered to a request that failed.
    pub struct ErrorResponse {
        /// What went wrong: one text or several.
        pub message: Option<ErrorTexts>,
    }
}

/// What went wrong, for people: one text, a list of texts, or, where a request
/// was not valid, lists within a list. It reads like a slice of all texts, in
/// their order, and is written as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorTexts {
    texts: Vec<String>,
    raw: RawJson,
}

impl Deref for ErrorTexts {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.texts
    }
}

impl<'a> IntoIterator for &'a ErrorTexts {
    type Item = &'a String;
    type IntoIter = std::slice::Iter<'a, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.texts.iter()
    }
}

impl Serialize for ErrorTexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ErrorTexts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        let flat = || raw.parse::<List<String>>().ok().map(List::into_vec);
        let nested = || {
            let lists = raw.parse::<Vec<List<String>>>().ok()?;
            Some(lists.into_iter().flatten().collect())
        };
        let odd = || D::Error::invalid_type(Unexpected::Other("something else"), &"texts");
        let texts = flat().or_else(nested).ok_or_else(odd)?;
        Ok(Self { texts, raw })
    }
}
