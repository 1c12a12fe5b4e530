//! Points in time, each field with one fixed form.

/// `Option<DateTime<Utc>>` as ISO 8601 text with a zone
/// (`2026-02-01T12:30:00.000Z`, `2026-02-01T09:30:00-03:00`), or `null`.
/// Written back in UTC, with as many decimals as the instant has, at least
/// three when it has any.
pub(crate) mod iso {
    use std::fmt;

    use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, Utc};
    use serde::de::{Deserializer, Error, Visitor};
    use serde::ser::Serializer;

    use crate::wire::scalar;

    pub(crate) fn deserialize<'de, D>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error>
    where
        D: Deserializer<'de>,
    {
        scalar::option(deserializer, Iso)
    }

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

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Deserialize, Serialize)]
    struct Sample {
        #[serde(default, with = "super::iso", skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
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
        for text in
            ["2023-02-29T23:59:59.987Z", "2024-02-29T24:00:00.000Z", "2024-02-29t23:59:59.987Z"]
        {
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
