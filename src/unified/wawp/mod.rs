//! Wawp's and WAHA's events.

mod groups;
mod said;
mod session;

use std::borrow::Cow;

use self::groups::{of_group, updated};
use self::said::Waiting;
use self::session::{session, state_change};
use super::acts::{
    Delete, Edit, PollVote, Reaction, ReactionChange, Receipt, Scope, Selected, Status,
};
use super::address::{Address, ChatKind, Hidden};
use super::around::{
    Call, CallState, Chat, ChatChange, Label, LabelChange, LabelColor, Other, OtherWhy, Presence,
    PresenceState,
};
use super::happening::Happening;
use super::id::{MessageRef, Origin};
use super::listing::Options;
use super::message::{Head, Message, Writer};
use super::word::Word;
use super::{Cursor, Unify, filled};
use crate::event::Envelope as _;
use crate::gateways::wawp::{self, Ack, AckName, Envelope, Event, MessageSource, Wawp};
use crate::jid::{Jid, JidRef, Kind};
use crate::wire::json::{text_of, value_at};

impl Unify for Wawp {
    fn happening<'a>(envelope: &'a Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        match envelope.event() {
            Event::GroupV2Update(update) => updated(envelope, update, next),
            Event::PresenceUpdate(update) => presence(update, next),
            Event::StateChange(change) => state_change(change, next),
            event => super::once(next, || single(envelope, event)),
        }
    }

    fn own(envelope: &Envelope) -> Option<Address<'_>> {
        own(envelope)
    }
}

fn own(envelope: &Envelope) -> Option<Address<'_>> {
    let me = envelope.me.as_ref()?;
    let named = [&me.id, &me.jid, &me.lid]
        .into_iter()
        .find_map(|jid| jid.as_ref().filter(|jid| names_person(jid.view())))?;
    let lid = me.lid.as_ref().filter(|lid| names_person(lid.view()));
    Some(Address::whatsapp(named.as_str()).with_lid(lid.map(Jid::as_str)))
}

fn single<'a>(envelope: &'a Envelope, event: &'a Event) -> Happening<'a> {
    let origin = super::origin::<Wawp>(envelope);
    match event {
        Event::Message(message) | Event::MessageAny(message) => {
            Happening::Message(Message::new(head(origin, message), &**message))
        }
        Event::MessageWaiting(message) => {
            Happening::Message(Message::new(head(origin, message), &Waiting))
        }
        Event::MessageReaction(reaction) => {
            let from_me = reaction.is_from_me();
            Happening::Reaction(Reaction {
                origin,
                target: MessageRef::serialized(&reaction.reaction.message_id),
                chat: reaction.chat().map(|chat| chat_of(chat, reaction.sender(), &**reaction)),
                sender: reaction.sender().map(|sender| hidden(sender, &**reaction)),
                from_me,
                change: ReactionChange::of(reaction.emoji().map(Cow::Borrowed)),
                at: reaction.timestamp,
                id: reaction.id.as_ref().map(MessageRef::serialized),
            })
        }
        Event::MessageAck(ack) | Event::MessageAckGroup(ack) => receipt(origin, envelope, ack),
        Event::MessageEdited(edited) => {
            let target = edited.edited_message_id.as_ref().unwrap_or(&edited.id);
            let text = edited.new_text().filter(|text| !text.is_empty());
            Happening::Edit(Edit {
                origin,
                target: MessageRef::serialized(target),
                chat: edited.chat().map(|chat| chat_of(chat, edited.sender(), &**edited)),
                sender: edited.sender().map(|sender| hidden(sender, &**edited)),
                from_me: edited.is_from_me(),
                text: text.map(Cow::Borrowed),
                previous: previous_text(edited),
                unreadable: false,
                at: edited.timestamp,
                id: edited
                    .edited_message_id
                    .is_some()
                    .then(|| MessageRef::serialized(&edited.id))
                    .filter(|id| id.id != MessageRef::serialized(target).id),
            })
        }
        Event::MessageRevoked(revoked) => {
            let from_me = revoked.is_from_me();
            let target = revoked.revoked_message_id.as_ref().or(revoked.id.as_ref());
            let sender = revoked.sender().filter(|_| !from_me);
            Happening::Delete(Delete {
                origin,
                target: target.map(MessageRef::serialized),
                chat: revoked.chat().map(|chat| chat_of(chat, sender, &**revoked)),
                sender: sender.map(|sender| hidden(sender, &**revoked)),
                from_me,
                scope: Scope::ForEveryone,
                by_admin: None,
                at: revoked.after.as_ref().and_then(|after| after.timestamp),
                previous: revoked.revoked_text().filter(|text| !text.is_empty()).map(Cow::Borrowed),
            })
        }
        Event::PollVote(vote) => Happening::PollVote(PollVote {
            origin,
            poll: vote.poll_message().map(MessageRef::serialized),
            chat: vote.chat().map(|chat| chat_of(chat, vote.sender(), &**vote)),
            voter: vote.sender().map(|voter| hidden(voter, &**vote)),
            from_me: vote.is_from_me(),
            selected: Selected::Options(
                vote.vote.selected_options.as_ref().map_or(Options::NONE, |list| Options::of(list)),
            ),
            at: vote.vote.timestamp,
            id: vote.vote.id.as_ref().map(MessageRef::serialized),
        }),
        Event::PollVoteFailed(vote) => Happening::PollVote(PollVote {
            origin,
            poll: vote.poll_message().map(MessageRef::serialized),
            chat: vote.chat().map(|chat| chat_of(chat, vote.sender(), &**vote)),
            voter: vote.sender().map(|voter| hidden(voter, &**vote)),
            from_me: vote.is_from_me(),
            selected: Selected::Unreadable,
            at: envelope.engine().and_then(|engine| vote.voted_at(engine)),
            id: vote.vote.as_ref().and_then(|vote| vote.id.as_ref()).map(MessageRef::serialized),
        }),
        Event::ChatArchive(archive) => {
            let chat = archive.chat().map(Address::of);
            match archive.archived {
                Some(archived) => Happening::Chat(Chat {
                    at: archive.timestamp,
                    ..Chat::new(
                        chat,
                        if archived { ChatChange::Archived } else { ChatChange::Unarchived },
                    )
                }),
                None => Happening::Other(Other { chat, ..Other::new(OtherWhy::NotUnified) }),
            }
        }
        Event::CallReceived(call) => of_call(origin, call, CallState::Ringing),
        Event::CallAccepted(call) => of_call(origin, call, CallState::Accepted),
        Event::CallRejected(call) => of_call(origin, call, CallState::Rejected),
        Event::LabelUpsert(label) => of_label(label, LabelChange::Made),
        Event::LabelDeleted(label) => of_label(label, LabelChange::Deleted),
        Event::LabelChatAdded(label) => label_of_chat(label, LabelChange::PutOn),
        Event::LabelChatDeleted(label) => label_of_chat(label, LabelChange::TakenOff),
        Event::SessionStatus(status) => session(envelope, status),
        Event::EventResponse(response) | Event::EventResponseFailed(response) => {
            let target = response.event_creation_key.as_ref().and_then(|key| key.id.as_ref());
            Happening::Other(Other {
                chat: response.chat().map(Address::of),
                message: target.map(MessageRef::serialized),
                ..Other::new(OtherWhy::NotUnified)
            })
        }
        event => of_group(envelope, event),
    }
}

