//! The way of one request to the end: claimed, handled, completed, answered.

mod observed;
mod settings;
mod unsaved;

use std::collections::HashSet;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::StatusCode;

use crate::answer::{Answer, Outcome};
use crate::delivery::{Delivery, Stored};
use crate::event::Recognition;
use crate::failure::Failure;
use crate::gateways::Gateway;
use crate::idempotency::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::receiver::{Error, Receiver};
use crate::request::Request;
use crate::timer::{Timer, beside, caught};

pub use observed::Observation;
use observed::in_span;
pub(crate) use settings::Handling;
pub use settings::StoreDown;
pub use unsaved::{Unsaved, UnsavedReason};

/// How often a held duplicate asks whether its turn has come.
const ASK_EVERY: Duration = Duration::from_millis(250);

impl<G: Gateway, S: IdempotencyStore> Receiver<G, S> {
    /// The whole way: authenticates, reads, claims, hands over, completes, and
    /// says what to answer.
    ///
    /// The handler's `Ok` means **done or durably stored**; the answer waits
    /// for it. It runs for events that are new, as far as the store knows, and
    /// for those that carry nothing to tell them apart by.
    ///
    /// | | status | outcome |
    /// |---|---|---|
    /// | handled | 200 | `handled` |
    /// | handled before | 200 | `duplicate` |
    /// | not one that was asked for by [`only`](Self::only) | 200 | `skipped` |
    /// | somebody else is handling it | 503 with `Retry-After`; held where it would not come again | `in_progress` |
    /// | the handler failed | 503; 200 where no status is repeated | `failed` |
    /// | the handler gave up | 200 | `given_up` |
    /// | nothing tells it apart | 200 | `handled_without_key` |
    /// | the store is down | 503, or handled and 200 | `store_down`, `handled_without_store` |
    /// | handled, and taken over meanwhile | 200 | `handled_late` |
    /// | not authentic | 401 | `refused` |
    /// | authentic, unreadable | 200 | `unreadable` |
    ///
    /// Dropping the future is like a crash: the event stays claimed until its
    /// lease ends, and the next attempt after that gets it. Run it in a task
    /// of its own where a caller who hangs up would drop it. For a gateway that
    /// repeats after no status that is a must: the copies of a delivery are
    /// answered 200 while one of them waits, and then no attempt comes.
    ///
    /// A handler that panics has failed, as by [`Failure::retry`].
    pub async fn handle<F, Fut>(&self, request: &Request<'_>, handler: F) -> Answer
    where
        F: FnOnce(Delivery<G>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.handle_boxed(request, |delivery| handler(*delivery)).await
    }

    /// As [`handle`](Self::handle), by another policy than the receiver's own.
    pub async fn handle_with<F, Fut>(&self, policy: &G, request: &Request<'_>, handler: F) -> Answer
    where
        F: FnOnce(Delivery<G>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receive_with(policy, request).map(Box::new) {
            Ok(delivery) => self.handle_seen(delivery, |delivery| handler(*delivery)).await,
            Err(error) => self.not_received(request, error).await,
        }
    }

    /// The delivery is boxed on its way: it is passed on often, and a large
    /// future costs whoever moves it.
    pub(crate) async fn handle_boxed<F, Fut>(&self, request: &Request<'_>, handler: F) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        match self.receive(request).map(Box::new) {
            Ok(delivery) => self.handle_seen(delivery, handler).await,
            Err(error) => self.not_received(request, error).await,
        }
    }

    async fn not_received(&self, request: &Request<'_>, error: Error) -> Answer {
        let seen = self.handling.see_request();
        if let Error::Unreadable(unreadable) = error {
            let reason = UnsavedReason::Unreadable(unreadable);
            let saved = self.unsaved(reason, request.body().clone(), None, None);
            in_span(&seen, saved).await;
        }
        let answer = error.into();
        self.handling.tell(seen, &answer);
        answer
    }

    /// As [`handle`](Self::handle), for a delivery that was already received.
    pub async fn handle_received<F, Fut>(&self, delivery: Delivery<G>, handler: F) -> Answer
    where
        F: FnOnce(Delivery<G>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        self.handle_seen(Box::new(delivery), |delivery| handler(*delivery)).await
    }

    async fn handle_seen<F, Fut>(&self, delivery: Box<Delivery<G>>, handler: F) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let seen = self.handling.see(&delivery);
        let answer = in_span(&seen, self.handle_once(delivery, handler)).await;
        self.handling.tell(seen, &answer);
        answer
    }

