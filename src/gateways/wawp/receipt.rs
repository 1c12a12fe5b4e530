//! How far messages have come.

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
    /// A message came further on its way.
    ///
    /// Levels may be skipped, repeated and out of order; see
    /// [`Ack::supersedes`]. With WEBJS, one in a direct chat is the complete
    /// message; Wawp's second generation has but `id`, `ack`, `ackName` and
    /// `chatId`. Since 2025.12.2 groups have `message.ack.group`.
    #[doc(alias("message.ack", "message.ack.group"))]
    pub struct MessageAck {
        /// The chat. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
    }
}

impl MessageAck {
    /// The chat, from whichever member has it.
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

    /// Whether the account itself wrote the message: what the id says where
    /// it tells, since WEBJS sends `fromMe: false` with the receipts of the
    /// account's own messages in groups.
    pub fn is_from_me(&self) -> bool {
        self.id.from_me().or(self.from_me).unwrap_or(false)
    }

    /// Who received or read it: in groups `participant`, else the other
    /// person of the chat. `None` where that is the account itself.
    pub fn reader(&self) -> Option<JidRef<'_>> {
        let named = |jid: &&Jid| names_somebody(jid.view());
        let participant = self.participant.as_ref().filter(named).map(Jid::view);
        let other = || self.chat().filter(|chat| self.is_from_me() && chat.is_person());
        participant.or_else(other)
    }
}

number_enum! {
    /// How far a message has come.
    pub enum Ack {
        /// It could not be sent.
        Error = -1,
        /// It has not left yet.
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
    /// Whether this level tells more than another one of the same message.
    /// Events come in any order, so keep a level only when it supersedes the
    /// one that is already there.
    ///
    /// A level outside the documented set supersedes nothing and is
    /// superseded by every documented one.
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
    /// The names of how far a message has come.
    pub enum AckName {
        /// It could not be sent.
        Error = "ERROR",
        /// It has not left yet.
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
    /// The level of that name; `None` for `UNKNOWN` and for names outside the
    /// documented set.
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

/// Where number and name disagree, the name leads: the number is what engines
/// and schemas get wrong.
pub(super) fn receipt(ack: Option<&Ack>, name: Option<&AckName>) -> Option<Ack> {
    name.and_then(AckName::ack).or_else(|| ack.cloned())
}
