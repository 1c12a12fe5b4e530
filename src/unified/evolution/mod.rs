//! Evolution API's events.

mod said;

use std::borrow::Cow;
use std::ops::Bound;
use std::time::Duration;

use self::said::outer_view;
use super::acts::{
    Delete, Edit, PollVote, Reaction, ReactionChange, Receipt, Scope, Selected, Status,
};
use super::address::{Address, ChatKind};
use super::around::{
    Call, CallState, Chat, ChatChange, Contact, Group, GroupChange, How, Label, LabelChange,
    LabelColor, Other, OtherWhy, Presence, PresenceState, Template, TemplateStatus,
};
use super::happening::Happening;
use super::id::{MessageRef, Origin};
use super::listing::{Member, MemberList, Members, OptionList, Options, Role};
use super::message::{Head, Message, Writer};
use super::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef,
};
use super::whatsapp::{self, Act};
use super::word::Word;
use super::{Cursor, Unify, evolution_go, filled};
use crate::event::Envelope as _;
use crate::gateways::evolution::{
    self, AddressingMode, CallStatus, Envelope, Event, Evolution, GroupParticipantsUpdate,
    InstanceStatus, MessageDeleted, MessageEdited, MessageKey, MessageStatus, MessageUpdate,
    ParticipantAction, PollVoters, PresenceUpdate, QrcodeUpdated, StatusReason, TemplateEvent,
};
use crate::jid::{Jid, JidRef};
use crate::whatsapp::ProtocolKind;

/// The most votes of one poll that are told apart.
const MOST_VOTES: usize = 16_384;

impl Unify for Evolution {
    fn happening<'a>(envelope: &'a Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        let origin = super::origin::<Self>(envelope);
        match envelope.event() {
            Event::MessagesUpsert(messages) => {
                let message = messages.get(next.step())?;
                Some(of_message(origin, message, None, false))
            }
            Event::MessagesSet(messages) => {
                let message = messages.get(next.step())?;
                Some(of_message(origin, message, None, true))
            }
            Event::MessagesUpdate(update) | Event::CloudMessageStatus(update) => {
                of_update(origin, update, next)
            }
            Event::ContactsSet(contacts) => Some(contact(contacts.get(next.step())?, true)),
            Event::ContactsUpsert(contacts) | Event::ContactsUpdate(contacts) => {
                Some(contact(contacts.get(next.step())?, false))
            }
            Event::ChatsSet(chats) => Some(chat_changed(chats.get(next.step())?, true)),
            Event::ChatsUpsert(chats) | Event::ChatsUpdate(chats) => {
                Some(chat_changed(chats.get(next.step())?, false))
            }
            Event::ChatsDelete(chats) => {
                let chat = Address::whatsapp(chats.get(next.step())?.as_str());
                Some(Happening::Chat(Chat::new(Some(chat), ChatChange::Deleted)))
            }
            Event::GroupsUpsert(groups) => {
                let group = groups.get(next.step())?;
                Some(group_changed(group, GroupChange::Snapshot(members_of(group))))
            }
            Event::GroupsUpdate(groups) => {
                let group = groups.get(next.step())?;
                Some(group_changed(group, sole_change(group)))
            }
            Event::PresenceUpdate(presences) => presence(presences, next),
            Event::Go(go) => evolution_go::happening(origin, go, next),
            event => super::once(next, || single(origin, event)),
        }
    }

    fn own(envelope: &Envelope) -> Option<Address<'_>> {
        match envelope.event() {
            Event::Go(go) => evolution_go::own(go),
            Event::ConnectionUpdate(update) => {
                update.wuid.as_ref().or(envelope.account_jid.as_ref())
            }
            _ => envelope.account_jid.as_ref(),
        }
        .filter(|own| !own.as_str().is_empty())
        .map(|own| Address::whatsapp(own.as_str()))
    }
}

