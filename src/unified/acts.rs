//! What happens to a message: receipts, edits, deletions, reactions, votes.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::address::Address;
use super::id::{MessageRef, Origin};
use super::listing::Options;
use super::word::{closed_words, words};

/// A reaction was set, changed or taken back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reaction<'a> {
    pub(crate) origin: Origin<'a>,
    /// The message reacted to: the original, also where it was edited since.
    pub target: MessageRef<'a>,
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// Who reacted; `None` for the account itself.
    pub sender: Option<Address<'a>>,
    /// Whether the account itself reacted.
    pub from_me: bool,
    /// What changed.
    pub change: ReactionChange<'a>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// The reaction's own id.
    pub id: Option<MessageRef<'a>>,
}

/// How a person's reaction changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReactionChange<'a> {
    /// The emoji that it is now. It replaces the person's earlier one: WhatsApp
    /// allows one each.
    Set(Cow<'a, str>),
    /// It was taken back.
    Removed,
    /// It is encrypted, and nobody here can read it.
    Unreadable,
}

impl<'a> ReactionChange<'a> {
    /// By the emoji, where an empty text or none says that it was taken back.
    pub(crate) fn of(emoji: Option<Cow<'a, str>>) -> Self {
        match emoji {
            Some(emoji) if !emoji.is_empty() => Self::Set(emoji),
            _ => Self::Removed,
        }
    }
}

words! {
    /// A message's delivery status.
    pub enum Status {
        /// The gateway holds it back.
        Held = "held",
        /// It waits for its turn.
        Queued = "queued",
        /// It is being sent.
        Pending = "pending",
        /// WhatsApp, or the channel, has it.
        Sent = "sent",
        /// It could not be sent or delivered. Not final: a message may be
        /// delivered after all.
        Failed = "failed",
        /// It reached a device.
        Delivered = "delivered",
        /// It was read.
        Read = "read",
        /// It was played: recordings and videos.
        Played = "played",
    }
}

impl Status<'_> {
    /// Whether this tells more than another status of the same message. No
    /// gateway orders its deliveries, and levels are skipped and repeated; so keep
    /// a status only when it supersedes the one that is already there.
    ///
    /// ```
    /// use zaphook::unified::Status;
    ///
    /// assert!(Status::Read.supersedes(&Status::Delivered));
    /// assert!(!Status::Sent.supersedes(&Status::Failed));
    /// assert!(Status::Delivered.supersedes(&Status::Failed));
    /// ```
    pub fn supersedes(&self, other: &Status<'_>) -> bool {
        self.rank() > other.rank()
    }

    /// The status if it is one of this vocabulary, independent of the
    /// delivery: for keeping it.
    pub fn known(self) -> Option<Status<'static>> {
        Some(match self {
            Self::Held => Status::Held,
            Self::Queued => Status::Queued,
            Self::Pending => Status::Pending,
            Self::Sent => Status::Sent,
            Self::Failed => Status::Failed,
            Self::Delivered => Status::Delivered,
            Self::Read => Status::Read,
            Self::Played => Status::Played,
            Self::Other(_) => return None,
        })
    }

    fn rank(self) -> u8 {
        match self {
            Self::Other(_) => 0,
            Self::Held => 1,
            Self::Queued => 2,
            Self::Pending => 3,
            Self::Sent => 4,
            Self::Failed => 5,
            Self::Delivered => 6,
            Self::Read => 7,
            Self::Played => 8,
        }
    }
}

/// A message's delivery status changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Receipt<'a> {
    pub(crate) origin: Origin<'a>,
    /// Which message.
    pub target: MessageRef<'a>,
    /// Its chat.
    pub chat: Option<Address<'a>>,
    /// Its delivery status.
    pub status: Status<'a>,
    /// Whether the account wrote the message. `Some(false)`: the account itself
    /// read or played another person's message, on another device. "My message was
    /// read" asks for `Some(true)`.
    pub target_from_me: Option<bool>,
    /// Who received, read or played it: in a chat with one person that person, in
    /// a group one member. `None` where the gateway only tells that it happened.
    pub by: Option<Address<'a>>,
    /// Whether it was the account itself, on another device.
    pub by_me: bool,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<SendError<'a>>,
    /// What the message says, where this event repeats it: to complete a message
    /// that was never seen, not as news.
    pub text: Option<&'a str>,
}

/// Why a message could not be sent or delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SendError<'a> {
    /// The gateway's word or number for it, or Meta's, or the carrier's.
    pub code: Option<&'a str>,
    /// The same in words, for people.
    pub text: Option<&'a str>,
    /// After how long to try again.
    pub retry_after: Option<Duration>,
}

impl<'a> SendError<'a> {
    /// `None` where there is neither a code nor a text.
    #[allow(dead_code, reason = "not every gateway tells why")]
    pub(crate) fn of(code: Option<&'a str>, text: Option<&'a str>) -> Option<Self> {
        let told = code.is_some() || text.is_some();
        told.then_some(Self { code, text, retry_after: None })
    }
}

/// What a message says was replaced.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Edit<'a> {
    pub(crate) origin: Origin<'a>,
    /// The message that was edited.
    pub target: MessageRef<'a>,
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// Who edited it; `None` for the account itself.
    pub sender: Option<Address<'a>>,
    /// Whether the account itself edited it.
    pub from_me: bool,
    /// The text or caption that it has now. `None` where that is not told,
    /// because it is encrypted or because something else was replaced. An empty
    /// text is told to be empty (eazeWA only).
    pub text: Option<Cow<'a, str>>,
    /// What it said before.
    pub previous: Option<Cow<'a, str>>,
    /// Whether the gateway says that it cannot be read.
    pub unreadable: bool,
    /// When it was edited; not when the message was written.
    pub at: Option<DateTime<Utc>>,
    /// The edit's own id.
    pub id: Option<MessageRef<'a>>,
}

closed_words! {
    /// For whom a message was deleted.
    pub enum Scope {
        /// For everyone in the chat.
        ForEveryone = "for_everyone",
        /// For the account alone.
        ForMe = "for_me",
        /// That is not told.
        Unknown = "unknown",
    }
}

/// A message was deleted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delete<'a> {
    pub(crate) origin: Origin<'a>,
    /// Which message. `None` where the gateway does not say.
    pub target: Option<MessageRef<'a>>,
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// Who deleted it; `None` for the account itself.
    pub sender: Option<Address<'a>>,
    /// Whether the account itself did.
    pub from_me: bool,
    /// For whom.
    pub scope: Scope,
    /// Whether an admin deleted another member's message.
    pub by_admin: Option<bool>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What it said, where the gateway still has it. It was deleted on purpose.
    pub previous: Option<Cow<'a, str>>,
}

/// A person voted in a poll, changed their vote or withdrew it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PollVote<'a> {
    pub(crate) origin: Origin<'a>,
    /// The poll. `None` where the gateway does not know it.
    pub poll: Option<MessageRef<'a>>,
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// Who voted; `None` for the account itself.
    pub voter: Option<Address<'a>>,
    /// Whether the account itself voted.
    pub from_me: bool,
    /// What is chosen now.
    pub selected: Selected<'a>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// The vote's own id.
    pub id: Option<MessageRef<'a>>,
}

/// What a person chooses in a poll.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Selected<'a> {
    /// Everything that they choose now; empty when the vote was withdrawn.
    Options(Options<'a>),
    /// There is a vote, and nobody here can read it. Evolution API from 2.3.7 on
    /// writes a vote that it could not decrypt nearly as it writes one that was
    /// withdrawn; where it cannot be told which, this is it.
    Unreadable,
}
