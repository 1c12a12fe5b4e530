//! Evolution Go's events.

mod groups;
mod said;

use self::groups::{Parties, of_call, of_group};
use crate::event::Envelope as _;
use crate::gateways::evolution::go::{self, EditKind, Envelope, Event, Info, ReceiptKind};
use crate::jid::Jid;
use crate::unified::Cursor;
use crate::unified::acts::{Delete, Edit, Receipt, Scope, Status};
use crate::unified::address::Address;
use crate::unified::around::{
    Call, CallState, Chat, ChatChange, Contact, Group, GroupChange, Label, LabelChange, LabelColor,
    Other, OtherWhy, Presence, PresenceState,
};
use crate::unified::evolution::{Acting, of_act};
use crate::unified::filled;
use crate::unified::happening::Happening;
use crate::unified::id::{MessageRef, Origin};
use crate::unified::message::{Head, Message, Writer};
use crate::unified::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef,
};
use crate::unified::whatsapp::{self, Act};
use crate::unified::word::Word;

pub(super) fn own(envelope: &Envelope) -> Option<&Jid> {
    match envelope.event() {
        Event::Connected(connected) => connected.jid.as_ref(),
        Event::PairSuccess(pair) => pair.id.as_ref().or(pair.jid.as_ref()),
        _ => None,
    }
}

pub(super) fn happening<'a>(
    origin: Origin<'a>,
    envelope: &'a Envelope,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    match envelope.event() {
        Event::Receipt(receipt) => of_receipt(origin, receipt, next),
        Event::GroupInfo(info) => of_group(info, next),
        event => super::once(next, || single(origin, event)),
    }
}

fn single<'a>(origin: Origin<'a>, event: &'a Event) -> Happening<'a> {
    match event {
        Event::Message(message) => of_message(origin, message),
        Event::SendMessage(message) => {
            let raw = message.message.as_ref().map(|content| content.raw().as_str());
            match raw.and_then(Act::of_raw) {
                Some(act) => of_act(origin, act, acting(&message.info)),
                None => {
                    let head = Head {
                        from_me: true,
                        sender: None,
                        written_by: Some(Writer::Api),
                        ..head(origin, &message.info)
                    };
                    Happening::Message(Message::new(head, &**message))
                }
            }
        }
        Event::ButtonClick(click) => Happening::Other(Other {
            chat: click.chat.as_ref().and_then(address),
            message: MessageRef::filled(click.message_id.as_deref()),
            word: click.kind.as_ref().map(|kind| Word::Text(kind.as_str())),
            ..Other::new(OtherWhy::NotUnified)
        }),
        Event::Presence(presence) => {
            let who = presence.from.as_ref().and_then(address);
            let gone = presence.unavailable == Some(true);
            Happening::Presence(Presence {
                chat: who,
                who,
                from_me: false,
                state: if gone { PresenceState::Unavailable } else { PresenceState::Available },
                last_seen: presence.last_seen,
            })
        }
        Event::ChatPresence(presence) => {
            let from_me = presence.is_from_me == Some(true);
            let state = match (presence.state.as_deref(), presence.media.as_deref()) {
                (Some("composing"), Some("audio")) => PresenceState::Recording,
                (Some("composing"), _) => PresenceState::Typing,
                (Some("paused"), _) => PresenceState::Paused,
                (Some(other), _) => PresenceState::Other(Word::Text(other)),
                (None, _) => return Happening::Other(Other::new(OtherWhy::NotUnified)),
            };
            let sender = presence.sender.as_ref().filter(|_| !from_me).and_then(address);
            Happening::Presence(Presence {
                chat: presence.chat.as_ref().and_then(address),
                who: sender.map(|who| who.beside(presence.sender_alt.as_ref().map(Jid::view))),
                from_me,
                state,
                last_seen: None,
            })
        }
        Event::HistorySync(_) | Event::OfflineSyncCompleted(_) => {
            Happening::Other(Other::new(OtherWhy::Internal))
        }
        Event::Archive(archive) => {
            let chat = archive.jid.as_ref().and_then(address);
            let archived = archive.action.as_ref().and_then(|action| action.archived);
            let change = match archived {
                Some(true) => ChatChange::Archived,
                Some(false) => ChatChange::Unarchived,
                None => {
                    return Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) });
                }
            };
            Happening::Chat(Chat {
                is_sync: archive.from_full_sync == Some(true),
                at: archive.timestamp,
                ..Chat::new(chat, change)
            })
        }
        event => more(origin, event),
    }
}