/// The events that have one happening.
fn single<'a>(origin: Origin<'a>, event: &'a Event) -> Happening<'a> {
    match event {
        Event::SendMessage(message) => of_message(origin, message, Some(Writer::Api), false),
        Event::MessagesEdited(edited) => of_edited(origin, edited, false),
        Event::SendMessageUpdate(edited) => of_edited(origin, edited, true),
        Event::MessagesDelete(deleted) => of_deleted(origin, deleted),
        Event::GroupParticipantsUpdate(update) => participants(update),
        Event::LabelsEdit(label) => {
            let deleted = label.deleted == Some(true);
            let change = if deleted { LabelChange::Deleted } else { LabelChange::Made };
            Happening::Label(Label {
                name: filled(&label.name),
                color: label.color.map(LabelColor::Palette),
                ..Label::new(Some(&label.id), change)
            })
        }
        Event::LabelsAssociation(label) => {
            let change = match &label.change {
                Some(evolution::LabelChange::Add) => LabelChange::PutOn,
                Some(evolution::LabelChange::Remove) => LabelChange::TakenOff,
                Some(other) => LabelChange::Other(Word::Text(other.as_str())),
                None => return Happening::Other(Other::new(OtherWhy::NotUnified)),
            };
            Happening::Label(Label {
                chat: label.chat_id.as_ref().map(address),
                ..Label::new(Some(&label.label_id), change)
            })
        }
        Event::Call(call) => of_call(origin, call),
        Event::ConnectionUpdate(update) => connection(update),
        Event::QrcodeUpdated(qr) => pairing(qr),
        Event::StatusInstance(status) => match &status.status {
            Some(InstanceStatus::Created) => {
                Happening::Other(Other::word(OtherWhy::NotUnified, "created"))
            }
            _ => Happening::Connection(closed(status.disconnection_reason_code.as_ref())),
        },
        Event::LogoutInstance(_) => {
            Happening::Connection(Connection::closed(Some(CloseReason::LoggedOut)))
        }
        Event::RemoveInstance(_) | Event::InstanceDelete(_) => {
            Happening::Connection(Connection::closed(Some(CloseReason::Deleted)))
        }
        Event::CloudTemplateStatus(template) => {
            let status = match &template.event {
                Some(TemplateEvent::Approved) => TemplateStatus::Approved,
                Some(TemplateEvent::Rejected) => TemplateStatus::Rejected,
                Some(other) => TemplateStatus::Other(Word::Text(other.as_str())),
                None => return Happening::Other(Other::new(OtherWhy::NotUnified)),
            };
            Happening::Template(Template {
                id: template.message_template_id.map(|id| Cow::Owned(id.to_string())),
                name: filled(&template.message_template_name),
                language: filled(&template.message_template_language),
                status,
                reason: filled(&template.reason),
            })
        }
        Event::CredsUpdate(_) | Event::NewJwt(_) | Event::MessagingHistorySet(_) => {
            Happening::Other(Other::new(OtherWhy::Internal))
        }
        event => super::unrecognised(event),
    }
}

fn address(jid: &Jid) -> Address<'_> {
    Address::whatsapp(jid.as_str())
}

fn is_filled(jid: &&Jid) -> bool {
    !jid.as_str().is_empty()
}

// ---- Addresses ----------------------------------------------------------------

/// Gives a type with the questions of `addressed!` its addresses here.
macro_rules! places {
    ($chat:ident, $sender:ident, $Type:ty, $by_lid:expr) => {
        fn $chat(of: &$Type) -> Option<Address<'_>> {
            let by_lid: fn(&$Type) -> bool = $by_lid;
            let chat = written(of.chat()?, by_lid(of));
            Some(chat.with_phone(of.chat_phone()).with_lid(of.chat_lid().map(Jid::as_str)))
        }

        /// Whoever it is from, also where that is the account.
        fn $sender(of: &$Type) -> Option<Address<'_>> {
            let by_lid: fn(&$Type) -> bool = $by_lid;
            let sender = written(of.sender()?, by_lid(of));
            Some(sender.with_phone(of.sender_phone()).with_lid(of.sender_lid().map(Jid::as_str)))
        }
    };
}

/// Bare digits next to LIDs may be those of one.
fn written(jid: &Jid, by_lid: bool) -> Address<'_> {
    match by_lid {
        true => Address::doubtful(jid.as_str()),
        false => Address::whatsapp(jid.as_str()),
    }
}

places!(chat_of_key, sender_of_key, MessageKey, |key| {
    key.addressing_mode == Some(AddressingMode::Lid)
});
places!(chat_of_update, sender_of_update, MessageUpdate, |_| false);
places!(chat_of_deleted, sender_of_deleted, MessageDeleted, |deleted| {
    let mode = deleted.key.as_ref().map_or(&deleted.addressing_mode, |key| &key.addressing_mode);
    *mode == Some(AddressingMode::Lid)
});

