//! Points in time, each field with one fixed form.

/// `Option<DateTime<Utc>>` as ISO 8601 text with a zone
/// (`2026-02-01T12:30:00.000Z`, `2026-02-01T09:30:00-03:00`), or `null`.
/// Written back in UTC, with as many decimals as the instant has, at least
/// three when it has any.
pub(crate) mod iso {
    use std::fmt;

    use chrono::{DateTime, Datelike, SecondsFormat, Utc};
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

    struct Iso;

    impl Visitor<'_> for Iso {
        type Value = DateTime<Utc>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an ISO 8601 time")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
            DateTime::parse_from_rfc3339(text)
                .ok()
                .map(|time| time.to_utc())
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