/// The rest of them: calls, the connection, labels, contacts, groups.
fn more<'a>(origin: Origin<'a>, event: &'a Event) -> Happening<'a> {
    /// All five have the same fields.
    macro_rules! call {
        ($call:ident, $state:expr) => {{
            let parties = Parties::of(
                $call.from.as_ref(),
                $call.call_creator.as_ref(),
                $call.call_creator_alt.as_ref(),
                $call.group_jid.as_ref(),
            );
            match of_call(origin, &$call.call_id, parties, $state) {
                Some(told) => Call { at: $call.timestamp, ..told },
                None => return Happening::Other(Other::new(OtherWhy::NotUnified)),
            }
        }};
    }

    match event {
        Event::CallOffer(call) => Happening::Call(call!(call, CallState::Ringing)),
        Event::CallOfferNotice(call) => {
            let told = call!(call, CallState::Ringing);
            let video = call.media.as_deref().map(|media| media == "video");
            let by_kind = call.kind.as_deref().map(|kind| kind == "group");
            Happening::Call(Call { video, group: told.group.or(by_kind), ..told })
        }
        Event::CallAccept(call) => Happening::Call(call!(call, CallState::Accepted)),
        Event::CallTerminate(call) => {
            let told = call!(call, CallState::Ended);
            Happening::Call(Call { reason: filled(&call.reason), ..told })
        }
        Event::CallRelayLatency(call) => {
            let chatter = CallState::Other(Word::Text("relaylatency"));
            Happening::Call(call!(call, chatter))
        }
        Event::Connected(connected) => Happening::Connection(Connection {
            own: connected.jid.as_ref().and_then(address),
            profile_name: filled(&connected.push_name),
            ..Connection::new(ConnectionState::Open)
        }),
        Event::TemporaryBan(ban) => Happening::Connection(Connection {
            until: ban.expires_in(),
            ..Connection::closed(Some(CloseReason::Banned))
        }),
        Event::LoggedOut(_) => Happening::Connection(Connection {
            retrying: Some(false),
            ..Connection::closed(Some(CloseReason::LoggedOut))
        }),
        Event::ConnectFailure(failure) => {
            let reason = failure.reason.map(|number| match number {
                401 => CloseReason::LoggedOut,
                402 | 403 | 406 => CloseReason::Banned,
                405 => CloseReason::Outdated,
                500..=503 => CloseReason::ServerTrouble,
                other => CloseReason::Other(Word::Number(other)),
            });
            Happening::Connection(Connection::closed(reason))
        }
        Event::Disconnected(_) => Happening::Connection(Connection {
            retrying: Some(true),
            ..Connection::closed(Some(CloseReason::ConnectionLost))
        }),
        Event::PairSuccess(pair) => {
            let account = pair.id.as_ref().or(pair.jid.as_ref()).and_then(address);
            let lid = pair.lid.as_ref().map(Jid::view);
            Happening::Pairing(Pairing {
                linked: account.map(|account| account.beside(lid)),
                ..Pairing::new(PairingStep::Linked)
            })
        }
        Event::QrCode(qr) => Happening::Pairing(Pairing {
            qr: qr.code.as_ref().map(SensitiveRef::text),
            qr_image: qr.qrcode.as_ref().map(SensitiveRef::text),
            attempt: count(qr.count),
            attempts: count(qr.max_count),
            ..Pairing::new(PairingStep::Qr)
        }),
        Event::QrTimeout(timeout) => Happening::Pairing(Pairing {
            attempt: count(timeout.qrcount),
            attempts: count(timeout.max_count),
            ..Pairing::new(PairingStep::GaveUp)
        }),
        Event::LabelEdit(edit) => {
            let action = edit.action.as_ref();
            let deleted = action.is_some_and(|action| action.deleted == Some(true));
            let change = if deleted { LabelChange::Deleted } else { LabelChange::Made };
            Happening::Label(Label {
                name: action.and_then(|action| filled(&action.name)),
                color: action.and_then(|action| action.color).map(LabelColor::Palette),
                is_sync: edit.from_full_sync == Some(true),
                at: edit.timestamp,
                ..Label::new(edit.label_id.as_deref(), change)
            })
        }
        Event::LabelAssociationChat(label) => Happening::Label(Label {
            chat: label.jid.as_ref().and_then(address),
            is_sync: label.from_full_sync == Some(true),
            at: label.timestamp,
            ..Label::new(label.label_id.as_deref(), put_on(label.action.as_ref()))
        }),
        Event::LabelAssociationMessage(label) => Happening::Label(Label {
            chat: label.jid.as_ref().and_then(address),
            message: MessageRef::filled(label.message_id.as_deref()),
            is_sync: label.from_full_sync == Some(true),
            at: label.timestamp,
            ..Label::new(label.label_id.as_deref(), put_on(label.action.as_ref()))
        }),
        Event::Contact(contact) => {
            let action = contact.action.as_ref();
            let lid = action.and_then(|action| action.lid_jid.as_ref()).map(Jid::view);
            let who = contact.jid.as_ref().and_then(address);
            Happening::Contact(Contact {
                who: who.map(|who| who.beside(lid)),
                name: None,
                saved_name: action.and_then(|action| {
                    filled(&action.full_name).or_else(|| filled(&action.first_name))
                }),
                previous_name: None,
                picture_url: None,
                is_sync: contact.from_full_sync == Some(true),
            })
        }
        Event::PushName(name) => {
            let who = name.jid.as_ref().and_then(address);
            Happening::Contact(Contact {
                who: who.map(|who| who.beside(name.jid_alt.as_ref().map(Jid::view))),
                name: filled(&name.new_push_name),
                saved_name: None,
                previous_name: filled(&name.old_push_name),
                picture_url: None,
                is_sync: false,
            })
        }
        Event::JoinedGroup(joined) => {
            let by = joined.sender.as_ref().and_then(address);
            let is_new = joined.kind.as_deref() == Some("new");
            Happening::Group(Group {
                group: joined.jid.as_ref().and_then(address),
                by: by.map(|by| by.beside(joined.sender_pn.as_ref().map(Jid::view))),
                at: None,
                change: if is_new { GroupChange::Created } else { GroupChange::OwnJoined },
                name: filled(&joined.name),
            })
        }
        Event::NewsletterJoin(channel) => {
            let chat = channel.id.as_ref().and_then(address);
            Happening::Chat(Chat::new(chat, ChatChange::Followed))
        }
        Event::NewsletterLeave(channel) => {
            let chat = channel.id.as_ref().and_then(address);
            Happening::Chat(Chat::new(chat, ChatChange::Unfollowed))
        }
        event => super::unrecognised(event),
    }
}

