//! The HTTP answer to a delivery.

#[cfg(feature = "actix-web")]
mod actix;
#[cfg(feature = "http-body")]
mod http_body;

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderValue, StatusCode, header::RETRY_AFTER};

use crate::auth::Refusal;
use crate::event::Unreadable;
use crate::retry::RetrySchedule;

#[cfg(feature = "http-body")]
pub use http_body::AnswerBody;

/// The answer to a delivery: a status, and no body.
///
/// Success is exactly 200, the one status that every gateway accepts as such.
///
/// ```
/// use zaphook::Answer;
///
/// let response: http::Response<String> = Answer::handled().into();
/// assert_eq!(response.status(), 200);
/// ```
#[must_use = "the gateway waits for it"]
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    retry_after: Option<Duration>,
    withheld: bool,
    lost: bool,
    outcome: Outcome,
    error: Option<Arc<dyn Error + Send + Sync>>,
}

/// The outcome of a delivery.
///
/// `Display` says what it means, and why where that can be told: for a refusal,
/// which header or parameter, and what was wrong with it. It contains neither
/// credentials nor text of the delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// `handled`: it was handled, or durably stored, and marked as done.
    Handled,
    /// `handled_without_key`: it was handled, but has no deduplication key, so
    /// it may have been handled before.
    HandledWithoutKey,
    /// `handled_without_store`: it was handled while the store was down, so it
    /// may have been handled before.
    HandledWithoutStore,
    /// `handled_late`: it was handled, but its lease had expired and another
    /// worker has taken it over, so it may be handled again.
    HandledLate,
    /// `handled_unmarked`: it was handled, but the store was down and could not
    /// record it.
    HandledUnmarked,
    /// `duplicate`: it had already been handled.
    Duplicate,
    /// `skipped`: it is not one of the events that were asked for
    /// ([`Receiver::only`](crate::Receiver::only)).
    Skipped,
    /// `stored`: it is durably stored, to be worked on later.
    Stored,
    /// `not_stored`: it could not be stored now.
    NotStored,
    /// `unknown_entry`: an entry of a queue that this worker does not know what to do
    /// with: another gateway's, or authenticated in a way that it does not know.
    UnknownEntry,
    /// `in_progress`: another worker is processing it.
    InProgress,
    /// `failed`: the handler failed; the gateway should retry, if it retries at
    /// all.
    Failed,
    /// `given_up`: the handler gave up for good.
    GivenUp,
    /// `store_down`: it was not handled, since the store is down and it may
    /// have been handled before.
    StoreDown,
    /// `too_large`: its body is above the limit and was not read.
    TooLarge,
    /// `cut_off`: the connection ended before its body did.
    CutOff,
    /// `refused`: it could not be authenticated.
    Refused(Refusal),
    /// `unreadable`: it is authentic and cannot be read.
    Unreadable(Unreadable),
}

impl Outcome {
    /// The outcome as one word, for logs and metrics.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Handled => "handled",
            Self::HandledWithoutKey => "handled_without_key",
            Self::HandledWithoutStore => "handled_without_store",
            Self::HandledLate => "handled_late",
            Self::HandledUnmarked => "handled_unmarked",
            Self::Duplicate => "duplicate",
            Self::Skipped => "skipped",
            Self::Stored => "stored",
            Self::NotStored => "not_stored",
            Self::UnknownEntry => "unknown_entry",
            Self::InProgress => "in_progress",
            Self::Failed => "failed",
            Self::GivenUp => "given_up",
            Self::StoreDown => "store_down",
            Self::TooLarge => "too_large",
            Self::CutOff => "cut_off",
            Self::Refused(_) => "refused",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self {
            Self::Handled | Self::Stored => return f.write_str(self.as_str()),
            Self::HandledWithoutKey => "it has no deduplication key, so it may be a duplicate",
            Self::HandledWithoutStore => "the store is down, so it may be a duplicate",
            Self::HandledLate => "its lease expired, and another worker has taken it over",
            Self::HandledUnmarked => "the store is down and could not record it",
            Self::Duplicate => "it had already been handled",
            Self::Skipped => "it is not one of the events that were asked for",
            Self::NotStored => "it could not be stored now",
            Self::UnknownEntry => {
                "another gateway's, or authenticated in a way that this worker does not know"
            }
            Self::InProgress => "another worker is processing it",
            Self::Failed => "the handler failed",
            Self::GivenUp => "the handler gave up",
            Self::StoreDown => "the store is down, and it may have been handled before",
            Self::TooLarge => "its body is above the limit",
            Self::CutOff => "the connection ended before its body did",
            Self::Refused(refusal) => return write!(f, "refused: {refusal}"),
            Self::Unreadable(unreadable) => return write!(f, "unreadable: {unreadable}"),
        };
        write!(f, "{}: {why}", self.as_str())
    }
}

