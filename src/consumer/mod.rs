//! How one request is handled to the end: claimed, handled, completed,
//! answered.

mod accept;
mod dead_letter;
mod failed;
mod observed;
mod seen;
mod settings;
mod verdict;
mod waiting;
#[cfg(any(feature = "actix-web", feature = "http-body"))]
mod web;
mod work;

use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::StatusCode;

use crate::answer::{Answer, Outcome};
use crate::auth::Refusal;
use crate::delivery::{Consumable, Delivery};
use crate::event::Recognition;
use crate::failure::Failure;
use crate::gateways::Gateway;
use crate::idempotency::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::receiver::{NotReceived, Receiver, Receives};
use crate::request::{Head, Request};
use crate::tenants::Tenants;
use crate::timer::{Timer, beside, breathe, caught};

pub use accept::{Door, NoStore};
pub use dead_letter::{DeadLetter, DeadLetterReason};
use failed::{Counted, Kept, age};
pub use observed::Observation;
use seen::in_span;
use settings::Settings;
pub use settings::StoreDown;
pub use verdict::{Entry, Verdict};
use waiting::{Fate, Place, Waiting};

/// How often a held duplicate checks whether it can proceed.
const ASK_EVERY: Duration = Duration::from_millis(250);

/// Handles each event once, as far as its store remembers. Made from a receiver
/// by [`Receiver::with_store`].
///
/// It receives a request, claims the event, calls the handler if the event is
/// new, marks it as done, and tells what to answer. Settings that you leave out
/// follow from the gateway's retry schedule.
///
/// Clones share the store and the list of waiting duplicates.
///
/// ```
/// use zaphook::{Consumer, EnviaAi, MemoryStore, Receiver, Request, Secret};
///
/// # async fn save(_: zaphook::Delivery<EnviaAi>) -> Result<(), zaphook::Failure> { Ok(()) }
/// # async fn route(request: Request<'_>) -> Result<(), Box<dyn std::error::Error>> {
/// let consumer: Consumer<Receiver<EnviaAi>, MemoryStore> =
///     Receiver::new(EnviaAi::signed(Secret::new("whs_4fd0a6c2")?))
///         .with_store(MemoryStore::new());
///
/// let answer = consumer
///     .handle(&request, |delivery| async move { save(delivery).await })
///     .await;
/// let response: http::Response<String> = answer.into();
/// # Ok(())
/// # }
/// ```
pub struct Consumer<R, S> {
    receiver: R,
    store: Arc<S>,
    settings: Settings,
}

impl<R: Clone, S> Clone for Consumer<R, S> {
    fn clone(&self) -> Self {
        let (receiver, store) = (self.receiver.clone(), Arc::clone(&self.store));
        Self { receiver, store, settings: self.settings.clone() }
    }
}

impl<R: fmt::Debug, S> fmt::Debug for Consumer<R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Consumer")
            .field("receiver", &self.receiver)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<G: Gateway> Receiver<G> {
    /// With a store, each event is handled once: see [`Consumer`].
    pub fn with_store<S: IdempotencyStore>(self, store: S) -> Consumer<Self, S> {
        Consumer::new(self, store)
    }
}

impl<G: Gateway> Tenants<G> {
    /// With a store, each event is handled once: see [`Consumer`].
    pub fn with_store<S: IdempotencyStore>(self, store: S) -> Consumer<Self, S> {
        Consumer::new(self, store)
    }
}