    async fn handle_once<F, Fut>(&self, delivery: Box<Delivery<G>>, handler: F) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        if delivery.recognition() == Recognition::Skipped {
            return Answer::ok(Outcome::Skipped);
        }
        let work = Work { started: Instant::now(), delivery, handler };
        let Some(key) = work.delivery.key() else {
            return self.run_unprotected(work, Outcome::HandledWithoutKey, None).await;
        };
        match self.claim(&key).await {
            Ok(Claim::Acquired { ticket, attempt }) => self.run(work, ticket, attempt).await,
            Ok(Claim::Done) => Answer::ok(Outcome::Duplicate),
            Ok(Claim::InProgress { retry_after }) => self.wait(work, key, retry_after).await,
            Err(error) => self.without_store(work, error).await,
        }
    }

    async fn claim(&self, key: &Key) -> Result<Claim, S::Error> {
        self.store.claim(key, self.handling.lease, self.handling.retention).await
    }

    /// Somebody else owns the event. If this delivery comes again, it can go;
    /// if not, it is kept until it is known what became of the other one.
    async fn wait<F, Fut>(&self, work: Work<G, F>, key: Key, retry_after: Duration) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let busy = Answer::again(&self.handling.schedule, Outcome::InProgress);
        let busy = if busy.status() == StatusCode::OK { busy } else { busy.retry_in(retry_after) };
        let kept = work.kept();
        if self.comes_again(&kept, None) {
            return busy;
        }
        if let Some(timer) = &self.handling.timer {
            // One that waits is enough: it has all that the others have.
            let Some(waiting) = Waiting::enter(&self.handling.waiting, &key) else {
                return busy;
            };
            // By what was slept and by the clock, whichever is longer: asking
            // takes time as well.
            let mut left = self.handling.hold;
            while !left.is_zero() {
                let nap = ASK_EVERY.min(left);
                timer.sleep(nap).await;
                let by_clock = self.handling.hold.saturating_sub(kept.started.elapsed());
                left = left.saturating_sub(nap).min(by_clock);
                match self.claim(&key).await {
                    Ok(Claim::Acquired { ticket, attempt }) => {
                        drop(waiting);
                        return self.run(work, ticket, attempt).await;
                    }
                    Ok(Claim::Done) => return Answer::ok(Outcome::Duplicate),
                    // A store that is down may be up again before the time is.
                    Ok(Claim::InProgress { .. }) | Err(_) => {}
                }
            }
        }
        self.unsaved_delivery(UnsavedReason::InProgress, &kept, None).await;
        busy
    }

    async fn without_store<F, Fut>(&self, work: Work<G, F>, error: S::Error) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let error: Arc<dyn StdError + Send + Sync> = Arc::new(error);
        match self.handling.store_down {
            StoreDown::RunUnprotected => {
                self.run_unprotected(work, Outcome::HandledWithoutStore, Some(error)).await
            }
            StoreDown::Refuse => {
                let kept = work.kept();
                if !self.comes_again(&kept, None) {
                    let error = Arc::clone(&error);
                    self.unsaved_delivery(UnsavedReason::StoreDown, &kept, Some(error)).await;
                }
                Answer::again(&self.handling.schedule, Outcome::StoreDown).because(error)
            }
        }
    }

    async fn run<F, Fut>(&self, work: Work<G, F>, ticket: Ticket, attempt: Option<u32>) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let kept = work.kept();
        let Work { mut delivery, handler, .. } = work;
        let ticket = Arc::new(ticket);
        delivery.is_under(Arc::clone(&ticket), attempt);
        let handled = caught(async move { handler(delivery).await });
        match self.owning(&ticket, handled).await {
            Ok(()) => match self.store.complete(&ticket, self.handling.retention).await {
                Ok(Settled::Yes) => Answer::handled(),
                // It was, in the transaction that did the work.
                Ok(Settled::Lost) if ticket.is_marked_completed() => Answer::handled(),
                Ok(Settled::Lost) => Answer::ok(Outcome::HandledLate),
                Err(error) => Answer::ok(Outcome::HandledUnmarked).because(Arc::new(error)),
            },
            Err(Failure { again: false, error }) => {
                // First saved, then marked: a crash in between repeats it.
                let answer = self.owning(&ticket, self.give_up(&kept, error)).await;
                // If it cannot be marked, it is given up once more.
                let _ = self.store.complete(&ticket, self.handling.retention).await;
                answer
            }
            Err(Failure { again: true, error }) => {
                // Somebody who holds the same delivery takes it from here.
                let taken_over = Waiting::is_in(&self.handling.waiting, ticket.key());
                let failed = self.failed(&kept, attempt, error, taken_over);
                let answer = self.owning(&ticket, failed).await;
                // If it cannot be released, its lease ends.
                let _ = self.store.release(&ticket).await;
                answer
            }
        }
    }

    /// Does something under the claim, which lives as long where there is a
    /// timer.
    async fn owning<T>(&self, ticket: &Ticket, work: impl Future<Output = T> + Send) -> T {
        match &self.handling.timer {
            Some(timer) => beside(work, self.keep_extending(&**timer, ticket)).await,
            None => work.await,
        }
    }

    async fn run_unprotected<F, Fut>(
        &self,
        work: Work<G, F>,
        outcome: Outcome,
        store: Option<Arc<dyn StdError + Send + Sync>>,
    ) -> Answer
    where
        F: FnOnce(Box<Delivery<G>>) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let kept = work.kept();
        let Work { delivery, handler, .. } = work;
        match caught(async move { handler(delivery).await }).await {
            Ok(()) => match store {
                Some(error) => Answer::ok(outcome).because(error),
                None => Answer::ok(outcome),
            },
            Err(Failure { again: false, error }) => self.give_up(&kept, error).await,
            Err(Failure { again: true, error }) => self.failed(&kept, None, error, false).await,
        }
    }

    async fn give_up(&self, kept: &Kept, error: Box<dyn StdError + Send + Sync>) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        self.unsaved_delivery(UnsavedReason::GivenUp, kept, Some(Arc::clone(&error))).await;
        Answer::given_up().because(error)
    }

    async fn failed(
        &self,
        kept: &Kept,
        attempt: Option<u32>,
        error: Box<dyn StdError + Send + Sync>,
        taken_over: bool,
    ) -> Answer {
        let error: Arc<dyn StdError + Send + Sync> = error.into();
        if !taken_over && !self.comes_again(kept, attempt) {
            self.unsaved_delivery(UnsavedReason::Failed, kept, Some(Arc::clone(&error))).await;
        }
        Answer::failed(&self.handling.schedule).because(error)
    }

    /// Whether the gateway will send the delivery again if it is told to.
    fn comes_again(&self, kept: &Kept, attempt: Option<u32>) -> bool {
        let schedule = &self.handling.schedule;
        let counted = attempt.and_then(|attempt| usize::try_from(attempt).ok());
        let all_used = match (counted, schedule.attempts()) {
            (Some(counted), Some(attempts)) => counted >= attempts,
            _ => false,
        };
        let by_time = match kept.age {
            Some(age) => !schedule.may_be_last(age.saturating_add(kept.started.elapsed())),
            // The number of attempts is all there is to go by.
            None => counted.is_some(),
        };
        schedule.repeats_after(StatusCode::SERVICE_UNAVAILABLE) && !all_used && by_time
    }

    /// Lets the claim live as long as its handler does.
    async fn keep_extending(&self, timer: &dyn Timer, ticket: &Ticket) -> Infallible {
        let lease = self.handling.lease;
        let third = lease.checked_div(3).unwrap_or(lease).max(Duration::from_millis(1));
        loop {
            timer.sleep(third).await;
            match self.store.extend(ticket, lease).await {
                // A store that is down may be up again before the lease ends.
                Ok(Settled::Yes) | Err(_) => {}
                // Nothing is left to extend; completing will say so.
                Ok(Settled::Lost) => std::future::pending().await,
            }
        }
    }

    async fn unsaved_delivery(
        &self,
        reason: UnsavedReason,
        kept: &Kept,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) {
        let stored = kept.stored.clone();
        self.unsaved(reason, kept.body.clone(), Some(stored), error).await;
    }

    async fn unsaved(
        &self,
        reason: UnsavedReason,
        body: Bytes,
        stored: Option<Stored>,
        error: Option<Arc<dyn StdError + Send + Sync>>,
    ) {
        if let Some(hook) = &self.handling.on_unsaved {
            let gateway = PhantomData;
            hook(Unsaved { reason, body, stored, error, gateway }).await;
        }
    }
}

