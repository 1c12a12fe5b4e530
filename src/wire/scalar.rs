//! Texts, booleans and integers, read leniently.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    Deserialize, DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor,
};
use serde::ser::{Serialize, Serializer};

use super::json::{Name, RESERVED};
use super::object::form_of;

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

    form_of!(As, Option<bool>, deserialize);

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<bool>, D::Error>
    where
        D: Deserializer<'de>,
    {
        option(deserializer, Boolean)
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

/// An `Option` of any integer type: an integer, an integer-valued float,
/// decimal text, a 64-bit integer in halves (`{low, high, unsigned}`), `null`.
/// Written back as a number.
pub(crate) mod integer {
    use super::*;

    form_of!(As<T: TryFrom<i128>>, Option<T>, deserialize);

    pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: TryFrom<i128>,
    {
        option(deserializer, Integer(PhantomData))
    }

    pub(crate) fn serialize<S: Serializer, T: Serialize>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(serializer)
    }

    /// 2⁵³: from here on a float no longer names one integer.
    const EXACT: f64 = 9_007_199_254_740_992.0;

    /// Reads an integer of a type.
    pub(crate) struct Integer<T>(pub(crate) PhantomData<T>);

    impl<T: TryFrom<i128>> Integer<T> {
        fn of<E: Error>(value: impl Into<i128>) -> Result<T, E> {
            T::try_from(value.into()).map_err(|_| not("an integer in range"))
        }
    }

    impl<'de, T: TryFrom<i128>> Visitor<'de> for Integer<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an integer")
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
            Self::of(value)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
            Self::of(value)
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
            if value.fract() == 0.0 && value.abs() < EXACT {
                #[expect(clippy::cast_possible_truncation, reason = "checked just above")]
                return Self::of(value as i64);
            }
            Err(not("an integer"))
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            if text.len() > 20 || text.starts_with('+') {
                return Err(not("an integer"));
            }
            Self::of(text.parse::<i128>().map_err(|_| not("an integer"))?)
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            match Halves::read(map)? {
                Halves::Integer(value) => Self::of(value),
                Halves::Number(number) => match number.as_f64() {
                    Some(value) => self.visit_f64(value),
                    None => Err(not("an integer")),
                },
            }
        }
    }

    /// A number that comes as an object.
    pub(crate) enum Halves {
        /// `{low, high, unsigned}`: how JavaScript carries 64 bits.
        Integer(i128),
        /// With `arbitrary_precision` switched on somewhere in the graph, a
        /// number that is not a plain 64-bit integer comes as a map of one.
        Number(serde_json::Number),
    }

    impl Halves {
        pub(crate) fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
            let (mut low, mut high, mut unsigned) = (None, None, false);
            while let Some(Name(name)) = map.next_key()? {
                match &*name {
                    // Both halves are signed 32-bit numbers where they come
                    // from; a sender may have made either unsigned.
                    "low" => low = Some(half(map.next_value()?)?),
                    "high" => high = Some(half(map.next_value()?)?),
                    "unsigned" => unsigned = map.next_value()?,
                    name if name.starts_with(RESERVED) => {
                        let digits: String = map.next_value()?;
                        let number = digits.parse().map_err(|_| not("a number"))?;
                        return Ok(match Self::whole(&digits) {
                            Some(integer) => Self::Integer(integer),
                            None => Self::Number(number),
                        });
                    }
                    _ => drop(map.next_value::<IgnoredAny>()?),
                }
            }
            let (Some(low), Some(high)) = (low, high) else {
                return Err(A::Error::invalid_type(Unexpected::Map, &"an integer"));
            };
            let bits = u64::from(high) << 32 | u64::from(low);
            Ok(Self::Integer(match unsigned {
                true => i128::from(bits),
                false => i128::from(bits.cast_signed()),
            }))
        }

        fn whole(digits: &str) -> Option<i128> {
            digits.parse().ok()
        }
    }

    /// The bits of half a 64-bit integer.
    fn half<E: Error>(value: i64) -> Result<u32, E> {
        let signed = i32::try_from(value).map(i32::cast_unsigned);
        signed.or_else(|_| u32::try_from(value)).map_err(|_| not("32 bits"))
    }
}

/// `Option<f64>`: a number, decimal text, `null`. Written back as a number.
pub(crate) mod number {
    use super::integer::Halves;
    use super::*;

    form_of!(As, Option<f64>, deserialize);

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<f64>, D::Error>
    where
        D: Deserializer<'de>,
    {
        option(deserializer, Number)
    }

    pub(crate) struct Number;

