//! Texts, booleans and integers, read leniently.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};

/// Reads a text without building a `String` first; escaped, borrowed and
/// buffered texts alike.
pub(crate) fn read_text<'de, D, T>(
    deserializer: D,
    read: impl FnOnce(&str) -> T,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    struct Text<F, T>(F, PhantomData<T>);

    impl<T, F: FnOnce(&str) -> T> Visitor<'_> for Text<F, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok((self.0)(text))
        }
    }

    deserializer.deserialize_str(Text(read, PhantomData))
}

/// The error of a scalar whose text does not say what it should. The text
/// itself never gets into it.
pub(crate) fn not<E: Error>(expected: &'static str) -> E {
    E::invalid_value(Unexpected::Other("text"), &expected)
}

/// Reads a value or `null` by a visitor for the value.
pub(crate) fn option<'de, D, V>(deserializer: D, visitor: V) -> Result<Option<V::Value>, D::Error>
where
    D: Deserializer<'de>,
    V: Visitor<'de>,
{
    struct Maybe<V>(V);

    impl<'de, V: Visitor<'de>> Visitor<'de> for Maybe<V> {
        type Value = Option<V::Value>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.expecting(f)
        }

        fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Self::Value, D::Error> {
            inner.deserialize_any(self.0).map(Some)
        }
    }

    deserializer.deserialize_option(Maybe(visitor))
}

/// `Option<bool>`: `true`, `false`, the same as text, `1` and `0`, `null`.
pub(crate) mod boolean {
    use super::*;

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<bool>, D::Error>
    where
        D: Deserializer<'de>,
    {
        option(deserializer, Boolean)
    }

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<bool>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    struct Boolean;

    impl Visitor<'_> for Boolean {
        type Value = bool;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a boolean")
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
            match value {
                0 => Ok(false),
                1 => Ok(true),
                _ => Err(not("a boolean")),
            }
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<bool, E> {
            match text {
                "true" | "1" => Ok(true),
                "false" | "0" => Ok(false),
                _ => Err(not("a boolean")),
            }
        }
    }
}

/// `Option<i64>`: an integer, an integer-valued float, decimal text, `null`.
pub(crate) mod integer {
    use super::*;

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
    where
        D: Deserializer<'de>,
    {
        option(deserializer, Integer)
    }

    pub(crate) fn serialize<S: Serializer>(
        value: &Option<i64>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    /// 2⁵³: from here on a float no longer names one integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;

    struct Integer;

    impl<'de> Visitor<'de> for Integer {
        type Value = i64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<i64, E> {
            Ok(value)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
            i64::try_from(value).map_err(|_| not("a 64-bit integer"))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
            if value.fract() == 0.0 && value.abs() < EXACT {
                #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
                return Ok(value as i64);
            }
            Err(not("an integer"))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<i64, E> {
            if text.len() > 20 || text.starts_with('+') {
                return Err(not("an integer"));
            }
            text.parse().map_err(|_| not("an integer"))
        }

        /// With `arbitrary_precision` switched on somewhere in the graph, a
        /// number that is not a plain 64-bit integer comes as a map of one.
        fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
            let number = <serde_json::Number as serde::Deserialize>::deserialize(
                serde::de::value::MapAccessDeserializer::new(map),
            )
            .map_err(|_| not("an integer"))?;
            match (number.as_i64(), number.as_f64()) {
                (Some(value), _) => Ok(value),
                (None, Some(value)) => self.visit_f64(value),
                (None, None) => Err(not("an integer")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, Serialize)]
    struct Sample {
        #[serde(default, with = "super::boolean")]
        flag: Option<bool>,
        #[serde(default, with = "super::integer")]
        number: Option<i64>,
    }

    #[track_caller]
    fn flag(json: &str) -> Option<Option<bool>> {
        serde_json::from_str(&format!(r#"{{"flag":{json}}}"#)).ok().map(|s: Sample| s.flag)
    }

    #[track_caller]
    fn number(json: &str) -> Option<Option<i64>> {
        serde_json::from_str(&format!(r#"{{"number":{json}}}"#)).ok().map(|s: Sample| s.number)
    }

    #[test]
    fn booleans() {
        for json in ["true", "1", r#""true""#, r#""1""#] {
            assert_eq!(flag(json), Some(Some(true)), "{json}");
        }
        for json in ["false", "0", r#""false""#, r#""0""#] {
            assert_eq!(flag(json), Some(Some(false)), "{json}");
        }
        assert_eq!(flag("null"), Some(None));
        for json in ["2", "-1", "1.5", r#""yes""#, r#""""#, "[]", "{}"] {
            assert_eq!(flag(json), None, "{json}");
        }
    }

    #[test]
    fn integers() {
        for (json, value) in [
            ("0", 0),
            ("-1", -1),
            ("1722170400", 1_722_170_400),
            ("1722170400.0", 1_722_170_400),
            ("1e3", 1000),
            (r#""98127""#, 98127),
            (r#""-5""#, -5),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            (r#""-9223372036854775808""#, i64::MIN),
        ] {
            assert_eq!(number(json), Some(Some(value)), "{json}");
        }
        assert_eq!(number("null"), Some(None));
        for json in [
            "1.5",
            "9223372036854775808",
            "1e19",
            "1e999",
            "9007199254740993.0",
            r#""""#,
            r#""+1""#,
            r#""1.0""#,
            r#""0x10""#,
            r#"" 1""#,
            r#""99999999999999999999999""#,
            "true",
            "[]",
            "{}",
            r#"{"low":1}"#,
        ] {
            assert_eq!(number(json), None, "{json}");
        }
    }
}
