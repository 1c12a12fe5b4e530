//! The memory store: the states of a key row by row, and what it promises
//! beyond the trait.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use proptest::prelude::*;
use zaphook::idempotency::{Claim, IdempotencyStore, Settled, SharedStore, Ticket};
use zaphook::testing::{key, store::Conformance};
use zaphook::{Key, MemoryStore};

use crate::thorough;

const DAY: Duration = Duration::from_secs(86_400);

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A clock that stands still until it is told.
#[derive(Clone, Default)]
pub struct Clock(Arc<AtomicU64>);

impl Clock {
    pub fn advance(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap(), Ordering::SeqCst);
    }

    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::SeqCst))
    }

    pub fn store(&self, capacity: usize) -> MemoryStore {
        let clock = self.clone();
        MemoryStore::with_clock(capacity, move || clock.now())
    }
}

/// The memory store is always ready.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("not ready"),
    }
}

fn claim(store: &MemoryStore, key: &Key, lease: Duration) -> Claim {
    now(store.claim(key, lease, DAY)).unwrap()
}

#[track_caller]
fn acquire(store: &MemoryStore, key: &Key, lease: Duration) -> (Ticket, u32) {
    match claim(store, key, lease) {
        Claim::Acquired { ticket, attempt, .. } => (ticket, attempt.unwrap()),
        other => panic!("{other:?}"),
    }
}

fn complete(store: &MemoryStore, ticket: &Ticket, retain: Duration) -> Settled {
    now(store.complete(ticket, retain)).unwrap()
}

#[test]
fn the_memory_store_conforms() {
    let clock = Clock::default();
    let store = clock.store(1000);
    now(Conformance::new(&store).check(async |time| clock.advance(time)));
    let shared = SharedStore::new(clock.store(1000));
    now(Conformance::new(&shared).check(async |time| clock.advance(time)));
}

/// Keeps a claim for its lease and no longer.
struct Forgetful(MemoryStore);

impl IdempotencyStore for Forgetful {
    type Error = <MemoryStore as IdempotencyStore>::Error;

    async fn claim(&self, key: &Key, lease: Duration, _: Duration) -> Result<Claim, Self::Error> {
        Ok(match self.0.claim(key, lease, lease).await? {
            Claim::Acquired { ticket, .. } => {
                Claim::Acquired { ticket, attempt: None, since_first: None }
            }
            other => other,
        })
    }

    async fn complete(&self, ticket: &Ticket, retain: Duration) -> Result<Settled, Self::Error> {
        self.0.complete(ticket, retain).await
    }

    async fn release(&self, ticket: &Ticket) -> Result<Settled, Self::Error> {
        self.0.release(ticket).await
    }

    async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, Self::Error> {
        self.0.extend(ticket, lease).await
    }
}

#[test]
fn a_store_may_forget_claims_that_lapsed_if_it_says_so() {
    let clock = Clock::default();
    let store = Forgetful(clock.store(1000));
    let suite = || Conformance::new(&store);
    now(suite().forgets_lapsed_claims().check(async |time| clock.advance(time)));
    let unsaid = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        now(suite().run("unsaid").check(async |time| clock.advance(time)));
    }));
    let fault = *unsaid.unwrap_err().downcast::<String>().unwrap();
    assert!(fault.contains("`lapsed: completing without takeover`"), "{fault}");
}

#[test]
fn the_suite_notices_a_store_that_forgets_its_fence() {
    struct Unfenced(MemoryStore);

    impl IdempotencyStore for Unfenced {
        type Error = <MemoryStore as IdempotencyStore>::Error;

        async fn claim(
            &self,
            key: &Key,
            lease: Duration,
            retain: Duration,
        ) -> Result<Claim, Self::Error> {
            self.0.claim(key, lease, retain).await
        }

        async fn complete(
            &self,
            ticket: &Ticket,
            retain: Duration,
        ) -> Result<Settled, Self::Error> {
            let _ = self.0.complete(ticket, retain).await?;
            Ok(Settled::Applied)
        }

        async fn release(&self, ticket: &Ticket) -> Result<Settled, Self::Error> {
            self.0.release(ticket).await
        }

        async fn extend(&self, ticket: &Ticket, lease: Duration) -> Result<Settled, Self::Error> {
            self.0.extend(ticket, lease).await
        }
    }

    let clock = Clock::default();
    let store = Unfenced(clock.store(1000));
    let check = std::panic::AssertUnwindSafe(|| {
        now(Conformance::new(&store).check(async |time| clock.advance(time)));
    });
    let fault = std::panic::catch_unwind(check).unwrap_err();
    let fault = fault.downcast_ref::<String>().unwrap();
    assert!(
        fault.contains("`lapsed: the old ticket is lost`: complete answered Applied"),
        "{fault}"
    );
}

