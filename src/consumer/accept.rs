//! Stored first, answered, worked on later: the door.

use std::error::Error as StdError;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Consumer;
use super::dead_letter::DeadLetterReason;
use super::failed::{Kept, age};
use super::seen::in_span;
use super::settings::Settings;
use crate::answer::{Answer, Outcome};
use crate::delivery::{Consumable, Stored};
use crate::event::{Recognition, Unreadable};
use crate::failure::Failure;
use crate::gateways::Gateway;
use crate::receiver::{NotReceived, Receiver};
use crate::request::Request;
use crate::tenants::Tenants;
use crate::timer::{caught, within};

/// In place of a store: see [`Door`].
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "it is made by its name")]
pub struct NoStore;

/// A receiver that stores first and answers then: what [`Receiver::door`] makes of
/// one. It needs no store, since it claims nothing; [`work`](Consumer::work) does.
///
/// ```
/// use zaphook::auth::TokenPlace;
/// use zaphook::{EazeWa, Failure, Receiver, Request, Stored, Token};
///
/// struct Inbox;
///
/// impl Inbox {
///     /// `Ok` once the queue has acknowledged that it keeps it.
///     async fn push(&self, entry: Stored) -> Result<(), Failure> {
///         let _row = serde_json::to_string(&entry)?;
///         Ok(())
///     }
/// }
///
/// # #[cfg(feature = "tokio")]
/// # async fn route(inbox: Inbox, request: Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let token = Token::new("9f2c51b7-5a0e-4d8e")?;
/// let door = Receiver::new(EazeWa::any_instance(TokenPlace::path(), token))
///     .door()
///     .timer(zaphook::TokioTimer);
///
/// let answer = door.accept(&request, |entry| inbox.push(entry)).await;
/// if answer.is_withheld() {
///     // Close the connection without a byte.
/// }
/// # Ok(())
/// # }
/// ```
pub type Door<R> = Consumer<R, NoStore>;

/// The first pause between two pushes.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest one.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

type Pushing<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// What hands an entry over, without its types: compiled once, in this crate.
type Push<'a> = dyn Fn(Stored) -> Pushing<'a> + Send + Sync + 'a;

impl<G: Gateway> Receiver<G> {
    /// As a [`Door`], with settings of its own.
    pub fn door(self) -> Door<Self> {
        Consumer::new(self, NoStore)
    }
}

impl<G: Gateway> Tenants<G> {
    /// As a [`Door`], with settings of its own.
    pub fn door(self) -> Door<Self> {
        Consumer::new(self, NoStore)
    }
}

impl<G: Gateway, S> Consumer<Receiver<G>, S> {
    /// Stores first and answers then: authenticates, reads, hands the delivery to
    /// `push`, and says what to answer. Nothing is claimed and no store is asked:
    /// copies of a delivery are pushed each, and whoever [works](Consumer::work) on
    /// them later finds the second one done.
    ///
    /// `push` writes the entry into a queue or a table. Its `Ok` means that **the
    /// engine has acknowledged it, and keeps it**.
    ///
    /// | | status | outcome |
    /// |---|---|---|
    /// | pushed | 200 | `stored` |
    /// | authentic and unreadable, pushed all the same | 200 | `unreadable` |
    /// | not one that was asked for by [`only`](Receiver::only) | 200, not pushed | `skipped` |
    /// | not pushed | 503; none where no status is retried | `not_stored` |
    /// | `push` gave up ([`Failure::give_up`]) | 200, and a dead letter | `given_up` |
    /// | not authentic | 401, not pushed | `refused` |
    ///
    /// Where the gateway takes any answer for the end of a delivery (eazeWA), a push
    /// that failed is repeated with growing pauses, for as long as
    /// [`hold`](Consumer::hold) says, and after that the answer is to be
    /// [withheld](Answer::is_withheld): the gateway then sends the delivery again.
    /// That takes a [`timer`](Consumer::timer); without one a single failure
    /// withholds the answer.
    ///
    /// Where the gateway's attempts end within five minutes (Wawp, WAHA), or this may
    /// be the last of them, what could not be pushed is a dead letter
    /// ([`DeadLetterReason::NotStored`]) as well: append it to a file, and push it
    /// from there.
    ///
    /// With a timer a push is given up after
    /// [`push_within`](Consumer::push_within). It may be done all the same, and the
    /// copy that comes then is found done by who works on it.
    ///
    /// A `push` that panics has failed. Dropping the future claims nothing: what was
    /// not answered the gateway sends again. So there is no need to let it outlive
    /// its caller.
    pub async fn accept<F, Fut>(&self, request: &Request<'_>, push: F) -> Answer
    where
        F: Fn(Stored) -> Fut + Send + Sync,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.accept_taken(self.receiver.take(request), push).await
    }
}