impl<G: Gateway, S: IdempotencyStore> Consumer<Receiver<G>, S> {
    /// Does everything: authenticates, parses, claims, calls the handler,
    /// completes, and tells what to answer.
    ///
    /// The handler's `Ok` means **done or durably stored**; the answer waits
    /// for it. The handler runs for events that are new, as far as the store
    /// knows, and for those without a deduplication key.
    ///
    /// | | status | outcome |
    /// |---|---|---|
    /// | handled | 200 | `handled` |
    /// | handled before | 200 | `duplicate` |
    /// | not one that was asked for by [`only`](Receiver::only) | 200 | `skipped` |
    /// | another worker is processing it | 503 with `Retry-After`; held where the gateway would not retry | `in_progress` |
    /// | the handler failed | 503; 200 where no status is retried | `failed` |
    /// | the handler gave up | 200 | `given_up` |
    /// | nothing tells it apart | 200 | `handled_without_key` |
    /// | the store is down | 503, or handled and 200 | `store_down`, `handled_without_store` |
    /// | handled, and taken over meanwhile | 200 | `handled_late` |
    /// | not authentic | 401 | `refused` |
    /// | authentic, unreadable | 200 | `unreadable` |
    ///
    /// Dropping the future is like a crash: the event stays claimed until its
    /// lease ends, and the next attempt after that gets it. Run it in its own
    /// task if your framework drops it when the client disconnects. For a
    /// gateway that retries after no status at all, every copy of a delivery is
    /// held until the outcome of the event is known: one of them takes over if
    /// need be, and the others are not answered before it is.
    ///
    /// A handler that panics has failed, as with [`Failure::retry`]. So has one
    /// whose `complete_in` was rolled back, whatever it returned. A hook that
    /// panics counts as finished.
    pub async fn handle<F, Fut>(&self, request: &Request<'_>, handler: F) -> Answer
    where
        F: FnOnce(Delivery<G>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receiver.take(request) {
            Ok(delivery) => self.handle_received(delivery, handler).await,
            Err(not_received) => self.not_received(not_received).await,
        }
    }
}

impl<G: Gateway, S: IdempotencyStore> Consumer<Tenants<G>, S> {
    /// As [`handle`](Consumer::handle), for one account and its policy: see
    /// [`Tenants::receive_for`].
    pub async fn handle_for<F, Fut>(
        &self,
        account: &str,
        policy: &G,
        request: &Request<'_>,
        handler: F,
    ) -> Answer
    where
        F: FnOnce(Delivery<G>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receiver.take_for(account, policy, request) {
            Ok(delivery) => self.handle_received(delivery, handler).await,
            Err(not_received) => self.not_received(not_received).await,
        }
    }
}

impl<R: Receives, S> Consumer<R, S> {
    pub(crate) fn new(receiver: R, store: S) -> Self {
        let settings = Settings::new(receiver.gateway(), receiver.retries());
        Self { receiver, store: Arc::new(store), settings }
    }

    /// The receiver or tenants it was made from.
    pub fn receiver(&self) -> &R {
        &self.receiver
    }

    /// The gateway's name: [`Gateway::NAME`].
    pub fn gateway(&self) -> &'static str {
        self.receiver.gateway()
    }

    /// As [`Receiver::body_limit`].
    pub fn body_limit(&self) -> usize {
        self.receiver.body_limit()
    }

    /// As [`Receiver::too_large`].
    pub fn too_large(&self) -> Answer {
        Answer::too_large(self.receiver.retries())
    }

    /// As [`Receiver::screen`].
    ///
    /// # Errors
    ///
    /// The refusal that [`Receiver::receive`] would return as well.
    pub fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.receiver.screen(head)
    }
}

impl<R: Receives, S: IdempotencyStore> Consumer<R, S> {
    pub(crate) async fn not_received(&self, not_received: NotReceived) -> Answer {
        self.settings.warn_without_hook();
        let seen = self.settings.see_request();
        let answer = match not_received {
            NotReceived::Refused(refusal) => refusal.into(),
            NotReceived::Unreadable(unreadable, stored) => {
                let reason = DeadLetterReason::Unreadable(unreadable);
                let kept = self.settings.dead_letter(reason, *stored, None);
                Answer::from(unreadable).losing(in_span(&seen, pin!(kept)).await)
            }
        };
        self.settings.tell(seen, &answer);
        answer
    }

