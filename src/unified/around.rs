//! What happens around messages: people, calls, groups, chats, labels, templates.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::address::Address;
use super::id::{MessageRef, Origin};
use super::listing::Members;
use super::word::{Word, closed_words, words};
use crate::wire::Sensitive;

words! {
    /// What a person is doing.
    pub enum PresenceState {
        /// They are there.
        Available = "available",
        /// They are not there.
        Unavailable = "unavailable",
        /// They write.
        Typing = "typing",
        /// They speak into a recording.
        Recording = "recording",
        /// They stopped writing.
        Paused = "paused",
    }
}

/// A person came, went, is writing or recording.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Presence<'a> {
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// Who; `None` for the account itself.
    pub who: Option<Address<'a>>,
    /// Whether it is the account itself.
    pub from_me: bool,
    /// What they do.
    pub state: PresenceState<'a>,
    /// When they were last there; `None` where they hide it.
    pub last_seen: Option<DateTime<Utc>>,
}

words! {
    /// The stage of a call.
    pub enum CallState {
        /// It rings.
        Ringing = "ringing",
        /// It was taken.
        Accepted = "accepted",
        /// It was declined.
        Rejected = "rejected",
        /// Nobody took it.
        Missed = "missed",
        /// It is over, answered or not: only its earlier stages tell which.
        Ended = "ended",
        /// It did not come about; the reason tells why.
        Failed = "failed",
    }
}

/// One stage of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call<'a> {
    pub(crate) origin: Origin<'a>,
    /// The call.
    pub id: &'a str,
    /// The group that it is in, or the other person.
    pub chat: Option<Address<'a>>,
    /// Who calls.
    pub caller: Option<Address<'a>>,
    /// Whether the account itself calls.
    pub from_me: Option<bool>,
    /// Its stage.
    pub state: CallState<'a>,
    /// Whether it has a picture.
    pub video: Option<bool>,
    /// Whether it is a group's.
    pub group: Option<bool>,
    /// Whether it happened while the account was not connected: no call to
    /// answer any more.
    pub offline: Option<bool>,
    /// How long it took.
    pub duration: Option<Duration>,
    /// Why it ended or failed, in the gateway's word.
    pub reason: Option<&'a str>,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

/// Something changed in a group.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group<'a> {
    /// The group.
    pub group: Option<Address<'a>>,
    /// Who did it.
    pub by: Option<Address<'a>>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// What changed.
    pub change: GroupChange<'a>,
    /// What the group is called, where the event tells that too.
    pub name: Option<&'a str>,
}

closed_words! {
    /// How a member joined or left a group.
    pub enum How {
        /// Added by another member.
        Added = "added",
        /// They came by a link.
        Joined = "joined",
        /// They came by way of the group's community.
        Community = "community",
        /// Removed by another member.
        Removed = "removed",
        /// They left.
        Left = "left",
        /// That is not told.
        NotTold = "not_told",
    }
}

