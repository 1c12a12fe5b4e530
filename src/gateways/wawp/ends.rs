//! Who wrote to whom, the same for every engine.

use std::borrow::Cow;

use crate::jid::{Jid, JidRef, Kind};
use crate::message_id::MessageId;
use crate::wire::RawJson;
use crate::wire::json::find_text;

/// The addresses of a payload, as sent.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends<'a> {
    pub(super) id: Option<&'a MessageId>,
    pub(super) from: Option<&'a Jid>,
    pub(super) to: Option<&'a Jid>,
    pub(super) participant: Option<&'a Jid>,
    pub(super) author: Option<&'a Jid>,
    pub(super) from_me: Option<bool>,
    pub(super) engine_data: Option<&'a RawJson>,
}

impl<'a> Ends<'a> {
    pub(super) fn is_from_me(&self) -> bool {
        self.from_me.or_else(|| self.id?.from_me()).unwrap_or(false)
    }

    /// `from` is the chat with NOWEB and GOWS, and the sender with WEBJS; `to`
    /// is the receiver with WEBJS, missing or `null` with the others in
    /// one-to-one chats, and in groups the sender with GOWS. So if one of them
    /// has many members it is the chat; otherwise the chat is the other person.
    pub(super) fn chat(&self) -> Option<JidRef<'a>> {
        let named = |jid: Option<&'a Jid>| jid.map(Jid::view).filter(|jid| names_somebody(*jid));
        let (from, to) = (named(self.from), named(self.to));
        let of_many = [from, to].into_iter().flatten().find(|jid| is_of_many(*jid));
        let other = || if self.is_from_me() { to.or(from) } else { from.or(to) };
        of_many.or_else(other).or_else(|| self.id?.chat())
    }

    /// `None` for the account's own messages.
    pub(super) fn sender(&self) -> Option<JidRef<'a>> {
        if self.is_from_me() {
            return None;
        }
        let named = |jid: Option<&'a Jid>| jid.map(Jid::view).filter(|jid| names_somebody(*jid));
        let sender = named(self.participant).or_else(|| named(self.author));
        sender.or_else(|| {
            let in_direct_chat = |jid: JidRef<'a>| Some(jid).filter(|jid| !is_of_many(*jid));
            match self.chat() {
                Some(chat) if is_of_many(chat) => {
                    let from = || named(self.from).and_then(in_direct_chat);
                    self.id.and_then(MessageId::participant).or_else(from)
                }
                chat => chat,
            }
        })
    }

    /// The sender's own address if it is a phone number, else the one that the
    /// engine's data contains in addition to the LID.
    pub(super) fn sender_phone(&self) -> Option<Cow<'a, str>> {
        let sender = self.sender()?;
        if let Some(phone) = sender.phone() {
            return Some(Cow::Borrowed(phone));
        }
        let raw = self.engine_data?.as_str();
        let in_group = self.chat().is_some_and(is_of_many);
        let paths: [&[&str]; 2] = match in_group {
            true => [&["Info", "SenderAlt"], &["key", "participantAlt"]],
            false => [&["Info", "SenderAlt"], &["key", "remoteJidAlt"]],
        };
        let hidden = sender.kind() == Kind::Lid;
        let mut found = paths.into_iter().filter(|_| hidden).filter_map(|path| find_text(raw, path));
        found.find_map(|jid| Some(Cow::Owned(JidRef::from_wire(&jid).phone()?.to_owned())))
    }

    /// The name that the sender chose, from the engine's data.
    pub(super) fn sender_name(&self) -> Option<Cow<'a, str>> {
        if self.is_from_me() {
            return None;
        }
        let raw = self.engine_data?.as_str();
        let paths: [&[&str]; 3] = [&["notifyName"], &["pushName"], &["Info", "PushName"]];
        let mut found = paths.into_iter().filter_map(|path| find_text(raw, path));
        found.find(|name| !name.is_empty())
    }
}

/// Whether it is an address, rather than empty or `me`, the account itself.
pub(super) fn names_somebody(jid: JidRef<'_>) -> bool {
    !matches!(jid.as_str(), "" | "me")
}

/// Whether it has many members.
fn is_of_many(jid: JidRef<'_>) -> bool {
    use Kind::{BroadcastList, Channel, Group, LegacyGroup, StatusFeed};
    matches!(jid.kind(), Group | LegacyGroup | Channel | StatusFeed | BroadcastList)
}

/// Adds the accessors for chat and sender to a payload.
macro_rules! answers {
    ($Name:ident: $who:literal, $($field:ident),+) => {
        impl $Name {
            #[allow(clippy::needless_update, reason = "not every payload has all of them")]
            fn ends(&self) -> $crate::gateways::wawp::ends::Ends<'_> {
                $crate::gateways::wawp::ends::Ends {
                    $($field: $crate::gateways::wawp::ends::AsEnd::as_end(&self.$field),)+
                    ..Default::default()
                }
            }

            /// Whether the account itself did it, according to the payload,
            /// else the message id. `false` if neither says so.
            pub fn is_from_me(&self) -> bool {
                self.ends().is_from_me()
            }

            /// The chat, the same for every engine: the group, the channel, the
            /// status feed, or the other person.
            pub fn chat(&self) -> Option<$crate::jid::JidRef<'_>> {
                self.ends().chat()
            }

            #[doc = concat!("Who ", $who, ". `None` when it was the account itself:")]
            /// its address is [`Envelope::me`](crate::wawp::Envelope::me).
            pub fn sender(&self) -> Option<$crate::jid::JidRef<'_>> {
                self.ends().sender()
            }

            #[doc = concat!("The digits of the phone number of whoever ", $who, ".")]
            /// For a LID it comes from the engine's data (GOWS and NOWEB),
            /// which do not always have it.
            pub fn sender_phone(&self) -> Option<::std::borrow::Cow<'_, str>> {
                self.ends().sender_phone()
            }
        }
    };
}

pub(super) use answers;

/// A field as a part of [`Ends`].
pub(super) trait AsEnd<'a, T> {
    fn as_end(&'a self) -> T;
}

impl<'a, T> AsEnd<'a, Option<&'a T>> for Option<T> {
    fn as_end(&'a self) -> Option<&'a T> {
        self.as_ref()
    }
}

impl<'a> AsEnd<'a, Option<&'a MessageId>> for MessageId {
    fn as_end(&'a self) -> Option<&'a MessageId> {
        Some(self)
    }
}

impl<'a> AsEnd<'a, Self> for Option<bool> {
    fn as_end(&'a self) -> Self {
        *self
    }
}
