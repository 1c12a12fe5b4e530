#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::arithmetic_side_effects
    )
)]
// Without any gateway there is nobody to use the mechanisms.
#![cfg_attr(not(feature = "enviaai"), allow(dead_code, unused_imports, unused_macros))]
#![doc = include_str!("../README.md")]

pub mod auth;
pub mod event;
pub mod jid;
pub mod message_id;
pub mod retry;
pub mod wire;

mod answer;
mod delivery;
mod gateways;
mod idempotency;
mod receiver;
mod request;
mod secret;

#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;

pub use answer::{Answer, Outcome};
pub use auth::{Proof, Refusal};
pub use delivery::{Delivery, Stored, StoredError};
pub use event::{Recognition, SetAside, Unreadable};
pub use gateways::*;
pub use idempotency::Key;
pub use jid::Jid;
pub use message_id::MessageId;
pub use receiver::{Error, Receiver, UnknownEventName};
pub use request::{Head, Headers, IntoBody, Request};
pub use secret::{Secret, SecretError, Secrets};
pub use wire::RawJson;
