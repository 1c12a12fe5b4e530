//! Delivery status.

use super::ends::{Ends, names_somebody};
use super::media::{Location, Media, ReplyTo};
use super::message::{MessageSource, message};
use crate::jid::{Jid, JidRef};
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::number_enum::number_enum;
use crate::wire::open_enum::open_enum;
use crate::wire::{List, RawJson};

message! {
    /// The delivery status of a message changed.
    ///
    /// Levels may be skipped, repeated and out of order; see
    /// [`Ack::supersedes`]. With WEBJS, the event contains the complete message
    /// in a one-to-one chat; Wawp's second generation has only `id`, `ack`,
    /// `ackName` and `chatId`. Since 2025.12.2 groups have `message.ack.group`.
    #[doc(alias("message.ack", "message.ack.group"))]
    pub struct MessageAck {
        /// The chat. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
    }
}

impl MessageAck {
    /// The chat, from whichever field has it.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        let ends = Ends {
            id: Some(&self.id),
            from: self.from.as_ref(),
            to: self.to.as_ref(),
            from_me: Some(self.is_from_me()),
            ..Ends::default()
        };
        self.chat_id.as_ref().map(Jid::view).or_else(|| ends.chat())
    }

    /// Whether the account itself wrote the message. The id takes precedence,
    /// since WEBJS sends `fromMe: false` with the receipts of the account's own
    /// messages in groups.
    pub fn is_from_me(&self) -> bool {
        self.id.from_me().or(self.from_me).unwrap_or(false)
    }

    /// Who received or read it: in groups `participant`, else the other person
    /// in the chat. `None` if that is the account itself.
    pub fn reader(&self) -> Option<JidRef<'_>> {
        let named = |jid: &&Jid| names_somebody(jid.view());
        let participant = self.participant.as_ref().filter(named).map(Jid::view);
        let other = || self.chat().filter(|chat| self.is_from_me() && chat.is_person());
        participant.or_else(other)
    }
}

number_enum! {
    /// The delivery status of a message.
    pub enum Ack {
        /// It could not be sent.
        Error = -1,
        /// Not sent yet.
        Pending = 0,
        /// It reached WhatsApp.
        Server = 1,
        /// It reached a device of the recipient.
        Device = 2,
        /// The recipient read it.
        Read = 3,
        /// The recipient listened to it.
        Played = 4,
    }
}

impl Ack {
    /// Whether this is a later status of the same message than the other one.
    /// Events arrive in any order, so store a level only if it supersedes the
    /// stored one.
    ///
    /// An undocumented level supersedes nothing and is superseded by every
    /// documented one.
    ///
    /// ```
    /// use zaphook::wawp::Ack;
    ///
    /// assert!(Ack::Read.supersedes(&Ack::Device));
    /// assert!(!Ack::Server.supersedes(&Ack::Device));
    /// ```
    pub fn supersedes(&self, other: &Self) -> bool {
        let rank = |ack: &Self| match ack {
            Self::Other(_) => 0,
            Self::Pending => 1,
            Self::Server => 2,
            // What was delivered after all had not failed.
            Self::Error => 3,
            Self::Device => 4,
            Self::Read => 5,
            Self::Played => 6,
        };
        rank(self) > rank(other)
    }
}

open_enum! {
    /// The delivery status of a message, by name.
    pub enum AckName {
        /// It could not be sent.
        Error = "ERROR",
        /// Not sent yet.
        Pending = "PENDING",
        /// It reached WhatsApp.
        Server = "SERVER",
        /// It reached a device of the recipient.
        Device = "DEVICE",
        /// The recipient read it.
        Read = "READ",
        /// The recipient listened to it.
        Played = "PLAYED",
        /// The engine does not say.
        Unknown = "UNKNOWN",
    }
}

impl AckName {
    /// The level with this name; `None` for `UNKNOWN` and for undocumented
    /// names.
    pub fn ack(&self) -> Option<Ack> {
        Some(match self {
            Self::Error => Ack::Error,
            Self::Pending => Ack::Pending,
            Self::Server => Ack::Server,
            Self::Device => Ack::Device,
            Self::Read => Ack::Read,
            Self::Played => Ack::Played,
            Self::Unknown | Self::Other(_) => return None,
        })
    }
}

/// If number and name disagree, the name wins: engines and schemas tend to get
/// the number wrong.
pub(super) fn receipt(ack: Option<&Ack>, name: Option<&AckName>) -> Option<Ack> {
    name.and_then(AckName::ack).or_else(|| ack.cloned())
}
