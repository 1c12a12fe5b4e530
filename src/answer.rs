//! What to answer.

use std::time::Duration;

use http::{HeaderValue, StatusCode, header::RETRY_AFTER};

use crate::auth::Refusal;
use crate::event::Unreadable;
use crate::retry::RetrySchedule;

/// The answer to a delivery: a status, and no body.
///
/// Success is exactly 200, the one status that every gateway takes for it.
///
/// ```
/// use zaphook::Answer;
///
/// let response: http::Response<String> = Answer::handled().into();
/// assert_eq!(response.status(), 200);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    outcome: Outcome,
}

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// It was handled, or durably stored.
    Handled,
    /// It could not be handled now; the gateway shall come again if it does
    /// that at all.
    Failed,
    /// It could not be handled and never will be.
    GivenUp,
    /// It did not prove where it comes from.
    Refused(Refusal),
    /// It is authentic and cannot be read.
    Unreadable(Unreadable),
}

impl Outcome {
    /// The word for it, as in logs and reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::Refused(_) => "refused",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

impl Answer {
    /// The delivery was handled, or durably stored, or is of no interest: 200.
    pub fn handled() -> Self {
        Self::plain(StatusCode::OK, Outcome::Handled)
    }

    /// The delivery could not be handled now: 503, so that the gateway comes
    /// again. A gateway that never repeats after a status gets 200, since any
    /// other would only be counted against this receiver: the delivery is then
    /// the caller's to keep.
    pub fn failed(schedule: &RetrySchedule) -> Self {
        let status = if schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE) {
            StatusCode::SERVICE_UNAVAILABLE
        } else {
            StatusCode::OK
        };
        Self::plain(status, Outcome::Failed)
    }

    /// The delivery will never be handled: 200, so that it does not come
    /// again.
    pub fn given_up() -> Self {
        Self::plain(StatusCode::OK, Outcome::GivenUp)
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// When the gateway may come again, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What became of the delivery.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    fn plain(status: StatusCode, outcome: Outcome) -> Self {
        Self { status, retry_after: None, outcome }
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::plain(refusal.status(), Outcome::Refused(refusal))
    }
}

impl From<Unreadable> for Answer {
    fn from(unreadable: Unreadable) -> Self {
        Self::plain(unreadable.status(), Outcome::Unreadable(unreadable))
    }
}

impl<B: Default> From<Answer> for http::Response<B> {
    fn from(answer: Answer) -> Self {
        let mut response = Self::default();
        *response.status_mut() = answer.status;
        if let Some(delay) = answer.retry_after {
            // Whole seconds, and never early.
            let seconds = delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0));
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Reason;

    #[test]
    fn the_status_follows_from_outcome_and_schedule() {
        let repeats = RetrySchedule::configured(vec![Duration::from_secs(5)]);
        let never = RetrySchedule::until_answered(Duration::from_secs(3));
        let refusal = Refusal::new(Reason::Mismatch, "other");
        for (answer, status, outcome) in [
            (Answer::handled(), 200, "handled"),
            (Answer::failed(&repeats), 503, "failed"),
            (Answer::failed(&never), 200, "failed"),
            (Answer::given_up(), 200, "given_up"),
            (Answer::from(refusal), 401, "refused"),
            (Answer::from(Unreadable::no_event("event")), 200, "unreadable"),
            (Answer::from(Refusal::new(Reason::MethodNotAllowed, "GET")), 405, "refused"),
        ] {
            assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (status, outcome));
            let response: http::Response<()> = answer.into();
            assert_eq!(response.status(), status);
            assert!(response.headers().is_empty());
        }
    }

    #[test]
    fn retry_after_is_whole_seconds() {
        let answer = Answer { retry_after: Some(Duration::from_millis(2001)), ..Answer::handled() };
        let response: http::Response<()> = answer.into();
        assert_eq!(response.headers()[RETRY_AFTER], "3");
    }
}
