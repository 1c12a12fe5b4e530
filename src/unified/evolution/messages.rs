//! Messages, and what changes them later.

use std::time::Duration;

use super::said::outer_view;
use super::{
    address, chat_of_deleted, chat_of_key, chat_of_update, sender_of_deleted, sender_of_key,
    sender_of_update,
};
use crate::gateways::evolution::{
    self, MessageDeleted, MessageEdited, MessageStatus, MessageUpdate, PollVoters,
};
use crate::jid::{Jid, JidRef};
use crate::unified::Cursor;
use crate::unified::acts::{
    Delete, Edit, PollVote, Reaction, ReactionChange, Receipt, Scope, Selected, Status,
};
use crate::unified::address::{Address, ChatKind};
use crate::unified::around::{Chat, ChatChange, Group, GroupChange, Other, OtherWhy};
use crate::unified::happening::Happening;
use crate::unified::id::{MessageRef, Origin};
use crate::unified::listing::{OptionList, Options};
use crate::unified::message::{Head, Message, Writer};
use crate::unified::whatsapp::{self, Act};
use crate::unified::word::Word;
use crate::whatsapp::ProtocolKind;

/// The most votes of one poll that are told apart.
const MOST_VOTES: usize = 16_384;

pub(super) fn of_message<'a>(
    origin: Origin<'a>,
    message: &'a evolution::Message,
    written_by: Option<Writer>,
    is_history: bool,
) -> Happening<'a> {
    let key = &message.key;
    let from_me = key.is_from_me();
    let chat = chat_of_key(key);
    let sender = sender_of_key(key).filter(|_| !from_me);
    let id = MessageRef::filled(Some(&key.id));
    let act = outer_view(message).and_then(Act::of_content);
    let Some(act) = act else {
        return Happening::Message(Message::new(
            Head {
                chat,
                sender,
                from_me,
                written_by: written_by.filter(|_| from_me),
                at: message.message_timestamp,
                // What comes in has a status that says nothing.
                status: message.status.as_ref().filter(|_| from_me).map(status),
                is_history,
                ..Head::new(origin, id)
            },
            message,
        ));
    };
    let at = message.message_timestamp;
    of_act(origin, act, Acting { chat, sender, from_me, at, id, author: key.participant() })
}

/// Who does something to a message, where and when.
pub(in crate::unified) struct Acting<'a> {
    pub(in crate::unified) chat: Option<Address<'a>>,
    pub(in crate::unified) sender: Option<Address<'a>>,
    pub(in crate::unified) from_me: bool,
    pub(in crate::unified) at: Option<chrono::DateTime<chrono::Utc>>,
    pub(in crate::unified) id: Option<MessageRef<'a>>,
    /// Who acts, as the group knows them, also where that is the account.
    pub(in crate::unified) author: Option<&'a Jid>,
}

/// The happening that an act is.
pub(in crate::unified) fn of_act<'a>(
    origin: Origin<'a>,
    act: Act<'a>,
    acting: Acting<'a>,
) -> Happening<'a> {
    let Acting { chat, sender, from_me, at, id, author } = acting;
    match act {
        Act::Reaction { target, emoji, at: made } => Happening::Reaction(Reaction {
            origin,
            target,
            chat,
            sender,
            from_me,
            change: ReactionChange::of(emoji),
            at: made.or(at),
            id,
        }),
        Act::EncryptedReaction { target } => Happening::Reaction(Reaction {
            origin,
            target,
            chat,
            sender,
            from_me,
            change: ReactionChange::Unreadable,
            at,
            id,
        }),
        Act::Vote { poll, options, at: cast } => Happening::PollVote(PollVote {
            origin,
            poll,
            chat,
            voter: sender,
            from_me,
            selected: options.map_or(Selected::Unreadable, Selected::Options),
            at: cast.or(at),
            id,
        }),
        Act::Edit { target, text, at: made } => Happening::Edit(Edit {
            origin,
            target,
            chat,
            sender,
            from_me,
            text: text.filter(|text| !text.is_empty()),
            previous: None,
            unreadable: false,
            at: made.or(at),
            id,
        }),
        Act::EncryptedEdit { target } => Happening::Edit(Edit {
            origin,
            target,
            chat,
            sender,
            from_me,
            text: None,
            previous: None,
            unreadable: true,
            at,
            id,
        }),
        Act::Delete { target, author: wrote } => {
            let wrote = wrote.filter(|wrote| !wrote.is_empty()).map(JidRef::from_wire);
            let by_admin = match (wrote, author) {
                (Some(wrote), Some(author)) => Some(!wrote.same_user(author)),
                _ => None,
            };
            Happening::Delete(Delete {
                origin,
                target: Some(target),
                chat,
                sender,
                from_me,
                scope: Scope::ForEveryone,
                by_admin,
                at,
                previous: None,
            })
        }
        Act::Timer(after) => timer(chat, sender, at, after),
        Act::Other { word, target } => Happening::Other(Other {
            chat,
            message: target,
            ..Other::word(OtherWhy::Internal, word)
        }),
    }
}