/// The table of states, row by row: from, operation, condition, to, answer.
#[test]
fn the_state_table() {
    let clock = Clock::default();
    let store = clock.store(100);
    let key = key("row");

    // Absent, claim: Claimed, Acquired at attempt 1.
    let (first, attempt) = acquire(&store, &key, s(60));
    assert_eq!(attempt, 1);
    // Claimed, lease alive, claim: unchanged, InProgress with the time left.
    clock.advance(s(10));
    assert_eq!(claim(&store, &key, s(60)), Claim::InProgress { retry_after: s(50) });
    // Claimed, extend: later lease.
    assert_eq!(now(store.extend(&first, s(60))), Ok(Settled::Applied));
    assert_eq!(claim(&store, &key, s(60)), Claim::InProgress { retry_after: s(60) });
    // Claimed, lease lapsed, claim: Claimed anew, attempt 2.
    clock.advance(s(60));
    let (second, attempt) = acquire(&store, &key, s(60));
    assert_eq!(attempt, 2);
    // Claimed by another ticket: Lost, and unchanged.
    assert_eq!(complete(&store, &first, DAY), Settled::Lost);
    assert_eq!(now(store.release(&first)), Ok(Settled::Lost));
    assert_eq!(now(store.extend(&first, DAY)), Ok(Settled::Lost));
    assert_eq!(claim(&store, &key, s(60)), Claim::InProgress { retry_after: s(60) });
    // Claimed, release: the next claim at once.
    assert_eq!(now(store.release(&second)), Ok(Settled::Applied));
    assert_eq!(now(store.release(&second)), Ok(Settled::Lost));
    assert_eq!(complete(&store, &second, DAY), Settled::Lost);
    let (third, attempt) = acquire(&store, &key, s(60));
    assert_eq!(attempt, 3);
    // Claimed, lapsed but not taken over, complete: Done.
    clock.advance(s(61));
    assert_eq!(complete(&store, &third, s(3600)), Settled::Applied);
    // Done, retention alive, claim: unchanged, Done.
    clock.advance(s(3599));
    assert_eq!(claim(&store, &key, s(60)), Claim::Done);
    assert_eq!(complete(&store, &third, DAY), Settled::Lost);
    // Done, retention lapsed, claim: Claimed; the count starts again.
    clock.advance(s(1));
    let (fourth, attempt) = acquire(&store, &key, s(60));
    assert_eq!(attempt, 1);
    assert_eq!(complete(&store, &third, DAY), Settled::Lost);
    // Claimed, retention lapsed as well: likewise.
    clock.advance(DAY);
    let (_, attempt) = acquire(&store, &key, s(60));
    assert_eq!(attempt, 1);
    assert_eq!(complete(&store, &fourth, DAY), Settled::Lost);
    // Absent, any ticket: Lost.
    let unknown = Ticket::new(zaphook::testing::key("unknown"), 1);
    assert_eq!(complete(&store, &unknown, DAY), Settled::Lost);
}

/// The store's own clock is monotonic; one that is not does no harm either.
#[test]
fn a_clock_that_steps_back_makes_no_second_owner() {
    let clock = Clock::default();
    let store = clock.store(10);
    clock.advance(s(1000));
    let (ticket, _) = acquire(&store, &key("a"), s(60));
    clock.0.store(0, Ordering::SeqCst);
    assert!(matches!(claim(&store, &key("a"), s(60)), Claim::InProgress { .. }));
    assert_eq!(complete(&store, &ticket, DAY), Settled::Applied);
    assert_eq!(claim(&store, &key("a"), s(60)), Claim::Done);
}

