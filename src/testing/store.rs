//! The tests that every store must pass, including your own.
//!
//! ```
//! use std::time::Duration;
//! use zaphook::MemoryStore;
//! use zaphook::testing::store::Conformance;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let store = MemoryStore::new();
//! Conformance::new(&store)
//!     .unit(Duration::from_millis(20))
//!     .check(async |time| tokio::time::sleep(time).await)
//!     .await;
//! # }
//! ```

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use crate::idempotency::{Claim, IdempotencyStore, Key, Settled, Ticket};

/// The checks, against one store. It panics at the first one that fails and
/// says which, so call it in a test.
///
/// The store may hold other keys; those used here start with
/// `testing/conformance` and are new with each `run`.
#[derive(Debug)]
pub struct Conformance<'a, S> {
    store: &'a S,
    unit: Duration,
    run: String,
    completes_after_lapse: bool,
}

const LONG: u32 = 1000;

impl<'a, S: IdempotencyStore> Conformance<'a, S> {
    /// With a unit of 100 ms.
    pub fn new(store: &'a S) -> Self {
        Self {
            store,
            unit: Duration::from_millis(100),
            run: String::from("0"),
            completes_after_lapse: true,
        }
    }

    /// The unit of time for leases and retentions. It must be long compared
    /// with a call to the store; a check takes about forty units.
    #[must_use]
    pub fn unit(self, unit: Duration) -> Self {
        Self { unit, ..self }
    }

    /// A text that distinguishes this run's keys from those of earlier runs,
    /// for stores that outlive the test.
    #[must_use]
    pub fn run(self, run: impl Into<String>) -> Self {
        Self { run: run.into(), ..self }
    }

    /// For stores that forget a claim when its lease expires: completing it
    /// then is `Lost`, even if no one took over.
    #[must_use]
    pub fn forgets_lapsed_claims(self) -> Self {
        Self { completes_after_lapse: false, ..self }
    }

    /// Runs every check. `pause` lets time pass: it sleeps, or advances the
    /// clock that the store was created with.
    ///
    /// # Panics
    ///
    /// When the store does not behave as required.
    #[expect(clippy::panic, reason = "a test that does not hold panics")]
    pub async fn check(&self, pause: impl AsyncFn(Duration)) {
        for (name, result) in [
            ("absent: a claim is acquired", self.absent().await),
            ("claimed: a claim is in progress", self.claimed().await),
            ("lapsed: a claim takes over", self.lapsed(&pause).await),
            ("lapsed: the old ticket is lost", self.fenced(&pause).await),
            ("lapsed: completing without takeover", self.completed_late(&pause).await),
            ("done: a claim is done, until retention", self.done(&pause).await),
            ("done: its ticket is lost", self.settled_once().await),
            ("released: the next claim is acquired", self.released().await),
            ("released or lapsed: the first claim is remembered", self.since_first(&pause).await),
            ("extended: the lease lives on", self.extended(&pause).await),
            ("forgotten: the old ticket is lost", self.forgotten(&pause).await),
            ("done for no time: as if never claimed", self.forgotten_at_once(&pause).await),
            ("absent: any ticket is lost", self.unknown().await),
            ("keys do not touch one another", self.apart().await),
            ("of many claims at once one is acquired", self.at_once().await),
        ] {
            if let Err(fault) = result {
                panic!("the store fails at `{name}`: {fault}");
            }
        }
    }

    fn key(&self, name: &str) -> Key {
        Key::of_test(&format!("conformance {} {name}", self.run))
    }

    fn units(&self, units: u32) -> Duration {
        self.unit.saturating_mul(units)
    }

    async fn claim(&self, key: &Key, lease: u32, retain: u32) -> Result<Claim, String> {
        let claim = self.store.claim(key, self.units(lease), self.units(retain)).await;
        claim.map_err(|error| format!("claim failed: {error}"))
    }

    async fn acquire(&self, key: &Key, lease: u32, retain: u32) -> Result<Ticket, String> {
        match self.claim(key, lease, retain).await? {
            Claim::Acquired { ticket, .. } if ticket.key() == key => Ok(ticket),
            Claim::Acquired { .. } => Err("the ticket is for another key".into()),
            other => Err(format!("expected Acquired, got {other:?}")),
        }
    }