/// Messages disappear after another time now, in a group or a chat.
fn timer<'a>(
    chat: Option<Address<'a>>,
    by: Option<Address<'a>>,
    at: Option<chrono::DateTime<chrono::Utc>>,
    after: Duration,
) -> Happening<'a> {
    match chat.and_then(|chat| chat.chat_kind()) {
        Some(ChatKind::Group) => Happening::Group(Group {
            group: chat,
            by,
            at,
            change: GroupChange::Timer(after),
            name: None,
        }),
        _ => Happening::Chat(Chat { timer: Some(after), at, ..Chat::new(chat, ChatChange::Timer) }),
    }
}

fn status(status: &MessageStatus) -> Status<'_> {
    match status {
        MessageStatus::Error | MessageStatus::Failed => Status::Failed,
        MessageStatus::Pending => Status::Pending,
        MessageStatus::ServerAck | MessageStatus::Sent => Status::Sent,
        MessageStatus::DeliveryAck | MessageStatus::Delivered => Status::Delivered,
        MessageStatus::Read => Status::Read,
        MessageStatus::Played => Status::Played,
        other => Status::Other(Word::Text(other.as_str())),
    }
}

pub(super) fn of_update<'a>(
    origin: Origin<'a>,
    update: &'a MessageUpdate,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let content = update.message.as_ref().filter(|content| content.kind().is_some());
    let target = MessageRef::filled(update.message_id());
    let votes = update.poll_updates.as_ref().filter(|_| content.is_none());
    if let (Some(target), Some(votes)) = (target, votes) {
        return vote(origin, update, target, votes, next);
    }
    crate::unified::once(next, || {
        let chat = chat_of_update(update);
        let other = Other { chat, message: target, ..Other::new(OtherWhy::NotUnified) };
        let Some(target) = target else { return Happening::Other(other) };
        let from_me = update.is_from_me();
        if let Some(content) = content {
            return Happening::Edit(Edit {
                origin,
                target,
                chat,
                sender: sender_of_update(update).filter(|_| !from_me),
                from_me,
                text: whatsapp::edited_text(content),
                previous: None,
                unreadable: whatsapp::is_unreadable_edit(content),
                at: update.datetime,
                id: None,
            });
        }
        match &update.status {
            // An edit or a deletion, on some servers; deletions have an event of
            // their own.
            Some(word @ (MessageStatus::Deleted | MessageStatus::Edited)) => {
                Happening::Other(Other { word: Some(Word::Text(word.as_str())), ..other })
            }
            Some(word) => receipt(origin, update, target, status(word)),
            None => Happening::Other(other),
        }
    })
}

fn receipt<'a>(
    origin: Origin<'a>,
    update: &'a MessageUpdate,
    target: MessageRef<'a>,
    status: Status<'a>,
) -> Happening<'a> {
    let chat = chat_of_update(update);
    let from_me = update.is_from_me();
    let reached = matches!(status, Status::Delivered | Status::Read | Status::Played);
    let by = if !from_me || !reached {
        None
    } else if update.participant().is_some() {
        sender_of_update(update)
    } else {
        chat.filter(|chat| chat.chat_kind() == Some(ChatKind::Person))
    };
    Happening::Receipt(Receipt {
        origin,
        target,
        chat,
        status,
        target_from_me: Some(from_me),
        by,
        by_me: !from_me,
        at: update.datetime,
        error: None,
        text: None,
    })
}

