//! Evolution Go (0.6 and its main branch): a separate product, with its own format.
//!
//! Its bodies go to the same URL as those of Evolution API and have little else in
//! common with them: event names and most members are spelled as in Go, there is no
//! signature and no header, and the only proof is the `instanceToken` in the body
//! ([`Evolution::per_instance`](crate::Evolution::per_instance),
//! [`Evolution::instance_token`](crate::Evolution::instance_token)). [`Envelope`] is
//! such a body, [`Event`] what happened.
//!
//! The content of a message is the same as everywhere, in another spelling (`URL`,
//! `fileSHA256`, `JPEGThumbnail`, `mentionedJID`).
//! [`GoContent`](crate::whatsapp::GoContent) keeps it raw and is typed on demand as
//! the same [`Content`](crate::whatsapp::Content), with the same accessors.
//!
//! ```
//! use zaphook::evolution::{Event, go};
//! use zaphook::{Delivery, Evolution, Failure};
//!
//! async fn save(delivery: Delivery<Evolution>) -> Result<(), Failure> {
//!     let Event::Go(body) = delivery.event() else { return Ok(()) };
//!     if let go::Event::Message(message) = &body.event {
//!         let info = &message.info;
//!         let addresses = [&info.sender, &info.sender_alt];
//!         let phone = addresses.into_iter().flatten().find_map(|address| address.phone());
//!         let content = message.message.as_ref().map(|it| it.content()).transpose()?;
//!         let content = content.as_ref().map(|it| it.unwrapped());
//!         println!("{phone:?}: {:?}", content.as_ref().and_then(|it| it.text()));
//!     }
//!     Ok(())
//! }
//! ```
//!
//! * **Keys**: [`Envelope::identity`] is what identifies an event; an event that has
//!   none but contains a time is identified by its whole body.
//! * **Times**: Go's zero time (the year 1) is read as `None`.
//! * **Edits** have an id of their own, and name the message they edit; those in a
//!   channel have the id of the message that they edit, and
//!   [`NewsletterMeta::edit_ts`](NewsletterMeta).
//! * **Withheld messages** ([`Message::is_withheld`]) have the id of the message
//!   that may follow.
//! * **Retries**: five attempts, 30 s apart, after anything but 2xx.
//! * The main branch marks edits and deletions in `messageType`, adds the group's
//!   data to each message of a group, and sends [`ButtonClick`] in addition to the
//!   corresponding message. It also has events for linking by passkey, whose payloads
//!   contain codes and tokens: they are unknown here, and are only sent to those who
//!   subscribe to everything.
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

/// After any answer other than 2xx: five attempts in total, 30 s apart, with no
/// time limit for the answer.
pub const RETRIES: RetrySchedule = RetrySchedule::fixed(&[
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
    Duration::from_secs(30),
]);
