//! Ids and codes that are text for one server and a number for another.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::scalar::integer::Halves;

/// An opaque id or code.
///
/// Nearly always it is text. Where it consists of digits, some servers write a
/// number instead: that is read as its digits, and written back as a number.
/// It compares and reads like the text.
///
/// ```
/// use zaphook::wire::Id;
///
/// let text: Id = serde_json::from_str(r#""131047""#)?;
/// let number: Id = serde_json::from_str("131047")?;
/// assert_eq!(text, number);
/// assert_eq!(number, "131047");
/// assert_eq!(serde_json::to_string(&number)?, "131047");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Id {
    text: Box<str>,
    is_number: bool,
}

impl Id {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn number(digits: impl fmt::Display) -> Self {
        Self { text: digits.to_string().into(), is_number: true }
    }
}

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.text
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self { text: text.into(), is_number: false }
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self { text: text.into(), is_number: false }
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.text.into()
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Id {}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        *self.text == *other
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        *self.text == **other
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.fmt(f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.text.parse::<i128>() {
            Ok(number) if self.is_number => serializer.serialize_i128(number),
            _ => serializer.serialize_str(&self.text),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrNumber;

        impl<'de> Visitor<'de> for TextOrNumber {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id as text or number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
                Ok(Id::from(text))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
                Ok(Id::number(number))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
                Ok(Id::number(number))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Id, A::Error> {
                match Halves::read(map)? {
                    Halves::Integer(number) => Ok(Id::number(number)),
                    Halves::Number(_) => Err(A::Error::invalid_type(Unexpected::Map, &self)),
                }
            }
        }

        deserializer.deserialize_any(TextOrNumber)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_written_back_as_it_came() {
        for json in [r#""3EB0AA""#, r#""""#, r#""6""#, "6", "0", "-6", "131047"] {
            let id: Id = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&id).unwrap(), json);
            assert_eq!(id, json.trim_matches('"'));
        }
        let widest: Id = serde_json::from_str("18446744073709551615").unwrap();
        assert_eq!(widest, "18446744073709551615");
        let halves: Id = serde_json::from_str(r#"{"low":6,"high":0,"unsigned":true}"#).unwrap();
        assert_eq!(halves, "6");
        for json in ["1.5", "true", "null", "[]", "{}", "[1]"] {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn an_id_is_what_it_reads_as() {
        let number: Id = serde_json::from_str("6").unwrap();
        assert_eq!(number, Id::from("6"));
        assert_eq!((format!("{number}"), format!("{number:?}")), ("6".into(), "\"6\"".into()));
        assert_eq!(String::from(number.clone()), "6");
        assert!(number < Id::from("7"));
        let set = std::collections::HashSet::from([number]);
        assert!(set.contains("6") && set.contains(&Id::from(String::from("6"))));
    }
}