// ---- Messages -----------------------------------------------------------------

fn of_message<'a>(
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
pub(super) struct Acting<'a> {
    pub(super) chat: Option<Address<'a>>,
    pub(super) sender: Option<Address<'a>>,
    pub(super) from_me: bool,
    pub(super) at: Option<chrono::DateTime<chrono::Utc>>,
    pub(super) id: Option<MessageRef<'a>>,
    /// Who acts, as the group knows them, also where that is the account.
    pub(super) author: Option<&'a Jid>,
}

/// The happening that an act is.
pub(super) fn of_act<'a>(origin: Origin<'a>, act: Act<'a>, acting: Acting<'a>) -> Happening<'a> {
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

fn of_update<'a>(
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
    super::once(next, || {
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
        return super::once(next, || happening(None, Options::NONE));
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
fn of_edited<'a>(origin: Origin<'a>, edited: &'a MessageEdited, by_api: bool) -> Happening<'a> {
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

fn of_deleted<'a>(origin: Origin<'a>, deleted: &'a MessageDeleted) -> Happening<'a> {
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

// ---- Around messages ----------------------------------------------------------

fn contact(contact: &evolution::Contact, is_sync: bool) -> Happening<'_> {
    let who = contact.jid().filter(is_filled);
    let lid = contact.remote_lid.as_ref().filter(is_filled).map(Jid::as_str);
    // Where no name is known some servers write the address's own digits.
    let named = |name: &&str| who.is_none_or(|who| who.user() != Some(*name) && who != *name);
    Happening::Contact(Contact {
        who: who.map(|who| address(who).with_lid(lid)),
        name: filled(&contact.push_name).filter(named),
        saved_name: None,
        previous_name: None,
        picture_url: contact.picture_url().filter(|url| !url.is_empty()),
        is_sync,
    })
}

fn chat_changed(chat: &evolution::Chat, is_sync: bool) -> Happening<'_> {
    let of_1_x = || chat.id.as_deref().filter(|id| id.contains('@'));
    let jid = chat.remote_jid.as_ref().map(Jid::as_str).or_else(of_1_x);
    let lid = chat.remote_lid.as_ref().filter(is_filled).map(Jid::as_str);
    Happening::Chat(Chat {
        name: filled(&chat.name),
        unread: chat.unread_messages,
        is_sync,
        ..Chat::new(jid.map(|jid| Address::whatsapp(jid).with_lid(lid)), ChatChange::Changed)
    })
}

fn members_of(group: &evolution::Group) -> Members<'_> {
    Members::of_option(group.participants.as_ref().map(|members| members as _))
}

fn member(participant: &evolution::GroupParticipant) -> Member<'_> {
    let others = [&participant.phone_number, &participant.lid, &participant.jid];
    let address = others.into_iter().fold(address(&participant.id), |address, other| {
        address.beside(other.as_ref().map(Jid::view))
    });
    let role = participant.admin.as_ref().and_then(|admin| match admin {
        evolution::AdminRole::Admin => Some(Role::Admin),
        evolution::AdminRole::SuperAdmin => Some(Role::Owner),
        evolution::AdminRole::Other(_) => None,
    });
    Member::new(address, role)
}

impl MemberList for Vec<evolution::GroupParticipant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        self.get(place).map(member)
    }
}

impl MemberList for crate::wire::List<evolution::GroupParticipant> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        self.get(place).map(member)
    }
}

impl MemberList for crate::wire::List<evolution::ParticipantData> {
    fn at(&self, place: usize) -> Option<Member<'_>> {
        let data = self.get(place)?;
        let phone = data.phone_number.as_ref().and_then(Jid::phone);
        Some(match &data.jid {
            Some(participant) => {
                let member = member(participant);
                Member::new(member.address.with_phone_beside(phone), member.role)
            }
            None => {
                let number = data.phone_number.as_ref().map_or("", |number| number.as_str());
                Member::new(Address::whatsapp(number), None)
            }
        })
    }
}

