//! Work on what was stored before: the other side of the door.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::Utc;

use super::dead_letter::DeadLetterReason;
use super::seen::{Seen, in_span};
use super::verdict::{Entry, Verdict};
use super::{Consumer, handled};
use crate::answer::{Answer, Outcome};
use crate::delivery::{Consumable, StoredError};
use crate::event::Recognition;
use crate::failure::Failure;
use crate::idempotency::{Claim, IdempotencyStore, Key, Settled, Ticket};
use crate::receiver::Receives;

/// How long an entry that cannot be read is put off, and when it is dead: a
/// roll-out may have newer doors than workers.
const UNREADABLE_PAUSE: Duration = Duration::from_secs(5 * 60);
const UNREADABLE_FOR: Duration = Duration::from_secs(60 * 60);

/// The first pause while the store is down, and how often it doubles: to a minute.
const DOWN_PAUSE: Duration = Duration::from_secs(1);
const DOWN_DOUBLES: u32 = 6;

/// How many calls in a row the store has failed.
#[derive(Default)]
pub(super) struct Down(AtomicU32);

impl Down {
    fn is_up(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// How long to wait before it is asked again.
    fn pause(&self) -> Duration {
        let failed = self.0.load(Ordering::Relaxed).min(DOWN_DOUBLES);
        self.0.store(failed.saturating_add(1), Ordering::Relaxed);
        let times = 1_u32.checked_shl(failed).unwrap_or(1);
        DOWN_PAUSE.saturating_mul(times).min(Duration::from_secs(60))
    }
}

impl<R: Receives, S: IdempotencyStore> Consumer<R, S> {
    /// Works on an entry of a queue that [`accept`](Consumer::accept) has filled:
    /// reads it, claims it, hands it over, completes or releases it, and says what to
    /// do with the entry.
    ///
    /// The queue carries, the store guards: whichever engine it is, and however often
    /// it hands out an entry, one worker owns an event at a time, a stale one changes
    /// nothing, and attempts are counted by the claims.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zaphook::retry::RetrySchedule;
    /// use zaphook::{Delivery, EnviaAi, Failure, MemoryStore, Stored, Tenants, Verdict};
    ///
    /// # async fn save(_: Delivery<EnviaAi>) -> Result<(), Failure> { Ok(()) }
    /// # async fn remove() {} async fn put_off(_: Duration) {} async fn set_aside() {}
    /// # async fn worker(stored: Stored) {
    /// const MINUTE: Duration = Duration::from_secs(60);
    ///
    /// // Entries proved themselves at the door: no policy is needed here.
    /// let worker = Tenants::<EnviaAi>::new()
    ///     .with_store(MemoryStore::new())
    ///     .attempts(RetrySchedule::fixed(&[MINUTE, MINUTE, MINUTE]));
    ///
    /// match worker.work(&stored, |delivery| save(delivery)).await {
    ///     Verdict::Done => remove().await,
    ///     Verdict::Again { after, .. } => put_off(after).await,
    ///     Verdict::Dead { .. } => set_aside().await,
    /// }
    /// # }
    /// ```
    ///
    /// | | verdict | key |
    /// |---|---|---|
    /// | handled, and completed, also by `complete_in` | `Done` | done |
    /// | handled before | `Done` | as it is |
    /// | not one that was asked for by [`only`](crate::Receiver::only) | `Done` | none |
    /// | another worker is processing it | `Again`, after what is left of its lease | as it is |
    /// | the handler failed or panicked | `Again`, after the pause of this attempt | released |
    /// | the same at the last attempt; or it gave up | `Dead` | **forgotten** |
    /// | every attempt before has ended with its process | `Dead`, without another | forgotten |
    /// | handled, and taken over meanwhile | `Again`, after a lease | the other one's |
    /// | handled, and the store could not be told | `Again`, after a pause | as it is |
    /// | the store is down | `Again`, after 1 s doubling to 60 s; **not handled** | – |
    /// | it cannot be read, is another gateway's, or was proven in a way that this version does not know | `Again`, after 5 min, for an hour; then `Dead` | – |
    ///
    /// A dead event's key is forgotten, and not done as in [`handle`](Self::handle):
    /// the record is where you set the entry aside, and a replay, which is to push it
    /// again, must get through.
    ///
    /// What nothing tells apart (no [`Delivery::key`](crate::Delivery::key)) is
    /// claimed by when it was received and its body: two workers do not run one entry
    /// at once, two deliveries are two.
    ///
    /// Dropping the future is like a crash: the event stays claimed until its lease
    /// ends. The engine's own time for an entry, its visibility, may be shorter than
    /// the lease: who looks too early is told `Again`.
    pub async fn work<F, Fut>(&self, entry: impl Into<Entry<'_>>, handler: F) -> Verdict
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        let entry = entry.into();
        let read = match entry.stored.proof().is_known() {
            true => self.receiver.again(entry.stored),
            false => Err(StoredError::UnknownProof),
        };
        match read {
            Ok(delivery) => {
                let seen = self.settings.see(&delivery);
                let worked = in_span(&seen, pin!(self.work_once(entry, delivery, handler))).await;
                self.told(seen, worked)
            }
            Err(error) => {
                let seen = self.settings.see_request();
                let verdict = in_span(&seen, pin!(self.put_off(entry, error))).await;
                self.told(seen, Err(verdict))
            }
        }
    }

