//! eazeWA's events: whatsapp-web.js, unchanged.

use std::borrow::Cow;
use std::time::Duration;

use super::acts::{
    Delete, Edit, PollVote, Reaction, ReactionChange, Receipt, Scope, Selected, Status,
};
use super::address::{Address, AddressKind};
use super::around::{Call, CallState, Group, GroupChange, How, Other, OtherWhy};
use super::content::{
    Album, Choice, ChoiceKind, Invitation, Location, Media, MissingMedia, Order, Poll, Quote,
    ReplyTo,
};
use super::happening::Happening;
use super::id::{MessageRef, Origin};
use super::listing::{AddressList, Addresses, Contacts, Members, OptionList, Options};
use super::message::{self, Cache, Head, Message, MessageKind, Said};
use super::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef, by_web_state,
};
use super::word::Word;
use super::{Cursor, Unify, filled};
use crate::event::Envelope as _;
use crate::gateways::eazewa::{
    self, Ack, DisconnectReason, EazeWa, Envelope, Event, GroupNotification, GroupNotificationType,
    MessageType, NewMessage, RawModel,
};
use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::List;
use crate::wire::json::{text_of, value_at};

impl Unify for EazeWa {
    fn happening<'a>(envelope: &'a Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        super::once(next, || happening(envelope))
    }

    /// The other end of every message.
    fn own(envelope: &Envelope) -> Option<Address<'_>> {
        let message = envelope.event().message()?;
        let own = if message.is_from_me() { &message.from } else { &message.to };
        let own = own.as_ref().filter(|own| own.is_person())?;
        Some(Address::whatsapp(own.as_str()))
    }
}

fn happening(envelope: &Envelope) -> Happening<'_> {
    let origin = super::origin::<EazeWa>(envelope);
    match envelope.event() {
        Event::Message(new) | Event::MessageCreate(new) => new_message(origin, new),
        Event::MessageAck(event) => match event.ack() {
            Some(ack) => receipt(origin, &event.message, status(ack)),
            None => about(&event.message),
        },
        Event::MessageReaction(event) => {
            let reaction = &event.reaction;
            let from_me = reaction.id.as_ref().and_then(MessageId::from_me).unwrap_or(false);
            let sender = reaction.sender_id.as_ref().filter(|_| !from_me);
            Happening::Reaction(Reaction {
                origin,
                target: MessageRef::serialized(&reaction.msg_id),
                chat: reaction.msg_id.chat().map(Address::of),
                sender: sender.map(|sender| Address::of(sender.view())),
                from_me,
                change: ReactionChange::of(reaction.reaction.as_deref().map(Cow::Borrowed)),
                at: reaction.timestamp,
                id: reaction.id.as_ref().map(MessageRef::serialized),
            })
        }
        Event::MessageEdit(edit) => Happening::Edit(Edit {
            origin,
            target: MessageRef::serialized(&edit.message.id),
            chat: edit.message.chat().map(Address::of),
            sender: sender(&edit.message),
            from_me: edit.message.is_from_me(),
            text: edit.new_body.as_deref().map(Cow::Borrowed),
            previous: filled(&edit.prev_body).map(Cow::Borrowed),
            unreadable: false,
            at: edit.message.latest_edit_sender_timestamp_ms,
            id: edit.message.latest_edit_msg_key.as_ref().map(MessageRef::serialized),
        }),
        Event::MessageRevokeEveryone(revoke) => {
            let before = revoke.before.as_deref();
            Happening::Delete(Delete {
                previous: before.and_then(eazewa::Message::text).map(Cow::Borrowed),
                ..delete(origin, &revoke.after, revoke.deleted())
            })
        }
        Event::MessageRevokeMe(revoke) => Happening::Delete(Delete {
            sender: None,
            // Whoever wrote it: it is the account that no longer has it.
            from_me: true,
            scope: Scope::ForMe,
            previous: revoke.message.text().map(Cow::Borrowed),
            ..delete(origin, &revoke.message, &revoke.message.id)
        }),
        Event::MediaUploaded(uploaded) => about(&uploaded.message),
        Event::GroupJoin(change) => group(&change.notification, joined),
        Event::GroupLeave(change) => group(&change.notification, left),
        Event::GroupUpdate(change) => group(&change.notification, changed),
        Event::VoteUpdate(event) => {
            let vote = &event.vote;
            let poll = poll(vote);
            Happening::PollVote(PollVote {
                origin,
                poll,
                chat: poll.and_then(|poll| MessageId::parts_of(poll.as_sent).chat).map(Address::of),
                voter: Some(Address::of(vote.voter.view())),
                from_me: false,
                selected: Selected::Options(Options::of(&vote.selected_options)),
                at: vote.interacted_at,
                id: None,
            })
        }
        Event::Call(event) => {
            let call = &event.call;
            let from = call.from.as_ref().map(|from| Address::of(from.view()));
            let Some(id) = call.id.as_deref().filter(|id| !id.is_empty()) else {
                return Happening::Other(Other { chat: from, ..Other::new(OtherWhy::NotUnified) });
            };
            Happening::Call(Call {
                origin,
                id,
                chat: from,
                caller: from.filter(|_| call.from_me != Some(true)),
                from_me: call.from_me,
                state: CallState::Ringing,
                video: call.is_video,
                group: call.is_group,
                offline: None,
                duration: None,
                reason: None,
                at: call.timestamp,
            })
        }
        Event::Qr(qr) => Happening::Pairing(Pairing {
            qr: Some(SensitiveRef::text(&qr.qr)),
            qr_image: qr.base64.as_ref().map(SensitiveRef::bytes),
            ..Pairing::new(PairingStep::Qr)
        }),
        Event::LoadingScreen(loading) => Happening::Connection(Connection {
            progress: loading.percent.and_then(|percent| u8::try_from(percent).ok()),
            ..Connection::new(ConnectionState::Connecting)
        }),
        Event::Authenticated(_) => {
            Happening::Connection(Connection::new(ConnectionState::Connecting))
        }
        Event::AuthFailure(_) => {
            Happening::Connection(Connection::closed(Some(CloseReason::BadSession)))
        }
        Event::Ready(_) => Happening::Connection(Connection::new(ConnectionState::Open)),
        Event::Disconnected(gone) => {
            let reason = gone.reason.as_ref().map(|reason| match reason {
                DisconnectReason::Logout => CloseReason::LoggedOut,
                DisconnectReason::MaxQrcodeRetries => CloseReason::PairingLimit,
                other => {
                    let state = by_web_state(other.as_str()).and_then(|state| state.reason);
                    state.unwrap_or(CloseReason::Other(Word::Text(other.as_str())))
                }
            });
            Happening::Connection(Connection::closed(reason))
        }
        Event::ChangeState(change) => match &change.state {
            Some(state) => {
                let other = ConnectionState::Other(Word::Text(state.as_str()));
                let known = by_web_state(state.as_str());
                Happening::Connection(known.unwrap_or_else(|| Connection::new(other)))
            }
            None => Happening::Other(Other::new(OtherWhy::NotUnified)),
        },
        event => super::unrecognised(event),
    }
}

