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
    allow(dead_code, unreachable_code, unused_imports, unused_macros, unused_variables)
)]
#![doc = include_str!("../README.md")]

pub mod auth;
pub mod event;
#[cfg(all(doc, feature = "default"))]
pub mod guide;
pub mod idempotency;
pub mod jid;
pub mod message_id;
pub mod retry;
pub mod unified;
#[cfg(any(feature = "evolution", feature = "wawp"))]
pub mod whatsapp;
pub mod wire;

mod answer;
mod any;
mod consumer;
mod delivery;
mod failure;
mod gateways;
mod moment;
mod receiver;
mod request;
mod secret;
mod tenants;
mod timer;

#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;

#[cfg(feature = "http-body")]
pub use answer::AnswerBody;
pub use answer::{Answer, Outcome};
pub use any::{AnyDelivery, AnyPolicy, AnyReceiver, AnyTenants};
pub use auth::{Proof, Refusal};
pub use consumer::{
    Consumer, DeadLetter, DeadLetterReason, Door, Entry, NoStore, Observation, StoreDown, Verdict,
};
pub use delivery::{Consumable, Delivery, Stored, StoredError};
pub use event::{Recognition, SetAside, UnknownEventName, Unreadable};
pub use failure::Failure;
pub use gateways::*;
/// The crate `http` in the version that the public API speaks.
pub use http;
#[cfg(feature = "postgres")]
pub use idempotency::PostgresStore;
#[cfg(feature = "redis")]
pub use idempotency::RedisStore;
#[cfg(feature = "sqlite")]
pub use idempotency::SqliteStore;
pub use idempotency::{IdempotencyStore, Key, MemoryStore};
pub use jid::Jid;
pub use message_id::MessageId;
pub use receiver::{Error, Receiver, Receives};
pub use request::{Head, Headers, IntoBody, Peer, Request};
pub use secret::{Secret, SecretError, Secrets, Token, Tokens};
pub use tenants::Tenants;
pub use timer::Timer;
#[cfg(feature = "tokio")]
pub use timer::TokioTimer;
pub use unified::{Happening, Unified};
pub use wire::RawJson;
