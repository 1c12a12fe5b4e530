//! What makes two deliveries tell the same happening.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::acts::{ReactionChange, Selected};
use super::address::Address;
use super::happening::Happening;
use super::id::{Account, Origin};
use super::message::MessageKind;
use crate::idempotency::{Key, body_digest};

impl Happening<'_> {
    /// What makes two deliveries tell the same happening, whatever their events
    /// are called and whichever of a person's addresses they name.
    ///
    /// One message may come under two names (`message` and `message.any`), one
    /// deletion as two events. [`Delivery::key`](crate::Delivery::key) tells those
    /// apart, since it is there to recognise a **repeated** delivery. A bot that is
    /// to answer once claims this one, in a store of any kind:
    ///
    /// ```text
    /// enviaai/inst_9/happening/message/msg_4
    /// ```
    ///
    /// It is made of the account, the message's bare id, who acted, and what they
    /// did; no text of a person's goes in but as a digest. `None` for kinds that
    /// nothing tells apart, and where a part is missing: use the delivery's key
    /// then.
    pub fn key(&self) -> Option<Key> {
        match self {
            Self::Message(message) => {
                // A placeholder has the id of the message that may follow.
                let waits = message.kind() == MessageKind::Undecrypted;
                let mark = waits.then_some("undecrypted");
                let id = message.id()?.id;
                make(message.head.origin, ["message", id].into_iter().chain(mark))
            }
            Self::Edit(edit) => {
                let time = edit.at.map(millis);
                let text = || Some(digest(edit.text.as_deref()?));
                let which = time.or_else(text)?;
                make(edit.origin, ["edit", edit.target.id, &which])
            }
            Self::Delete(delete) => {
                make(delete.origin, ["delete", delete.target?.id, delete.scope.as_str()])
            }
            Self::Reaction(reaction) => {
                let who = who(reaction.sender, reaction.from_me);
                let emoji = match &reaction.change {
                    ReactionChange::Set(emoji) => format!("={emoji}"),
                    ReactionChange::Removed => "=".to_owned(),
                    ReactionChange::Unreadable => {
                        format!("unreadable {}", reaction.id.map_or("", |id| id.id))
                    }
                };
                let time = reaction.at.map(millis);
                let parts = ["reaction", reaction.target.id, &who, &emoji];
                make(reaction.origin, parts.into_iter().chain(time.as_deref()))
            }
            Self::Receipt(receipt) => {
                let status = receipt.status.word().as_text();
                let by = receipt.by.map(|by| by.identity());
                let by = by.or_else(|| receipt.by_me.then_some(Cow::Borrowed("me")));
                let parts = ["receipt", receipt.target.id, &*status];
                make(receipt.origin, parts.into_iter().chain(by.as_deref()))
            }
            Self::PollVote(vote) => {
                let time = vote.at.map(millis);
                let choice = || match vote.selected {
                    Selected::Options(options) => {
                        let mut chosen = String::new();
                        for name in options {
                            chosen.push_str(&name.len().to_string());
                            chosen.push(':');
                            chosen.push_str(name);
                        }
                        Some(digest(&chosen))
                    }
                    Selected::Unreadable => vote.id.map(|id| id.id.to_owned()),
                };
                let which = time.or_else(choice)?;
                let who = who(vote.voter, vote.from_me);
                make(vote.origin, ["vote", vote.poll?.id, &who, &which])
            }
            Self::Call(call) => {
                let state = call.state.word().as_text();
                make(call.origin, ["call", call.id, &*state])
            }
            _ => None,
        }
    }
}

/// Whoever acted. Where nobody is named it is the account, or a person who is not told.
fn who<'a>(sender: Option<Address<'a>>, from_me: bool) -> Cow<'a, str> {
    let unnamed = if from_me { "me" } else { "them" };
    sender.map_or(Cow::Borrowed(unnamed), |sender| sender.identity())
}

fn make<'p>(origin: Origin<'p>, parts: impl IntoIterator<Item = &'p str>) -> Option<Key> {
    let account = match origin.account {
        Account::Any => None,
        Account::Of(account) => Some(account?),
    };
    let parts: Vec<&str> = account.into_iter().chain(["happening"]).chain(parts).collect();
    Key::new(origin.gateway, parts.into_iter().map(Some))
}

fn millis(time: DateTime<Utc>) -> String {
    time.timestamp_millis().to_string()
}

fn digest(text: &str) -> String {
    body_digest(text.as_bytes())
}