/// What changed in a group.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum GroupChange<'a> {
    /// These are members now.
    Added(Members<'a>, How),
    /// These are members no longer.
    Removed(Members<'a>, How),
    /// These are admins now.
    Promoted(Members<'a>),
    /// These are admins no longer.
    Demoted(Members<'a>),
    /// These have other phone numbers now.
    NumberChanged(Members<'a>),
    /// The account itself is in the group now.
    OwnJoined,
    /// The account itself is not in the group any more.
    OwnLeft,
    /// Its name.
    Subject(&'a str),
    /// Its description; `None` when that was removed.
    Description(Option<&'a str>),
    /// Its picture.
    Picture,
    /// Whether only admins may write.
    OnlyAdminsWrite(bool),
    /// Whether only admins may change its name, picture and settings.
    OnlyAdminsEdit(bool),
    /// Whether admins must let people in.
    JoinNeedsApproval(bool),
    /// Whether every member may add others.
    MembersMayAdd(bool),
    /// After how long messages disappear; zero for never.
    Timer(Duration),
    /// Its invite link.
    InviteLink(&'a Sensitive),
    /// It was made.
    Created,
    /// It was deleted.
    Deleted,
    /// All that is known of it, without a word on what changed.
    Snapshot(Members<'a>),
    /// Something else, in the gateway's word.
    Other(Word<'a>),
}

impl<'a> GroupChange<'a> {
    /// The word in the serialised form.
    pub fn word(self) -> Word<'a> {
        Word::Text(match self {
            Self::Added(..) => "added",
            Self::Removed(..) => "removed",
            Self::Promoted(_) => "promoted",
            Self::Demoted(_) => "demoted",
            Self::NumberChanged(_) => "number_changed",
            Self::OwnJoined => "own_joined",
            Self::OwnLeft => "own_left",
            Self::Subject(_) => "subject",
            Self::Description(_) => "description",
            Self::Picture => "picture",
            Self::OnlyAdminsWrite(_) => "only_admins_write",
            Self::OnlyAdminsEdit(_) => "only_admins_edit",
            Self::JoinNeedsApproval(_) => "join_needs_approval",
            Self::MembersMayAdd(_) => "members_may_add",
            Self::Timer(_) => "timer",
            Self::InviteLink(_) => "invite_link",
            Self::Created => "created",
            Self::Deleted => "deleted",
            Self::Snapshot(_) => "snapshot",
            Self::Other(word) => return word,
        })
    }

    /// Who is affected.
    pub fn members(self) -> Option<Members<'a>> {
        match self {
            Self::Added(members, _)
            | Self::Removed(members, _)
            | Self::Promoted(members)
            | Self::Demoted(members)
            | Self::NumberChanged(members)
            | Self::Snapshot(members) => Some(members),
            _ => None,
        }
    }
}

/// What is known of a person.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Contact<'a> {
    /// Who.
    pub who: Option<Address<'a>>,
    /// The name that they chose.
    pub name: Option<&'a str>,
    /// The name in the account's address book.
    pub saved_name: Option<&'a str>,
    /// The name that they had chosen before.
    pub previous_name: Option<&'a str>,
    /// Their picture.
    pub picture_url: Option<&'a str>,
    /// Whether it is old news: part of a list that is handed over.
    pub is_sync: bool,
}

words! {
    /// How a chat changed.
    pub enum ChatChange {
        /// There is a new one.
        New = "new",
        /// It may be new, or changed.
        Changed = "changed",
        /// It was deleted.
        Deleted = "deleted",
        /// It was archived.
        Archived = "archived",
        /// It is archived no longer.
        Unarchived = "unarchived",
        /// The account follows a channel now.
        Followed = "followed",
        /// The account follows a channel no longer.
        Unfollowed = "unfollowed",
        /// Its timer for disappearing messages was set:
        /// [`Chat::timer`] tells it.
        Timer = "timer",
    }
}

/// A chat changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Chat<'a> {
    /// The chat.
    pub chat: Option<Address<'a>>,
    /// What changed.
    pub change: ChatChange<'a>,
    /// What it is called.
    pub name: Option<&'a str>,
    /// How many messages in it are unread.
    pub unread: Option<i64>,
    /// After how long messages disappear now; zero for never.
    pub timer: Option<Duration>,
    /// The message that began it. It comes as a [`Message`](super::Message) as
    /// well.
    pub first_message: Option<MessageRef<'a>>,
    /// What that message says.
    pub first_text: Option<&'a str>,
    /// Whether it is old news: part of a list that is handed over.
    pub is_sync: bool,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

impl<'a> Chat<'a> {
    #[allow(dead_code, reason = "not every gateway has chats")]
    pub(crate) fn new(chat: Option<Address<'a>>, change: ChatChange<'a>) -> Self {
        Self {
            chat,
            change,
            name: None,
            unread: None,
            timer: None,
            first_message: None,
            first_text: None,
            is_sync: false,
            at: None,
        }
    }
}

words! {
    /// How a label changed.
    pub enum LabelChange {
        /// It was made, or changed.
        Made = "made",
        /// It was deleted.
        Deleted = "deleted",
        /// It was put on a chat or a message.
        PutOn = "put_on",
        /// It was taken off.
        TakenOff = "taken_off",
    }
}

/// The colour of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelColor<'a> {
    /// A number in WhatsApp's palette.
    Palette(i64),
    /// `#rrggbb`.
    Hex(&'a str),
}

/// A label changed, or was put on or taken off a chat or a message.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Label<'a> {
    /// The label.
    pub label: Option<&'a str>,
    /// What it is called.
    pub name: Option<&'a str>,
    /// Its colour.
    pub color: Option<LabelColor<'a>>,
    /// What changed.
    pub change: LabelChange<'a>,
    /// The chat that it was put on or taken off, or the message's.
    pub chat: Option<Address<'a>>,
    /// The message that it was put on or taken off.
    pub message: Option<MessageRef<'a>>,
    /// Whether it is old news: part of a list that is handed over.
    pub is_sync: bool,
    /// When.
    pub at: Option<DateTime<Utc>>,
}

impl<'a> Label<'a> {
    #[allow(dead_code, reason = "not every gateway has labels")]
    pub(crate) fn new(label: Option<&'a str>, change: LabelChange<'a>) -> Self {
        Self {
            label,
            name: None,
            color: None,
            change,
            chat: None,
            message: None,
            is_sync: false,
            at: None,
        }
    }
}

words! {
    /// How a message template changed.
    pub enum TemplateStatus {
        /// It may be used.
        Approved = "approved",
        /// It may not be used.
        Rejected = "rejected",
    }
}

/// A message template was judged.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Template<'a> {
    /// The template.
    pub id: Option<Cow<'a, str>>,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its language.
    pub language: Option<&'a str>,
    /// What changed.
    pub status: TemplateStatus<'a>,
    /// Why.
    pub reason: Option<&'a str>,
}

closed_words! {
    /// Why a happening has no kind of its own here.
    pub enum OtherWhy {
        /// The event's name is unknown.
        Unknown = "unknown",
        /// The event is known, and its payload could not be typed.
        Malformed = "malformed",
        /// The event is one that `only` leaves out.
        Skipped = "skipped",
        /// It is understood, and only this gateway has it.
        NotUnified = "not_unified",
        /// It passes between devices or servers, not between people.
        Internal = "internal",
    }
}

/// Everything that has no kind of its own. The typed event tells the rest.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Other<'a> {
    /// Why.
    pub why: OtherWhy,
    /// The chat that it is about.
    pub chat: Option<Address<'a>>,
    /// The message that it is about.
    pub message: Option<MessageRef<'a>>,
    /// What it is, in the gateway's word.
    pub word: Option<Word<'a>>,
}

impl<'a> Other<'a> {
    pub(crate) fn new(why: OtherWhy) -> Self {
        Self { why, chat: None, message: None, word: None }
    }

    #[allow(dead_code, reason = "not every gateway needs it")]
    pub(crate) fn word(why: OtherWhy, word: impl Into<Word<'a>>) -> Self {
        Self { word: Some(word.into()), ..Self::new(why) }
    }
}
