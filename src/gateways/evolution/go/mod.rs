//! Evolution Go (0.6 and its main branch): a product of its own, with its own wire.
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

//!
//! * **Keys**: [`Envelope::identity`] is what tells an event from others; what
//!   has none and says when it happened goes by its whole body.
//! * **Times**: Go's zero time (the year 1) is none.
//! * **Edits** have an id of their own, and name what they edit; those in a
//!   channel have the id of the message that they edit, and
//!   [`NewsletterMeta::edit_ts`](NewsletterMeta).
//! * **Withheld messages** ([`Message::is_withheld`]) have the id of the message
//!   that may follow.
//! * The main branch says what an edit or a deletion is in `messageType`, puts
//!   the group's data into each message of a group, and sends [`ButtonClick`]
//!   beside the message that says the same. It also has events for linking by
//!   passkey, whose payloads hold codes and tokens: they are unknown here, and
//!   reach only those who subscribe to everything.

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

/// After any answer other than 2xx: five attempts in total, 30 s apart, with no
/// time limit for the answer.
pub const RETRIES: RetrySchedule = RetrySchedule::fixed(&[
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
]);