/// Not the account by its own word, and not nobody.
fn names_person(jid: JidRef<'_>) -> bool {
    !matches!(jid.as_str(), "" | "me")
}

// ---- Phone numbers in the engine's data -----------------------------------------

macro_rules! hidden {
    ($($Type:ident),+) => {
        $(impl Hidden for wawp::$Type {
            fn phone(&self) -> Option<Cow<'_, str>> {
                self.sender_phone()
            }
        })+
    };
}

hidden!(Message, MessageReaction, MessageEdited, MessageRevoked, PollVote, PollVoteFailed);

/// Whoever acts: their phone number may be in the engine's data.
fn hidden<'a>(who: JidRef<'a>, by: &'a dyn Hidden) -> Address<'a> {
    let address = Address::of(who);
    match who.kind() {
        Kind::Lid => address.with_hidden(by),
        _ => address,
    }
}

/// The chat, which is whoever acts where that is the other person.
fn chat_of<'a>(chat: JidRef<'a>, sender: Option<JidRef<'a>>, by: &'a dyn Hidden) -> Address<'a> {
    match sender {
        Some(sender) if sender.same_user(chat) => hidden(chat, by),
        _ => Address::of(chat),
    }
}

// ---- Messages -----------------------------------------------------------------

fn head<'a>(origin: Origin<'a>, message: &'a wawp::Message) -> Head<'a> {
    let from_me = message.is_from_me();
    let sender = message.sender();
    let written_by = message.source.as_ref().filter(|_| from_me).and_then(|by| match by {
        MessageSource::App => Some(Writer::Device),
        MessageSource::Api => Some(Writer::Api),
        MessageSource::Other(_) => None,
    });
    Head {
        chat: message.chat().map(|chat| chat_of(chat, sender, message)),
        sender: sender.map(|sender| hidden(sender, message)),
        from_me,
        written_by,
        at: message.timestamp,
        status: told_status(message.ack.as_ref(), message.ack_name.as_ref()),
        ..Head::new(origin, Some(MessageRef::serialized(&message.id)))
    }
}

/// The name leads: the number may say something else.
fn told_status<'a>(ack: Option<&Ack>, name: Option<&'a AckName>) -> Option<Status<'a>> {
    let by_name = name.and_then(AckName::ack);
    match by_name.as_ref().or(ack) {
        Some(Ack::Error) => Some(Status::Failed),
        Some(Ack::Pending) => Some(Status::Pending),
        Some(Ack::Server) => Some(Status::Sent),
        Some(Ack::Device) => Some(Status::Delivered),
        Some(Ack::Read) => Some(Status::Read),
        Some(Ack::Played) => Some(Status::Played),
        Some(other) => Some(Status::Other(Word::Number(other.as_i64()))),
        None => name.map(|name| Status::Other(Word::Text(name.as_str()))),
    }
}

