//! One vocabulary over all gateways.
//!
//! [`Delivery::unified`](crate::Delivery::unified) shows a delivery in words that
//! all gateways share, so that one handler serves all of them:
//!
//! ```
//! use zaphook::unified::{ConnectionState, Happening};
//! use zaphook::{Delivery, EnviaAi};
//!
//! # let body = r#"{"event":"message.received","data":{"messageId":"msg_1",
//! #     "instanceId":"inst_1","chatId":"chat_1","from":"5511999990001","type":"text",
//! #     "content":"ping","isGroup":false}}"#;
//! let delivery = Delivery::<EnviaAi>::parse_trusted(body)?;
//! for happening in delivery.unified().happenings() {
//!     match happening {
//!         Happening::Message(message) if message.is_incoming() => {
//!             if message.text() == Some("ping") {
//!                 println!("pong, to {:?}", message.answer_to());
//!             }
//!         }
//!         Happening::Receipt(receipt) if receipt.target_from_me == Some(true) => {
//!             println!("{} is {}", receipt.target.id, receipt.status);
//!         }
//!         Happening::Connection(connection) if connection.state == ConnectionState::Closed => {
//!             println!("disconnected: {:?}", connection.reason);
//!         }
//!         _ => {} // `delivery.event()` has the rest, typed
//!     }
//! }
//! # Ok::<(), zaphook::Unreadable>(())
//! ```
//!
//! # What it promises
//!
//! * Nothing is invented: `None` is "the gateway did not tell", never "no". An
//!   empty text is `None`.
//! * Nothing is lost: the typed event, the raw payload and the body are as
//!   reachable as ever, and what has no word here is [`Happening::Other`].
//! * Making the view, walking through it and asking for ids, chat, sender and time
//!   allocates nothing. What costs something is a method, and costs it when it is
//!   asked: text with escapes or in a wrapper, the facts that Wawp and WAHA keep in
//!   their engine's data, quoted messages, and most of what Evolution Go says.
//! * A value that two gateways share has one unit and one meaning.
//! * It knows one delivery: no memory, no clock, no network. It does not find out
//!   who is behind a LID, join albums, decrypt votes or drop duplicates; it tells
//!   what is needed for that.
//! * What opens something (QR codes, invite links, pairing codes) is hidden by
//!   `Debug` and left out of the serialised form.
//!
//! # The same happening twice
//!
//! Gateways post one message under two names, and one deletion as two events. Each
//! of them is told here, since you may have subscribed to only one;
//! [`Happening::key`] is the same for both, and a store of any kind that claims it
//! lets one of them through.
//!
//! # Which event becomes what
//!
//! [`events`] lists every event of every gateway with the happenings that it
//! becomes, and which gateway tells what.

pub mod events;

mod acts;
mod address;
mod around;
mod content;
mod form;
mod happening;
mod id;
mod key;
mod listing;
mod message;
mod session;
mod word;

#[cfg(feature = "eazewa")]
mod eazewa;
#[cfg(feature = "enviaai")]
mod enviaai;
#[cfg(feature = "evolution")]
mod evolution;
#[cfg(feature = "evolution")]
mod evolution_go;
#[cfg(feature = "wawp")]
mod wawp;
#[cfg(any(feature = "evolution", feature = "wawp"))]
mod whatsapp;
#[cfg(feature = "zavu")]
mod zavu;

use std::borrow::Cow;
use std::fmt;
use std::iter::FusedIterator;

use chrono::{DateTime, Utc};

use crate::any::AnyDelivery;
use crate::delivery::Delivery;
use crate::event::{EventSet, Recognition};
use crate::gateways::{self, Gateway, each_gateway};
use crate::idempotency::Key;
use crate::jid::Jid;

