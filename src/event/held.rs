//! An envelope behind a pointer that knows how to drop it.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// An envelope of a gateway, dropped by code of this crate.
///
/// A program that drops an envelope itself has the drop glue of every event
/// compiled into it again, each time it is built. Made by
/// [`Envelope::hold`](super::Envelope::hold) alone, since whoever makes one
/// decides in which crate that is.
pub struct Held<E>(Box<dyn Hold<E>>);

trait Hold<E>: Send + Sync + UnwindSafe + RefUnwindSafe {
    fn get(&self) -> &E;
    fn take(self: Box<Self>) -> E;
}

impl<E: Send + Sync + UnwindSafe + RefUnwindSafe> Hold<E> for E {
    fn get(&self) -> &E {
        self
    }

    fn take(self: Box<Self>) -> E {
        *self
    }
}

impl<E: Send + Sync + UnwindSafe + RefUnwindSafe + 'static> Held<E> {
    #[inline]
    pub(crate) fn new(envelope: E) -> Self {
        Self(Box::new(envelope))
    }
}

impl<E> Held<E> {
    pub(crate) fn get(&self) -> &E {
        (*self.0).get()
    }

    pub(crate) fn take(self) -> E {
        self.0.take()
    }
}

impl<E> fmt::Debug for Held<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Held")
    }
}