/// Purged in between, and claimed again: the old ticket stays old.
#[test]
fn no_fence_comes_again() {
    let clock = Clock::default();
    let store = clock.store(2);
    let (old, _) = acquire(&store, &key("a"), s(1));
    clock.advance(DAY + s(1));
    for other in ["b", "c", "d"] {
        let (ticket, _) = acquire(&store, &key(other), s(1));
        assert_eq!(complete(&store, &ticket, s(1)), Settled::Applied);
        clock.advance(s(2));
    }
    let (new, attempt) = acquire(&store, &key("a"), s(60));
    assert_eq!(attempt, 1);
    assert_ne!(new.fence(), old.fence());
    assert_eq!(complete(&store, &old, DAY), Settled::Lost);
    assert_eq!(complete(&store, &new, DAY), Settled::Applied);
}

#[test]
fn pressure_takes_the_oldest_done_key_and_never_a_live_claim() {
    let clock = Clock::default();
    let store = clock.store(10);
    let live: Vec<Ticket> =
        (0..4).map(|index| acquire(&store, &key(&format!("live {index}")), DAY).0).collect();
    for index in 0..100 {
        let (ticket, _) = acquire(&store, &key(&format!("done {index}")), s(60));
        assert_eq!(complete(&store, &ticket, DAY), Settled::Applied);
        assert!(store.len() <= 10);
    }
    // Six are left of the done ones, the newest.
    assert_eq!((store.len(), store.evicted()), (10, 94));
    assert_eq!(claim(&store, &key("done 94"), s(60)), Claim::Done);
    for index in 0..4 {
        let claim = claim(&store, &key(&format!("live {index}")), s(60));
        assert!(matches!(claim, Claim::InProgress { .. }));
    }

    // When all are live claims, a claim is an error, not an answer.
    for index in 0..6 {
        let _ = acquire(&store, &key(&format!("more {index}")), DAY);
    }
    assert_eq!(store.evicted(), 100);
    let full = now(store.claim(&key("one too many"), s(60), DAY)).unwrap_err();
    assert_eq!(full.to_string(), "all 10 keys of the memory store are live claims");
    // Known keys are answered all the same.
    assert!(matches!(claim(&store, &key("live 0"), s(60)), Claim::InProgress { .. }));
    // One that is settled makes room.
    assert_eq!(now(store.release(&live[2])), Ok(Settled::Applied));
    let _ = acquire(&store, &key("one too many"), s(60));
    assert_eq!(store.evicted(), 100);
    // So does one whose lease lapsed.
    clock.advance(s(61));
    let _ = acquire(&store, &key("another"), s(60));
    assert_eq!((store.len(), store.evicted()), (10, 100));
}

/// Leases that are shortened, lapsed claims in any order: what may go, goes.
#[test]
fn lapsed_claims_make_room_before_done_keys() {
    let clock = Clock::default();
    let store = clock.store(1);
    let _ = acquire(&store, &key("a"), s(1));
    clock.advance(s(2));
    let (b, _) = acquire(&store, &key("b"), s(1000));
    assert!(now(store.claim(&key("c"), s(1), DAY)).is_err());
    assert_eq!(now(store.extend(&b, s(1))), Ok(Settled::Applied));
    clock.advance(s(8));
    let _ = acquire(&store, &key("c"), s(1000));

    let store = clock.store(3);
    let (done, _) = acquire(&store, &key("done"), s(60));
    assert_eq!(complete(&store, &done, DAY), Settled::Applied);
    let _live = acquire(&store, &key("live"), s(1000));
    let _lapsed = acquire(&store, &key("lapsed"), s(5));
    clock.advance(s(6));
    let _ = acquire(&store, &key("new"), s(60));
    assert_eq!(claim(&store, &key("done"), s(60)), Claim::Done);
    assert_eq!(store.evicted(), 0);
    // An expired done key goes uncounted.
    clock.advance(DAY);
    let _ = acquire(&store, &key("newer"), s(60));
    assert_eq!((store.evicted(), store.len() <= 3), (0, true));
}

/// A claim that nobody finishes does not let the places behind it pile up.
#[test]
fn one_crashed_claim_costs_no_memory() {
    let measured = allocation_counter::measure(|| {
        let clock = Clock::default();
        let store = clock.store(100);
        let _crashed = acquire(&store, &key("crashed"), DAY);
        for index in 0..50_000 {
            let (ticket, _) = acquire(&store, &key(&index.to_string()), s(60));
            assert_eq!(complete(&store, &ticket, s(3600)), Settled::Applied);
        }
        assert!(matches!(claim(&store, &key("crashed"), s(1)), Claim::InProgress { .. }));
    });
    assert!(measured.bytes_max < 200_000, "{}", measured.bytes_max);
}