fn address(jid: &Jid) -> Option<Address<'_>> {
    (!jid.as_str().is_empty()).then(|| Address::whatsapp(jid.as_str()))
}

fn count(number: Option<i64>) -> Option<u32> {
    u32::try_from(number?).ok()
}

fn put_on(action: Option<&go::LabelAssociationAction>) -> LabelChange<'_> {
    // Protocol buffers leave out what is false.
    match action.and_then(|action| action.labeled) {
        Some(true) => LabelChange::PutOn,
        _ => LabelChange::TakenOff,
    }
}

// ---- Messages -----------------------------------------------------------------

fn head<'a>(origin: Origin<'a>, info: &'a Info) -> Head<'a> {
    let Acting { chat, sender, from_me, at, id, .. } = acting(info);
    Head { chat, sender, from_me, at, ..Head::new(origin, id) }
}

fn acting(info: &Info) -> Acting<'_> {
    let from_me = info.is_from_me == Some(true);
    let chat = address(&info.chat);
    let is_person = chat.is_some_and(|_| info.chat.is_person());
    // The other address is the other person's, whoever wrote.
    let beside = if from_me { &info.recipient_alt } else { &info.sender_alt };
    let beside = beside.as_ref().filter(|_| is_person).map(Jid::view);
    let sender = info.sender.as_ref().filter(|_| !from_me).and_then(address);
    Acting {
        chat: chat.map(|chat| chat.beside(beside)),
        sender: sender.map(|sender| sender.beside(info.sender_alt.as_ref().map(Jid::view))),
        from_me,
        at: info.timestamp,
        id: MessageRef::filled(Some(&info.id)),
        author: info.sender.as_ref().filter(|_| !is_person),
    }
}

