//! A store for one process.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::fmt;
use std::future::{Future, ready};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Claim, IdempotencyStore, Key, Settled, Ticket};

/// Remembers keys in the memory of this process: suitable for a single
/// instance, and lost when the process ends. Instances behind a load balancer
/// need a shared store.
///
/// Its capacity is limited; a key takes about 150 bytes. When it is full,
/// claims whose lease has expired are removed first, then done keys, oldest
/// first. A done key that is removed before its retention ends is counted
/// ([`evicted`](Self::evicted)), since its event could then be handled again. A
/// live claim is never removed; when there is nothing else, the next claim
/// fails with [`Full`].
///
/// It uses a monotonic clock: changing the system clock has no effect.
///
/// ```
/// use zaphook::idempotency::MemoryStore;
///
/// let store = MemoryStore::with_capacity(1_000_000);
/// assert_eq!((store.len(), store.evicted()), (0, 0));
/// ```
pub struct MemoryStore {
    state: Mutex<State>,
    capacity: usize,
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
    hashers: [RandomState; 2],
}

#[derive(Default)]
struct State {
    entries: HashMap<Id, Entry, AlreadyHashed>,
    /// The done keys from the oldest to the newest, and some that have since
    /// become something else.
    done: VecDeque<Place>,
    /// The claimed keys by the end of their leases, and some that have since
    /// become something else.
    claimed: BinaryHeap<Reverse<Lapse>>,
    /// Those whose lease has lapsed, in that order, likewise.
    lapsed: VecDeque<Place>,
    /// How long `claimed` may become before it is tidied up.
    claimed_limit: usize,
    /// The last fence given out. It never restarts.
    fence: u64,
    evicted: u64,
}

/// A key by a 128-bit hash under two random keys of this process: nobody
/// outside can find two texts that share one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Id {
    high: u64,
    low: u64,
}

impl Hash for Id {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        // One half is enough to find a place.
        hasher.write_u64(self.low);
    }
}

/// A point in time, in nanoseconds of the store's clock: enough for five
/// centuries, and half the size of a `Duration`.
type Nanos = u64;

fn nanos(duration: Duration) -> Nanos {
    u64::try_from(duration.as_nanos()).unwrap_or(Nanos::MAX)
}

#[derive(Clone, Copy)]
struct Entry {
    fence: u64,
    attempt: u32,
    first_claimed: Nanos,
    done: bool,
    /// The end of the lease; means nothing once done.
    lease_until: Nanos,
    keep_until: Nanos,
}

impl Entry {
    fn is_live(&self, now: Nanos) -> bool {
        !self.done && now < self.lease_until && now < self.keep_until
    }
}

#[derive(Clone, Copy)]
struct Place {
    id: Id,
    fence: u64,
}

/// When a lease lapses. Ordered by that alone as far as anybody cares.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lapse {
    until: Nanos,
    fence: u64,
    id: Id,
}

/// How many finished entries an operation clears away on its way.
const CLEARED_AT_ONCE: usize = 2;

impl MemoryStore {
    /// For at most 100,000 keys.
    pub fn new() -> Self {
        Self::with_capacity(100_000)
    }

    /// For at most so many keys; at least one.
    pub fn with_capacity(keys: usize) -> Self {
        let start = Instant::now();
        Self::with_clock(keys, move || start.elapsed())
    }

