//! EnviaAI's events.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::acts::{Receipt, SendError, Status};
use super::address::{Address, ChatKind};
use super::content::{Media, MediaKind};
use super::happening::Happening;
use super::id::{Account, MessageRef, Origin};
use super::message::{self, Cache, Head, Message, MessageKind, Said, ToldChatKind};
use super::session::{
    CloseReason, Connection, ConnectionState, Pairing, PairingStep, SensitiveRef,
};
use super::word::Word;
use super::{Cursor, Unify};
use crate::event::Envelope as _;
use crate::gateways::Gateway;
use crate::gateways::enviaai::{
    DisconnectReason, Envelope, EnviaAi, Event, MessageReceived, MessageStatus, MessageType,
};
use crate::jid::Jid;
use crate::wire::Id;

impl Unify for EnviaAi {
    fn happening<'a>(envelope: &'a Envelope, next: &mut Cursor<'a>) -> Option<Happening<'a>> {
        super::once(next, || happening(envelope))
    }
}

fn happening(envelope: &Envelope) -> Happening<'_> {
    match envelope.event() {
        Event::MessageReceived(message) => {
            Happening::Message(Message::new(head(message), &**message))
        }
        Event::MessageSent(sent) => {
            let text = sent.content.as_deref().filter(|_| !is_file(sent.message_type.as_ref()));
            Happening::Receipt(Receipt {
                text: text.filter(|text| !text.is_empty()),
                ..receipt(
                    (&sent.instance_id, &sent.message_id),
                    (&sent.chat_id, &sent.to),
                    (Status::Sent, sent.status.as_ref()),
                    None,
                )
            })
        }
        Event::MessageDelivered(delivered) => Happening::Receipt(receipt(
            (&delivered.instance_id, &delivered.message_id),
            (&delivered.chat_id, &delivered.to),
            (Status::Delivered, delivered.status.as_ref()),
            delivered.delivered_at,
        )),
        Event::MessageRead(read) => Happening::Receipt(receipt(
            (&read.instance_id, &read.message_id),
            (&read.chat_id, &read.to),
            (Status::Read, read.status.as_ref()),
            read.read_at,
        )),
        Event::MessageFailed(failed) => {
            let error = failed.error.as_ref().and_then(|error| {
                let code = error.code.as_ref().map(|code| code.as_str());
                let seconds = error.retry_after.and_then(|seconds| u64::try_from(seconds).ok());
                let retry_after = seconds.map(Duration::from_secs);
                let told = SendError::of(code, error.message.as_deref());
                told.map(|told| SendError { retry_after, ..told })
            });
            Happening::Receipt(Receipt {
                error,
                ..receipt(
                    (&failed.instance_id, &failed.message_id),
                    (&failed.chat_id, &failed.to),
                    (Status::Failed, failed.status.as_ref()),
                    None,
                )
            })
        }
        Event::InstanceConnected(instance) => Happening::Connection(Connection {
            own: instance.phone.as_ref().map(|phone| Address::whatsapp(phone.as_str())),
            profile_name: instance.profile_name.as_deref(),
            ..Connection::new(ConnectionState::Open)
        }),
        Event::InstanceDisconnected(instance) => {
            let reason = instance.reason.as_ref().map(|reason| match reason {
                DisconnectReason::LoggedOut => CloseReason::LoggedOut,
                other => CloseReason::Other(Word::Text(other.as_str())),
            });
            Happening::Connection(Connection::closed(reason))
        }
        Event::InstanceQrUpdated(qr) => Happening::Pairing(Pairing {
            qr_image: Some(SensitiveRef::text(&qr.qr_code)),
            expires_at: qr.expires_at,
            ..Pairing::new(PairingStep::Qr)
        }),
        event => super::unrecognised(event),
    }
}

fn origin(instance: &str) -> Origin<'_> {
    Origin { gateway: EnviaAi::NAME, account: Account::Of(Some(instance)) }
}