    async fn complete(&self, ticket: &Ticket, retain: u32) -> Result<Settled, String> {
        let settled = self.store.complete(ticket, self.units(retain)).await;
        settled.map_err(|error| format!("complete failed: {error}"))
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, String> {
        self.store.release(ticket).await.map_err(|error| format!("release failed: {error}"))
    }

    async fn extend(&self, ticket: &Ticket, lease: u32) -> Result<Settled, String> {
        let settled = self.store.extend(ticket, self.units(lease)).await;
        settled.map_err(|error| format!("extend failed: {error}"))
    }

    async fn lost(&self, ticket: &Ticket) -> Result<(), String> {
        expect(self.extend(ticket, LONG).await?, Settled::Lost, "extend")?;
        expect(self.release(ticket).await?, Settled::Lost, "release")?;
        expect(self.complete(ticket, LONG).await?, Settled::Lost, "complete")
    }

    async fn absent(&self) -> Result<(), String> {
        let key = self.key("absent");
        match self.claim(&key, LONG, LONG).await? {
            Claim::Acquired {
                attempt: None | Some(1),
                since_first: None | Some(Duration::ZERO),
                ..
            } => Ok(()),
            other => Err(format!("expected Acquired at attempt 1, got {other:?}")),
        }
    }

    async fn claimed(&self) -> Result<(), String> {
        let key = self.key("claimed");
        let ticket = self.acquire(&key, LONG, LONG).await?;
        match self.claim(&key, LONG, LONG).await? {
            Claim::InProgress { retry_after } if retry_after <= self.units(LONG) => {}
            other => return Err(format!("expected InProgress within the lease, got {other:?}")),
        }
        expect(self.complete(&ticket, LONG).await?, Settled::Applied, "complete")
    }

    async fn lapsed(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("lapsed");
        let first = self.acquire(&key, 2, LONG).await?;
        pause(self.units(3)).await;
        match self.claim(&key, LONG, LONG).await? {
            Claim::Acquired { ticket, .. } if ticket.fence() == first.fence() => {
                Err("two claims have one fence".into())
            }
            Claim::Acquired { attempt: None | Some(1 | 2), .. } => Ok(()),
            other => Err(format!("expected Acquired, got {other:?}")),
        }
    }

    async fn since_first(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("since first");
        let first = self.acquire(&key, LONG, LONG).await?;
        expect(self.release(&first).await?, Settled::Applied, "release")?;
        for units in [3_u32, 6] {
            pause(self.units(3)).await;
            match self.claim(&key, 2, LONG).await? {
                Claim::Acquired { since_first: None, .. } => {}
                Claim::Acquired { since_first: Some(since), .. } if since >= self.units(units) => {}
                other => return Err(format!("expected {units} units since first, got {other:?}")),
            }
        }
        Ok(())
    }

    async fn fenced(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("fenced");
        let old = self.acquire(&key, 2, LONG).await?;
        pause(self.units(3)).await;
        let new = self.acquire(&key, LONG, LONG).await?;
        self.lost(&old).await?;
        match self.claim(&key, LONG, LONG).await? {
            Claim::InProgress { .. } => {}
            other => return Err(format!("a lost ticket changed the claim: {other:?}")),
        }
        expect(self.complete(&new, LONG).await?, Settled::Applied, "complete")?;
        self.lost(&old).await?;
        is_done(self.claim(&key, LONG, LONG).await?)
    }

    async fn completed_late(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("completed late");
        let ticket = self.acquire(&key, 2, LONG).await?;
        pause(self.units(3)).await;
        let settled = self.complete(&ticket, LONG).await?;
        if !self.completes_after_lapse {
            return expect(settled, Settled::Lost, "complete");
        }
        expect(settled, Settled::Applied, "complete")?;
        is_done(self.claim(&key, LONG, LONG).await?)
    }

    async fn done(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("done");
        let ticket = self.acquire(&key, 2, LONG).await?;
        expect(self.complete(&ticket, 6).await?, Settled::Applied, "complete")?;
        is_done(self.claim(&key, LONG, LONG).await?)?;
        // Longer than the lease, shorter than the retention.
        pause(self.units(3)).await;
        is_done(self.claim(&key, LONG, LONG).await?)?;
        pause(self.units(5)).await;
        self.acquire(&key, LONG, LONG).await.map(drop)
    }

    async fn settled_once(&self) -> Result<(), String> {
        let key = self.key("settled once");
        let ticket = self.acquire(&key, LONG, LONG).await?;
        expect(self.complete(&ticket, LONG).await?, Settled::Applied, "complete")?;
        self.lost(&ticket).await?;
        is_done(self.claim(&key, LONG, LONG).await?)
    }

    async fn released(&self) -> Result<(), String> {
        let key = self.key("released");
        let old = self.acquire(&key, LONG, LONG).await?;
        expect(self.release(&old).await?, Settled::Applied, "release")?;
        self.lost(&old).await?;
        let new = self.acquire(&key, LONG, LONG).await?;
        self.lost(&old).await?;
        expect(self.complete(&new, LONG).await?, Settled::Applied, "complete")
    }

    async fn extended(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("extended");
        let ticket = self.acquire(&key, 4, LONG).await?;
        pause(self.units(2)).await;
        expect(self.extend(&ticket, 8).await?, Settled::Applied, "extend")?;
        pause(self.units(4)).await;
        match self.claim(&key, LONG, LONG).await? {
            Claim::InProgress { .. } => {}
            other => return Err(format!("expected InProgress, got {other:?}")),
        }
        pause(self.units(6)).await;
        let _ = self.acquire(&key, LONG, LONG).await?;

        // Also beyond the time that the claim was to be remembered.
        let key = self.key("extended beyond");
        let ticket = self.acquire(&key, 2, 2).await?;
        expect(self.extend(&ticket, 8).await?, Settled::Applied, "extend")?;
        pause(self.units(4)).await;
        match self.claim(&key, LONG, LONG).await? {
            Claim::InProgress { retry_after } if retry_after <= self.units(8) => {}
            other => return Err(format!("expected InProgress within the lease, got {other:?}")),
        }
        expect(self.complete(&ticket, LONG).await?, Settled::Applied, "complete")
    }

    /// Forgotten altogether, and claimed again: no ticket comes back to life.
    async fn forgotten(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("forgotten");
        let old = self.acquire(&key, 1, 1).await?;
        expect(self.complete(&old, 1).await?, Settled::Applied, "complete")?;
        pause(self.units(3)).await;
        let new = self.acquire(&key, LONG, LONG).await?;
        self.lost(&old).await?;
        expect(self.complete(&new, LONG).await?, Settled::Applied, "complete")
    }

    /// What is remembered for no time is forgotten with its attempts.
    async fn forgotten_at_once(&self, pause: &impl AsyncFn(Duration)) -> Result<(), String> {
        let key = self.key("forgotten at once");
        let first = self.acquire(&key, LONG, LONG).await?;
        expect(self.release(&first).await?, Settled::Applied, "release")?;
        let second = self.acquire(&key, LONG, LONG).await?;
        expect(self.complete(&second, 0).await?, Settled::Applied, "complete")?;
        // A server's shortest time may be a millisecond.
        pause(self.unit).await;
        self.lost(&second).await?;
        match self.claim(&key, LONG, LONG).await? {
            Claim::Acquired {
                attempt: None | Some(1),
                since_first: None | Some(Duration::ZERO),
                ..
            } => Ok(()),
            other => Err(format!("expected Acquired at attempt 1, got {other:?}")),
        }
    }

    async fn unknown(&self) -> Result<(), String> {
        let ticket = Ticket::new(self.key("unknown"), 1);
        self.lost(&ticket).await?;
        self.acquire(ticket.key(), LONG, LONG).await.map(drop)
    }

    async fn apart(&self) -> Result<(), String> {
        // Keys are up to 200 bytes long; all of them count.
        let long = "x".repeat(150_usize.saturating_sub(self.run.len()));
        let (long_a, long_b) = (format!("{long}a"), format!("{long}b"));
        let keys = ["apart", "apart ", "Apart", "apart\u{0}", "äpart", "apart%", &long_a, &long_b];
        for name in keys {
            let ticket = self.acquire(&self.key(name), LONG, LONG).await?;
            expect(self.complete(&ticket, LONG).await?, Settled::Applied, "complete")?;
        }
        Ok(())
    }

    /// Sixteen claims under way at the same time, where the store lets them.
    async fn at_once(&self) -> Result<(), String> {
        let key = self.key("at once");
        let mut claims: Vec<_> =
            (0..16).map(|_| (Box::pin(self.claim(&key, LONG, LONG)), None)).collect();
        poll_fn(|context| {
            for (claim, answer) in &mut claims {
                if answer.is_none()
                    && let Poll::Ready(ready) = claim.as_mut().poll(context)
                {
                    *answer = Some(ready);
                }
            }
            let all = claims.iter().all(|(_, answer)| answer.is_some());
            if all { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        let mut acquired = 0_u32;
        for (_, answer) in claims {
            match answer.transpose()? {
                Some(Claim::Acquired { .. }) => acquired = acquired.saturating_add(1),
                Some(Claim::InProgress { .. }) => {}
                other => return Err(format!("expected InProgress, got {other:?}")),
            }
        }
        if acquired == 1 { Ok(()) } else { Err(format!("{acquired} of 16 claims were acquired")) }
    }
}

fn expect(settled: Settled, expected: Settled, operation: &str) -> Result<(), String> {
    if settled == expected {
        Ok(())
    } else {
        Err(format!("{operation} answered {settled:?}, not {expected:?}"))
    }
}

fn is_done(claim: Claim) -> Result<(), String> {
    match claim {
        Claim::Done => Ok(()),
        other => Err(format!("expected Done, got {other:?}")),
    }
}
