//! Duplicates that wait for what becomes of the first one.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::idempotency::Key;

/// The place of the one delivery that waits for a key.
pub(super) struct Waiting<'a> {
    all: &'a Mutex<HashSet<Key>>,
    key: &'a Key,
}

impl<'a> Waiting<'a> {
    /// `None` when there is one already.
    pub(super) fn enter(all: &'a Mutex<HashSet<Key>>, key: &'a Key) -> Option<Self> {
        let entered = all.lock().unwrap_or_else(PoisonError::into_inner).insert(key.clone());
        // Not `then_some`: a place that is not taken must not be given up.
        entered.then(|| Self { all, key })
    }

    pub(super) fn is_in(all: &Mutex<HashSet<Key>>, key: &Key) -> bool {
        all.lock().unwrap_or_else(PoisonError::into_inner).contains(key)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(self.key);
    }
}
