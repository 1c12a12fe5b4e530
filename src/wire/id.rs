//! Ids and codes, which are strings, and numbers from some senders.

use std::borrow::Borrow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::scalar::integer::Halves;
use super::scalar::not;

/// An opaque id: a string on the wire, or a whole number, which is read as its
/// digits.
///
/// It derefs to `str`. Two are equal when their texts are; a number is
/// serialised as a number.
///
/// ```
/// use zaphook::wire::Id;
///
/// let id: Id = serde_json::from_str("6")?;
/// assert_eq!(id, "6");
/// assert_eq!(id, Id::from("6"));
/// assert_eq!(serde_json::to_string(&id)?, "6");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Id {
    text: Box<str>,
    is_number: bool,
}

impl Id {
    /// The text, or the digits of the number.
    pub fn as_str(&self) -> &str {
        &self.text
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
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
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
        fmt::Debug::fmt(&self.text, f)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.text, self.is_number, serializer)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |text, is_number| Self { text: text.into(), is_number })
    }
}

/// A value of an open enum that came as a string, or as a number with the same
/// digits.
///
/// It derefs to the enum. Two are equal when their values are; a number is
/// serialised as a number.
#[derive(Clone)]
pub struct TextOrNumber<T> {
    value: T,
    is_number: bool,
}

impl<T> TextOrNumber<T> {
    /// The value, by value.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for TextOrNumber<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for TextOrNumber<T> {
    /// Serialises as text.
    fn from(value: T) -> Self {
        Self { value, is_number: false }
    }
}

impl<T: PartialEq> PartialEq for TextOrNumber<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for TextOrNumber<T> {}

impl<T: PartialEq> PartialEq<T> for TextOrNumber<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl<T: fmt::Debug> fmt::Debug for TextOrNumber<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display> fmt::Display for TextOrNumber<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: fmt::Display> Serialize for TextOrNumber<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write(&self.value.to_string(), self.is_number, serializer)
    }
}

impl<'de, T: for<'a> From<&'a str>> Deserialize<'de> for TextOrNumber<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer, |text, is_number| Self { value: T::from(text), is_number })
    }
}

/// The digits of a number of at most 64 bits are the number again.
fn write<S: Serializer>(text: &str, is_number: bool, serializer: S) -> Result<S::Ok, S::Error> {
    if is_number && let Ok(number) = text.parse::<u64>() {
        return serializer.serialize_u64(number);
    }
    if is_number && let Ok(number) = text.parse::<i64>() {
        return serializer.serialize_i64(number);
    }
    serializer.serialize_str(text)
}

/// Reads a text, or a whole number of at most 64 bits as its digits: one that
/// is longer comes as a float, which no longer has them.
fn read<'de, D, T>(deserializer: D, make: impl FnOnce(&str, bool) -> T) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    struct Either<F, T>(F, PhantomData<T>);

    impl<F: FnOnce(&str, bool) -> T, T> Either<F, T> {
        fn number<E: Error>(self, number: i128) -> Result<T, E> {
            let fits = u64::try_from(number).is_ok() || i64::try_from(number).is_ok();
            match fits {
                true => Ok((self.0)(&number.to_string(), true)),
                false => Err(not("a string or a whole number")),
            }
        }
    }

    impl<'de, F: FnOnce(&str, bool) -> T, T> Visitor<'de> for Either<F, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string or a whole number")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text, false))
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
            self.number(number.into())
        }

        fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
            self.number(number.into())
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            match Halves::read(map)? {
                Halves::Integer(number)
                    if (i128::from(i64::MIN)..=i128::from(u64::MAX)).contains(&number) =>
                {
                    self.number(number)
                }
                _ => Err(not("an id")),
            }
        }
    }

    deserializer.deserialize_any(Either(make, PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::json;
    use crate::wire::open_enum::open_enum;

    #[expect(unreachable_pub, reason = "the macro is made for public types")]
    mod code {
        use super::open_enum;

        open_enum! {
            /// A code.
            pub enum Code {
                /// Too late.
                TooLate = "131047",
                /// Nobody there.
                Nobody = "NOBODY",
            }
        }
    }

    use code::Code;

    #[test]
    fn texts_and_numbers_are_written_as_they_came() {
        for (json, text) in [
            (r#""6""#, "6"),
            ("6", "6"),
            ("0", "0"),
            ("-1", "-1"),
            (r#""007""#, "007"),
            (r#""""#, ""),
            (r#""\u0061b""#, "ab"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ] {
            let id: Id = serde_json::from_str(json).unwrap();
            assert_eq!(
                (id.as_str(), &*id, format!("{id}")),
                (text, text, text.to_owned()),
                "{json}"
            );
            assert_eq!(id, Id::from(text), "{json}");
            let written = serde_json::to_string(&id).unwrap();
            assert_eq!(written.starts_with('"'), json.starts_with('"'), "{json}");
            assert_eq!(serde_json::from_str::<Id>(&written).unwrap(), text, "{json}");
        }
        let halves: Id = serde_json::from_str(r#"{"low":6,"high":0,"unsigned":true}"#).unwrap();
        assert_eq!((halves.as_str(), serde_json::to_string(&halves).unwrap()), ("6", "6".into()));
    }

    #[test]
    fn nothing_else_is_an_id() {
        for json in ["null", "true", "[]", "{}", "1.5", "1e3", "18446744073709551616", "[6]"] {
            assert!(serde_json::from_str::<Id>(json).is_err(), "{json}");
            assert!(serde_json::from_str::<TextOrNumber<Code>>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn codes_are_the_same_by_text_and_by_number() {
        for (json, code) in [
            (r#""131047""#, Code::TooLate),
            ("131047", Code::TooLate),
            (r#""NOBODY""#, Code::Nobody),
            ("30003", Code::from("30003")),
        ] {
            let read: TextOrNumber<Code> = serde_json::from_str(json).unwrap();
            assert_eq!(read, code, "{json}");
            assert_eq!(read, TextOrNumber::from(code.clone()), "{json}");
            assert_eq!(read.as_str(), code.as_str(), "{json}");
            assert_eq!(read.is_known(), json != "30003", "{json}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(read.into_inner(), code);
        }
    }

    #[test]
    fn what_differs_in_its_text_is_not_equal() {
        let id = Id::from("6");
        assert_eq!(AsRef::<str>::as_ref(&id), "6");
        assert_eq!((id == *"6", id == *"7"), (true, false));
        assert_eq!((id == "6", id == "7"), (true, false));
        assert_ne!(id, Id::from("7"));
        let code = TextOrNumber::from(Code::TooLate);
        assert_ne!(code, Code::Nobody);
        assert_ne!(code, TextOrNumber::from(Code::Nobody));
    }

    #[test]
    fn errors_say_what_an_id_is() {
        for json in ["null", "true", "[]", "1.5"] {
            let error = json::read_repaired::<Id>(json).unwrap_err();
            assert!(error.to_string().starts_with("expected a string or a whole number, found "));
        }
    }

    #[test]
    fn debug_and_order_are_those_of_the_text() {
        let number: Id = serde_json::from_str("6").unwrap();
        assert_eq!(format!("{number:?}"), r#""6""#);
        let [seven, ten] = ["7", "10"].map(Id::from);
        assert!(number < seven && number > ten);
        let set = std::collections::HashSet::from([number]);
        assert!(set.contains("6") && set.contains(&Id::from("6")));
        assert_eq!(String::from(Id::from(String::from("a"))), "a");
    }
}