#[test]
fn what_is_over_is_cleared_away() {
    let clock = Clock::default();
    let store = clock.store(1000);
    for index in 0..500 {
        let (ticket, _) = acquire(&store, &key(&format!("a {index}")), s(60));
        match index % 3 {
            0 => drop(complete(&store, &ticket, s(3600))),
            1 => drop(now(store.release(&ticket))),
            _ => {}
        }
    }
    assert_eq!(store.len(), 500);
    clock.advance(DAY + s(1));
    for index in 0..500 {
        let (ticket, _) = acquire(&store, &key(&format!("b {index}")), s(60));
        assert_eq!(complete(&store, &ticket, s(1)), Settled::Applied);
        clock.advance(s(2));
    }
    assert!(store.len() <= 3, "{}", store.len());
    assert_eq!(store.evicted(), 0);
}

#[test]
fn a_ticket_is_equal_to_itself_alone() {
    let clock = Clock::default();
    let store = clock.store(10);
    let (one, _) = acquire(&store, &key("one"), s(1));
    let (other, _) = acquire(&store, &key("other"), s(1));
    clock.advance(s(2));
    let (again, attempt) = acquire(&store, &key("one"), s(1));
    assert_eq!(attempt, 2);
    let same = |left: &Ticket, right: &Ticket| left == right;
    assert!(same(&one, &one) && same(&again, &again));
    assert!(!same(&one, &other) && !same(&one, &again));
}

/// What one actor may do to one of a few keys.
#[derive(Clone, Debug)]
enum Step {
    Claim { actor: usize, key: usize, lease: u64 },
    Complete { actor: usize, key: usize, retain: u64 },
    Release { actor: usize, key: usize },
    Extend { actor: usize, key: usize, lease: u64 },
    Wait(u64),
}

/// The state of a key as the table has it.
#[derive(Clone, Debug, Default)]
enum Model {
    #[default]
    Absent,
    Claimed {
        fence: u128,
        until: u64,
        keep: u64,
        attempt: u32,
    },
    Released {
        keep: u64,
        attempt: u32,
    },
    Done {
        keep: u64,
    },
}

