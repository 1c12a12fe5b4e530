//! Acting on an event once.

mod key;

pub use key::Key;

pub(crate) use key::body_digest;
