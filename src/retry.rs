//! How gateways retry a delivery, as data.
//!
//! A status code is an instruction to the gateway: "done", "retry" or, for
//! some, "never retry". What to answer, how long to work on one delivery and
//! how long to remember it follow from the gateway's schedule.

use std::borrow::Cow;
use std::time::Duration;

use http::StatusCode;

/// When and how often a gateway retries a delivery that was not answered with
/// success.
///
/// ```
/// use std::time::Duration;
/// use zaphook::Gateway;
/// use zaphook::EnviaAi;
///
/// let schedule = &EnviaAi::RETRIES[0];
/// assert_eq!(schedule.attempts(), Some(6));
/// assert_eq!(schedule.horizon(), Some(Duration::from_secs(7 * 3600 + 12 * 60 + 30)));
/// assert_eq!(schedule.lease(), Duration::from_secs(60));
/// assert_eq!(schedule.retention(), Duration::from_secs(24 * 3600));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetrySchedule {
    delays: Delays,
    timeout: Option<Duration>,
    jitter_percent: u8,
    final_statuses: Finals,
    only_200: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Delays {
    /// The wait before each retry, counted from the attempt before it.
    List(Cow<'static, [Duration]>),
    /// The same wait each time, until there is any answer.
    UntilAnswered(Duration),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Finals {
    /// Every status that is not a success is retried.
    None,
    /// These are not.
    Some(&'static [u16]),
    /// No status is retried.
    Every,
}

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl RetrySchedule {
    /// A first attempt, then one after each of these waits, after any status
    /// that is not a success.
    pub const fn fixed(delays: &'static [Duration]) -> Self {
        Self::new(Delays::List(Cow::Borrowed(delays)), Finals::None)
    }

    /// As [`fixed`](Self::fixed), for schedules that come from a configuration.
    pub const fn configured(delays: Vec<Duration>) -> Self {
        Self::new(Delays::List(Cow::Owned(delays)), Finals::None)
    }

    /// Retries after each wait until there is an answer, whatever its status.
    pub const fn until_answered(delay: Duration) -> Self {
        Self::new(Delays::UntilAnswered(delay), Finals::Every)
    }

    const fn new(delays: Delays, final_statuses: Finals) -> Self {
        Self { delays, timeout: None, jitter_percent: 0, final_statuses, only_200: false }
    }

    /// With the time within which an attempt must be answered.
    #[must_use]
    pub const fn answer_within(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// With the percentage by which each wait may be longer.
    #[must_use]
    pub const fn jitter(mut self, percent: u8) -> Self {
        self.jitter_percent = percent;
        self
    }

    /// With the statuses after which there is no further attempt.
    #[must_use]
    pub const fn never_after(mut self, statuses: &'static [u16]) -> Self {
        self.final_statuses = Finals::Some(statuses);
        self
    }

    /// Only 200 counts as success, not any other 2xx.
    #[must_use]
    pub const fn only_200_succeeds(mut self) -> Self {
        self.only_200 = true;
        self
    }

    /// How many attempts there are at most, the first one included; `None`
    /// when they go on until there is an answer.
    pub fn attempts(&self) -> Option<usize> {
        match &self.delays {
            Delays::List(delays) => Some(delays.len().saturating_add(1)),
            Delays::UntilAnswered(_) => None,
        }
    }

    /// The nominal wait before each retry, counted from the attempt before
    /// it; without end when attempts go on until there is an answer.
    pub fn delays(&self) -> impl Iterator<Item = Duration> {
        let (list, again) = match &self.delays {
            Delays::List(delays) => (&**delays, None),
            Delays::UntilAnswered(delay) => (&[][..], Some(*delay)),
        };
        list.iter().copied().chain(again.into_iter().flat_map(std::iter::repeat))
    }

    /// The time within which an attempt must be answered, if there is a limit.
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The nominal time from the first attempt to the last; `None` when they
    /// go on until there is an answer.
    pub fn horizon(&self) -> Option<Duration> {
        match &self.delays {
            Delays::List(delays) => Some(sum(delays)),
            Delays::UntilAnswered(_) => None,
        }
    }

    /// The longest time from the first attempt to the last: every wait
    /// lengthened by the jitter, every attempt timing out.
    pub fn longest_horizon(&self) -> Option<Duration> {
        let Delays::List(delays) = &self.delays else { return None };
        let waits = sum(delays);
        let jitter = waits.saturating_mul(u32::from(self.jitter_percent)).checked_div(100);
        let attempts = u32::try_from(delays.len()).unwrap_or(u32::MAX);
        let timeouts = self.timeout.unwrap_or_default().saturating_mul(attempts);
        Some(waits.saturating_add(jitter.unwrap_or_default()).saturating_add(timeouts))
    }

    /// Whether an attempt made this long after the first one may be the last in
    /// this schedule.
    ///
    /// Where the waits are long compared with timeouts and jitter, the answer
    /// is certain; where they are not (five times 5 s, answered within 5 s), it
    /// errs towards yes. Always true when any answer ends the attempts.
    pub fn may_be_last(&self, elapsed: Duration) -> bool {
        self.may_be_last_by(elapsed, Duration::ZERO)
    }

    /// The same by another's clock, which may be ahead by `error` unnoticed. One that is
    /// ahead by twice as much does not hide the last attempt either: where the waits are
    /// short, only the first attempts show that it is ahead.
    pub(crate) fn may_be_last_by(&self, elapsed: Duration, error: Duration) -> bool {
        let Delays::List(delays) = &self.delays else { return true };
        let Some((last, before)) = delays.split_last() else { return true };
        let jitter = |waits: Duration| {
            let share = waits.saturating_mul(u32::from(self.jitter_percent));
            share.checked_div(100).unwrap_or_default()
        };
        let before_last = sum(before);
        let nominal = before_last.saturating_add(*last);
        let earliest = nominal.saturating_sub(jitter(nominal));
        let attempts = u32::try_from(before.len()).unwrap_or(u32::MAX);
        let timeouts = self.timeout.unwrap_or_default().saturating_mul(attempts);
        let latest_before =
            before_last.saturating_add(jitter(before_last)).saturating_add(timeouts);
        // Halfway between the two, as long as they do not overlap: whether
        // waits follow one another or the first attempt is not always known.
        let room = earliest.saturating_sub(latest_before).checked_div(2).unwrap_or_default();
        elapsed.saturating_add(error) >= earliest.saturating_sub(room.max(error))
    }

    /// Whether an attempt made so long after an earlier one cannot be the last,
    /// whichever that one was: the last comes after the last wait. Never for the
    /// earlier one itself.
    pub(crate) fn is_before_last(&self, since_earlier: Duration) -> bool {
        let Delays::List(delays) = &self.delays else { return false };
        let Some(last) = delays.last() else { return false };
        let share = last.saturating_mul(u32::from(self.jitter_percent)).checked_div(100);
        // The earlier one may have been under way for as long as it may take.
        let shortest = last
            .saturating_sub(share.unwrap_or_default())
            .saturating_sub(self.timeout.unwrap_or_default());
        !since_earlier.is_zero() && since_earlier < shortest
    }

    /// Whether this status tells the gateway that the delivery arrived.
    pub fn succeeds_with(&self, status: StatusCode) -> bool {
        status == StatusCode::OK || status.is_success() && !self.only_200
    }

    /// Whether an attempt answered with this status is retried, as long as the
    /// schedule has another attempt. A success never is.
    pub fn repeats_after(&self, status: StatusCode) -> bool {
        if self.succeeds_with(status) {
            return false;
        }
        match self.final_statuses {
            Finals::None => true,
            Finals::Some(finals) => !finals.contains(&status.as_u16()),
            Finals::Every => false,
        }
    }

    /// How long one worker may own a delivery before another may take over: 60
    /// s, or less where a lease of 60 s would outlive the gateway's last
    /// attempt.
    pub fn lease(&self) -> Duration {
        let Delays::List(delays) = &self.delays else { return MINUTE };
        if delays.is_empty() {
            return MINUTE;
        }
        let room = delays.split_last().map_or(Duration::ZERO, |(_, before)| sum(before));
        if room > MINUTE {
            return MINUTE;
        }
        // Half of the room in whole steps of 5 s, and never nothing.
        let steps = room.as_secs().checked_div(10).unwrap_or_default().max(1);
        Duration::from_secs(steps.saturating_mul(5))
    }

    /// How long a handled delivery must be remembered: 24 h, or longer when
    /// retries can arrive later than that.
    pub fn retention(&self) -> Duration {
        let horizon = self.longest_horizon().unwrap_or_default();
        let margin = horizon.checked_div(10).unwrap_or_default().max(MINUTE);
        DAY.max(horizon.saturating_add(self.lease()).saturating_add(margin))
    }
}

fn sum(delays: &[Duration]) -> Duration {
    delays.iter().fold(Duration::ZERO, |sum, delay| sum.saturating_add(*delay))
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn lease_and_retention_follow_from_the_schedule() {
        let five_by_five = RetrySchedule::configured(vec![s(5), s(5), s(5), s(5), s(5)]);
        assert_eq!((five_by_five.lease(), five_by_five.retention()), (s(10), DAY));

        let fifteen_by_two = RetrySchedule::configured(vec![s(2); 15]);
        assert_eq!(fifteen_by_two.horizon(), Some(s(30)));
        assert_eq!(fifteen_by_two.lease(), s(10));

        let days = RetrySchedule::configured(vec![s(60), s(40 * 3600)]).answer_within(s(5));
        assert_eq!(days.lease(), s(30));
        // The horizon with its timeouts, the lease, and a tenth more.
        assert_eq!(days.retention(), s(144_070 + 30 + 14_407));

        assert_eq!(RetrySchedule::fixed(&[]).lease(), MINUTE);
    }

    #[test]
    fn the_longest_horizon_counts_jitter_and_timeouts() {
        let schedule =
            RetrySchedule::configured(vec![s(10), s(20)]).jitter(20).answer_within(s(30));
        assert_eq!(schedule.attempts(), Some(3));
        assert_eq!(schedule.horizon(), Some(s(30)));
        assert_eq!(schedule.longest_horizon(), Some(s(96)));
        assert_eq!(schedule.delays().collect::<Vec<_>>(), [s(10), s(20)]);
    }

    #[test]
    fn the_last_attempt_is_told_by_its_time() {
        let long = RetrySchedule::configured(vec![s(30), s(600), s(21600)]).answer_within(s(5));
        for (elapsed, last) in [(0, false), (30, false), (645, false), (21600, true), (22230, true)]
        {
            assert_eq!(long.may_be_last(s(elapsed)), last, "{elapsed}");
        }
        let short = RetrySchedule::configured(vec![s(5); 5]).answer_within(s(5));
        for (elapsed, last) in [(0, false), (20, false), (24, false), (25, true), (40, true)] {
            assert_eq!(short.may_be_last(s(elapsed)), last, "{elapsed}");
        }
        assert!(RetrySchedule::until_answered(s(3)).may_be_last(s(0)));
        assert!(RetrySchedule::configured(vec![]).may_be_last(s(0)));
    }

    #[test]
    fn a_clock_that_is_ahead_leaves_room_for_the_last_attempt() {
        let short = RetrySchedule::configured(vec![s(5); 5]).answer_within(s(5));
        for (elapsed, last) in [(0, false), (4, false), (5, true), (25, true)] {
            assert_eq!(short.may_be_last_by(s(elapsed), s(10)), last, "{elapsed}");
        }
        // Halfway, less the error.
        let long = RetrySchedule::configured(vec![s(30); 4]);
        for (elapsed, last) in [(90, false), (94, false), (95, true)] {
            assert_eq!(long.may_be_last_by(s(elapsed), s(10)), last, "{elapsed}");
        }
        assert!(RetrySchedule::until_answered(s(3)).may_be_last_by(s(0), s(10)));
    }

    #[test]
    fn the_last_attempt_comes_after_the_last_wait() {
        let schedule =
            RetrySchedule::configured(vec![s(5), s(10), s(300)]).jitter(20).answer_within(s(30));
        for (since, before) in [(0, false), (5, true), (15, true), (209, true), (210, false)] {
            assert_eq!(schedule.is_before_last(s(since)), before, "{since}");
        }
        let even = RetrySchedule::configured(vec![s(5); 5]).answer_within(s(5));
        assert!((0..60).all(|since| !even.is_before_last(s(since))));
        assert!(!RetrySchedule::until_answered(s(3)).is_before_last(s(1)));
        assert!(!RetrySchedule::configured(vec![]).is_before_last(s(1)));
    }

    #[test]
    fn some_statuses_are_final() {
        let status = |code| StatusCode::from_u16(code).unwrap();
        let all = RetrySchedule::configured(vec![s(1)]);
        let some = all.clone().never_after(&[400, 401]);
        let none = RetrySchedule::until_answered(s(3));
        for (code, expected) in [
            (200, [false, false, false]),
            (202, [false, false, false]),
            (302, [true, true, false]),
            (400, [true, false, false]),
            (401, [true, false, false]),
            (503, [true, true, false]),
        ] {
            let repeats = [&all, &some, &none].map(|schedule| schedule.repeats_after(status(code)));
            assert_eq!(repeats, expected, "{code}");
        }
        assert!(all.only_200_succeeds().repeats_after(status(202)));
        assert_eq!((none.attempts(), none.horizon(), none.lease()), (None, None, MINUTE));
        assert_eq!(none.delays().take(3).collect::<Vec<_>>(), [s(3); 3]);
    }

    #[test]
    fn absurd_schedules_do_not_overflow() {
        let endless =
            RetrySchedule::configured(vec![Duration::MAX; 3]).answer_within(Duration::MAX);
        assert_eq!(endless.retention(), Duration::MAX);
        assert_eq!(endless.lease(), MINUTE);
    }
}