fn sender(message: &eazewa::Message) -> Option<Address<'_>> {
    message.sender().map(Address::of)
}

fn status(ack: &Ack) -> Status<'static> {
    match ack {
        Ack::Error => Status::Failed,
        Ack::Pending => Status::Pending,
        Ack::Server => Status::Sent,
        Ack::Device => Status::Delivered,
        Ack::Read => Status::Read,
        Ack::Played => Status::Played,
        other => Status::Other(Word::Number(other.as_i64())),
    }
}

fn new_message<'a>(origin: Origin<'a>, new: &'a NewMessage) -> Happening<'a> {
    let message = &new.message;
    if let (Some(MessageType::Revoked), Some(deleted)) =
        (&message.message_type, &message.protocol_message_key)
    {
        return Happening::Delete(delete(origin, message, deleted));
    }
    let head = Head {
        chat: message.chat().map(Address::of),
        sender: sender(message),
        from_me: message.is_from_me(),
        at: message.timestamp,
        status: message.ack.as_ref().map(status),
        ..Head::new(origin, Some(MessageRef::serialized(&message.id)))
    };
    Happening::Message(Message::new(head, new))
}

fn delete<'a>(origin: Origin<'a>, act: &'a eazewa::Message, deleted: &'a MessageId) -> Delete<'a> {
    Delete {
        origin,
        target: Some(MessageRef::serialized(deleted)),
        chat: act.chat().map(Address::of),
        sender: sender(act),
        from_me: act.is_from_me(),
        scope: Scope::ForEveryone,
        by_admin: None,
        at: None,
        previous: None,
    }
}

