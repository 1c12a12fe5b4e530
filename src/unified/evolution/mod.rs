//! Evolution API's events.

mod around;
mod connection;
mod messages;
mod said;

use std::borrow::Cow;

use self::around::{
    chat_changed, contact, group_changed, members_of, of_call, participants, presence, sole_change,
};
use self::connection::{closed, connection, pairing};
pub(super) use self::messages::{Acting, of_act};
use self::messages::{of_deleted, of_edited, of_message, of_update};
use super::address::Address;
use super::around::{
    Chat, ChatChange, GroupChange, Label, LabelChange, LabelColor, Other, OtherWhy, Template,
    TemplateStatus,
};
use super::happening::Happening;
use super::id::Origin;
use super::message::Writer;
use super::session::{CloseReason, Connection};
use super::word::Word;
use super::{Cursor, Unify, evolution_go, filled};
use crate::event::Envelope as _;
use crate::gateways::evolution::{
    self, AddressingMode, Envelope, Event, Evolution, InstanceStatus, MessageDeleted, MessageKey,
    MessageUpdate, TemplateEvent,
};
use crate::jid::Jid;

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
