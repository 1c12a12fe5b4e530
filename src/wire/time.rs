//! Points in time, each field with one fixed form.
//!
//! Two things are the same everywhere, since every gateway was seen to get them
//! wrong somewhere:
//!
//! * **Zero is no time.** Go's `0001-01-01T00:00:00Z` and a count of `0` read as
//!   `None`.
//! * **A count in the wrong unit** is one that lies outside the years 2009 to
//!   2099 in the unit of its field, and inside in the other one (seconds,
//!   milliseconds). It is read in the other one, written back in its own, and
//!   marked ([`was_rescaled`]). WhatsApp dates from 2009, and in no year since
//!   can a count be both, so nothing is guessed. A count that is outside in
//!   both stays what it says.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::Serializer;

use super::scalar;

/// `Option<DateTime<Utc>>` as ISO 8601 text with a zone
/// (`2026-02-01T12:30:00.000Z`, `2026-02-01T09:30:00-03:00`), or `null`.
/// Written back in UTC, with as many decimals as the instant has, at least
/// three when it has any.
///
/// The zero time of Go, the start of the year 1, is `None`.
pub(crate) mod iso {
    use std::fmt;

    use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    use crate::wire::object::form_of;
    use crate::wire::scalar;

    form_of!(As, Option<DateTime<Utc>>, deserialize, serialize);

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
    where
        D: Deserializer<'de>,
    {
        Ok(scalar::option(deserializer, Iso)?.filter(|time| time.timestamp() != ZERO))
    }

    /// The start of the year 1, in seconds since 1970.
    const ZERO: i64 = -62_135_596_800;

    pub(crate) fn serialize<S: Serializer>(
        time: &Option<DateTime<Utc>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.serialize_str(&text(time)),
            None => serializer.serialize_none(),
        }
    }

    /// The one spelling of an instant that this crate writes.
    pub(crate) fn text(time: &DateTime<Utc>) -> String {
        time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }

    /// The spelling that JavaScript gives a time, `2026-02-01T12:30:00.000Z`,
    /// and so nearly every gateway; all others take the longer way.
    pub(super) fn usual(text: &str) -> Option<DateTime<Utc>> {
        let text: &[u8; 24] = text.as_bytes().try_into().ok()?;
        let [
            y1,
            y2,
            y3,
            y4,
            b'-',
            m1,
            m2,
            b'-',
            d1,
            d2,
            b'T',
            h1,
            h2,
            b':',
            n1,
            n2,
            b':',
            s1,
            s2,
            b'.',
            f1,
            f2,
            f3,
            b'Z',
        ] = *text
        else {
            return None;
        };
        let number = |digits: &[u8]| {
            digits.iter().try_fold(0_u32, |number, digit| {
                let value = u32::from(digit.wrapping_sub(b'0'));
                (value < 10).then(|| number.wrapping_mul(10).wrapping_add(value))
            })
        };
        let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
        let date = NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)?;
        let time = date.and_hms_milli_opt(
            number(&[h1, h2])?,
            number(&[n1, n2])?,
            number(&[s1, s2])?,
            number(&[f1, f2, f3])?,
        )?;
        Some(time.and_utc())
    }

    struct Iso;

    impl Visitor<'_> for Iso {
        type Value = DateTime<Utc>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an ISO 8601 time")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            usual(text)
                .or_else(|| Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc()))
                // The offset may lead out of the years that can be written.
                .filter(|time| (0..=9999).contains(&time.year()))
                .ok_or_else(|| scalar::not("an ISO 8601 time"))
        }
    }
}

/// `Option<DateTime<Utc>>` as a count of seconds since 1970: an integer, a
/// number with a fraction (microseconds are kept), either as decimal text, an
/// integer in halves, or `null`. Written back as a number. `0` is `None`, and a
/// count of milliseconds is read as one.
pub(crate) mod seconds {
    super::since_1970!(1);
}

/// As [`seconds`], of milliseconds; a count of seconds is read as one.
pub(crate) mod millis {
    super::since_1970!(1000);

