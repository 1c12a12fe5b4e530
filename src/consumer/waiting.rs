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

#[cfg(test)]
mod tests {
    use super::*;

    fn fate_at(all: &Places, key: &Key) -> Option<Fate> {
        Waiting::at(all, key).map(|place| place.fate())
    }

    #[test]
    fn a_place_says_what_became_of_who_waits_there() {
        let (all, key) = (Places::default(), Key::new("enviaai", [Some("a")]).unwrap());
        let is_free = || all.lock().unwrap().is_empty();

        let waiting = Waiting::enter(&all, &key).ok().unwrap();
        let place = Waiting::at(&all, &key).unwrap();
        assert_eq!((place.fate(), fate_at(&all, &key)), (Fate::Open, Some(Fate::Open)));
        assert!(Waiting::enter(&all, &key).is_err());
        waiting.answered();
        assert_eq!((place.fate(), is_free()), (Fate::Answered, true));

        let waiting = Waiting::enter(&all, &key).ok().unwrap();
        let place = Waiting::at(&all, &key).unwrap();
        drop(waiting);
        assert_eq!((place.fate(), is_free()), (Fate::Dropped, true));

        // Who has taken over leaves the place to the next one, and does not free it for him.
        let first = Waiting::enter(&all, &key).ok().unwrap();
        first.leave();
        assert!(is_free());
        let _next = Waiting::enter(&all, &key).ok().unwrap();
        drop(first);
        assert_eq!(fate_at(&all, &key), Some(Fate::Open));
    }
}