fn receipt<'a>(
    origin: Origin<'a>,
    envelope: &'a Envelope,
    ack: &'a wawp::MessageAck,
) -> Happening<'a> {
    let chat = ack.chat().map(Address::of);
    let target = MessageRef::serialized(&ack.id);
    let Some(status) = told_status(ack.ack.as_ref(), ack.ack_name.as_ref()) else {
        return Happening::Other(Other {
            chat,
            message: Some(target),
            ..Other::new(OtherWhy::NotUnified)
        });
    };
    let from_me = ack.is_from_me();
    let reached = matches!(status, Status::Delivered | Status::Read | Status::Played);
    let is_own = |reader: &JidRef<'_>| {
        own(envelope).is_some_and(|own| own.same(&Address::whatsapp(reader.as_str())))
    };
    let reader = ack.reader().filter(|_| from_me && reached).filter(|reader| !is_own(reader));
    Happening::Receipt(Receipt {
        origin,
        target,
        chat,
        status,
        target_from_me: Some(from_me),
        by: reader.map(Address::of),
        by_me: !from_me,
        at: None,
        error: None,
        text: filled(&ack.body),
    })
}

/// WEBJS has it in its own data, where it is read as it is.
fn previous_text(edited: &wawp::MessageEdited) -> Option<Cow<'_, str>> {
    let told = filled(&edited.prev_body).map(Cow::Borrowed);
    let webjs = || text_of(value_at(edited.engine_data.as_ref()?.as_str(), &["prevBody"])?);
    told.or_else(webjs).filter(|text| !text.is_empty())
}

// ---- Around messages ----------------------------------------------------------

fn of_call<'a>(origin: Origin<'a>, call: &'a wawp::Call, state: CallState<'a>) -> Happening<'a> {
    let from = call.from.as_ref().map(Jid::view).filter(|from| names_person(*from));
    let from = from.map(Address::of);
    let Some(id) = call.id.as_deref().filter(|id| !id.is_empty()) else {
        return Happening::Other(Other { chat: from, ..Other::new(OtherWhy::NotUnified) });
    };
    let is_group = from.is_some_and(|from| from.chat_kind() == Some(ChatKind::Group));
    Happening::Call(Call {
        origin,
        id,
        chat: from,
        caller: from.filter(|_| !is_group),
        from_me: None,
        state,
        video: call.is_video,
        group: call.is_group,
        offline: None,
        duration: None,
        reason: None,
        at: call.timestamp,
    })
}

fn of_label<'a>(label: &'a wawp::LabelChange, change: LabelChange<'a>) -> Happening<'a> {
    let palette = label.color.as_ref().or_else(|| label.label.as_ref()?.color.as_ref());
    Happening::Label(Label {
        name: label.label_name(),
        color: color(palette, label.hex()),
        ..Label::new(label.label_id(), change)
    })
}

fn label_of_chat<'a>(label: &'a wawp::LabelChat, change: LabelChange<'a>) -> Happening<'a> {
    let whole = label.label.as_ref();
    Happening::Label(Label {
        name: whole.and_then(|label| filled(&label.name)),
        color: whole.and_then(|label| color(label.color.as_ref(), label.hex())),
        chat: Some(Address::of(label.chat_id.view())),
        ..Label::new(Some(&label.label_id), change)
    })
}

/// The number in the palette where there is one. Black means "unknown".
fn color<'a>(palette: Option<&wawp::LabelColor>, hex: Option<&'a str>) -> Option<LabelColor<'a>> {
    let number = palette.and_then(wawp::LabelColor::palette);
    let number = number.and_then(|number| i64::try_from(number).ok()).map(LabelColor::Palette);
    number.or_else(|| hex.filter(|hex| *hex != "#000000").map(LabelColor::Hex))
}

/// One after another; one without a state says nothing. The second generation has
/// one, without a list around it.
fn presence<'a>(update: &'a wawp::PresenceUpdate, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
    let chat = update.chat().map(Address::of);
    let listed = update.presences.as_deref().unwrap_or_default();
    loop {
        let place = next.step();
        let (who, state, last_seen) = match listed.get(place) {
            Some(one) => (&one.participant, &one.last_known_presence, one.last_seen),
            None if place == listed.len() => (&update.from, &update.state, None),
            None => return None,
        };
        let state = match state {
            Some(wawp::PresenceState::Online | wawp::PresenceState::Available) => {
                PresenceState::Available
            }
            Some(wawp::PresenceState::Offline | wawp::PresenceState::Unavailable) => {
                PresenceState::Unavailable
            }
            Some(wawp::PresenceState::Typing | wawp::PresenceState::Composing) => {
                PresenceState::Typing
            }
            Some(wawp::PresenceState::Recording) => PresenceState::Recording,
            Some(wawp::PresenceState::Paused) => PresenceState::Paused,
            Some(other) => PresenceState::Other(Word::Text(other.as_str())),
            None => continue,
        };
        let who = who.as_ref().map(Jid::view).filter(|who| names_person(*who));
        return Some(Happening::Presence(Presence {
            chat,
            who: who.map(Address::of),
            from_me: false,
            state,
            last_seen,
        }));
    }
}
