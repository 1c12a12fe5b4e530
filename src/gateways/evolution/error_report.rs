//! Errors that the server reports about itself.

use std::fmt;
use std::ops::Deref;

use serde::de::{Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::{List, RawJson, list, room};

object! {
    /// A request to the server's API failed. It is sent to its own URL, and its
    /// envelope contains the API key of the whole server.
    #[doc(alias = "error")]
    pub struct ErrorReport {
        /// The kind of error, such as `Internal Server Error`.
        pub error: Option<String>,
        /// What went wrong: one string or several.
        pub message: Option<ErrorTexts>,
        /// The HTTP status of the server's response.
        #[serde(with = "integer")]
        pub status: Option<i64>,
        /// The server's response.
        pub response: Option<ErrorResponse>,
    }
}

object! {
    /// The server's response to a failed request.
    pub struct ErrorResponse {
        /// What went wrong: one string or several.
        pub message: Option<ErrorTexts>,
    }
}

/// What went wrong, as human-readable text: one string, a list of strings or,
/// for an invalid request, nested lists. It derefs to a slice of all strings,
/// in order, and is serialised in the form it came in.
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
        // The raw text stays beside the strings.
        let fits = room::take(raw.as_str().len());
        let texts = if raw.as_str().starts_with('[') {
            raw.read().map(|Texts(texts)| texts)
        } else {
            raw.read().map(List::into_vec)
        };
        let odd = || D::Error::invalid_type(Unexpected::Other("something else"), &"texts");
        let texts = texts.ok().filter(|_| fits).ok_or_else(odd)?;
        Ok(Self { texts, raw })
    }
}

/// A list of strings, and of lists of strings.
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self(Vec::new()))
    }
}

impl<'de> Visitor<'de> for Texts {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut texts: A) -> Result<Self, A::Error> {
        // A list for each of them would take longer than reading it.
        while texts.next_element_seed(list::Onto(&mut self.0))?.is_some() {}
        room::give_back(&mut self.0);
        Ok(self)
    }
}