    #[expect(clippy::cast_precision_loss, reason = "a float is what is asked for")]
    impl<'de> Visitor<'de> for Number {
        type Value = f64;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a number")
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<f64, E> {
            Ok(value)
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<f64, E> {
            Ok(value as f64)
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<f64, E> {
            Ok(value as f64)
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<f64, E> {
            let plain = text
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.' | b'e' | b'E' | b'+'));
            let value: Option<f64> = text.parse().ok().filter(|_| plain && !text.starts_with('+'));
            value.filter(|value| value.is_finite()).ok_or_else(|| not("a number"))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
            match Halves::read(map)? {
                Halves::Integer(value) => Ok(value as f64),
                Halves::Number(number) => number.as_f64().ok_or_else(|| not("a number")),
            }
        }
    }
}

/// An `Option` of anything made from text, of which `""` is none. Written back
/// as text.
pub(crate) mod filled {
    use super::*;

    form_of!(As<T: DeserializeOwned, AsRef<str>>, Option<T>, deserialize);

    pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: Deserialize<'de> + AsRef<str>,
    {
        let value = Option::<T>::deserialize(deserializer)?;
        Ok(value.filter(|value| !value.as_ref().is_empty()))
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[serde(default, deserialize_with = "super::boolean::deserialize")]
        flag: Option<bool>,
        #[serde(default, deserialize_with = "super::integer::deserialize")]
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
    fn integers_stay_in_their_range() {
        #[derive(Debug, PartialEq, Deserialize, Serialize)]
        struct Ranges {
            #[serde(default, with = "super::integer")]
            wide: Option<u64>,
            #[serde(default, with = "super::integer")]
            narrow: Option<u8>,
        }
        let read = |json: &str| serde_json::from_str::<Ranges>(json).ok();
        let widest = Ranges { wide: Some(u64::MAX), narrow: Some(255) };
        for json in [
            r#"{"wide":18446744073709551615,"narrow":255}"#,
            r#"{"wide":"18446744073709551615","narrow":"255"}"#,
            r#"{"wide":{"low":-1,"high":-1,"unsigned":true},"narrow":{"low":255,"high":0}}"#,
        ] {
            assert_eq!(read(json).as_ref(), Some(&widest), "{json}");
        }
        for json in [r#"{"wide":-1}"#, r#"{"narrow":256}"#, r#"{"wide":"18446744073709551616"}"#] {
            assert_eq!(read(json), None, "{json}");
        }
        let written = serde_json::to_string(&widest).unwrap();
        assert_eq!(written, r#"{"wide":18446744073709551615,"narrow":255}"#);
    }

    #[test]
    fn numbers() {
        #[derive(Deserialize)]
        struct Point {
            #[serde(default, with = "super::number")]
            x: Option<f64>,
        }
        let read = |json: &str| {
            serde_json::from_str(&format!(r#"{{"x":{json}}}"#)).ok().map(|point: Point| point.x)
        };
        for (json, value) in [
            ("-23.5505", -23.5505),
            ("12", 12.0),
            ("-12", -12.0),
            ("1e3", 1000.0),
            (r#""-23.5505""#, -23.5505),
            (r#""12""#, 12.0),
        ] {
            assert_eq!(read(json), Some(Some(value)), "{json}");
        }
        assert_eq!(read("null"), Some(None));
        for json in [
            r#""""#,
            r#""NaN""#,
            r#""inf""#,
            r#"" 1""#,
            r#""+1""#,
            r#""1e999""#,
            "true",
            "[]",
            "{}",
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn errors_say_what_was_expected() {
        #[derive(Debug, Deserialize)]
        struct Scalars {
            #[serde(default, with = "super::boolean")]
            flag: Option<bool>,
            #[serde(default, with = "super::integer")]
            integer: Option<i64>,
            #[serde(default, deserialize_with = "super::number::deserialize")]
            number: Option<f64>,
            #[serde(default, deserialize_with = "text")]
            text: String,
        }
        fn text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
            super::read_text(deserializer, str::to_owned)
        }
        let json = r#"{"flag":1,"integer":2,"number":3.5,"text":"\u0061"}"#;
        let read = crate::wire::json::read_repaired::<Scalars>;
        let all = read(json).unwrap();
        assert_eq!((all.flag, all.integer), (Some(true), Some(2)));
        assert_eq!((all.number, &*all.text), (Some(3.5), "a"));
        // The last float that names one integer.
        let last = read(r#"{"integer":9007199254740991.0}"#).unwrap();
        assert_eq!(last.integer, Some(9_007_199_254_740_991));
        for (json, fault) in [
            (r#"{"integer":9007199254740992.0}"#, "integer: expected an integer, found a number"),
            (r#"{"flag":[]}"#, "flag: expected a boolean, found an array"),
            (r#"{"integer":true}"#, "integer: expected an integer, found a boolean"),
            (r#"{"number":[]}"#, "number: expected a number, found an array"),
            (r#"{"text":null}"#, "text: expected a string, found null"),
        ] {
            assert_eq!(read(json).unwrap_err().to_string(), fault);
        }
    }

    #[test]
    fn empty_text_is_none() {
        #[derive(Debug, Deserialize)]
        struct Named {
            #[serde(default, deserialize_with = "super::filled::deserialize")]
            name: Option<String>,
        }
        let read = |json: &str| serde_json::from_str::<Named>(json).unwrap().name;
        assert_eq!(read(r#"{"name":"a"}"#).as_deref(), Some("a"));
        for json in [r#"{"name":""}"#, r#"{"name":null}"#, "{}"] {
            assert_eq!(read(json), None, "{json}");
        }
        assert!(serde_json::from_str::<Named>(r#"{"name":1}"#).is_err());
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
            (r#"{"low":98127,"high":0,"unsigned":true}"#, 98127),
            (r#"{"unsigned":false,"high":396,"low":-1306689824}"#, 1_703_795_326_688),
            (r#"{"low":-1,"high":-1,"unsigned":false}"#, -1),
            (r#"{"low":-1,"high":-1}"#, -1),
            (r#"{"low":4294967295,"high":0,"more":[]}"#, 4_294_967_295),
            (r#"{"low":0,"high":-2147483648}"#, i64::MIN),
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
            r#"{"low":1,"high":null}"#,
            r#"{"low":4294967296,"high":0}"#,
            r#"{"low":"1","high":0}"#,
            r#"{"low":-1,"high":-1,"unsigned":true}"#,
        ] {
            assert_eq!(number(json), None, "{json}");
        }
    }
}