    async fn work_once<F, Fut>(
        &self,
        entry: Entry<'_>,
        delivery: R::Delivery,
        handler: F,
    ) -> Result<Outcome, Verdict>
    where
        F: FnOnce(R::Delivery) -> Fut + Send,
        Fut: Future<Output = Result<(), Failure>> + Send,
    {
        if delivery.recognition() == Recognition::Skipped {
            return Ok(Outcome::Skipped);
        }
        let own = || Key::of_entry("entry", delivery.received_at(), delivery.body());
        let key = delivery.key().unwrap_or_else(own);
        let (ticket, attempt) = match self.take(&key).await {
            Ok(Claim::Acquired { ticket, attempt, .. }) => (ticket, attempt),
            Ok(Claim::Done) => return Ok(Outcome::Duplicate),
            Ok(Claim::InProgress { retry_after }) => {
                let busy = "another worker is processing it";
                return Err(Verdict::again(retry_after, Outcome::InProgress, busy));
            }
            Err(error) => {
                let pause = self.settings.down.pause();
                return Err(Verdict::again(pause, Outcome::StoreDown, error));
            }
        };
        let counted = attempt.or(entry.reads);
        if self.settings.is_beyond_last(counted) {
            self.forget(&ticket).await;
            let error = "every attempt has ended with its process";
            return Err(Verdict::dead(DeadLetterReason::Crashed, error));
        }
        let ticket = Arc::new(ticket);
        let delivery = delivery.under(Arc::clone(&ticket), attempt);
        let handled = {
            let work = pin!(async move { handler(delivery).await });
            self.owning(&ticket, pin!(handled(work))).await
        };
        self.settle(&ticket, handled, counted).await
    }

    async fn take(&self, key: &Key) -> Result<Claim, S::Error> {
        let claim = self.store.claim(key, self.settings.lease, self.settings.work_retention).await;
        if claim.is_ok() {
            self.settings.down.is_up();
        }
        claim
    }

    async fn settle(
        &self,
        ticket: &Ticket,
        handled: Result<(), Failure>,
        counted: Option<u32>,
    ) -> Result<Outcome, Verdict> {
        Err(match self.complete(ticket, handled, self.settings.work_retention).await {
            Ok(Ok(Settled::Applied)) => return Ok(Outcome::Handled),
            Ok(Ok(Settled::Lost)) => {
                let error = "another worker has taken it over";
                Verdict::again(self.settings.lease, Outcome::HandledLate, error)
            }
            Ok(Err(error)) => {
                let pause = self.settings.down.pause();
                Verdict::again(pause, Outcome::HandledUnmarked, error)
            }
            Err(Failure { again: false, error }) => {
                self.forget(ticket).await;
                Verdict::dead(DeadLetterReason::GivenUp, error)
            }
            Err(Failure { again: true, error }) => match self.settings.pause_after(counted) {
                Some(pause) => {
                    // If it cannot be released, its lease ends.
                    let _ = self.store.release(ticket).await;
                    Verdict::again(pause, Outcome::Failed, error)
                }
                None => {
                    self.forget(ticket).await;
                    Verdict::dead(DeadLetterReason::Failed, error)
                }
            },
        })
    }

    /// As if it had never been claimed, its attempts included: a replay is to get
    /// through. What is completed with a retention of zero is forgotten; a store that
    /// cannot be told forgets it after the retention.
    async fn forget(&self, ticket: &Ticket) {
        let _ = self.store.complete(ticket, Duration::ZERO).await;
    }

    /// An entry that nobody can work on yet, or ever. How long it has been so is
    /// counted by a claim; by its age where the store does not know.
    async fn put_off(&self, entry: Entry<'_>, error: StoredError) -> Verdict {
        let stored = entry.stored;
        let unreadable = |reason| Verdict::dead(reason, error);
        let key = Key::of_entry("unread", stored.received_at(), stored.body());
        let (ticket, since_first) = match self.take(&key).await {
            Ok(Claim::Acquired { ticket, since_first, .. }) => (ticket, since_first),
            // It was set aside a moment ago.
            Ok(Claim::Done) => return again_unread(error, UNREADABLE_PAUSE),
            Ok(Claim::InProgress { retry_after }) => return again_unread(error, retry_after),
            Err(error) => {
                let pause = self.settings.down.pause();
                return Verdict::again(pause, Outcome::StoreDown, error);
            }
        };
        let age = || Utc::now().signed_duration_since(stored.received_at()).to_std();
        let since = since_first.unwrap_or_else(|| age().unwrap_or_default());
        if since >= UNREADABLE_FOR {
            self.forget(&ticket).await;
            return unreadable(match error {
                StoredError::Unreadable(unreadable) => DeadLetterReason::Unreadable(unreadable),
                _ => DeadLetterReason::UnknownEntry,
            });
        }
        let _ = self.store.release(&ticket).await;
        again_unread(error, UNREADABLE_PAUSE)
    }

    fn told(&self, seen: Option<Seen>, worked: Result<Outcome, Verdict>) -> Verdict {
        if seen.is_some() {
            // As if a gateway were told.
            let answer = match &worked {
                Ok(outcome) => Answer::ok(outcome.clone()),
                Err(Verdict::Again { outcome, .. }) => Answer::unfinished(outcome.clone()),
                Err(_) => Answer::given_up(),
            };
            self.settings.tell(seen, &answer);
        }
        worked.map_or_else(|verdict| verdict, |_| Verdict::Done)
    }
}

fn again_unread(error: StoredError, after: Duration) -> Verdict {
    let outcome = match error {
        StoredError::Unreadable(unreadable) => Outcome::Unreadable(unreadable),
        _ => Outcome::UnknownEntry,
    };
    Verdict::again(after, outcome, error)
}