const RETAIN: u64 = 50;

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (actor, key, time) = (0..3usize, 0..3usize, 1..20u64);
    let step = prop_oneof![
        4 => (actor.clone(), key.clone(), time.clone())
            .prop_map(|(actor, key, lease)| Step::Claim { actor, key, lease }),
        2 => (actor.clone(), key.clone(), 1..60u64)
            .prop_map(|(actor, key, retain)| Step::Complete { actor, key, retain }),
        1 => (actor.clone(), key.clone()).prop_map(|(actor, key)| Step::Release { actor, key }),
        1 => (actor, key, time)
            .prop_map(|(actor, key, lease)| Step::Extend { actor, key, lease }),
        3 => (1..30u64).prop_map(Step::Wait),
    ];
    prop::collection::vec(step, 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(thorough::or(500, 2000)))]

    /// Three actors in any interleaving, against the table.
    #[test]
    fn any_interleaving_follows_the_table(steps in steps()) {
        let clock = Clock::default();
        let store = clock.store(100);
        let keys = ["a", "b", "c"].map(key);
        let mut model: HashMap<usize, Model> = HashMap::new();
        let mut tickets: HashMap<(usize, usize), Ticket> = HashMap::new();
        let mut time = 0;
        for step in steps {
            match step {
                Step::Wait(seconds) => {
                    time += seconds;
                    clock.advance(s(seconds));
                }
                Step::Claim { actor, key, lease } => {
                    let state = model.entry(key).or_default();
                    let answer = now(store.claim(&keys[key], s(lease), s(RETAIN))).unwrap();
                    let expected = match state {
                        Model::Done { keep } if time < *keep => None,
                        Model::Claimed { until, keep, .. } if time < *until && time < *keep => {
                            prop_assert_eq!(&answer, &Claim::InProgress { retry_after: s(*until - time) });
                            continue;
                        }
                        Model::Claimed { keep, attempt, .. } | Model::Released { keep, attempt }
                            if time < *keep => Some(*attempt + 1),
                        _ => Some(1),
                    };
                    match (answer, expected) {
                        (Claim::Done, None) => {}
                        (Claim::Acquired { ticket, attempt, .. }, Some(expected)) => {
                            prop_assert_eq!(attempt, Some(expected));
                            let fence = ticket.fence();
                            prop_assert!(tickets.values().all(|other| other.fence() != fence));
                            let (until, keep) = (time + lease, (time + lease).max(time + RETAIN));
                            *state = Model::Claimed { fence, until, keep, attempt: expected };
                            tickets.insert((actor, key), ticket);
                        }
                        (answer, expected) => prop_assert!(false, "{answer:?}, not {expected:?}"),
                    }
                }
                Step::Complete { actor, key, .. }
                | Step::Release { actor, key }
                | Step::Extend { actor, key, .. } => {
                    let Some(ticket) = tickets.get(&(actor, key)) else { continue };
                    let state = model.entry(key).or_default();
                    let held = match state {
                        Model::Claimed { fence, keep, attempt, .. }
                            if *fence == ticket.fence() && time < *keep => Some((*keep, *attempt)),
                        _ => None,
                    };
                    let (settled, after) = match step {
                        Step::Complete { retain, .. } => (
                            now(store.complete(ticket, s(retain))).unwrap(),
                            Model::Done { keep: time + retain },
                        ),
                        Step::Release { .. } => {
                            let (keep, attempt) = held.unwrap_or_default();
                            (now(store.release(ticket)).unwrap(), Model::Released { keep, attempt })
                        }
                        Step::Extend { lease, .. } => {
                            let (keep, attempt) = held.unwrap_or_default();
                            let (fence, until) = (ticket.fence(), time + lease);
                            let keep = keep.max(until);
                            (
                                now(store.extend(ticket, s(lease))).unwrap(),
                                Model::Claimed { fence, until, keep, attempt },
                            )
                        }
                        _ => unreachable!(),
                    };
                    if held.is_some() {
                        prop_assert_eq!(settled, Settled::Applied);
                        *state = after;
                    } else {
                        prop_assert_eq!(settled, Settled::Lost);
                    }
                }
            }
        }
    }
}

#[test]
fn a_claim_makes_room_at_the_end_of_its_lease() {
    let clock = Clock::default();
    let store = clock.store(1);
    assert!(store.is_empty());
    let _held = acquire(&store, &key("a"), s(1));
    assert!(!store.is_empty());
    clock.advance(Duration::from_nanos(999_999_999));
    assert!(now(store.claim(&key("b"), s(1), DAY)).is_err());
    clock.advance(Duration::from_nanos(1));
    let (_, attempt) = acquire(&store, &key("b"), s(1));
    assert_eq!((attempt, store.len(), store.evicted()), (1, 1, 0));
}

/// What waits at the front of a queue must not let what is over pile up behind it.
#[test]
fn what_is_over_leaves_nothing_behind() {
    let clock = Clock::default();
    let store = clock.store(1000);
    let (waits, other) = (key("waits"), key("other"));
    let mut ticket = None;
    let measured = allocation_counter::measure(|| {
        // A claim that is extended; its older leases are over before they have lapsed.
        ticket = Some(acquire(&store, &waits, DAY).0);
        for round in 0..20_000 {
            clock.advance(Duration::from_nanos(round % 2));
            assert_eq!(now(store.extend(ticket.as_ref().unwrap(), DAY)), Ok(Settled::Applied));
            assert!(
                matches!(claim(&store, &waits, DAY), Claim::InProgress { retry_after } if retry_after == DAY)
            );
        }
        // One that has lapsed, and may be remembered for a day.
        let _ = acquire(&store, &key("lapsed"), s(1));
        clock.advance(s(2));
        for _ in 0..5_000 {
            let (held, _) = acquire(&store, &other, DAY);
            assert_eq!(now(store.release(&held)), Ok(Settled::Applied));
        }
        let (held, attempt) = acquire(&store, &other, DAY);
        assert_eq!(attempt, 5_001);
        assert_eq!(complete(&store, &held, s(0)), Settled::Applied);
        // One that is done for a day.
        let (held, _) = acquire(&store, &key("done"), DAY);
        assert_eq!(complete(&store, &held, DAY), Settled::Applied);
        for _ in 0..5_000 {
            let (held, attempt) = acquire(&store, &other, DAY);
            assert_eq!((attempt, complete(&store, &held, s(1))), (1, Settled::Applied));
            assert_eq!(claim(&store, &other, DAY), Claim::Done);
            clock.advance(s(1));
        }
    });
    let held = measured.bytes_current;
    assert!(held < 250_000, "{held} bytes for {} keys", store.len());
    assert_eq!(complete(&store, &ticket.unwrap(), DAY), Settled::Applied);
    assert_eq!(claim(&store, &waits, DAY), Claim::Done);
    assert_eq!(store.evicted(), 0);
}

