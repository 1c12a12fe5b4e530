//! Ids that come as text or as an object around that text.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

use super::raw::RawJson;

pub(crate) use super::raw::OwnedMembers;

/// What every id is that holds its `text` and perhaps the `object` that it came
/// as: compared and shown by the text, written in the form it came in.
macro_rules! text_id {
    ($Id:ident) => {
        impl From<$Id> for String {
            fn from(id: $Id) -> Self {
                id.text.into_string()
            }
        }

        impl PartialEq for $Id {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $Id {}

        impl PartialOrd for $Id {
            fn partial_cmp(&self, other: &Self) -> Option<::std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $Id {
            fn cmp(&self, other: &Self) -> ::std::cmp::Ordering {
                self.text.cmp(&other.text)
            }
        }

        impl ::std::hash::Hash for $Id {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                self.text.hash(state);
            }
        }

        impl ::std::borrow::Borrow<str> for $Id {
            fn borrow(&self) -> &str {
                &self.text
            }
        }

        impl AsRef<str> for $Id {
            fn as_ref(&self) -> &str {
                &self.text
            }
        }

        impl PartialEq<str> for $Id {
            fn eq(&self, other: &str) -> bool {
                *self.text == *other
            }
        }

        impl PartialEq<&str> for $Id {
            fn eq(&self, other: &&str) -> bool {
                *self.text == **other
            }
        }

        impl ::std::fmt::Display for $Id {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.text)
            }
        }

        impl ::serde::Serialize for $Id {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match &self.object {
                    Some(object) => object.serialize(serializer),
                    None => serializer.serialize_str(&self.text),
                }
            }
        }
    };
}

pub(crate) use text_id;

/// Reads a text, or an object that a text can be had from.
///
/// `expected` names what is read, for the error when it is neither. The way of
/// a text is kept short: nothing is built here, so that an id costs hardly
/// more than a `String`.
#[inline]
pub(crate) fn read<'de, D, T>(
    deserializer: D,
    expected: &'static str,
    text: impl FnOnce(&str) -> T,
    object: impl FnOnce(&OwnedMembers) -> Option<T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    read_id(deserializer, expected, text, |_| None, object)
}

/// As [`read`], and a whole number as what `number` makes of it, if anything. It
/// gets the number as JSON, to be serialised unchanged.
#[inline]
pub(crate) fn read_id<'de, D, T>(
    deserializer: D,
    expected: &'static str,
    text: impl FnOnce(&str) -> T,
    number: impl FnOnce(RawJson) -> Option<T>,
    object: impl FnOnce(&OwnedMembers) -> Option<T>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(TextOrObject {
        expected,
        text,
        number,
        object,
        value: PhantomData,
    })
}

struct TextOrObject<F, N, G, T> {
    expected: &'static str,
    text: F,
    number: N,
    object: G,
    value: PhantomData<T>,
}

impl<F, N: FnOnce(RawJson) -> Option<T>, G, T> TextOrObject<F, N, G, T> {
    fn digits<E: Error>(self, number: impl fmt::Display) -> Result<T, E> {
        let raw = RawJson::from_text(&number.to_string());
        let Self { expected, number, .. } = self;
        let odd = || E::invalid_type(Unexpected::Other("number"), &expected);
        raw.and_then(number).ok_or_else(odd)
    }
}

impl<'de, F, N, G, T> Visitor<'de> for TextOrObject<F, N, G, T>
where
    F: FnOnce(&str) -> T,
    N: FnOnce(RawJson) -> Option<T>,
    G: FnOnce(&OwnedMembers) -> Option<T>,
{
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    #[inline]
    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok((self.text)(text))
    }

    #[cold]
    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.digits(number)
    }

    #[cold]
    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.digits(number)
    }

    // Kept out of the way of a text.
    #[cold]
    #[inline(never)]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let Self { expected, object, .. } = self;
        OwnedMembers::read_all(map, MOST)?
            .and_then(|members| object(&members))
            .ok_or_else(|| A::Error::invalid_type(Unexpected::Map, &expected))
    }
}