fn group_changed<'a>(group: &'a evolution::Group, change: GroupChange<'a>) -> Happening<'a> {
    let at = match change {
        GroupChange::Subject(_) => group.subject_time,
        GroupChange::Description(_) => group.desc_time,
        _ => None,
    };
    let pn = group.author_pn.as_ref().map(Jid::view);
    Happening::Group(Group {
        group: Some(address(&group.id)),
        by: group.author.as_ref().filter(is_filled).map(|author| address(author).beside(pn)),
        at,
        change,
        name: filled(&group.subject),
    })
}

/// The one setting that is told; everything else is a state, not a change.
fn sole_change(group: &evolution::Group) -> GroupChange<'_> {
    let timer = group.ephemeral_duration.and_then(|seconds| u64::try_from(seconds).ok());
    let changes = [
        group.subject.as_deref().map(GroupChange::Subject),
        group
            .desc
            .as_deref()
            .map(|text| GroupChange::Description(Some(text).filter(|text| !text.is_empty()))),
        group.announce.map(GroupChange::OnlyAdminsWrite),
        group.restrict.map(GroupChange::OnlyAdminsEdit),
        group.join_approval_mode.map(GroupChange::JoinNeedsApproval),
        group.member_add_mode.map(GroupChange::MembersMayAdd),
        timer.map(|seconds| GroupChange::Timer(Duration::from_secs(seconds))),
    ];
    let mut told = changes.into_iter().flatten();
    match (told.next(), told.next()) {
        (Some(change), None) if group.participants.is_none() => change,
        _ => GroupChange::Snapshot(members_of(group)),
    }
}

fn participants(update: &GroupParticipantsUpdate) -> Happening<'_> {
    let listed = update.participants.as_ref().filter(|members| !members.is_empty());
    let members = match (listed, &update.participants_data) {
        (Some(listed), _) => Members::of(listed),
        (None, data) => Members::of_option(data.as_ref().map(|data| data as _)),
    };
    let author = update.author.as_ref().filter(is_filled);
    let pn = update.author_pn.as_ref().map(Jid::view);
    let by = author.map(|author| address(author).beside(pn));
    let mut all = members;
    let alone = match (all.next(), all.next()) {
        (Some(only), None) => by.is_some_and(|by| by.same(&only.address)),
        _ => false,
    };
    let how = |by_themselves| if alone { by_themselves } else { How::NotTold };
    let change = match &update.action {
        Some(ParticipantAction::Add) => GroupChange::Added(members, how(How::Joined)),
        Some(ParticipantAction::Remove) => GroupChange::Removed(members, how(How::Left)),
        Some(ParticipantAction::Promote) => GroupChange::Promoted(members),
        Some(ParticipantAction::Demote) => GroupChange::Demoted(members),
        Some(ParticipantAction::Modify) => GroupChange::NumberChanged(members),
        Some(other) => GroupChange::Other(Word::Text(other.as_str())),
        None => GroupChange::Snapshot(members),
    };
    Happening::Group(Group { group: Some(address(&update.id)), by, at: None, change, name: None })
}

/// One after another, by the address. One without a state says nothing.
fn presence<'a>(update: &'a PresenceUpdate, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
    let all = update.presences.as_ref()?;
    loop {
        let after = next.after.map_or(Bound::Unbounded, Bound::Excluded);
        let (who, presence) = all.range::<Jid, _>((after, Bound::Unbounded)).next()?;
        next.after = Some(who);
        let state = match &presence.last_known_presence {
            Some(evolution::PresenceState::Available) => PresenceState::Available,
            Some(evolution::PresenceState::Unavailable) => PresenceState::Unavailable,
            Some(evolution::PresenceState::Composing) => PresenceState::Typing,
            Some(evolution::PresenceState::Recording) => PresenceState::Recording,
            Some(evolution::PresenceState::Paused) => PresenceState::Paused,
            Some(other) => PresenceState::Other(Word::Text(other.as_str())),
            None => continue,
        };
        return Some(Happening::Presence(Presence {
            chat: Some(address(&update.id)),
            who: Some(address(who)),
            from_me: false,
            state,
            last_seen: presence.last_seen,
        }));
    }
}