/// Sixty-four threads at the same keys: one winner each.
fn one_winner(threads: usize, keys: usize) {
    let store = Arc::new(MemoryStore::with_capacity(keys));
    let wins: Arc<Vec<AtomicUsize>> = Arc::new((0..keys).map(|_| AtomicUsize::new(0)).collect());
    let start = Arc::new(Barrier::new(threads));
    let all_keys: Arc<Vec<Key>> =
        Arc::new((0..keys).map(|index| key(&index.to_string())).collect());
    let workers: Vec<_> = (0..threads)
        .map(|worker| {
            let (store, wins, start, all_keys) =
                (Arc::clone(&store), Arc::clone(&wins), Arc::clone(&start), Arc::clone(&all_keys));
            std::thread::spawn(move || {
                start.wait();
                for step in 0..keys {
                    // Everybody in an order of their own.
                    let index = (step * 7919 + worker * 104_729) % keys;
                    match now(store.claim(&all_keys[index], DAY, DAY)).unwrap() {
                        Claim::Acquired { ticket, .. } => {
                            wins[index].fetch_add(1, Ordering::Relaxed);
                            assert_eq!(now(store.complete(&ticket, DAY)), Ok(Settled::Applied));
                        }
                        Claim::Done | Claim::InProgress { .. } => {}
                    }
                }
            })
        })
        .collect();
    workers.into_iter().for_each(|worker| worker.join().unwrap());
    let winners = wins.iter().map(|wins| wins.load(Ordering::Relaxed));
    assert!(winners.eq(std::iter::repeat_n(1, keys)));
    assert_eq!((store.len(), store.evicted()), (keys, 0));
}

#[test]
fn one_winner_per_key_across_threads() {
    one_winner(64, 2000);
}

#[test]
#[ignore = "needs a minute"]
fn one_winner_per_key_across_threads_a_hundred_thousand_times() {
    one_winner(64, 100_000);
}

/// The bytes held, and the most that were held on the way, for so many keys
/// of 32 bytes through a store of so many.
fn bytes(capacity: usize, keys: usize) -> (u64, u64) {
    let mut store = None;
    let measured = allocation_counter::measure(|| {
        let full = MemoryStore::with_capacity(capacity);
        for index in 0..keys {
            let key = key(&format!("{index:024}"));
            assert_eq!(key.as_str().len(), 32);
            let (ticket, _) = acquire(&full, &key, s(60));
            assert_eq!(complete(&full, &ticket, DAY), Settled::Applied);
        }
        store = Some(full);
    });
    let store = store.unwrap();
    assert_eq!(store.len(), capacity.min(keys));
    assert_eq!(store.evicted(), u64::try_from(keys.saturating_sub(capacity)).unwrap());
    (u64::try_from(measured.bytes_current).unwrap(), measured.bytes_max)
}

#[test]
fn memory_is_flat_once_the_store_is_full() {
    let (held, most) = bytes(10_000, 50_000);
    let (held_later, most_later) = bytes(10_000, 200_000);
    assert!(held / 10_000 <= 250, "{held}");
    assert!(held_later <= held * 5 / 4, "{held} {held_later}");
    assert!(most_later <= most * 5 / 4, "{most} {most_later}");
}

#[test]
#[ignore = "needs a minute"]
fn memory_of_a_million_keys() {
    const LIMIT: u64 = 200 * 1024 * 1024;

    let (held, most) = bytes(1_000_000, 1_000_000);
    let (held_later, most_later) = bytes(1_000_000, 10_000_000);
    println!("1 million keys: {held} bytes held, {most} at most");
    println!("10 million through it: {held_later} bytes held, {most_later} at most");
    assert!(most <= LIMIT, "{most}");
    assert!(most_later <= LIMIT, "{most_later}");
}
