//! Zavu's events.

use std::borrow::Cow;
use std::time::Duration;

use super::acts::{Reaction, ReactionChange, Receipt, SendError, Status};
use super::address::{Address, AddressKind, ChatKind};
use super::around::{Call, CallState, Chat, ChatChange, Other, OtherWhy, Template, TemplateStatus};
use super::content::{Ad, Choice, ChoiceKind, ContactCard, Location, Media, Quote, ReplyTo};
use super::happening::Happening;
use super::id::{Account, MessageRef, Origin};
use super::listing::{CardList, Contacts, Phones};
use super::message::{self, Cache, Channel, Head, Message, MessageKind, Said, ToldChatKind};
use super::word::Word;
use super::{Cursor, Unify};
use crate::event::Envelope as _;
use crate::gateways::Gateway;
use crate::gateways::zavu::{
    self, CallDirection, CallStatus, Content, Envelope, Event, MessageInbound, MessageStatus,
    MessageType, OutboundMessage, Story, Zavu,
};

impl Unify for Zavu {
    fn happening<'a>(envelope: &'a Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        super::once(next, || happening(envelope.event()))
    }

    fn own(envelope: &Envelope) -> Option<Address<'_>> {
        let Event::MessageInbound(message) = envelope.event() else { return None };
        message.to.as_deref().map(Address::of_channel)
    }
}

/// The ids of Zavu's are unique, and API v1 and v2 do not name the same account.
const ORIGIN: Origin<'static> = Origin { gateway: Zavu::NAME, account: Account::Any };

fn happening(event: &Event) -> Happening<'_> {
    match event {
        Event::MessageInbound(message) => match &message.message_type {
            Some(MessageType::Reaction) => reaction(message),
            _ => Happening::Message(Message::new(head(message), &**message)),
        },
        Event::MessageQueued(message) => receipt(message, Status::Queued),
        Event::MessageSent(message) => receipt(message, Status::Sent),
        Event::MessageDelivered(message) => receipt(message, Status::Delivered),
        Event::MessageRead(message) => receipt(message, Status::Read),
        Event::MessageFailed(message) => receipt(message, Status::Failed),
        Event::Story(story) => Happening::Message(Message::new(
            Head {
                sender: Some(Address::of_channel(&story.from)),
                chat_kind: ToldChatKind::Told(Some(ChatKind::Status)),
                at: story.provider_timestamp,
                ..Head::new(ORIGIN, None)
            },
            &**story,
        )),
        Event::ConversationNew(conversation) => {
            let with = conversation.phone_number.as_deref().or(conversation.email.as_deref());
            Happening::Chat(Chat {
                name: conversation.profile_name.as_deref(),
                first_message: MessageRef::filled(Some(&conversation.first_message_id)),
                first_text: conversation.first_message_text.as_deref(),
                ..Chat::new(with.map(Address::of_channel), ChatChange::New)
            })
        }
        Event::TemplateApproved(review) => template(review, TemplateStatus::Approved),
        Event::TemplateRejected(review) => template(review, TemplateStatus::Rejected),
        Event::CallInitiated(call) => of_call(call, CallState::Ringing),
        Event::CallAnswered(call) => of_call(call, CallState::Accepted),
        Event::CallCompleted(call) => of_call(call, CallState::Ended),
        Event::CallFailed(call) => of_call(call, CallState::Failed),
        event => super::unrecognised(event),
    }
}

fn in_group(message: &MessageInbound) -> bool {
    message.is_group == Some(true) || message.group_id.is_some()
}

fn chat(message: &MessageInbound) -> Address<'_> {
    Address::of_channel(message.group_id.as_deref().unwrap_or(&message.from))
}

fn sender(message: &MessageInbound) -> Address<'_> {
    Address::of_channel(message.group_author.as_deref().unwrap_or(&message.from))
}

fn head(message: &MessageInbound) -> Head<'_> {
    let kind = if in_group(message) { ChatKind::Group } else { ChatKind::Person };
    Head {
        chat: Some(chat(message)),
        sender: Some(sender(message)),
        chat_kind: ToldChatKind::Told(Some(kind)),
        channel: message.channel.as_ref().map_or(Channel::WhatsApp, channel),
        at: message.provider_timestamp,
        ..Head::new(ORIGIN, MessageRef::filled(Some(&message.message_id)))
    }
}

fn channel(channel: &zavu::Channel) -> Channel<'_> {
    match channel {
        zavu::Channel::WhatsApp => Channel::WhatsApp,
        zavu::Channel::WhatsAppAlt => Channel::WhatsAppAlt,
        other => Channel::Other(Word::Text(other.as_str())),
    }
}