impl<G: Gateway, S> Consumer<Tenants<G>, S> {
    /// As [`accept`](Consumer::accept), for the account whose policy it is: see
    /// [`Tenants::receive_for`].
    pub async fn accept_for<F, Fut>(
        &self,
        account: &str,
        policy: &G,
        request: &Request<'_>,
        push: F,
    ) -> Answer
    where
        F: Fn(Stored) -> Fut + Send + Sync,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.accept_taken(self.receiver.take_for(account, policy, request), push).await
    }
}

impl<R, S> Consumer<R, S> {
    pub(crate) fn accept_taken<D, F, Fut>(
        &self,
        taken: Result<D, NotReceived>,
        push: F,
    ) -> impl Future<Output = Answer> + Send
    where
        D: Consumable,
        F: Fn(Stored) -> Fut + Send + Sync,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let settings = self.settings.clone();
        async move { settings.accept(taken, &|entry| -> Pushing<'_> { Box::pin(push(entry)) }).await }
    }
}

impl Settings {
    async fn accept<D: Consumable>(
        &self,
        taken: Result<D, NotReceived>,
        push: &Push<'_>,
    ) -> Answer {
        // Where the answer can be withheld, the gateway keeps it.
        if !Answer::not_stored(&self.schedule).is_withheld() {
            self.warn_without_hook();
        }
        let (seen, answer, entry) = match taken {
            Err(NotReceived::Refused(refusal)) => (self.see_request(), refusal.into(), None),
            Err(NotReceived::Unreadable(unreadable, stored)) => {
                let kept = kept(*stored, None);
                (self.see_request(), unreadable.into(), Some((kept, Some(unreadable))))
            }
            Ok(delivery) => {
                let seen = self.see(&delivery);
                if delivery.recognition() == Recognition::Skipped {
                    (seen, Answer::ok(Outcome::Skipped), None)
                } else {
                    let kept = kept(delivery.to_stored(), age(&delivery));
                    (seen, Answer::ok(Outcome::Stored), Some((kept, None)))
                }
            }
        };
        let answer = match entry {
            None => answer,
            Some((kept, unreadable)) => {
                in_span(&seen, pin!(self.store(answer, &kept, unreadable, push))).await
            }
        };
        self.tell(seen, &answer);
        answer
    }

    /// Pushes until it is stored, or until that is left to the gateway.
    async fn store(
        &self,
        stored: Answer,
        kept: &Kept,
        unreadable: Option<Unreadable>,
        push: &Push<'_>,
    ) -> Answer {
        let failed = Answer::not_stored(&self.schedule);
        let (mut pause, mut limit) = (PAUSE, self.push_within);
        // By what was slept and by the clock, whichever is longer.
        let mut left = self.hold;
        loop {
            let pushed = {
                let pushing = pin!(async { push(kept.stored.clone()).await });
                let pushing = pin!(caught(pushing));
                match &self.timer {
                    Some(timer) => within(&**timer, limit, pushing).await,
                    None => Some(pushing.await),
                }
            };
            let failure = match pushed {
                Some(Some(Ok(()))) => return stored,
                Some(Some(Err(failure))) => failure,
                Some(None) => Failure::retry("the push panicked"),
                None => Failure::retry("the push took too long"),
            };
            if !failure.again {
                return self.give_up(kept, failure.error).await;
            }
            let error: Arc<dyn StdError + Send + Sync> = failure.error.into();
            left = left.min(self.hold.saturating_sub(kept.started.elapsed()));
            match &self.timer {
                Some(timer) if failed.is_withheld() && !left.is_zero() => {
                    let nap = pause.min(left);
                    timer.sleep(nap).await;
                    left = left.saturating_sub(nap);
                    pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
                    // What the engine is too slow for the first time may be large.
                    limit = limit.saturating_mul(2);
                }
                _ => {
                    let reason = match unreadable {
                        Some(unreadable) => DeadLetterReason::Unreadable(unreadable),
                        None => DeadLetterReason::NotStored,
                    };
                    let because = Some(Arc::clone(&error));
                    let lost = !failed.is_withheld()
                        && !self.outlasts_an_outage(kept)
                        && self.dead_delivery(reason, kept, because).await;
                    return failed.because(error).losing(lost);
                }
            }
        }
    }
}

fn kept(stored: Stored, age: Option<Duration>) -> Kept {
    Kept { started: Instant::now(), age, stored }
}