/// The votes of a poll, each voter with all that they chose. One who is named
/// nowhere chose nothing any more.
fn vote<'a>(
    origin: Origin<'a>,
    update: &'a MessageUpdate,
    poll: MessageRef<'a>,
    votes: &'a Vec<PollVoters>,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let happening = |voter: Option<&'a Jid>, options| {
        Happening::PollVote(PollVote {
            origin,
            poll: Some(poll),
            chat: chat_of_update(update),
            voter: voter.map(address),
            from_me: false,
            selected: Selected::Options(options),
            at: update.datetime,
            id: None,
        })
    };
    let voters = || votes.iter().flat_map(|option| option.voters.as_deref().unwrap_or_default());
    if voters().next().is_none() {
        return crate::unified::once(next, || happening(None, Options::NONE));
    }
    loop {
        let place = next.step();
        let voter = voters().take(MOST_VOTES).nth(place)?;
        if !voters().take(place).any(|earlier| earlier == voter) {
            return Some(happening(Some(voter), Options::chosen_by(votes, voter.as_str())));
        }
    }
}

impl OptionList for Vec<PollVoters> {
    fn count(&self) -> usize {
        self.len()
    }

    fn name(&self, place: usize) -> Option<&str> {
        self.get(place)?.name.as_deref()
    }

    fn is_chosen_by(&self, place: usize, who: &str) -> bool {
        let voters = self.get(place).and_then(|option| option.voters.as_deref());
        voters.unwrap_or_default().iter().any(|voter| voter.as_str() == who)
    }
}

/// Of the key, which is written from the other side, only the id is of use; of an
/// edit through the API all of it.
pub(super) fn of_edited<'a>(
    origin: Origin<'a>,
    edited: &'a MessageEdited,
    by_api: bool,
) -> Happening<'a> {
    let target = MessageRef::filled(edited.message_id());
    let key = edited.key.as_ref();
    let chat = key.filter(|_| by_api).and_then(chat_of_key);
    let kind = edited.kind.as_deref();
    let (from_me, at) = (by_api, edited.timestamp_ms);
    if let Some(target) = target.filter(|_| edited.is_edit() || by_api) {
        return Happening::Edit(Edit {
            origin,
            target,
            chat,
            sender: None,
            from_me,
            text: edited.edited_message.as_ref().and_then(whatsapp::edited_text),
            previous: None,
            unreadable: false,
            at,
            id: None,
        });
    }
    match (kind, target) {
        (Some(ProtocolKind::Revoke), Some(_)) => Happening::Delete(Delete {
            origin,
            target,
            chat,
            sender: None,
            from_me,
            scope: Scope::ForEveryone,
            by_admin: None,
            at,
            previous: None,
        }),
        (Some(ProtocolKind::EphemeralSetting), _) => {
            // A group is the same from either side.
            let group = key.and_then(chat_of_key);
            let group = group.filter(|group| group.chat_kind() == Some(ChatKind::Group));
            let seconds = edited.ephemeral_expiration.unwrap_or(0);
            let after = Duration::from_secs(u64::try_from(seconds).unwrap_or(0));
            timer(group, None, edited.ephemeral_setting_timestamp.or(at), after)
        }
        (kind, target) => {
            let word = kind.and_then(|kind| match kind.as_str() {
                Some(text) => Some(Word::Text(text)),
                None => kind.as_i64().map(Word::Number),
            });
            Happening::Other(Other { message: target, word, ..Other::new(OtherWhy::Internal) })
        }
    }
}

pub(super) fn of_deleted<'a>(origin: Origin<'a>, deleted: &'a MessageDeleted) -> Happening<'a> {
    let from_me = deleted.is_from_me();
    Happening::Delete(Delete {
        origin,
        target: MessageRef::filled(deleted.message_id()),
        chat: chat_of_deleted(deleted),
        sender: sender_of_deleted(deleted).filter(|_| !from_me),
        from_me,
        scope: Scope::ForEveryone,
        by_admin: None,
        at: None,
        previous: deleted.message.as_ref().and_then(whatsapp::edited_text),
    })
}