/// An object that stands for a text has a handful of members. One with more is
/// something else, and is not taken apart: that takes ten times its length.
const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    /// Reads as the member `text`, and writes back nothing.
    #[derive(Debug, PartialEq)]
    struct Sample(String, Option<RawJson>);

    impl<'de> Deserialize<'de> for Sample {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let text = |text: &str| Self(text.to_owned(), None);
            let number = |number: RawJson| Some(Self(number.as_str().to_owned(), Some(number)));
            let object =
                |members: &OwnedMembers| Some(Self(members.read_text("text")?, members.join()));
            read_id(deserializer, "a sample", text, number, object)
        }
    }

    #[test]
    fn an_object_with_very_many_members_is_no_text() {
        let object = |count: usize| {
            let members: String = (1..count).map(|index| format!(r#","{index}":0"#)).collect();
            serde_json::from_str::<Sample>(&format!(r#"{{"text":"a"{members}}}"#))
        };
        assert_eq!(object(MOST).unwrap().0, "a");
        assert!(object(MOST + 1).is_err());
    }

    #[derive(serde::Deserialize)]
    #[serde(untagged)]
    enum Buffered {
        Sample(Sample),
    }

    #[track_caller]
    fn sample(json: &str) -> Sample {
        let direct: Sample = serde_json::from_str(json).unwrap();
        let reader: Sample = serde_json::from_reader(json.as_bytes()).unwrap();
        assert_eq!(reader, direct, "from a reader");
        let mut text = serde_json::Deserializer::from_str(json);
        let tracked: Sample = serde_path_to_error::deserialize(&mut text).unwrap();
        assert_eq!(tracked, direct, "with a path");
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::from_value::<Sample>(value.clone()).unwrap().0, direct.0);
        assert_eq!(Sample::deserialize(&value).unwrap().0, direct.0);
        let Buffered::Sample(buffered) = serde_json::from_str(json).unwrap();
        assert_eq!(buffered.0, direct.0, "buffered");
        assert_eq!(buffered.1.is_some(), direct.1.is_some(), "buffered");
        direct
    }

    #[test]
    fn texts_and_objects_are_read_from_every_source() {
        for (json, text, object) in [
            (r#""a""#, "a", None),
            (r#""\u0061\n""#, "a\n", None),
            ("551199", "551199", Some("551199")),
            ("-1", "-1", Some("-1")),
            (r#"{"text":"a"}"#, "a", Some(r#"{"text":"a"}"#)),
            (r#"{ "text" : "a" }"#, "a", Some(r#"{"text":"a"}"#)),
            (r#"{"text":551199}"#, "551199", Some(r#"{"text":551199}"#)),
            (
                r#"{"z":[1.50,{"q\"":null}],"text":"\u0061","a":18446744073709551616}"#,
                "a",
                Some(r#"{"z":[1.50,{"q\"":null}],"text":"\u0061","a":18446744073709551616}"#),
            ),
            (r#"{"text":"a","text":"b"}"#, "b", Some(r#"{"text":"a","text":"b"}"#)),
        ] {
            let sample = sample(json);
            assert_eq!(sample.0, text, "{json}");
            assert_eq!(sample.1.as_ref().map(RawJson::as_str), object, "{json}");
        }
    }

    #[test]
    fn buffered_members_survive() {
        let json = r#"{"more":{"n":[1,null,"x"]},"text":"a"}"#;
        let Buffered::Sample(sample) = serde_json::from_str(json).unwrap();
        assert_eq!(sample.1.unwrap().as_str(), json);
    }

    #[test]
    fn a_deep_member_costs_no_stack() {
        let deep =
            format!(r#"{{"deep":{}{},"text":"a"}}"#, "[".repeat(100_000), "]".repeat(100_000));
        let read = move || serde_json::from_str::<Sample>(&deep).unwrap().0;
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap();
        assert_eq!(thread.join().unwrap(), "a");
    }

    #[test]
    fn anything_else_says_what_was_expected() {
        for json in ["1.5", "1e400", "null", "true", "[]", "{}", r#"{"text":null}"#] {
            let error = serde_json::from_str::<Sample>(json).unwrap_err().to_string();
            assert!(error.contains("expected a sample") || json == "1e400", "{json}: {error}");
        }
        for json in [r#"{"text":"a""#, r#"{"text":"#, r#"{"text":"a",}"#, r#"{1:2}"#] {
            let error = serde_json::from_str::<Sample>(json).unwrap_err();
            assert!(!error.is_data(), "{json}: {error}");
        }
    }

    #[test]
    fn a_cut_emoji_in_a_member_is_kept_and_read() {
        let json = r#"{"text":"a\ud83d","more":"\ud83d"}"#;
        let sample: Sample = serde_json::from_str(json).unwrap();
        assert_eq!(sample.0, "a\u{fffd}");
        assert_eq!(sample.1.unwrap().as_str(), json);
    }
}
