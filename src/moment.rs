//! A point in time, not yet converted to a date.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Timelike, Utc};

/// When something was received. Every delivery needs to know, few ask for the
/// date, and working that out takes as long as asking the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Since 1970.
    seconds: i64,
    nanoseconds: u32,
}

/// The start of 2009, WhatsApp's first year, in seconds since 1970.
const FIRST_YEAR: i64 = 1_230_768_000;

const A_DAY: i64 = 24 * 60 * 60;

impl Moment {
    /// Now; 1970 by a clock that is before it.
    pub(crate) fn now() -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since_1970.as_secs()).unwrap_or(i64::MAX);
        Self { seconds, nanoseconds: since_1970.subsec_nanos() }
    }

    /// Whole seconds since 1970.
    pub(crate) fn seconds(self) -> i64 {
        self.seconds
    }

    /// Whether something that happened then may be received now: in WhatsApp's
    /// days, and by a clock that is at most a day ahead of this one.
    pub(crate) fn may_follow(self, time: DateTime<Utc>) -> bool {
        (FIRST_YEAR..=self.seconds.saturating_add(A_DAY)).contains(&time.timestamp())
    }

    /// As a date; one that no calendar has is the last one there is.
    pub(crate) fn date(self) -> DateTime<Utc> {
        let date = DateTime::from_timestamp(self.seconds, self.nanoseconds);
        // A leap second where there is none: a date may have one.
        let odd = || DateTime::from_timestamp(self.seconds, 0)?.with_nanosecond(self.nanoseconds);
        date.or_else(odd).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(date: DateTime<Utc>) -> Self {
        Self { seconds: date.timestamp(), nanoseconds: date.timestamp_subsec_nanos() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_received_happened_before_or_by_a_clock_a_day_ahead() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let received = Moment::from(at("2026-02-10T14:23:45Z"));
        for (time, may) in [
            ("2009-01-01T00:00:00Z", true),
            ("2008-12-31T23:59:59Z", false),
            ("2026-02-10T14:23:45.999Z", true),
            ("2026-02-11T14:23:45.999Z", true),
            ("2026-02-11T14:23:46Z", false),
            ("1970-01-21T11:52:13.425Z", false),
        ] {
            assert_eq!(received.may_follow(at(time)), may, "{time}");
        }
        assert!(received.may_follow(received.date()));
        assert!(!received.may_follow(DateTime::<Utc>::MAX_UTC));
    }

    #[test]
    fn a_date_is_a_moment_and_a_date_again() {
        let second = DateTime::from_timestamp(1_705_312_500, 0).unwrap();
        let leap = "2016-12-31T23:59:60.5Z".parse().unwrap();
        for date in [
            second,
            DateTime::from_timestamp(1_705_312_500, 999_999_999).unwrap(),
            DateTime::from_timestamp(-1, 1).unwrap(),
            DateTime::UNIX_EPOCH,
            leap,
            second.with_nanosecond(1_500_000_000).unwrap(),
            DateTime::<Utc>::MIN_UTC,
            DateTime::<Utc>::MAX_UTC,
        ] {
            assert_eq!(Moment::from(date).date(), date);
            assert_eq!(Moment::from(date).seconds(), date.timestamp());
        }
        let (before, now, after) = (Utc::now(), Moment::now().date(), Utc::now());
        assert!(before <= now && now <= after, "{before} {now} {after}");
        assert_eq!(Moment { seconds: i64::MAX, nanoseconds: 0 }.date(), DateTime::<Utc>::MAX_UTC);
    }
}