/// A delivery and who is to handle it.
struct Work<G: Gateway, F> {
    started: Instant,
    delivery: Box<Delivery<G>>,
    handler: F,
}

/// What is left of a delivery once its handler has it.
struct Kept {
    started: Instant,
    /// How long before its receipt it was first sent, where that is known.
    age: Option<Duration>,
    body: Bytes,
    stored: Stored,
}

impl<G: Gateway, F> Work<G, F> {
    fn kept(&self) -> Kept {
        let sent = self.delivery.dispatched_at();
        let age = sent
            .and_then(|sent| self.delivery.received_at().signed_duration_since(sent).to_std().ok());
        Kept {
            started: self.started,
            age,
            body: self.delivery.body().clone(),
            stored: self.delivery.to_stored(),
        }
    }
}

/// The place of the one delivery that waits for a key.
struct Waiting<'a> {
    all: &'a Mutex<HashSet<Key>>,
    key: &'a Key,
}

impl<'a> Waiting<'a> {
    /// `None` when there is one already.
    fn enter(all: &'a Mutex<HashSet<Key>>, key: &'a Key) -> Option<Self> {
        let entered = all.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        // Not `then_some`: a place that is not taken must not be given up.
        entered.then(|| Self { all, key })
    }

    fn is_in(all: &Mutex<HashSet<Key>>, key: &Key) -> bool {
        all.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(self.key);
    }
}
