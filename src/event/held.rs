//! A boxed value that knows how to drop itself.

use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};

/// An envelope of a gateway, or the content of a message, dropped by code that is
/// made once.
///
/// If programs dropped envelopes themselves, the drop glue of every event would
/// be compiled into them again with each build. Of envelopes only
/// [`Envelope::hold`](super::Envelope::hold) makes one, so that this stays in
/// this crate. Inside it, each unit of code that drops a content would have that
/// glue too.
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

impl<E: Clone + Send + Sync + UnwindSafe + RefUnwindSafe + 'static> Clone for Held<E> {
    fn clone(&self) -> Self {
        Self::new(self.get().clone())
    }
}

impl<E: PartialEq> PartialEq for Held<E> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

impl<E: fmt::Debug> fmt::Debug for Held<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