fn of_call<'a>(origin: Origin<'a>, call: &'a evolution::Call) -> Happening<'a> {
    let others = [&call.caller_pn, &call.call_creator, &call.call_creator_alt];
    let from = call.from.as_ref().or(call.call_creator.as_ref()).filter(is_filled);
    let caller = from.map(|from| {
        others
            .into_iter()
            .fold(address(from), |caller, other| caller.beside(other.as_ref().map(Jid::view)))
    });
    let group = call.group_jid.as_ref().filter(is_filled);
    let group = group.or(call.chat_id.as_ref().filter(|chat| chat.is_group()));
    let chat = group.map(address).or(caller);
    let Some(id) = call.call_id().filter(|id| !id.is_empty()) else {
        return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) });
    };
    let state = match &call.status {
        Some(CallStatus::Offer | CallStatus::Ringing) => CallState::Ringing,
        Some(CallStatus::Timeout) => CallState::Missed,
        Some(CallStatus::Reject) => CallState::Rejected,
        Some(CallStatus::Accept) => CallState::Accepted,
        Some(CallStatus::Terminate) => CallState::Ended,
        Some(other) => CallState::Other(Word::Text(other.as_str())),
        None => return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) }),
    };
    Happening::Call(Call {
        origin,
        id,
        chat,
        caller,
        from_me: None,
        state,
        video: call.is_video.or(call.media.as_deref().map(|media| media == "video")),
        group: call.is_group.or(group.map(|_| true)),
        offline: call.offline,
        duration: None,
        reason: None,
        at: call.date,
    })
}

// ---- The connection -----------------------------------------------------------

fn connection(update: &evolution::ConnectionUpdate) -> Happening<'_> {
    let connection = match &update.state {
        Some(evolution::ConnectionState::Connecting) => {
            Connection::new(ConnectionState::Connecting)
        }
        Some(evolution::ConnectionState::Open) => Connection::new(ConnectionState::Open),
        Some(evolution::ConnectionState::Close) => closed(update.status_reason.as_ref()),
        // The limit of QR codes, whatever the word says.
        Some(evolution::ConnectionState::Refused) => Connection {
            retrying: Some(false),
            ..Connection::closed(Some(CloseReason::PairingLimit))
        },
        Some(other) => Connection::new(ConnectionState::Other(Word::Text(other.as_str()))),
        None => return Happening::Other(Other::new(OtherWhy::NotUnified)),
    };
    Happening::Connection(Connection {
        own: update.wuid.as_ref().filter(is_filled).map(address),
        profile_name: filled(&update.profile_name),
        ..connection
    })
}

fn closed(reason: Option<&StatusReason>) -> Connection<'_> {
    let (reason, retrying) = match reason {
        Some(StatusReason::LoggedOut) => (Some(CloseReason::LoggedOut), Some(false)),
        Some(
            StatusReason::PaymentRequired | StatusReason::Forbidden | StatusReason::NotAcceptable,
        ) => (Some(CloseReason::Banned), Some(false)),
        Some(StatusReason::ConnectionLost | StatusReason::ConnectionClosed) => {
            (Some(CloseReason::ConnectionLost), None)
        }
        Some(StatusReason::ConnectionReplaced) => (Some(CloseReason::Replaced), None),
        Some(StatusReason::BadSession) => (Some(CloseReason::BadSession), None),
        Some(StatusReason::UnavailableService) => (Some(CloseReason::ServerTrouble), None),
        Some(StatusReason::RestartRequired) => (Some(CloseReason::Restart), None),
        Some(other) => (Some(CloseReason::Other(Word::Number(other.as_i64()))), None),
        None => (None, None),
    };
    Connection { retrying, ..Connection::closed(reason) }
}

fn pairing(update: &QrcodeUpdated) -> Happening<'_> {
    match &update.qrcode {
        Some(qr) => {
            let code = qr.pairing_code.as_ref().filter(|code| !code.expose().is_empty());
            let step = match (&qr.code, &qr.base64, code) {
                (None, None, Some(_)) => PairingStep::Code,
                _ => PairingStep::Qr,
            };
            Happening::Pairing(Pairing {
                qr: qr.code.as_ref().map(SensitiveRef::text),
                qr_image: qr.base64.as_ref().map(SensitiveRef::text),
                code: code.map(SensitiveRef::text),
                ..Pairing::new(step)
            })
        }
        None if update.status_code.is_some() || update.message.is_some() => {
            Happening::Pairing(Pairing::new(PairingStep::GaveUp))
        }
        None => Happening::Other(Other::new(OtherWhy::NotUnified)),
    }
}