    /// With your own clock, which returns the time since a fixed point and must
    /// not go backwards. For tests.
    pub fn with_clock(keys: usize, clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            state: Mutex::default(),
            capacity: keys.max(1),
            clock: Box::new(clock),
            hashers: [RandomState::new(), RandomState::new()],
        }
    }

    /// How many keys it holds, done and claimed ones.
    pub fn len(&self) -> usize {
        self.lock().entries.len()
    }

    /// Whether it holds no key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many done keys were removed before their retention ended. When this
    /// grows, the capacity is too small.
    pub fn evicted(&self) -> u64 {
        self.lock().evicted
    }

    /// A panic while the lock was held cannot have left the state half
    /// changed: nothing in between can panic.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self, key: &Key) -> Id {
        let [high, low] = &self.hashers;
        Id { high: high.hash_one(key), low: low.hash_one(key) }
    }

    fn claim_now(&self, key: &Key, lease: Duration, retain: Duration) -> Result<Claim, Full> {
        let (id, now) = (self.id(key), nanos((self.clock)()));
        let mut state = self.lock();
        state.clear(now);
        let (attempt, first_claimed) = match state.entries.get(&id).copied() {
            Some(entry) if now >= entry.keep_until => (1, now),
            Some(entry) if entry.done => return Ok(Claim::Done),
            Some(entry) if entry.is_live(now) => {
                let retry_after = Duration::from_nanos(entry.lease_until.saturating_sub(now));
                return Ok(Claim::InProgress { retry_after });
            }
            Some(entry) => (entry.attempt.saturating_add(1), entry.first_claimed),
            None => {
                if state.entries.len() >= self.capacity && !state.make_room(now) {
                    return Err(Full { capacity: self.capacity });
                }
                (1, now)
            }
        };
        let lease_until = now.saturating_add(nanos(lease));
        let keep_until = lease_until.max(now.saturating_add(nanos(retain)));
        let entry =
            Entry { fence: 0, attempt, first_claimed, done: false, lease_until, keep_until };
        let fence = state.put_claim(id, entry);
        let ticket = Ticket::new(key.clone(), fence.into());
        let since_first = Duration::from_nanos(now.saturating_sub(first_claimed));
        Ok(Claim::Acquired { ticket, attempt: Some(attempt), since_first: Some(since_first) })
    }

    /// Changes the claim that the ticket holds.
    fn settle(
        &self,
        ticket: &Ticket,
        change: impl FnOnce(&mut State, Id, Entry, Nanos),
    ) -> Settled {
        let (id, now) = (self.id(ticket.key()), nanos((self.clock)()));
        let mut state = self.lock();
        let held = state.entries.get(&id).copied().filter(|entry| {
            !entry.done && u128::from(entry.fence) == ticket.fence() && now < entry.keep_until
        });
        match held {
            Some(entry) => {
                change(&mut state, id, entry, now);
                Settled::Applied
            }
            None => Settled::Lost,
        }
    }
}

impl State {
    /// Puts in a claim under a fence that nobody has.
    fn put_claim(&mut self, id: Id, entry: Entry) -> u64 {
        let fence = self.fence.wrapping_add(1);
        self.fence = fence;
        self.entries.insert(id, Entry { fence, ..entry });
        self.claimed.push(Reverse(Lapse { until: entry.lease_until, fence, id }));
        fence
    }

    /// Clears away a little of what is over, so that nobody has to do it all
    /// at once.
    fn clear(&mut self, now: Nanos) {
        for _ in 0..CLEARED_AT_ONCE {
            self.next_lapsed(now);
            if let Some(place) = self.lapsed.front().copied()
                && self.is_over(self.claim_at(place), place, now)
            {
                self.lapsed.pop_front();
            }
            if let Some(place) = self.done.front().copied()
                && self.is_over(self.done_at(place), place, now)
            {
                self.done.pop_front();
            }
        }
        self.tidy();
    }

    /// Whether a place has nothing to wait for: its entry has become something
    /// else, or is to be remembered no longer and is removed.
    fn is_over(&mut self, entry: Option<Entry>, place: Place, now: Nanos) -> bool {
        match entry {
            Some(entry) if now < entry.keep_until => false,
            Some(_) => self.entries.remove(&place.id).is_some(),
            None => true,
        }
    }

    /// Moves the next claim that has lapsed to the others; forgets one that
    /// has been settled or extended. `false` when there is neither.
    fn next_lapsed(&mut self, now: Nanos) -> bool {
        let Some(Reverse(lapse)) = self.claimed.peek().copied() else { return false };
        let place = Place { id: lapse.id, fence: lapse.fence };
        let is_current = self.claim_at(place).is_some_and(|entry| entry.lease_until == lapse.until);
        if is_current && now < lapse.until {
            return false;
        }
        self.claimed.pop();
        if is_current {
            self.lapsed.push_back(place);
        }
        true
    }