fn reaction(message: &MessageInbound) -> Happening<'_> {
    let content = message.content.as_deref();
    let target = content.and_then(|content| content.react_to_message_id.as_deref());
    let Some(target) = MessageRef::filled(target) else {
        return Happening::Other(Other {
            chat: Some(chat(message)),
            ..Other::word(OtherWhy::NotUnified, "reaction")
        });
    };
    let emoji = content.and_then(|content| content.emoji.as_deref());
    Happening::Reaction(Reaction {
        origin: ORIGIN,
        target,
        chat: Some(chat(message)),
        sender: Some(sender(message)),
        from_me: false,
        change: ReactionChange::of(emoji.map(Cow::Borrowed)),
        at: message.provider_timestamp,
        id: MessageRef::filled(Some(&message.message_id)),
    })
}

fn receipt<'a>(message: &'a OutboundMessage, by_name: Status<'a>) -> Happening<'a> {
    let target = MessageRef::bare(&message.message_id);
    let chat = message.to.as_deref().map(Address::of_channel);
    let status = match &message.status {
        None => by_name,
        Some(MessageStatus::PendingUrlVerification) => Status::Held,
        Some(MessageStatus::Queued) => Status::Queued,
        Some(MessageStatus::Sending) => Status::Pending,
        Some(MessageStatus::Sent) => Status::Sent,
        Some(MessageStatus::Failed) => Status::Failed,
        Some(MessageStatus::Delivered) => Status::Delivered,
        Some(MessageStatus::Read) => Status::Read,
        // What came in has no way to go.
        Some(word @ MessageStatus::Received) => {
            let word = Other::word(OtherWhy::NotUnified, word.as_str());
            return Happening::Other(Other { chat, message: Some(target), ..word });
        }
        Some(other) => Status::Other(Word::Text(other.as_str())),
    };
    let reached = matches!(status, Status::Delivered | Status::Read);
    let by = chat.filter(|chat| reached && chat.kind() != AddressKind::Group);
    let code = message.error_code.as_ref().map(|code| code.as_str());
    let error = SendError::of(code, message.error_message.as_deref());
    Happening::Receipt(Receipt {
        origin: ORIGIN,
        target,
        chat,
        status,
        target_from_me: Some(true),
        by,
        by_me: false,
        at: None,
        error: error.filter(|_| status == Status::Failed),
        text: None,
    })
}

fn template<'a>(review: &'a zavu::TemplateReview, by_name: TemplateStatus<'a>) -> Happening<'a> {
    Happening::Template(Template {
        id: Some(Cow::Borrowed(&*review.template_id)),
        name: review.name.as_deref(),
        language: None,
        status: review.status.as_ref().map_or(by_name, |status| match status {
            zavu::TemplateStatus::Approved => TemplateStatus::Approved,
            zavu::TemplateStatus::Rejected => TemplateStatus::Rejected,
            other => TemplateStatus::Other(Word::Text(other.as_str())),
        }),
        reason: review.reason.as_deref(),
    })
}

fn of_call<'a>(call: &'a zavu::Call, by_name: CallState<'a>) -> Happening<'a> {
    let [from, to] = [&call.from, &call.to].map(|who| who.as_deref().map(Address::of_channel));
    let from_me = call.direction.as_ref().and_then(|direction| match direction {
        CallDirection::Inbound => Some(false),
        CallDirection::Outbound => Some(true),
        CallDirection::Other(_) => None,
    });
    let is_own = from_me == Some(true);
    let Some(id) = call.call_id.as_deref().filter(|id| !id.is_empty()) else {
        return Happening::Other(Other::new(OtherWhy::NotUnified));
    };
    let state = call.status.as_ref().map_or(by_name, |status| match status {
        CallStatus::Queued | CallStatus::Ringing => CallState::Ringing,
        CallStatus::InProgress => CallState::Accepted,
        CallStatus::Completed => CallState::Ended,
        CallStatus::NoAnswer => CallState::Missed,
        CallStatus::Failed | CallStatus::Busy | CallStatus::Canceled => CallState::Failed,
        other => CallState::Other(Word::Text(other.as_str())),
    });
    let failed = call.status.as_ref().filter(|_| state == CallState::Failed);
    let ended = call.end_reason.as_ref().map(|reason| reason.as_str());
    Happening::Call(Call {
        origin: ORIGIN,
        id,
        chat: if is_own { to } else { from },
        caller: from.filter(|_| !is_own),
        from_me,
        state,
        video: None,
        group: None,
        offline: None,
        duration: call.duration_seconds.and_then(|length| Duration::try_from_secs_f64(length).ok()),
        reason: failed.map(|status| status.as_str()).or(ended),
        at: None,
    })
}

