//! A point in time that is not a date yet.

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