impl Answer {
    /// The delivery was handled, or durably stored, or is of no interest: 200.
    pub fn handled() -> Self {
        Self::ok(Outcome::Handled)
    }

    /// The delivery could not be handled now: 503, so that the gateway retries.
    /// A gateway that never retries after a status gets 200, since any other
    /// status would only count against this receiver; keeping the delivery is
    /// then up to the caller.
    pub fn failed(schedule: &RetrySchedule) -> Self {
        Self::again(schedule, Outcome::Failed)
    }

    /// The delivery will never be handled: 200, so that it is not retried.
    pub fn given_up() -> Self {
        Self::ok(Outcome::GivenUp)
    }

    /// The body is above the limit: 413, or 200 where the gateway would answer
    /// a 413 by sending the same body again.
    pub(crate) fn too_large(schedules: &[RetrySchedule]) -> Self {
        let refused = StatusCode::PAYLOAD_TOO_LARGE;
        let repeated = schedules.iter().any(|schedule| schedule.repeats_after(refused));
        let status = if repeated { StatusCode::OK } else { refused };
        Self { status, ..Self::ok(Outcome::TooLarge) }
    }

    /// Nothing is left for the gateway to do: 200.
    pub(crate) fn ok(outcome: Outcome) -> Self {
        Self {
            status: StatusCode::OK,
            retry_after: None,
            withheld: false,
            lost: false,
            outcome,
            error: None,
        }
    }

    /// The gateway should retry, if it retries at all.
    pub(crate) fn again(schedule: &RetrySchedule, outcome: Outcome) -> Self {
        let repeats = schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE);
        let status = if repeats { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        Self { status, ..Self::ok(outcome) }
    }

    /// The delivery was not stored, and the gateway has to send it again.
    pub(crate) fn not_stored(schedule: &RetrySchedule) -> Self {
        Self::sent_again(schedule, Outcome::NotStored)
    }

    /// The gateway has to send the delivery again. Where no status makes it do so there
    /// must be no answer.
    pub(crate) fn sent_again(schedule: &RetrySchedule, outcome: Outcome) -> Self {
        let withheld = schedule.attempts().is_none()
            && !schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE);
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { status, withheld, ..Self::ok(outcome) }
    }

    /// Of an entry of a queue: it is tried again, whatever the gateway would
    /// have done.
    pub(crate) fn unfinished(outcome: Outcome) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::ok(outcome) }
    }

    pub(crate) fn retry_in(self, delay: Duration) -> Self {
        Self { retry_after: Some(delay), ..self }
    }

    pub(crate) fn because(self, error: Arc<dyn Error + Send + Sync>) -> Self {
        Self { error: Some(error), ..self }
    }

    pub(crate) fn losing(self, lost: bool) -> Self {
        Self { lost, ..self }
    }

    /// The status to answer with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Whether the delivery is lost: it could not be handled, the gateway may not
    /// send it again, and there is no
    /// [`on_dead_letter`](crate::Consumer::on_dead_letter) hook that keeps it.
    pub fn is_lost(&self) -> bool {
        self.lost
    }

    /// Whether there must be **no answer**: the gateway sends a delivery until it
    /// has any, whatever its status, and this one is not stored yet. Close the
    /// connection without a byte; `accept_http`, `accept_actix` and the adapters of the
    /// examples do. With a framework that cannot, the delivery is lost.
    ///
    /// [`status`](Self::status) is then 503, for logs.
    pub fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// How long the gateway should wait before it retries, where that is known.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The same as the value of a `Retry-After` header: whole seconds, rounded
    /// up. For frameworks that cannot use the conversion to [`http::Response`].
    pub fn retry_after_seconds(&self) -> Option<u64> {
        let delay = self.retry_after?;
        Some(delay.as_secs().saturating_add(u64::from(delay.subsec_nanos() > 0)))
    }

    /// The outcome of the delivery.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The error of the handler or the store, if there was one. It is theirs
    /// and may contain message text, so be careful where you log it. For what was
    /// refused or cannot be read it is the [`Refusal`](crate::Refusal) or the
    /// [`Unreadable`](crate::Unreadable), which contain none.
    pub fn error(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match (&self.error, &self.outcome) {
            (Some(error), _) => Some(&**error),
            (None, Outcome::Refused(refusal)) => Some(refusal),
            (None, Outcome::Unreadable(unreadable)) => Some(unreadable),
            (None, _) => None,
        }
    }
}