pub use acts::{
    Delete, Edit, PollVote, Reaction, ReactionChange, Receipt, Scope, Selected, SendError, Status,
};
pub use address::{Address, AddressKind, ChatKind};
pub use around::{
    Call, CallState, Chat, ChatChange, Contact, Group, GroupChange, How, Label, LabelChange,
    LabelColor, Other, OtherWhy, Presence, PresenceState, Template, TemplateStatus,
};
pub use content::{
    Ad, Album, Choice, ChoiceKind, ContactCard, Invitation, Location, Media, MediaKind,
    MissingMedia, Order, Poll, ReplyTo,
};
pub use happening::Happening;
pub use id::MessageRef;
#[cfg(any(feature = "eazewa", feature = "evolution", feature = "wawp"))]
use id::{Account, Origin};
pub use listing::{Addresses, Contacts, Member, Members, Options, Phones, Role};
pub use message::{Channel, Message, MessageKind, Writer};
pub use session::{CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef};
pub use word::Word;

/// A delivery in words that all gateways share: what happened, and whose it is.
/// From [`Delivery::unified`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Unified<'a> {
    /// The gateway's name: [`Gateway::NAME`]. Evolution Go is `evolution`.
    pub gateway: &'static str,
    /// The event's name as received. It differs from gateway to gateway.
    pub name: &'a str,
    /// Whether the event was recognised. What was not is [`Happening::Other`].
    pub recognition: Recognition,
    delivery: &'a dyn Seen,
}

impl<'a> Unified<'a> {
    /// Whose session, instance or project it is: as
    /// [`Delivery::account`].
    pub fn account(&self) -> Option<Cow<'a, str>> {
        self.delivery.account()
    }

    /// The account's own address on WhatsApp, where this delivery tells it.
    pub fn own(&self) -> Option<Address<'a>> {
        self.delivery.own()
    }

    /// The delivery's time: as [`Delivery::happened_at`]. Each happening has its
    /// own, where it is told.
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        self.delivery.happened_at()
    }

    /// As [`Delivery::key`]: what tells a repeated delivery from a new one.
    /// [`Happening::key`] is what two deliveries of one happening share.
    pub fn key(&self) -> Option<Key> {
        self.delivery.key()
    }

    /// As [`Delivery::message_key`].
    pub fn message_key(&self) -> Option<Key> {
        self.delivery.message_key()
    }

    /// What happened, in the order of the body: one happening for most events,
    /// several for lists, none for an empty list.
    pub fn happenings(&self) -> Happenings<'a> {
        Happenings { delivery: self.delivery, next: Cursor::default() }
    }

    /// The only happening, or the first.
    pub fn first(&self) -> Option<Happening<'a>> {
        self.happenings().next()
    }
}

impl fmt::Debug for Unified<'_> {
    /// Shows no text of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unified")
            .field("gateway", &self.gateway)
            .field("event", &self.name.chars().take(64).collect::<String>())
            .field("recognition", &self.recognition)
            .finish_non_exhaustive()
    }
}

/// What happened, as an iterator. It reads the typed event in place and
/// copies nothing.
#[derive(Clone, Copy)]
pub struct Happenings<'a> {
    delivery: &'a dyn Seen,
    next: Cursor<'a>,
}

impl<'a> Iterator for Happenings<'a> {
    type Item = Happening<'a>;

    fn next(&mut self) -> Option<Happening<'a>> {
        self.delivery.happening(&mut self.next)
    }
}

impl FusedIterator for Happenings<'_> {}

impl fmt::Debug for Happenings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Happenings").field("next", &self.next.at).finish_non_exhaustive()
    }
}

/// The position of an iterator over happenings.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Cursor<'a> {
    at: usize,
    /// The key of a map that was told last.
    #[cfg_attr(not(feature = "evolution"), allow(dead_code))]
    after: Option<&'a Jid>,
}

impl Cursor<'_> {
    /// The place that is next, from 0 on.
    fn step(&mut self) -> usize {
        let at = self.at;
        self.at = at.saturating_add(1);
        at
    }
}