/// The chat's own id tells nothing of whose it is.
fn chat<'a>(chat: &'a Option<Id>, other: Option<&'a Jid>) -> Option<Address<'a>> {
    let phone = other.and_then(Jid::phone);
    chat.as_deref().map(|chat| Address::opaque(chat).with_phone(phone))
}

fn head(message: &MessageReceived) -> Head<'_> {
    // Who a message in a group is from is not published; a group writes nothing.
    let in_group = message.is_group == Some(true);
    let sender = message.sender();
    let other = Some(&message.from).filter(|_| !in_group);
    let kind = message.is_group.map(|is_group| match is_group {
        true => ChatKind::Group,
        false => ChatKind::Person,
    });
    Head {
        chat: chat(&message.chat_id, other),
        sender: sender.map(|from| Address::whatsapp(from.as_str())),
        chat_kind: ToldChatKind::Told(kind),
        at: message.timestamp,
        is_test: message.is_test(),
        ..Head::new(origin(&message.instance_id), MessageRef::filled(Some(&message.message_id)))
    }
}

fn receipt<'a>(
    (instance, message): (&'a str, &'a Id),
    (chat_id, to): (&'a Option<Id>, &'a Option<Jid>),
    (by_name, told): (Status<'a>, Option<&'a MessageStatus>),
    at: Option<DateTime<Utc>>,
) -> Receipt<'a> {
    let status = told.map_or(by_name, |told| match told {
        MessageStatus::Sent => Status::Sent,
        MessageStatus::Failed => Status::Failed,
        MessageStatus::Delivered => Status::Delivered,
        MessageStatus::Read => Status::Read,
        other => Status::Other(Word::Text(other.as_str())),
    });
    let reached = matches!(status, Status::Delivered | Status::Read);
    // A group reads nothing; which of its members did is not told.
    let person = to.as_ref().filter(|to| reached && !to.is_group());
    Receipt {
        origin: origin(instance),
        target: MessageRef::bare(message),
        chat: chat(chat_id, to.as_ref()),
        status,
        target_from_me: Some(true),
        by: person.map(|to| Address::whatsapp(to.as_str())),
        by_me: false,
        at,
        error: None,
        text: None,
    }
}

fn is_file(kind: Option<&MessageType>) -> bool {
    kind.is_some_and(|kind| media_kind(kind).is_some())
}

fn media_kind(kind: &MessageType) -> Option<MediaKind> {
    Some(match kind {
        MessageType::Image => MediaKind::Image,
        MessageType::Video => MediaKind::Video,
        MessageType::Audio => MediaKind::Audio,
        MessageType::Document => MediaKind::Document,
        other if *other == "sticker" => MediaKind::Sticker,
        _ => return None,
    })
}

/// The kind of file that a message is, if it is one.
fn file_kind(message: &MessageReceived) -> Option<MediaKind> {
    match &message.message_type {
        Some(kind) => media_kind(kind),
        None => message.media_type.as_deref().map(super::content::kind_of_mimetype),
    }
}

impl Said for MessageReceived {
    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        match &self.message_type {
            Some(MessageType::Text) => MessageKind::Text,
            Some(kind) => match media_kind(kind) {
                Some(media) => message::kind_of_media(media),
                None => message::other(kind.as_str()),
            },
            None => {
                let file = self.media_type.as_deref().map(message::kind_of_mimetype);
                let nothing = self.content.as_deref().is_none_or(str::is_empty);
                let plain = if nothing { MessageKind::Unsupported } else { MessageKind::Text };
                file.unwrap_or(plain)
            }
        }
    }

    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        self.text()
    }

    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        self.contact_name.as_deref().map(Cow::Borrowed)
    }

    fn media<'s>(&'s self, _: &'s Cache) -> Option<Media<'s>> {
        Some(Media {
            mimetype: self.media_type.as_deref(),
            file_name: self.filename.as_deref(),
            url: self.media_url.as_deref(),
            ..Media::new(file_kind(self)?)
        })
    }
}