    /// As [`handle`](Consumer::handle), for a delivery that has already been
    /// received.
    pub async fn handle_received<F, Fut>(&self, delivery: R::Delivery, handler: F) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.settings.warn_without_hook();
        let seen = self.settings.see(&delivery);
        let answer = in_span(&seen, pin!(self.handle_once(delivery, handler))).await;
        self.settings.tell(seen, &answer);
        answer
    }

    async fn handle_once<F, Fut>(&self, delivery: R::Delivery, handler: F) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        if delivery.recognition() == Recognition::Skipped {
            return Answer::ok(Outcome::Skipped);
        }
        let work = Work { started: Instant::now(), delivery, handler };
        let Some(key) = work.delivery.key() else {
            return Box::pin(self.run_unprotected(work, Outcome::HandledWithoutKey, None)).await;
        };
        match self.claim(&key).await {
            Ok(Claim::Acquired { ticket, attempt, since_first }) => {
                self.run(work, ticket, Counted { attempt, since_first }).await
            }
            Ok(Claim::Done) => Answer::ok(Outcome::Duplicate),
            Ok(Claim::InProgress { retry_after }) => {
                Box::pin(self.wait(work, key, retry_after)).await
            }
            Err(error) => Box::pin(self.without_store(work, error)).await,
        }
    }

    async fn claim(&self, key: &Key) -> Result<Claim, S::Error> {
        self.store.claim(key, self.settings.lease, self.settings.retention).await
    }

    /// Another worker owns the event. If the gateway retries this delivery, it
    /// can be answered; if not, it is held until the outcome of the other one
    /// is known.
    async fn wait<F, Fut>(
        &self,
        work: Work<R::Delivery, F>,
        key: Key,
        retry_after: Duration,
    ) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let busy = Answer::again(&self.settings.schedule, Outcome::InProgress);
        let busy = if busy.status() == StatusCode::OK { busy } else { busy.retry_in(retry_after) };
        let kept = work.kept();
        if self.settings.is_retried(&kept, Counted::default()) {
            return busy;
        }
        if let Some(timer) = &self.settings.timer {
            let waiting = match Waiting::enter(&self.settings.waiting, &key) {
                Ok(waiting) => waiting,
                Err(place) => {
                    // It has all that this one has.
                    drop((work, kept));
                    return self.stand_by(&**timer, &key, place, busy).await;
                }
            };
            // By what was slept and by the clock, whichever is longer: asking
            // takes time as well.
            let mut left = self.settings.hold;
            while !left.is_zero() {
                let nap = ASK_EVERY.min(left);
                timer.sleep(nap).await;
                let by_clock = self.settings.hold.saturating_sub(kept.started.elapsed());
                left = left.saturating_sub(nap).min(by_clock);
                match self.claim(&key).await {
                    Ok(Claim::Acquired { ticket, attempt, since_first }) => {
                        waiting.leave();
                        let counted = Counted { attempt, since_first };
                        let answer = self.run(work, ticket, counted).await;
                        waiting.answered();
                        return answer;
                    }
                    Ok(Claim::Done) => {
                        waiting.answered();
                        return Answer::ok(Outcome::Duplicate);
                    }
                    // A store that is down may be up again before the time is.
                    Ok(Claim::InProgress { .. }) | Err(_) => {}
                }
            }
            let lost = self.settings.dead_delivery(DeadLetterReason::InProgress, &kept, None).await;
            waiting.answered();
            return busy.losing(lost);
        }
        let lost = self.settings.dead_delivery(DeadLetterReason::InProgress, &kept, None).await;
        busy.losing(lost)
    }

    /// A copy beyond the first one that waits: any answer would end the
    /// gateway's attempts, so there is none before the outcome of the event is
    /// known. It has nothing left to handle the event with.
    async fn stand_by(
        &self,
        timer: &dyn Timer,
        key: &Key,
        mut place: Arc<Place>,
        busy: Answer,
    ) -> Answer {
        loop {
            timer.sleep(ASK_EVERY).await;
            breathe().await;
            match place.fate() {
                Fate::Open => continue,
                Fate::Answered => return busy,
                Fate::Dropped => {}
            }
            if let Some(next) = Waiting::at(&self.settings.waiting, key) {
                place = next;
                continue;
            }
            match self.claim(key).await {
                Ok(Claim::Done) => return Answer::ok(Outcome::Duplicate),
                // Nobody works on it. That is for a further copy: one comes, as
                // long as this one is not answered.
                Ok(Claim::Acquired { ticket, .. }) => {
                    let _ = self.store.release(&ticket).await;
                }
                Ok(Claim::InProgress { .. }) | Err(_) => {}
            }
        }
    }

    async fn without_store<F, Fut>(&self, work: Work<R::Delivery, F>, error: S::Error) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let error: Arc<dyn StdError + Send + Sync> = Arc::new(error);
        match self.settings.store_down {
            StoreDown::RunUnprotected => {
                self.run_unprotected(work, Outcome::HandledWithoutStore, Some(error)).await
            }
            StoreDown::Refuse => {
                let kept = work.kept();
                let because = Some(Arc::clone(&error));
                let reason = DeadLetterReason::StoreDown;
                let lost = !self.settings.is_retried(&kept, Counted::default())
                    && self.settings.dead_delivery(reason, &kept, because).await;
                Answer::again(&self.settings.schedule, Outcome::StoreDown)
                    .because(error)
                    .losing(lost)
            }
        }
    }

    async fn run<F, Fut>(
        &self,
        work: Work<R::Delivery, F>,
        ticket: Ticket,
        counted: Counted,
    ) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let kept = work.kept();
        let Work { delivery, handler, .. } = work;
        let ticket = Arc::new(ticket);
        let delivery = delivery.under(Arc::clone(&ticket), counted.attempt);
        let handled = {
            let work = pin!(async move { handler(delivery).await });
            self.owning(&ticket, pin!(handled(work))).await
        };
        match self.complete(&ticket, handled, self.settings.retention).await {
            Ok(Ok(Settled::Applied)) => Answer::handled(),
            Ok(Ok(Settled::Lost)) => Answer::ok(Outcome::HandledLate),
            Ok(Err(error)) => Answer::ok(Outcome::HandledUnmarked).because(Arc::new(error)),
            Err(Failure { again: false, error }) => {
                // First saved, then marked: a crash in between repeats it.
                let given_up = Box::pin(self.settings.give_up(&kept, error));
                let answer = self.owning(&ticket, pin!(given_up)).await;
                // If it cannot be marked, it is given up once more.
                let _ = self.store.complete(&ticket, self.settings.retention).await;
                answer
            }
            Err(Failure { again: true, error }) => {
                // Someone who holds the same delivery takes it from here.
                let waiting = Waiting::at(&self.settings.waiting, ticket.key());
                let failed = self.settings.failed(&kept, counted, error, waiting.is_some());
                let answer = self.owning(&ticket, pin!(Box::pin(failed))).await;
                // If it cannot be released, its lease ends.
                let _ = self.store.release(&ticket).await;
                drop(kept);
                match (waiting, &self.settings.timer) {
                    // An answer after which nothing comes has to wait for theirs.
                    (Some(place), Some(timer)) if answer.status() == StatusCode::OK => {
                        Box::pin(self.stand_by(&**timer, ticket.key(), place, answer)).await
                    }
                    _ => answer,
                }
            }
        }
    }

    /// Completes what was handled. Where the handler has done so in a transaction of its
    /// own, that was rolled back if the claim is still there.
    async fn complete(
        &self,
        ticket: &Ticket,
        handled: Result<(), Failure>,
        retention: Duration,
    ) -> Result<Result<Settled, S::Error>, Failure> {
        handled?;
        if !ticket.is_marked_completed() {
            return Ok(self.store.complete(ticket, retention).await);
        }
        match self.store.extend(ticket, self.settings.lease).await {
            Ok(Settled::Applied) => {
                let error = "the transaction that completed the event was rolled back";
                Err(Failure::retry(error))
            }
            Ok(Settled::Lost) => Ok(Ok(Settled::Applied)),
            Err(error) => Ok(Err(error)),
        }
    }

    /// Does something under the claim, which is extended meanwhile if there is
    /// a timer.
    async fn owning<F: Future + Send>(&self, ticket: &Ticket, work: Pin<&mut F>) -> F::Output {
        match &self.settings.timer {
            Some(timer) => beside(work, pin!(self.keep_extending(&**timer, ticket))).await,
            None => work.await,
        }
    }

    async fn run_unprotected<F, Fut>(
        &self,
        work: Work<R::Delivery, F>,
        outcome: Outcome,
        store: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> Answer
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let kept = work.kept();
        let Work { delivery, handler, .. } = work;
        match handled(pin!(async move { handler(delivery).await })).await {
            Ok(()) => match store {
                Some(error) => Answer::ok(outcome).because(error),
                None => Answer::ok(outcome),
            },
            Err(Failure { again: false, error }) => self.settings.give_up(&kept, error).await,
            Err(Failure { again: true, error }) => {
                self.settings.failed(&kept, Counted::default(), error, false).await
            }
        }
    }

    /// Extends the claim for as long as its handler runs.
    async fn keep_extending(&self, timer: &dyn Timer, ticket: &Ticket) -> Infallible {
        let lease = self.settings.lease;
        let third = lease.checked_div(3).unwrap_or(lease).max(Duration::from_millis(1));
        loop {
            timer.sleep(third).await;
            breathe().await;
            match self.store.extend(ticket, lease).await {
                // A store that is down may be up again before the lease ends.
                Ok(Settled::Applied) | Err(_) => {}
                // Nothing is left to extend; completing will say so.
                Ok(Settled::Lost) => std::future::pending().await,
            }
        }
    }
}

/// The handler's result; a panic is a failure like any other.
async fn handled<F>(work: Pin<&mut F>) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>>,
{
    caught(work).await.unwrap_or_else(|| Err(Failure::retry("the handler panicked")))
}

/// A delivery and who is to handle it.
struct Work<D, F> {
    started: Instant,
    delivery: D,
    handler: F,
}

impl<D: Consumable, F> Work<D, F> {
    fn kept(&self) -> Kept {
        Kept { started: self.started, age: age(&self.delivery), stored: self.delivery.to_stored() }
    }
}