/// A gateway whose deliveries can be [seen as one vocabulary](crate::unified): each
/// of the crate's. Sealed, as [`Gateway`] is.
pub trait Unify: Gateway {
    /// What happened, from a place in the event on, which is moved on. After the
    /// last happening it stays `None`.
    #[doc(hidden)]
    fn happening<'a>(envelope: &'a Self::Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>>;

    /// The account's own address.
    #[doc(hidden)]
    fn own(_envelope: &Self::Envelope) -> Option<Address<'_>> {
        None
    }
}

/// A delivery of whichever gateway. An object, so that a program has the code of
/// the gateways that it receives, and of no other.
trait Seen: Sync {
    fn account(&self) -> Option<Cow<'_, str>>;
    fn own(&self) -> Option<Address<'_>>;
    fn happened_at(&self) -> Option<DateTime<Utc>>;
    fn key(&self) -> Option<Key>;
    fn message_key(&self) -> Option<Key>;
    fn happening<'a>(&'a self, next: &mut Cursor<'a>) -> Option<Happening<'a>>;
}

impl<G: Unify> Seen for Delivery<G> {
    fn account(&self) -> Option<Cow<'_, str>> {
        self.account()
    }

    fn own(&self) -> Option<Address<'_>> {
        G::own(self.envelope())
    }

    fn happened_at(&self) -> Option<DateTime<Utc>> {
        self.happened_at()
    }

    fn key(&self) -> Option<Key> {
        self.key()
    }

    fn message_key(&self) -> Option<Key> {
        self.message_key()
    }

    fn happening<'a>(&'a self, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        G::happening(self.envelope(), next)
    }
}

impl<G: Unify> Delivery<G> {
    /// What happened, in [words that all gateways share](crate::unified).
    pub fn unified(&self) -> Unified<'_> {
        Unified {
            gateway: G::NAME,
            name: self.name(),
            recognition: self.recognition(),
            delivery: self,
        }
    }
}

macro_rules! any_unified {
    ($($feature:literal $module:ident::$Gateway:ident,)+) => {
        impl AnyDelivery {
            /// As [`Delivery::unified`].
            // Not among what all deliveries do alike: then it would be in every
            // program, also where nobody asks for it.
            pub fn unified(&self) -> Unified<'_> {
                match *self {
                    $(
                        #[cfg(feature = $feature)]
                        Self::$Gateway(ref delivery) => {
                            let delivery: &Delivery<gateways::$Gateway> = delivery;
                            delivery.unified()
                        }
                    )+
                }
            }
        }
    };
}

each_gateway!(any_unified);

/// The one happening of an event that has one.
fn once<'a>(
    next: &mut Cursor<'a>,
    happening: impl FnOnce() -> Happening<'a>,
) -> Option<Happening<'a>> {
    (next.step() == 0).then(happening)
}

/// A text. An empty one says nothing.
#[cfg(any(feature = "eazewa", feature = "evolution", feature = "wawp"))]
fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

/// Whose ids they are, where they are an account's.
#[cfg(any(feature = "eazewa", feature = "evolution", feature = "wawp"))]
fn origin<G: Gateway>(envelope: &G::Envelope) -> Origin<'_> {
    let account = match G::account(envelope) {
        Some(Cow::Borrowed(account)) => Some(account),
        // Only of what is not typed, and has no happening with a key.
        _ => None,
    };
    Origin { gateway: G::NAME, account: Account::Of(account) }
}

/// An event without a type, or one that only its gateway has.
fn unrecognised<E: EventSet>(event: &E) -> Happening<'_> {
    Happening::Other(Other::new(match event.recognition() {
        Recognition::Unknown => OtherWhy::Unknown,
        Recognition::Malformed => OtherWhy::Malformed,
        Recognition::Skipped => OtherWhy::Skipped,
        _ => OtherWhy::NotUnified,
    }))
}
