//! Acts, which are posted as messages; and contents that are not typed.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{by_kind, target, text};
use crate::unified::id::MessageRef;
use crate::unified::listing::Options;
use crate::unified::message::{self, MessageKind};
use crate::whatsapp::{Body, Content, Kind, ProtocolKind, TargetKey, View};
use crate::wire::json::{seek, text_of, value_at};

/// What a message does to another one, or to a chat.
pub(in crate::unified) enum Act<'a> {
    Reaction {
        target: MessageRef<'a>,
        emoji: Option<Cow<'a, str>>,
        at: Option<DateTime<Utc>>,
    },
    EncryptedReaction {
        target: MessageRef<'a>,
    },
    Vote {
        poll: Option<MessageRef<'a>>,
        options: Option<Options<'a>>,
        at: Option<DateTime<Utc>>,
    },
    Edit {
        target: MessageRef<'a>,
        text: Option<Cow<'a, str>>,
        at: Option<DateTime<Utc>>,
    },
    EncryptedEdit {
        target: MessageRef<'a>,
    },
    Delete {
        target: MessageRef<'a>,
        author: Option<&'a str>,
    },
    Timer(Duration),
    /// Something that only this kind of gateway tells, in its word.
    Other {
        word: &'a str,
        target: Option<MessageRef<'a>>,
    },
}