/// The status and the outcome, as in `401, refused: missing_credential: …`. Does
/// not show the error of the handler or the store.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.withheld {
            true => write!(f, "no answer, {}", self.outcome),
            false => write!(f, "{}, {}", self.status.as_u16(), self.outcome),
        }
    }
}

impl fmt::Debug for Answer {
    /// Does not show the error of the handler or the store.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status.as_u16())
            .field("retry_after", &self.retry_after)
            .field("withheld", &self.withheld)
            .field("lost", &self.lost)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self { status: refusal.status(), ..Self::ok(Outcome::Refused(refusal)) }
    }
}

impl From<Unreadable> for Answer {
    fn from(unreadable: Unreadable) -> Self {
        Self { status: unreadable.status(), ..Self::ok(Outcome::Unreadable(unreadable)) }
    }
}

/// A [withheld](Answer::is_withheld) answer has no such form: it becomes 503. With the
/// feature `http-body` there is a body that withholds it, `AnswerBody`.
impl<B: Default> From<Answer> for http::Response<B> {
    fn from(answer: Answer) -> Self {
        answer.with_body(B::default())
    }
}

impl Answer {
    fn with_body<B>(&self, body: B) -> http::Response<B> {
        let mut response = http::Response::new(body);
        *response.status_mut() = self.status;
        if let Some(seconds) = self.retry_after_seconds() {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Cause;

    #[test]
    fn the_status_follows_from_outcome_and_schedule() {
        let repeats = RetrySchedule::configured(vec![Duration::from_secs(5)]);
        let never = RetrySchedule::until_answered(Duration::from_secs(3));
        let refusal = Refusal::from(Cause::NoPolicy);
        for (answer, status, outcome) in [
            (Answer::handled(), 200, "handled"),
            (Answer::failed(&repeats), 503, "failed"),
            (Answer::failed(&never), 200, "failed"),
            (Answer::given_up(), 200, "given_up"),
            (Answer::too_large(std::slice::from_ref(&repeats)), 200, "too_large"),
            (Answer::too_large(std::slice::from_ref(&never)), 413, "too_large"),
            (Answer::too_large(&[never.clone(), repeats.clone()]), 200, "too_large"),
            (Answer::from(refusal), 401, "refused"),
            (Answer::from(Unreadable::no_event("event")), 200, "unreadable"),
            (Answer::from(Refusal::from(Cause::Get)), 405, "refused"),
        ] {
            assert_eq!((answer.status().as_u16(), answer.outcome().as_str()), (status, outcome));
            let response: http::Response<()> = answer.into();
            assert_eq!(response.status(), status);
            assert!(response.headers().is_empty());
        }
    }

    #[test]
    fn an_answer_says_why() {
        let never = RetrySchedule::until_answered(Duration::from_secs(3));
        for (answer, shown, error) in [
            (Answer::handled(), "200, handled", None),
            (
                Answer::failed(&never)
                    .because(Arc::from(Box::<dyn Error + Send + Sync>::from("MARK"))),
                "200, failed: the handler failed",
                Some("MARK"),
            ),
            (
                Refusal::from(Cause::NoPeer).into(),
                "401, refused: network: the peer's address is not known (give it to the request \
                 with `Head::peer`)",
                Some(
                    "network: the peer's address is not known (give it to the request with \
                      `Head::peer`)",
                ),
            ),
            (
                Unreadable::no_event("event").into(),
                "200, unreadable: no_event: no text in `event` names the event",
                Some("no_event: no text in `event` names the event"),
            ),
            (Answer::not_stored(&never), "no answer, not_stored: it could not be stored now", None),
        ] {
            assert_eq!(answer.to_string(), shown);
            assert_eq!(answer.error().map(ToString::to_string).as_deref(), error);
        }
    }

    #[test]
    fn an_answer_is_withheld_only_where_every_answer_is_final() {
        let repeats = RetrySchedule::configured(vec![Duration::from_secs(5)]);
        let until_answered = RetrySchedule::until_answered(Duration::from_secs(3));
        let once = RetrySchedule::fixed(&[]);
        for (schedule, withheld) in [(&repeats, false), (&until_answered, true), (&once, false)] {
            let answer = Answer::not_stored(schedule);
            assert_eq!((answer.status().as_u16(), answer.is_withheld()), (503, withheld));
            assert_eq!(answer.outcome().as_str(), "not_stored");
        }
    }

    #[test]
    fn retry_after_is_whole_seconds() {
        let answer = Answer::handled().retry_in(Duration::from_millis(2001));
        let response: http::Response<()> = answer.into();
        assert_eq!(response.headers()[RETRY_AFTER], "3");
    }
}