fn of_message<'a>(origin: Origin<'a>, message: &'a go::Message) -> Happening<'a> {
    let info = &message.info;
    let raw = message.message.as_ref().map(|content| content.raw().as_str());
    let act = raw.and_then(Act::of_raw);
    let acting = acting(info);
    let edited_at = message.newsletter_meta.as_ref().and_then(|meta| meta.edit_ts);
    let is_edit = matches!(info.edit, Some(EditKind::MessageEdit | EditKind::AdminEdit))
        || message.is_edit == Some(true)
        || edited_at.is_some();
    let by_admin = match info.edit {
        Some(EditKind::AdminRevoke) => Some(true),
        Some(EditKind::SenderRevoke) => Some(false),
        _ => None,
    };
    let is_delete = by_admin.is_some() || message.is_revoke == Some(true);
    match act {
        Some(act @ Act::Delete { .. }) => match of_act(origin, act, acting) {
            Happening::Delete(delete) => {
                Happening::Delete(Delete { by_admin: by_admin.or(delete.by_admin), ..delete })
            }
            other => other,
        },
        None if is_delete => Happening::Delete(Delete {
            origin,
            target: pointed_at(info),
            chat: acting.chat,
            sender: acting.sender,
            from_me: acting.from_me,
            scope: Scope::ForEveryone,
            by_admin,
            at: acting.at,
            previous: None,
        }),
        None if is_edit => {
            // In a channel an edit has the id of what it edits.
            let own = MessageRef::filled(Some(&info.id)).filter(|_| edited_at.is_some());
            let Some(target) = own.or_else(|| pointed_at(info)) else {
                return Happening::Other(Other {
                    chat: acting.chat,
                    ..Other::word(OtherWhy::NotUnified, "edit")
                });
            };
            let text = raw.and_then(whatsapp::Said::of).and_then(whatsapp::Said::text);
            Happening::Edit(Edit {
                origin,
                target,
                chat: acting.chat,
                sender: acting.sender,
                from_me: acting.from_me,
                text: text.filter(|text| !text.is_empty()),
                previous: None,
                unreadable: message.decrypt_failed == Some(true),
                at: edited_at.or(acting.at),
                id: acting.id.filter(|id| *id != target),
            })
        }
        Some(act) => of_act(origin, act, acting),
        None => Happening::Message(Message::new(head(origin, info), message)),
    }
}

/// The message that another one points at.
fn pointed_at(info: &Info) -> Option<MessageRef<'_>> {
    MessageRef::filled(info.msg_meta_info.as_ref()?.target_id.as_deref())
}

fn of_receipt<'a>(
    origin: Origin<'a>,
    receipt: &'a go::Receipt,
    next: &mut Cursor<'a>,
) -> Option<Happening<'a>> {
    let chat = receipt.chat.as_ref().and_then(address);
    let (status, by_self) = match &receipt.kind {
        None | Some(ReceiptKind::Delivered) => (Status::Delivered, false),
        Some(ReceiptKind::Read) => (Status::Read, false),
        Some(ReceiptKind::ReadSelf) => (Status::Read, true),
        Some(ReceiptKind::Played) => (Status::Played, false),
        Some(ReceiptKind::PlayedSelf) => (Status::Played, true),
        Some(word @ (ReceiptKind::Peer | ReceiptKind::HistorySync)) => {
            return super::once(next, || {
                let word = Other::word(OtherWhy::Internal, word.as_str());
                Happening::Other(Other { chat, ..word })
            });
        }
        Some(other) => (Status::Other(Word::Text(other.as_str())), false),
    };
    let id = loop {
        let id = receipt.message_ids.get(next.step())?;
        if !id.is_empty() {
            break id;
        }
    };
    let by_me = by_self || receipt.is_from_me == Some(true);
    let sender = receipt.sender.as_ref().filter(|_| !by_me).and_then(address);
    let target_from_me = match (by_self, by_me) {
        (true, _) => Some(false),
        // Another device of the account has it: whose message it is is not told.
        (false, true) => None,
        (false, false) => Some(true),
    };
    Some(Happening::Receipt(Receipt {
        origin,
        target: MessageRef::bare(id),
        chat,
        status,
        target_from_me,
        by: sender.map(|by| by.beside(receipt.sender_alt.as_ref().map(Jid::view))),
        by_me,
        at: receipt.timestamp,
        error: None,
        text: None,
    }))
}