/// The kind of a message, by its type or by what there is of it.
fn kind_of<'a>(
    kind: Option<&'a MessageType>,
    text: Option<&str>,
    content: Option<&Content>,
    mimetype: Option<&str>,
) -> MessageKind<'a> {
    let cards = content.and_then(|content| content.contacts.as_deref()).unwrap_or_default();
    let contacts = if cards.len() > 1 { MessageKind::Contacts } else { MessageKind::Contact };
    match kind {
        Some(MessageType::Text) => MessageKind::Text,
        Some(MessageType::Image) => MessageKind::Image,
        Some(MessageType::Video) => MessageKind::Video,
        Some(MessageType::Audio) => MessageKind::Audio,
        Some(MessageType::Document) => MessageKind::Document,
        Some(MessageType::Sticker) => MessageKind::Sticker,
        Some(MessageType::Location) => MessageKind::Location,
        Some(MessageType::Contact) => contacts,
        // Only businesses offer: what comes in is what a customer chose.
        Some(MessageType::Buttons) => MessageKind::ButtonReply,
        Some(MessageType::List) => MessageKind::ListReply,
        Some(
            MessageType::CtaUrl | MessageType::RequestContactInfo | MessageType::LocationRequest,
        ) => MessageKind::Interactive,
        Some(MessageType::Template) => MessageKind::Template,
        Some(other) => message::other(other.as_str()),
        None => {
            let plain = match text {
                Some(text) if !text.is_empty() => MessageKind::Text,
                _ if content.is_some_and(|content| content.place().is_some()) => {
                    MessageKind::Location
                }
                _ if !cards.is_empty() => contacts,
                _ => MessageKind::Unsupported,
            };
            mimetype.map_or(plain, message::kind_of_mimetype)
        }
    }
}

impl MessageInbound {
    fn mimetype(&self) -> Option<&str> {
        self.content.as_deref()?.mime_type.as_deref()
    }

    fn unified_kind(&self) -> MessageKind<'_> {
        let text = self.text.as_deref();
        kind_of(self.message_type.as_ref(), text, self.content.as_deref(), self.mimetype())
    }
}

impl Said for MessageInbound {
    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        self.unified_kind()
    }

    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        self.text.as_deref()
    }

    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        self.profile_name.as_deref().map(Cow::Borrowed)
    }

    fn media<'s>(&'s self, _: &'s Cache) -> Option<Media<'s>> {
        let media = Media::new(message::media_of_kind(self.unified_kind())?);
        let Some(content) = &self.content else { return Some(media) };
        Some(Media {
            mimetype: content.mime_type.as_deref(),
            file_name: content.filename.as_deref(),
            url: content.media_url.as_deref(),
            id: content.media_id.as_deref(),
            ..media
        })
    }

    fn location<'s>(&'s self, _: &'s Cache) -> Option<Location<'s>> {
        let place = self.content.as_deref()?.place()?;
        let at = Location::at(Some(place.latitude), Some(place.longitude))?;
        Some(Location { name: place.name, address: place.address, ..at })
    }

    fn contacts<'s>(&'s self, _: &'s Cache) -> Contacts<'s> {
        let cards = self.content.as_deref().and_then(|content| content.contacts.as_ref());
        Contacts::of_option(cards.map(|cards| cards as _))
    }

    fn choice<'s>(&'s self, _: &'s Cache) -> Option<Choice<'s>> {
        let of = match self.message_type.as_ref()? {
            MessageType::Buttons => ChoiceKind::Button,
            MessageType::List => ChoiceKind::ListRow,
            _ => return None,
        };
        Some(Choice { title: self.text.as_deref(), ..Choice::new(of) })
    }

    fn reply_to<'s>(&'s self, _: &'s Cache) -> Option<ReplyTo<'s>> {
        let content = self.content.as_deref()?;
        let (from, text) = (content.reply_to_from.as_deref(), content.reply_to_text.as_deref());
        if !content.is_reply() && from.is_none() && text.is_none() {
            return None;
        }
        let id = MessageRef::filled(content.reply_to_message_id.as_deref());
        let quote = text.map_or(Quote::None, |text| Quote::Told(Cow::Borrowed(text)));
        let kind = content.reply_to_message_type.as_ref();
        Some(ReplyTo {
            kind: kind.map(|kind| kind_of(Some(kind), None, None, None)),
            ..ReplyTo::new(id, from.map(Address::of_channel), quote)
        })
    }

    fn ad<'s>(&'s self, _: &'s Cache) -> Option<Ad<'s>> {
        let referral = self.referral.as_deref()?;
        Some(Ad {
            click_id: referral.ctwa_clid.as_deref(),
            source_id: referral.source_id.as_deref(),
            source_type: referral.source_type.as_ref().map(|kind| kind.as_str()),
            source_url: referral.source_url.as_deref(),
            title: referral.headline.as_deref(),
            body: referral.body.as_deref(),
            ..Ad::default()
        })
    }
}

impl Said for Story {
    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        let (text, mimetype) = (self.text.as_deref(), self.mime_type.as_deref());
        kind_of(self.message_type.as_ref(), text, None, mimetype)
    }

    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        self.text.as_deref()
    }

    fn media<'s>(&'s self, cache: &'s Cache) -> Option<Media<'s>> {
        let kind = message::media_of_kind(self.kind(cache))?;
        Some(Media { mimetype: self.mime_type.as_deref(), ..Media::new(kind) })
    }
}

impl CardList for Vec<zavu::Contact> {
    fn at(&self, place: usize) -> Option<ContactCard<'_>> {
        let contact = self.get(place)?;
        let phones = Phones::of_list(contact.phones.as_deref().unwrap_or_default());
        Some(ContactCard { name: contact.name.as_deref(), vcard: None, phones })
    }
}