    /// A place that waits at the front must not let the ones behind it pile
    /// up.
    fn tidy(&mut self) {
        if self.claimed.len() > self.claimed_limit.max(1024) {
            let mut claimed = std::mem::take(&mut self.claimed);
            claimed.retain(|Reverse(lapse)| {
                let place = Place { id: lapse.id, fence: lapse.fence };
                self.claim_at(place).is_some_and(|entry| entry.lease_until == lapse.until)
            });
            claimed.shrink_to(claimed.len().saturating_mul(2));
            self.claimed_limit = claimed.len().saturating_mul(2);
            self.claimed = claimed;
        }
        let most = self.entries.len().saturating_mul(2).saturating_add(64);
        if self.done.len() > most {
            let mut done = std::mem::take(&mut self.done);
            done.retain(|place| self.done_at(*place).is_some());
            self.done = done;
        }
        if self.lapsed.len() > most {
            let mut lapsed = std::mem::take(&mut self.lapsed);
            lapsed.retain(|place| self.claim_at(*place).is_some());
            self.lapsed = lapsed;
        }
    }

    fn claim_at(&self, place: Place) -> Option<Entry> {
        let entry = self.entries.get(&place.id).copied();
        entry.filter(|entry| !entry.done && entry.fence == place.fence)
    }

    fn done_at(&self, place: Place) -> Option<Entry> {
        let entry = self.entries.get(&place.id).copied();
        entry.filter(|entry| entry.done && entry.fence == place.fence)
    }

    /// Removes one entry, if there is one that may go.
    fn make_room(&mut self, now: Nanos) -> bool {
        while self.next_lapsed(now) {}
        while let Some(place) = self.lapsed.pop_front() {
            // It may have been extended since.
            if self.claim_at(place).is_some_and(|entry| !entry.is_live(now)) {
                return self.entries.remove(&place.id).is_some();
            }
        }
        while let Some(place) = self.done.pop_front() {
            if let Some(entry) = self.done_at(place) {
                self.evicted = self.evicted.saturating_add(u64::from(now < entry.keep_until));
                return self.entries.remove(&place.id).is_some();
            }
        }
        false
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.capacity)
            .field("len", &self.len())
            .field("evicted", &self.evicted())
            .finish()
    }
}

impl IdempotencyStore for MemoryStore {
    type Error = Full;

    fn claim(
        &self,
        key: &Key,
        lease: Duration,
        retain: Duration,
    ) -> impl Future<Output = Result<Claim, Full>> + Send {
        ready(self.claim_now(key, lease, retain))
    }

    fn complete(
        &self,
        ticket: &Ticket,
        retain: Duration,
    ) -> impl Future<Output = Result<Settled, Full>> + Send {
        ready(Ok(self.settle(ticket, |state, id, entry, now| {
            let keep_until = now.saturating_add(nanos(retain));
            state.entries.insert(id, Entry { done: true, keep_until, ..entry });
            state.done.push_back(Place { id, fence: entry.fence });
        })))
    }

    fn release(&self, ticket: &Ticket) -> impl Future<Output = Result<Settled, Full>> + Send {
        // Its attempts are remembered: it becomes a claim that has lapsed and
        // that nobody has the ticket of.
        ready(Ok(self.settle(ticket, |state, id, entry, _| {
            state.put_claim(id, Entry { lease_until: 0, ..entry });
        })))
    }

    fn extend(
        &self,
        ticket: &Ticket,
        lease: Duration,
    ) -> impl Future<Output = Result<Settled, Full>> + Send {
        ready(Ok(self.settle(ticket, |state, id, entry, now| {
            let lease_until = now.saturating_add(nanos(lease));
            let keep_until = entry.keep_until.max(lease_until);
            state.entries.insert(id, Entry { lease_until, keep_until, ..entry });
            if lease_until != entry.lease_until {
                state.claimed.push(Reverse(Lapse { until: lease_until, fence: entry.fence, id }));
            }
        })))
    }
}

/// A [`MemoryStore`] is full of live claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("all {capacity} keys of the memory store are live claims")]
pub struct Full {
    capacity: usize,
}

/// A hasher for ids, which are hashes already.
#[derive(Clone, Default)]
struct AlreadyHashed;

impl BuildHasher for AlreadyHashed {
    type Hasher = LowHalf;

    fn build_hasher(&self) -> LowHalf {
        LowHalf(0)
    }
}

struct LowHalf(u64);

impl Hasher for LowHalf {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, half: u64) {
        self.0 = half;
    }

    fn write(&mut self, bytes: &[u8]) {
        // Not used by ids; still a hash.
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}