impl<'a> Act<'a> {
    /// The act that a typed content is, if it is one.
    #[cfg(feature = "evolution")]
    pub(in crate::unified) fn of_content(view: View<'a>) -> Option<Self> {
        let Some(body) = &view.outer.body else {
            // A group's key may come by itself.
            let key_only = view.outer.sender_key_distribution_message.is_some();
            let alone = key_only && view.outer.kind().is_none();
            let word = "senderKeyDistributionMessage";
            return alone.then_some(Self::Other { word, target: None });
        };
        let or_other = |act: Option<Self>, key: Option<&'a TargetKey>| {
            let target = key.and_then(target);
            act.unwrap_or(Self::Other { word: body.name(), target })
        };
        let told = |key: &'a Option<TargetKey>| key.as_ref().and_then(target);
        Some(match body {
            Body::Reaction(reaction) => {
                let emoji = reaction.text.as_deref().map(Cow::Borrowed);
                let act = told(&reaction.key).map(|target| Self::Reaction {
                    target,
                    emoji,
                    at: reaction.sender_timestamp_ms,
                });
                or_other(act, None)
            }
            Body::EncReaction(reaction) => {
                let target = told(&reaction.target_message_key);
                or_other(target.map(|target| Self::EncryptedReaction { target }), None)
            }
            Body::PollUpdate(update) => {
                let list = update.vote.as_ref().and_then(|vote| vote.selected_options.as_ref());
                let readable = view.chosen_options().is_some();
                Self::Vote {
                    poll: told(&update.poll_creation_message_key),
                    options: list.filter(|_| readable).map(|list| Options::of(list)),
                    at: update.sender_timestamp_ms,
                }
            }
            Body::SecretEncrypted(edit) => {
                let target = told(&edit.target_message_key);
                or_other(target.map(|target| Self::EncryptedEdit { target }), None)
            }
            Body::Protocol(act) => {
                let kind = act.kind.as_ref().or(act.type_name.as_ref());
                let target = told(&act.key);
                let edited = act.edited_message.as_ref().map(|nested| nested.raw().as_str());
                match (kind.map(|kind| &**kind), target) {
                    (Some(ProtocolKind::Revoke), Some(target)) => {
                        let author = act.key.as_ref().and_then(|key| key.participant.as_ref());
                        Self::Delete { target, author: author.map(|author| author.as_str()) }
                    }
                    (Some(ProtocolKind::MessageEdit) | None, Some(target))
                        if edited.is_some() || kind.is_some() =>
                    {
                        let text = edited.and_then(Said::of).and_then(Said::text);
                        Self::Edit { target, text, at: act.timestamp_ms }
                    }
                    (Some(ProtocolKind::EphemeralSetting), _) => {
                        let seconds = act.ephemeral_expiration.unwrap_or(0);
                        Self::Timer(Duration::from_secs(seconds.into()))
                    }
                    (kind, target) => {
                        let word = kind.and_then(ProtocolKind::as_str).unwrap_or(body.name());
                        Self::Other { word, target }
                    }
                }
            }
            Body::KeepInChat(keep) => or_other(None, keep.key.as_ref()),
            Body::EncComment(comment) => or_other(None, comment.target_message_key.as_ref()),
            Body::EncEventResponse(answer) => {
                or_other(None, answer.event_creation_message_key.as_ref())
            }
            Body::PollResultSnapshot(_) => or_other(None, None),
            body => {
                let edited = matches!(body, Body::Edited(_));
                let act = body.wrapped().and_then(|nested| Self::of_raw(nested.raw().as_str()));
                return match act {
                    None if edited => Some(or_other(None, None)),
                    act => act,
                };
            }
        })
    }

    /// The act that a content is that is not typed, in the protocol's spelling or
    /// in Go's. It is read in place.
    pub(in crate::unified) fn of_raw(content: &'a str) -> Option<Self> {
        let said = Said::of(content)?;
        let raw = said.raw;
        let key = |member: &str| {
            let id = text_of(value_at(raw, &[member, "id"])?)?;
            match id {
                Cow::Borrowed(id) => MessageRef::filled(Some(id)),
                // No id has anything in it that JSON escapes.
                Cow::Owned(_) => None,
            }
        };
        let time = |member: &str| millis_of(value_at(raw, &[member])?);
        let other = Self::Other { word: said.name, target: None };
        Some(match said.name {
            "reactionMessage" => match key("key") {
                Some(target) => Self::Reaction {
                    target,
                    emoji: value_at(raw, &["text"]).and_then(text_of),
                    at: time("senderTimestampMs"),
                },
                None => other,
            },
            "encReactionMessage" => match key("targetMessageKey") {
                Some(target) => Self::EncryptedReaction { target },
                None => other,
            },
            // What was chosen is encrypted, but where a server opened it; and those
            // that do type their contents.
            "pollUpdateMessage" => Self::Vote {
                poll: key("pollCreationMessageKey"),
                options: None,
                at: time("senderTimestampMs"),
            },
            "secretEncryptedMessage" => match key("targetMessageKey") {
                Some(target) => Self::EncryptedEdit { target },
                None => other,
            },
            "protocolMessage" => {
                let kind = value_at(raw, &["type"]).and_then(protocol_kind);
                let edited = value_at(raw, &["editedMessage"]);
                match (kind, key("key")) {
                    (Some(ProtocolKind::Revoke), Some(target)) => {
                        let author = value_at(raw, &["key", "participant"]).and_then(text_of);
                        let author = match author {
                            Some(Cow::Borrowed(author)) if !author.is_empty() => Some(author),
                            _ => None,
                        };
                        Self::Delete { target, author }
                    }
                    (kind, Some(target))
                        if edited.is_some() || kind == Some(ProtocolKind::MessageEdit) =>
                    {
                        let text = edited.and_then(Said::of).and_then(Said::text);
                        Self::Edit { target, text, at: time("timestampMs") }
                    }
                    (Some(ProtocolKind::EphemeralSetting), _) => {
                        let seconds = value_at(raw, &["ephemeralExpiration"]);
                        let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
                        Self::Timer(Duration::from_secs(seconds))
                    }
                    (_, target) => Self::Other { word: said.name, target },
                }
            }
            "keepInChatMessage" => Self::Other { word: said.name, target: key("key") },
            "encCommentMessage" => Self::Other { word: said.name, target: key("targetMessageKey") },
            "encEventResponseMessage" => {
                Self::Other { word: said.name, target: key("eventCreationMessageKey") }
            }
            "pollResultSnapshotMessage" | "senderKeyDistributionMessage" => other,
            // An edit whose target cannot be told.
            _ if said.edited => Self::Other { word: "editedMessage", target: None },
            _ => return None,
        })
    }
}

/// By number or by name.
fn protocol_kind(value: &str) -> Option<ProtocolKind> {
    match value.parse::<i64>() {
        Ok(number) => Some(ProtocolKind::from(number)),
        Err(_) => Some(ProtocolKind::from(&*text_of(value)?)),
    }
}

/// Milliseconds, as number or text.
fn millis_of(value: &str) -> Option<DateTime<Utc>> {
    let number = value.trim_matches('"').parse().ok()?;
    DateTime::from_timestamp_millis(number)
}

