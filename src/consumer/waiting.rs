//! Duplicates that wait for the outcome of the first one.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::idempotency::Key;

/// The waiting deliveries, one for each key.
pub(super) type Places = Mutex<HashMap<Key, Arc<Place>>>;

/// What others see of a waiting delivery.
pub(super) struct Place(AtomicU8);

/// The outcome of a waiting delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It waits, or has taken over.
    Open,
    /// It has an answer.
    Answered,
    /// It was dropped before it had one.
    Dropped,
}

impl Place {
    pub(super) fn fate(&self) -> Fate {
        match self.0.load(Ordering::Acquire) {
            OPEN => Fate::Open,
            ANSWERED => Fate::Answered,
            _ => Fate::Dropped,
        }
    }
}

const OPEN: u8 = 0;
const ANSWERED: u8 = 1;
const DROPPED: u8 = 2;

/// The place of the one delivery that waits for a key, with all that it takes to
/// handle it.
pub(super) struct Waiting<'a> {
    all: &'a Places,
    key: &'a Key,
    place: Arc<Place>,
}

impl<'a> Waiting<'a> {
    /// The place of the one that is there already, if there is one.
    pub(super) fn enter(all: &'a Places, key: &'a Key) -> Result<Self, Arc<Place>> {
        match all.lock().unwrap_or_else(PoisonError::into_inner).entry(key.clone()) {
            Entry::Occupied(taken) => Err(Arc::clone(taken.get())),
            Entry::Vacant(free) => {
                let place = Arc::new(Place(AtomicU8::new(OPEN)));
                free.insert(Arc::clone(&place));
                Ok(Self { all, key, place })
            }
        }
    }

    pub(super) fn at(all: &Places, key: &Key) -> Option<Arc<Place>> {
        all.lock().unwrap_or_else(PoisonError::into_inner).get(key).map(Arc::clone)
    }

    /// It waits no longer, since it is the first one now.
    pub(super) fn leave(&self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(self.key).is_some_and(|place| Arc::ptr_eq(place, &self.place)) {
            all.remove(self.key);
        }
    }

    /// It is known what to answer.
    pub(super) fn answered(self) {
        self.place.0.store(ANSWERED, Ordering::Release);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.leave();
        let _ = self.place.0.compare_exchange(OPEN, DROPPED, Ordering::AcqRel, Ordering::Acquire);
    }
}
