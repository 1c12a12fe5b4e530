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
// Not every gateway uses every mechanism.
#![cfg_attr(
    not(feature = "default"),
    allow(dead_code, unused_imports, unused_macros, unused_variables)
)]
#![doc = include_str!("../README.md")]

pub mod auth;
pub mod event;
pub mod idempotency;
pub mod jid;
pub mod message_id;
pub mod retry;
#[cfg(any(feature = "evolution", feature = "wawp"))]
pub mod whatsapp;
pub mod wire;

mod answer;
mod any;
mod delivery;
mod failure;
mod gateways;
mod handling;
mod moment;
mod receiver;
mod request;
mod secret;
mod timer;

#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;

pub use answer::{Answer, Outcome};
pub use any::{AnyDelivery, AnyReceiver};
pub use auth::{Proof, Refusal};
pub use delivery::{Delivery, Stored, StoredError};
pub use event::{Recognition, SetAside, Unreadable};
pub use failure::Failure;
pub use gateways::*;
pub use handling::{Observation, StoreDown, Unsaved, UnsavedReason};
#[cfg(feature = "postgres")]
pub use idempotency::PostgresStore;
#[cfg(feature = "redis")]
pub use idempotency::RedisStore;
pub use idempotency::{IdempotencyStore, Key, MemoryStore};
pub use jid::Jid;
pub use message_id::MessageId;
pub use receiver::{Error, NoStore, Receiver, UnknownEventName};
pub use request::{Head, Headers, IntoBody, Request};
pub use secret::{Secret, SecretError, Secrets, Token, Tokens};
pub use timer::Timer;
#[cfg(feature = "tokio")]
pub use timer::TokioTimer;
pub use wire::RawJson;