fn receipt<'a>(
    origin: Origin<'a>,
    message: &'a eazewa::Message,
    status: Status<'a>,
) -> Happening<'a> {
    let chat = message.chat().map(Address::of);
    let from_me = message.is_from_me();
    let reached = matches!(status, Status::Delivered | Status::Read | Status::Played);
    // In a group it is one of its members, and not told which.
    let person = chat.filter(|chat| {
        from_me && reached && matches!(chat.kind(), AddressKind::Person | AddressKind::Lid)
    });
    Happening::Receipt(Receipt {
        origin,
        target: MessageRef::serialized(&message.id),
        chat,
        status,
        target_from_me: Some(from_me),
        by: person,
        by_me: !from_me,
        at: None,
        error: None,
        text: message.text(),
    })
}

/// What is about a message, and has no kind of its own.
fn about(message: &eazewa::Message) -> Happening<'_> {
    Happening::Other(Other {
        chat: message.chat().map(Address::of),
        message: Some(MessageRef::serialized(&message.id)),
        ..Other::new(OtherWhy::NotUnified)
    })
}

// ---- Groups and polls -------------------------------------------------------

fn group<'a>(
    notice: &'a GroupNotification,
    change: impl FnOnce(&'a GroupNotification) -> GroupChange<'a>,
) -> Happening<'a> {
    let chat = notice.chat_id.as_ref().map(Jid::view).or_else(|| notice.id.chat());
    Happening::Group(Group {
        group: chat.map(Address::of),
        by: notice.author.as_ref().map(|author| Address::of(author.view())),
        at: notice.timestamp,
        change: change(notice),
        name: None,
    })
}

fn members(notice: &GroupNotification) -> Members<'_> {
    Members::of_option(notice.recipient_ids.as_ref().map(|members| members as _))
}

fn joined(notice: &GroupNotification) -> GroupChange<'_> {
    let how = match &notice.notification_type {
        Some(GroupNotificationType::Add) => How::Added,
        Some(GroupNotificationType::Invite) => How::Joined,
        Some(GroupNotificationType::LinkedGroupJoin) => How::Community,
        _ => How::NotTold,
    };
    GroupChange::Added(members(notice), how)
}

fn left(notice: &GroupNotification) -> GroupChange<'_> {
    let how = match &notice.notification_type {
        Some(GroupNotificationType::Remove) => How::Removed,
        Some(GroupNotificationType::Leave) => How::Left,
        _ => How::NotTold,
    };
    GroupChange::Removed(members(notice), how)
}

fn changed(notice: &GroupNotification) -> GroupChange<'_> {
    let text = filled(&notice.body);
    let on = match text {
        Some("on") => Some(true),
        Some("off") => Some(false),
        _ => None,
    };
    let Some(kind) = &notice.notification_type else {
        return GroupChange::Snapshot(members(notice));
    };
    let word = GroupChange::Other(Word::Text(kind.as_str()));
    match kind {
        GroupNotificationType::Subject => text.map_or(word, GroupChange::Subject),
        GroupNotificationType::Description => GroupChange::Description(text),
        GroupNotificationType::Picture => GroupChange::Picture,
        GroupNotificationType::Announce => on.map_or(word, GroupChange::OnlyAdminsWrite),
        GroupNotificationType::Restrict => on.map_or(word, GroupChange::OnlyAdminsEdit),
        GroupNotificationType::Create => GroupChange::Created,
        GroupNotificationType::Promote => GroupChange::Promoted(members(notice)),
        GroupNotificationType::Demote => GroupChange::Demoted(members(notice)),
        GroupNotificationType::Add
        | GroupNotificationType::Invite
        | GroupNotificationType::LinkedGroupJoin => joined(notice),
        GroupNotificationType::Remove | GroupNotificationType::Leave => left(notice),
        GroupNotificationType::Other(_) => word,
    }
}

/// The poll's id: as the vote names it, else as the poll's own message has it,
/// which is read in place.
fn poll(vote: &eazewa::PollVote) -> Option<MessageRef<'_>> {
    if let Some(id) = &vote.parent_msg_key {
        return Some(MessageRef::serialized(id));
    }
    let message = vote.parent_message.as_ref()?.raw().as_str();
    let text = |path: &[&str]| match text_of(value_at(message, path)?)? {
        Cow::Borrowed(text) => Some(text),
        // No id has anything in it that JSON escapes.
        Cow::Owned(_) => None,
    };
    let whole = text(&["id"]).or_else(|| text(&["id", "_serialized"]));
    let whole = whole.or_else(|| text(&["id", "$1"]));
    match whole {
        Some(whole) => {
            let parts = MessageId::parts_of(whole);
            Some(MessageRef { id: parts.id.unwrap_or(whole), as_sent: whole })
        }
        None => MessageRef::filled(text(&["id", "id"])),
    }
}