    form_of!(Exactly, Option<DateTime<Utc>>, exactly, serialize);
}

macro_rules! since_1970 {
    ($per_second:literal) => {
        use chrono::{DateTime, Utc};
        use serde::de::Deserializer;
        use serde::ser::Serializer;

        use crate::wire::object::form_of;
        use crate::wire::scalar;
        use crate::wire::time::Epoch;

        form_of!(As, Option<DateTime<Utc>>, deserialize, serialize);

        pub(crate) fn deserialize<'de, D>(
            deserializer: D,
        ) -> Result<Option<DateTime<Utc>>, D::Error>
        where
            D: Deserializer<'de>,
        {
            let time = exactly(deserializer)?.filter(|time| *time != DateTime::UNIX_EPOCH);
            Ok(time.map(Epoch::<$per_second>::rescaled))
        }

        /// As it is written, whatever it says.
        pub(crate) fn exactly<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
        where
            D: Deserializer<'de>,
        {
            scalar::option(deserializer, Epoch::<$per_second>)
        }

        pub(crate) fn serialize<S: Serializer>(
            time: &Option<DateTime<Utc>>,
            serializer: S,
        ) -> Result<S::Ok, S::Error> {
            match time {
                Some(time) => Epoch::<$per_second>::write(time, serializer),
                None => serializer.serialize_none(),
            }
        }
    };
}

use since_1970;

const MICROSECONDS: i64 = 1_000_000;

/// How many of the smaller unit make one of the larger.
const UNITS: i64 = 1000;

/// WhatsApp's first year, and the last one that a gateway may speak of (when an
/// invitation ends, say), in microseconds since 1970.
const SPOKEN_OF: std::ops::Range<i64> = 1_230_768_000 * MICROSECONDS..4_102_444_800 * MICROSECONDS;

thread_local! {
    /// Whether a time was read in the other unit. A body is read in one go, by
    /// one thread; a deserialiser has no other way to say something besides its
    /// value.
    static RESCALED: Cell<bool> = const { Cell::new(false) };
}

/// Before a body is read.
pub(crate) fn forget_rescaled() {
    RESCALED.set(false);
}

/// Whether a time was read in another unit than its field's since
/// [`forget_rescaled`].
pub(crate) fn was_rescaled() -> bool {
    RESCALED.get()
}

/// A count since 1970, so many to the second.
struct Epoch<const PER_SECOND: i64>;

impl<const PER_SECOND: i64> Epoch<PER_SECOND> {
    /// How many microseconds one of them has.
    const LENGTH: i64 = MICROSECONDS.div_euclid(PER_SECOND);

    fn of<E: Error>(count: impl Into<i128>) -> Result<DateTime<Utc>, E> {
        let micros = count.into().checked_mul(i128::from(Self::LENGTH));
        Self::at(micros.and_then(|micros| i64::try_from(micros).ok()))
    }

    fn at<E: Error>(micros: Option<i64>) -> Result<DateTime<Utc>, E> {
        micros
            .and_then(DateTime::from_timestamp_micros)
            .ok_or_else(|| scalar::not("a time in range"))
    }

    /// The time that a count means, in whichever unit that is.
    fn rescaled(time: DateTime<Utc>) -> DateTime<Utc> {
        let micros = time.timestamp_micros();
        if SPOKEN_OF.contains(&micros) {
            return time;
        }
        let other = match PER_SECOND {
            1 => Some(micros.div_euclid(UNITS)),
            _ => micros.checked_mul(UNITS),
        };
        let other = other.filter(|other| SPOKEN_OF.contains(other));
        match other.and_then(DateTime::from_timestamp_micros) {
            Some(time) => {
                RESCALED.set(true);
                time
            }
            None => time,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a float holds every microsecond of 285 years")]
    fn write<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        let micros = time.timestamp_micros();
        match micros.rem_euclid(Self::LENGTH) {
            0 => serializer.serialize_i64(micros.div_euclid(Self::LENGTH)),
            _ => serializer.serialize_f64(micros as f64 / Self::LENGTH as f64),
        }
    }
}

impl<'de, const PER_SECOND: i64> Visitor<'de> for Epoch<PER_SECOND> {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time as a number")
    }

