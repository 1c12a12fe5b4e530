//! What happened.

use chrono::{DateTime, Utc};

use super::acts::{Delete, Edit, PollVote, Reaction, Receipt};
use super::address::Address;
use super::around::{Call, Chat, Contact, Group, Label, Other, Presence, Template};
use super::id::MessageRef;
use super::message::Message;
use super::session::{Connection, Pairing};

/// What happened, in words that all gateways share.
///
/// A `match` that handles what it knows and ignores the rest loses nothing: the
/// typed event and the raw payload stay in the delivery.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant, reason = "a box would be an allocation")]
pub enum Happening<'a> {
    /// A message that is now in a chat.
    Message(Message<'a>),
    /// What a message says was replaced.
    Edit(Edit<'a>),
    /// A message was deleted.
    Delete(Delete<'a>),
    /// A reaction was set, changed or taken back.
    Reaction(Reaction<'a>),
    /// A message's delivery status changed.
    Receipt(Receipt<'a>),
    /// A person voted in a poll.
    PollVote(PollVote<'a>),
    /// A person came, went, is writing or recording.
    Presence(Presence<'a>),
    /// One stage of a call.
    Call(Call<'a>),
    /// Something changed in a group.
    Group(Group<'a>),
    /// What is known of a person.
    Contact(Contact<'a>),
    /// A chat changed.
    Chat(Chat<'a>),
    /// A label changed.
    Label(Label<'a>),
    /// The account's connection changed.
    Connection(Connection<'a>),
    /// What is needed to link the account.
    Pairing(Pairing<'a>),
    /// A message template was judged.
    Template(Template<'a>),
    /// Everything else.
    Other(Other<'a>),
}

impl<'a> Happening<'a> {
    /// The words of all kinds, as in the serialised form.
    pub const KINDS: &'static [&'static str] = &[
        "message",
        "edit",
        "delete",
        "reaction",
        "receipt",
        "poll_vote",
        "presence",
        "call",
        "group",
        "contact",
        "chat",
        "label",
        "connection",
        "pairing",
        "template",
        "other",
    ];

    /// The kind's word in the serialised form: `message`, `edit`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Edit(_) => "edit",
            Self::Delete(_) => "delete",
            Self::Reaction(_) => "reaction",
            Self::Receipt(_) => "receipt",
            Self::PollVote(_) => "poll_vote",
            Self::Presence(_) => "presence",
            Self::Call(_) => "call",
            Self::Group(_) => "group",
            Self::Contact(_) => "contact",
            Self::Chat(_) => "chat",
            Self::Label(_) => "label",
            Self::Connection(_) => "connection",
            Self::Pairing(_) => "pairing",
            Self::Template(_) => "template",
            Self::Other(_) => "other",
        }
    }

    /// The chat or group that it is about.
    pub fn chat(&self) -> Option<Address<'a>> {
        match self {
            Self::Message(message) => message.chat(),
            Self::Edit(edit) => edit.chat,
            Self::Delete(delete) => delete.chat,
            Self::Reaction(reaction) => reaction.chat,
            Self::Receipt(receipt) => receipt.chat,
            Self::PollVote(vote) => vote.chat,
            Self::Presence(presence) => presence.chat,
            Self::Call(call) => call.chat,
            Self::Group(group) => group.group,
            Self::Chat(chat) => chat.chat,
            Self::Label(label) => label.chat,
            Self::Other(other) => other.chat,
            Self::Contact(_) | Self::Connection(_) | Self::Pairing(_) | Self::Template(_) => None,
        }
    }

    /// When it happened, as the payload tells; never the time of the delivery.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Message(message) => message.at(),
            Self::Edit(edit) => edit.at,
            Self::Delete(delete) => delete.at,
            Self::Reaction(reaction) => reaction.at,
            Self::Receipt(receipt) => receipt.at,
            Self::PollVote(vote) => vote.at,
            Self::Call(call) => call.at,
            Self::Group(group) => group.at,
            Self::Chat(chat) => chat.at,
            Self::Label(label) => label.at,
            Self::Presence(_)
            | Self::Contact(_)
            | Self::Connection(_)
            | Self::Pairing(_)
            | Self::Template(_)
            | Self::Other(_) => None,
        }
    }

    /// The message that it is about: a message itself, of everything else the
    /// one that was edited, deleted, reacted to, read, voted on, labelled.
    pub fn message(&self) -> Option<MessageRef<'a>> {
        match self {
            Self::Message(message) => message.id(),
            Self::Edit(edit) => Some(edit.target),
            Self::Delete(delete) => delete.target,
            Self::Reaction(reaction) => Some(reaction.target),
            Self::Receipt(receipt) => Some(receipt.target),
            Self::PollVote(vote) => vote.poll,
            Self::Chat(chat) => chat.first_message,
            Self::Label(label) => label.message,
            Self::Other(other) => other.message,
            Self::Presence(_)
            | Self::Call(_)
            | Self::Group(_)
            | Self::Contact(_)
            | Self::Connection(_)
            | Self::Pairing(_)
            | Self::Template(_) => None,
        }
    }
}