impl OptionList for List<eazewa::PollOption> {
    fn count(&self) -> usize {
        self.len()
    }

    fn name(&self, place: usize) -> Option<&str> {
        self.get(place)?.name.as_deref()
    }
}

impl AddressList for List<eazewa::GroupMention> {
    fn at(&self, place: usize) -> Option<Address<'_>> {
        let group = self.get(place)?.group_jid.as_ref();
        Some(Address::whatsapp(group.map_or("", |group| group.as_str())))
    }
}

// ---- Messages ---------------------------------------------------------------

fn kind(message: &eazewa::Message) -> MessageKind<'_> {
    let Some(kind) = &message.message_type else {
        let nothing = message.body.as_deref().is_none_or(str::is_empty);
        return if nothing { MessageKind::Unsupported } else { MessageKind::Text };
    };
    match kind {
        MessageType::Chat => MessageKind::Text,
        MessageType::Image => MessageKind::Image,
        MessageType::Album => MessageKind::Album,
        MessageType::Video => MessageKind::Video,
        MessageType::Audio => MessageKind::Audio,
        MessageType::Ptt => MessageKind::VoiceNote,
        MessageType::Document => MessageKind::Document,
        MessageType::Sticker => MessageKind::Sticker,
        MessageType::Location => MessageKind::Location,
        MessageType::Vcard => MessageKind::Contact,
        MessageType::MultiVcard => MessageKind::Contacts,
        MessageType::Order => MessageKind::Order,
        MessageType::Product => MessageKind::Product,
        MessageType::Payment => MessageKind::Payment,
        MessageType::GroupsV4Invite => MessageKind::GroupInvite,
        MessageType::List => MessageKind::List,
        MessageType::ListResponse => MessageKind::ListReply,
        MessageType::ButtonsResponse | MessageType::TemplateButtonReply => MessageKind::ButtonReply,
        MessageType::Interactive | MessageType::NativeFlow => MessageKind::Interactive,
        MessageType::Hsm => MessageKind::Template,
        MessageType::PollCreation => MessageKind::Poll,
        MessageType::ScheduledEventCreation => MessageKind::Event,
        MessageType::CallLog => MessageKind::CallLog,
        MessageType::Ciphertext => MessageKind::Undecrypted,
        MessageType::BroadcastNotification
        | MessageType::E2eNotification
        | MessageType::Gp2
        | MessageType::GroupNotification
        | MessageType::Notification
        | MessageType::NotificationTemplate
        | MessageType::Protocol
        | MessageType::Debug => MessageKind::Notice,
        MessageType::Revoked
        | MessageType::Reaction
        | MessageType::Oversized
        | MessageType::Unknown => MessageKind::Unsupported,
        MessageType::Other(_) => message::other(kind.as_str()),
    }
}

/// What only WhatsApp Web's model has.
struct Modelled {
    id: Option<MessageId>,
    author: Option<Jid>,
    chat: Option<Jid>,
}

impl super::content::Quoted for RawModel {
    fn text(&self) -> Option<Cow<'_, str>> {
        let quoted = self.quoted_msg()?;
        let is_text = quoted.read::<String>("type").is_none_or(|kind| kind == "chat");
        // Of everything else the body is a small picture.
        let text = if is_text { quoted.read("body") } else { quoted.caption() };
        text.map(Cow::Owned)
    }
}