    fn visit_i64<E: Error>(self, count: i64) -> Result<Self::Value, E> {
        Self::of(count)
    }

    fn visit_u64<E: Error>(self, count: u64) -> Result<Self::Value, E> {
        Self::of(count)
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "checked")]
    fn visit_f64<E: Error>(self, count: f64) -> Result<Self::Value, E> {
        let micros = (count * Self::LENGTH as f64).round();
        let fits = micros.abs() < i64::MAX as f64;
        Self::at(fits.then_some(micros as i64))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        match scalar::integer::Integer::<i64>(PhantomData).visit_str::<E>(text) {
            Ok(count) => Self::of(count),
            Err(_) => self.visit_f64(scalar::number::Number.visit_str(text)?),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        match scalar::integer::Halves::read(map)? {
            scalar::integer::Halves::Integer(count) => Self::of(count),
            scalar::integer::Halves::Number(number) => match number.as_f64() {
                Some(count) => self.visit_f64(count),
                None => Err(scalar::not("a time as a number")),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, Serialize)]
    struct Sample {
        #[serde(default, with = "super::iso", skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    }

    #[test]
    fn counts_keep_their_instant() {
        #[derive(Debug, Deserialize, Serialize)]
        struct Counts {
            #[serde(default, with = "super::seconds", skip_serializing_if = "Option::is_none")]
            s: Option<DateTime<Utc>>,
            #[serde(default, with = "super::millis", skip_serializing_if = "Option::is_none")]
            ms: Option<DateTime<Utc>>,
        }
        let read = |json: &str| serde_json::from_str::<Counts>(json);
        for (json, instant, written) in [
            (r#"{"s":1722170400}"#, "2024-07-28T12:40:00Z", r#"{"s":1722170400}"#),
            (r#"{"s":"1722170400"}"#, "2024-07-28T12:40:00Z", r#"{"s":1722170400}"#),
            (r#"{"s":1710481111.853}"#, "2024-03-15T05:38:31.853Z", r#"{"s":1710481111.853}"#),
            (r#"{"s":"1710481111.853"}"#, "2024-03-15T05:38:31.853Z", r#"{"s":1710481111.853}"#),
            (r#"{"s":{"low":1722170400,"high":0}}"#, "2024-07-28T12:40:00Z", r#"{"s":1722170400}"#),
            (r#"{"s":-1}"#, "1969-12-31T23:59:59Z", r#"{"s":-1}"#),
            (r#"{"s":-0.25}"#, "1969-12-31T23:59:59.750Z", r#"{"s":-0.25}"#),
            (r#"{"ms":1703795326688}"#, "2023-12-28T20:28:46.688Z", r#"{"ms":1703795326688}"#),
            (
                r#"{"ms":1703795326688.5}"#,
                "2023-12-28T20:28:46.688500Z",
                r#"{"ms":1703795326688.5}"#,
            ),
            (
                r#"{"ms":{"low":-1306689824,"high":396,"unsigned":false}}"#,
                "2023-12-28T20:28:46.688Z",
                r#"{"ms":1703795326688}"#,
            ),
        ] {
            let counts = read(json).expect(json);
            let time = counts.s.or(counts.ms).expect(json);
            assert_eq!(super::iso::text(&time), instant, "{json}");
            assert_eq!(serde_json::to_string(&counts).unwrap(), written, "{json}");
        }
        assert!(read(r#"{"s":null}"#).unwrap().s.is_none());
        for json in [
            "9223372036854775807",
            "-9223372036854775808",
            "18446744073709551615",
            "1e300",
            "-1e300",
            r#""""#,
            r#""now""#,
            r#""2024-07-28T12:40:00Z""#,
            "true",
            "[]",
            "{}",
        ] {
            for unit in ["s", "ms"] {
                assert!(read(&format!(r#"{{"{unit}":{json}}}"#)).is_err(), "{unit} {json}");
            }
        }
    }

    #[derive(Debug, Deserialize, Serialize)]
    struct Count {
        #[serde(default, with = "super::seconds", skip_serializing_if = "Option::is_none")]
        s: Option<DateTime<Utc>>,
        #[serde(default, with = "super::millis", skip_serializing_if = "Option::is_none")]
        ms: Option<DateTime<Utc>>,
    }

    proptest::proptest! {
        /// No count panics, and what is read is written as the same count, or
        /// as the same instant in the field's own unit.
        #[test]
        fn every_count_is_a_time_or_an_error(
            count in proptest::prop_oneof![
                proptest::num::i64::ANY,
                -3_000_000_000_000_i64..6_000_000_000_000,
                -3_000_000_000_i64..6_000_000_000,
            ],
        ) {
            let json = format!(r#"{{"ms":{count}}}"#);
            super::forget_rescaled();
            if let Ok(read) = serde_json::from_str::<Count>(&json) {
                let written = serde_json::to_string(&read).unwrap();
                match (count, super::was_rescaled()) {
                    (0, _) => proptest::prop_assert_eq!(written, "{}"),
                    (_, false) => proptest::prop_assert_eq!(written, json),
                    (_, true) => {
                        proptest::prop_assert_eq!(written, format!(r#"{{"ms":{count}000}}"#));
                    }
                }
            }
        }
    }

    #[test]
    fn a_count_in_the_other_unit_is_read_in_it_and_marked() {
        let read = |json: &str| {
            super::forget_rescaled();
            let count: Count = serde_json::from_str(json).unwrap();
            let time = count.s.or(count.ms).as_ref().map(super::iso::text);
            (time, super::was_rescaled(), serde_json::to_string(&count).unwrap())
        };
        let february = Some("2026-02-10T14:23:45.678Z".to_owned());
        for (json, time, rescaled, written) in [
            // Milliseconds where seconds belong, in every form of a number.
            (r#"{"s":1770733425678}"#, &february, true, r#"{"s":1770733425.678}"#),
            (r#"{"s":"1770733425678"}"#, &february, true, r#"{"s":1770733425.678}"#),
            (r#"{"s":1770733425.678}"#, &february, false, r#"{"s":1770733425.678}"#),
            // Seconds where milliseconds belong.
            (r#"{"ms":1770733425.678}"#, &february, true, r#"{"ms":1770733425678}"#),
            (r#"{"ms":1770733425678}"#, &february, false, r#"{"ms":1770733425678}"#),
            // The first and the last of them.
            (
                r#"{"s":1230768000000}"#,
                &Some("2009-01-01T00:00:00Z".into()),
                true,
                r#"{"s":1230768000}"#,
            ),
            (r#"{"s":1230767999999}"#, &None, false, r#"{"s":1230767999999}"#),
            (
                r#"{"ms":4102444799}"#,
                &Some("2099-12-31T23:59:59Z".into()),
                true,
                r#"{"ms":4102444799000}"#,
            ),
            (
                r#"{"ms":4102444800}"#,
                &Some("1970-02-17T11:34:04.800Z".into()),
                false,
                r#"{"ms":4102444800}"#,
            ),
            // Neither: it stays what it says.
            (r#"{"s":7}"#, &Some("1970-01-01T00:00:07Z".into()), false, r#"{"s":7}"#),
        ] {
            let found = read(json);
            // Where nothing is said of it, it is far off.
            if time.is_some() {
                assert_eq!(&found.0, time, "{json}");
            }
            assert_eq!((found.1, &*found.2), (rescaled, written), "{json}");
        }
    }

    #[test]
    fn zero_is_no_time() {
        for json in [r#"{"s":0}"#, r#"{"ms":"0"}"#, r#"{"ms":{"low":0,"high":0}}"#, r#"{"s":0.0}"#]
        {
            let count: Count = serde_json::from_str(json).unwrap();
            assert_eq!((count.s, count.ms), (None, None), "{json}");
        }
        for json in [r#""0001-01-01T00:00:00Z""#, r#""0001-01-01T00:00:00.000Z""#] {
            assert_eq!(at(json).expect(json).at, None, "{json}");
        }
        assert!(at(r#""0001-01-01T00:00:01Z""#).unwrap().at.is_some());
        let mut zero = serde_json::Deserializer::from_str("0");
        assert_eq!(super::seconds::exactly(&mut zero).unwrap(), Some(DateTime::UNIX_EPOCH));
    }

    #[track_caller]
    fn at(json: &str) -> Option<Sample> {
        serde_json::from_str(&format!(r#"{{"at":{json}}}"#)).ok()
    }

    #[test]
    fn iso_texts_keep_their_instant() {
        for (text, written) in [
            ("2026-02-01T12:30:00.000Z", "2026-02-01T12:30:00Z"),
            ("2026-02-01T12:30:00Z", "2026-02-01T12:30:00Z"),
            ("2026-02-01T09:30:00.120-03:00", "2026-02-01T12:30:00.120Z"),
            ("2026-02-01T12:30:00.123456789Z", "2026-02-01T12:30:00.123456789Z"),
            ("2024-02-29T23:59:60Z", "2024-02-29T23:59:60Z"),
            ("2026-02-01t12:30:00z", "2026-02-01T12:30:00Z"),
        ] {
            let sample = at(&format!("{text:?}")).expect(text);
            assert_eq!(
                serde_json::to_string(&sample).unwrap(),
                format!(r#"{{"at":"{written}"}}"#),
                "{text}"
            );
        }
        assert!(at("null").expect("null").at.is_none());
    }

    proptest::proptest! {
        /// The short way never says anything else than the long one.
        #[test]
        fn the_usual_spelling_is_read_as_any_other(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]\\.[0-9]{3}Z",
            place in 0..24_usize,
            other in "[ -~]",
        ) {
            let mut odd = text.clone();
            odd.replace_range(place..=place, &other);
            for text in [text, odd] {
                if let Some(time) = super::iso::usual(&text) {
                    let same = DateTime::parse_from_rfc3339(&text).map(|time| time.to_utc());
                    proptest::prop_assert_eq!(Ok(time), same);
                }
            }
        }
    }

    #[test]
    fn the_usual_spelling_takes_the_short_way() {
        let time = super::iso::usual("2024-02-29T23:59:59.987Z").unwrap();
        assert_eq!(time.to_rfc3339(), "2024-02-29T23:59:59.987+00:00");
        for text in [
            "2023-02-29T23:59:59.987Z",
            "2024-02-29T24:00:00.000Z",
            "2024-02-29t23:59:59.987Z",
            // What follows `9`, and what precedes `0`.
            "2024-02-29T1:",
            "2024-02-29T1:00:59.987Z",
            "2024-02-29T1::00:59.987Z",
            "2024-02-29T1/:00:59.987Z",
        ] {
            assert_eq!(super::iso::usual(text), None, "{text}");
        }
    }

    #[test]
    fn anything_else_is_an_error_and_no_panic() {
        for json in [
            r#""""#,
            r#""now""#,
            r#""2026-02-30T00:00:00Z""#,
            r#""2026-02-01T25:00:00Z""#,
            r#""2026-02-01T12:30:00""#,
            r#""+999999999-01-01T00:00:00Z""#,
            r#""9999999999999-01-01T00:00:00Z""#,
            r#""9999-12-31T23:59:59-23:59""#,
            r#""0000-01-01T00:00:00+23:59""#,
            "1722170400",
            "9223372036854775807",
            "-9223372036854775808",
            "1e999",
            "true",
            "[]",
            "{}",
        ] {
            assert!(at(json).is_none(), "{json}");
        }
    }
}
