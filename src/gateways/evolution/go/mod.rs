//! Evolution Go (0.6): a product of its own, with its own wire.
//!
//! Its bodies have Evolution's address and little else in common with it: the
//! names of events and most members are written as Go writes them, there is no
//! signature and no header, and the only proof is the `instanceToken` in the
//! body. [`Envelope`] is such a body, [`Event`] what happened.
//!
//! What a message holds is the same as everywhere, in another spelling (`URL`,
//! `fileSHA256`, `JPEGThumbnail`, `mentionedJID`). [`GoContent`](crate::whatsapp::GoContent) keeps it as it
//! came and is typed on demand as the same
//! [`Content`](crate::whatsapp::Content), with the same accessors.
//!
//! Sources: those of the server
//! ([evolution-go](https://github.com/EvolutionAPI/evolution-go) 0.6.1) and of
//! [whatsmeow](https://github.com/tulir/whatsmeow).

mod call;
mod chat;
mod event;
mod group;
mod message;
mod session;

use std::time::Duration;

use crate::retry::RetrySchedule;

pub use call::*;
pub use chat::*;
pub use event::{Envelope, Event, EventName, State};
pub use group::*;
pub use message::*;
pub use session::*;

/// Any answer but 2xx: five attempts, 30 s apart, without a time limit on the
/// answer.
pub const RETRIES: RetrySchedule = RetrySchedule::fixed(&[
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
]);