impl Said for NewMessage {
    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        kind(&self.message)
    }

    /// Without a caption WhatsApp Web puts the file's name there.
    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        let name = self.media.as_ref().and_then(|file| file.filename.as_deref());
        self.message.text().filter(|text| Some(*text) != name)
    }

    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        self.message.data.as_ref()?.notify_name().map(Cow::Owned)
    }

    fn media<'s>(&'s self, _: &'s Cache) -> Option<Media<'s>> {
        let kind = message::media_of_kind(kind(&self.message))?;
        let duration =
            self.message.duration.and_then(|length| Duration::try_from_secs_f64(length).ok());
        let is_note = self.message.message_type == Some(MessageType::Ptt);
        let media = Media {
            duration,
            voice_note: Some(is_note),
            gif: self.message.is_gif,
            ..Media::new(kind)
        };
        Some(match &self.media {
            Some(file) => Media {
                mimetype: file.mimetype.as_deref(),
                size: file.filesize,
                file_name: file.filename.as_deref(),
                inline: Some(&file.data),
                ..media
            },
            None => Media { missing: Some(MissingMedia::NotIncluded), ..media },
        })
    }

    fn location<'s>(&'s self, _: &'s Cache) -> Option<Location<'s>> {
        let place = self.message.location.as_ref()?;
        Some(Location {
            name: filled(&place.name),
            address: filled(&place.address),
            url: filled(&place.url),
            ..Location::at(place.latitude, place.longitude)?
        })
    }

    fn contacts<'s>(&'s self, _: &'s Cache) -> Contacts<'s> {
        let is_card = matches!(kind(&self.message), MessageKind::Contact | MessageKind::Contacts);
        let cards = self.message.v_cards.as_ref().filter(|_| is_card);
        Contacts::of_option(cards.map(|cards| cards as _))
    }

    fn choice<'s>(&'s self, _: &'s Cache) -> Option<Choice<'s>> {
        let message = &self.message;
        let (of, id) = match message.message_type.as_ref()? {
            MessageType::ListResponse => (ChoiceKind::ListRow, &message.selected_row_id),
            MessageType::ButtonsResponse => (ChoiceKind::Button, &message.selected_button_id),
            MessageType::TemplateButtonReply => {
                (ChoiceKind::TemplateButton, &message.selected_button_id)
            }
            _ => return None,
        };
        let id = id.as_deref().map(Cow::Borrowed);
        Some(Choice { id, title: filled(&message.body), ..Choice::new(of) })
    }

    fn poll<'s>(&'s self, _: &'s Cache) -> Option<Poll<'s>> {
        if kind(&self.message) != MessageKind::Poll {
            return None;
        }
        let options = self.message.poll_options.as_ref();
        Some(Poll::new(
            self.message.text(),
            options.map_or(Options::NONE, |options| Options::of(options)),
            self.message.allow_multiple_answers,
        ))
    }

    fn order<'s>(&'s self, _: &'s Cache) -> Option<Order<'s>> {
        let id = self.message.order_id.as_deref()?;
        Some(Order::new(id, self.message.token.as_ref()))
    }

    fn invitation<'s>(&'s self, _: &'s Cache) -> Option<Invitation<'s>> {
        let invite = self.message.invite_v4.as_ref()?;
        Some(Invitation::new(
            invite.group_id.as_ref().map(|group| Address::of(group.view())),
            filled(&invite.group_name),
            invite.invite_code.as_ref(),
            invite.invite_code_exp,
        ))
    }

    fn reply_to<'s>(&'s self, cache: &'s Cache) -> Option<ReplyTo<'s>> {
        if self.message.has_quoted_msg == Some(false) {
            return None;
        }
        let model = self.message.data.as_ref()?;
        let quoted: &Modelled = cache.get(|| {
            let id = model.quoted_stanza_id().filter(|id| !id.as_str().is_empty());
            let author = model.quoted_participant();
            let chat = model.read::<Jid>("quotedRemoteJid");
            (id.is_some() || author.is_some()).then_some(Modelled { id, author, chat })
        })?;
        let here = self.message.chat();
        let elsewhere =
            quoted.chat.as_ref().filter(|chat| here.is_none_or(|here| !here.same_user(*chat)));
        Some(ReplyTo {
            chat: elsewhere.map(|chat| Address::of(chat.view())),
            ..ReplyTo::new(
                quoted.id.as_ref().map(MessageRef::serialized),
                quoted.author.as_ref().map(|author| Address::of(author.view())),
                Quote::Asked(model),
            )
        })
    }

    fn mentions<'s>(&'s self, _: &'s Cache) -> Addresses<'s> {
        let mentioned = self.message.mentioned_ids.as_ref();
        Addresses::of_option(mentioned.map(|mentioned| mentioned as _))
    }

    fn mentioned_groups<'s>(&'s self, _: &'s Cache) -> Addresses<'s> {
        let mentioned = self.message.group_mentions.as_ref();
        Addresses::of_option(mentioned.map(|mentioned| mentioned as _))
    }

    fn forwarded(&self, _: &Cache) -> Option<bool> {
        self.message.is_forwarded
    }

    fn forward_count(&self, _: &Cache) -> Option<u32> {
        self.message.forwarding_score
    }

    fn disappears(&self, _: &Cache) -> Option<bool> {
        self.message.is_ephemeral
    }

    fn album<'s>(&'s self, _: &'s Cache) -> Option<Album<'s>> {
        let is_head = self.message.message_type == Some(MessageType::Album);
        is_head.then_some(Album::Header { pictures: None, videos: None })
    }
}