/// A content that is not typed: its name and its value where they stand, taken out
/// of what they are wrapped in.
#[derive(Clone, Copy)]
pub(in crate::unified) struct Said<'a> {
    pub(in crate::unified) name: &'a str,
    pub(in crate::unified) raw: &'a str,
    /// Whether it was inside an edit.
    edited: bool,
    /// Whether it was wrapped in anything.
    pub(in crate::unified) wrapped: bool,
}

impl<'a> Said<'a> {
    pub(in crate::unified) fn of(content: &'a str) -> Option<Self> {
        // As deep as typed contents are opened.
        let (mut text, mut edited, mut wrapped) = (content, false, false);
        for _ in 0..64 {
            let listed = seek(text, &mut |name| Body::wraps(name).is_some());
            let found = listed.filter(|(_, raw)| *raw != "null");
            let found = found.or_else(|| {
                seek(text, &mut |name| {
                    Body::is_content(name) || name == "senderKeyDistributionMessage"
                })
            });
            let (Cow::Borrowed(name), raw) = found? else { return None };
            let inside = match Body::wraps(name) {
                // A comment is a message, and what is in it is what it says.
                Some(true) => value_at(raw, &["message"]).filter(|inside| inside.starts_with('{')),
                _ => None,
            };
            let Some(inside) = inside else { return Some(Self { name, raw, edited, wrapped }) };
            (text, edited, wrapped) = (inside, edited || name == "editedMessage", true);
        }
        None
    }

    pub(in crate::unified) fn kind(self) -> MessageKind<'a> {
        // An unknown name would have to be copied.
        let listed = Body::wraps(self.name).is_some();
        let kind = listed.then(|| by_kind(&Kind::from(self.name))).flatten();
        let is = |member: &str| value_at(self.raw, &[member]) == Some("true");
        match kind {
            Some(MessageKind::Audio) if is("ptt") => MessageKind::VoiceNote,
            Some(MessageKind::Location) if is("isLive") => MessageKind::LiveLocation,
            Some(kind) => kind,
            None => message::other(self.name),
        }
    }

    /// Whether its text can be read in place; else what it says is to be
    /// asked of the typed content.
    pub(in crate::unified) fn has_plain_text(self) -> bool {
        matches!(
            self.name,
            "conversation"
                | "extendedTextMessage"
                | "imageMessage"
                | "videoMessage"
                | "ptvMessage"
                | "documentMessage"
        )
    }

    /// The text of a text, or the caption of a file.
    pub(in crate::unified) fn text(self) -> Option<Cow<'a, str>> {
        text_of(self.text_value()?)
    }

    /// As it is in the JSON.
    fn text_value(self) -> Option<&'a str> {
        match self.name {
            "conversation" => Some(self.raw),
            "extendedTextMessage" => value_at(self.raw, &["text"]),
            _ => value_at(self.raw, &["caption"]),
        }
    }

    /// Whether the text has escapes in it, so that reading it makes a copy.
    #[cfg(feature = "evolution")]
    pub(in crate::unified) fn has_escapes(self) -> bool {
        self.text_value().is_some_and(|value| value.contains('\\'))
    }
}

/// Whether it is an edit that nobody here can read.
#[cfg(feature = "evolution")]
pub(in crate::unified) fn is_unreadable_edit(content: &Content) -> bool {
    let act = Act::of_content(View::of(content, None, None));
    matches!(act, Some(Act::EncryptedEdit { .. }))
}

/// What an edited message says now, of a typed content.
#[cfg(feature = "evolution")]
pub(in crate::unified) fn edited_text<'a>(content: &'a Content) -> Option<Cow<'a, str>> {
    let nested = content.body.as_ref().and_then(|body| match body {
        Body::Protocol(act) => act.edited_message.as_ref(),
        body => body.wrapped(),
    });
    let told = match nested {
        Some(nested) => match Act::of_raw(nested.raw().as_str()) {
            Some(Act::Edit { text, .. }) => text,
            _ => Said::of(nested.raw().as_str()).and_then(Said::text),
        },
        None => text(View::of(content, None, None)).map(Cow::Borrowed),
    };
    told.filter(|text| !text.is_empty())
}
