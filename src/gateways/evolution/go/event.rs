//! The list of Evolution Go's events, and the JSON around them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::call::{CallAccept, CallOffer, CallOfferNotice, CallRelayLatency, CallTerminate};
use super::chat::{
    Archive, ChatPresence, Contact, LabelAssociationChat, LabelAssociationMessage, LabelEdit,
    Presence, PushName,
};
use super::group::{GroupInfo, JoinedGroup, NewsletterJoin, NewsletterLeave};
use super::message::{HistorySync, Message, Receipt, SendMessage};
use super::session::{
    ConnectFailure, Connected, Disconnected, LoggedOut, OfflineSyncCompleted, PairSuccess, QrCode,
    QrTimeout, TemporaryBan,
};
use crate::event::{envelope, events};
use crate::wire::Sensitive;
use crate::wire::open_enum::open_enum;

events! {
    /// What happened at an Evolution Go instance.
    pub enum as named Event {
        /// Somebody wrote a message, also this account on another device.
        "Message" => Message(Box<Message>),
        /// A message was sent through the API.
        "SendMessage" => SendMessage(Box<SendMessage>),
        /// Messages were delivered, read or played.
        "Receipt" => Receipt(Box<Receipt>),
        /// Somebody came or went.
        "Presence" => Presence(Box<Presence>),
        /// Somebody writes or speaks into a chat.
        "ChatPresence" => ChatPresence(Box<ChatPresence>),
        /// The phone shared a part of its history.
        "HistorySync" => HistorySync(Box<HistorySync>),
        /// A chat was archived, or no longer is.
        "Archive" => Archive(Box<Archive>),
        /// Somebody calls.
        "CallOffer" => CallOffer(Box<CallOffer>),
        /// A call was taken.
        "CallAccept" => CallAccept(Box<CallAccept>),
        /// A call is over.
        "CallTerminate" => CallTerminate(Box<CallTerminate>),
        /// Somebody calls, mostly a group.
        "CallOfferNotice" => CallOfferNotice(Box<CallOfferNotice>),
        /// The servers were measured for a call.
        "CallRelayLatency" => CallRelayLatency(Box<CallRelayLatency>),
        /// The instance is connected to WhatsApp.
        "Connected" => Connected(Box<Connected>),
        /// The instance was linked to a phone.
        "PairSuccess" => PairSuccess(Box<PairSuccess>),
        /// WhatsApp banned the account for some time.
        "TemporaryBan" => TemporaryBan(Box<TemporaryBan>),
        /// The instance is no longer linked to a phone.
        "LoggedOut" => LoggedOut(Box<LoggedOut>),
        /// WhatsApp refused the connection.
        "ConnectFailure" => ConnectFailure(Box<ConnectFailure>),
        /// The connection was lost.
        "Disconnected" => Disconnected(Box<Disconnected>),
        /// A label was made, changed or deleted.
        "LabelEdit" => LabelEdit(Box<LabelEdit>),
        /// A chat was labelled, or no longer is.
        "LabelAssociationChat" => LabelAssociationChat(Box<LabelAssociationChat>),
        /// A message was labelled, or no longer is.
        "LabelAssociationMessage" => LabelAssociationMessage(Box<LabelAssociationMessage>),
        /// A contact was changed on another device.
        "Contact" => Contact(Box<Contact>),
        /// Somebody calls themselves differently.
        "PushName" => PushName(Box<PushName>),
        /// A group was changed.
        "GroupInfo" => GroupInfo(Box<GroupInfo>),
        /// The account is in a group now.
        "JoinedGroup" => JoinedGroup(Box<JoinedGroup>),
        /// The account follows a channel now.
        "NewsletterJoin" => NewsletterJoin(Box<NewsletterJoin>),
        /// The account no longer follows a channel.
        "NewsletterLeave" => NewsletterLeave(Box<NewsletterLeave>),
        /// There is a QR code to link the instance with.
        "QRCode" => QrCode(Box<QrCode>),
        /// No QR code was scanned in time.
        "QRTimeout" => QrTimeout(Box<QrTimeout>),
        /// All that was missed has been delivered. Only with the subscription
        /// to everything.
        "OfflineSyncCompleted" => OfflineSyncCompleted(Box<OfflineSyncCompleted>),
    }
}

envelope! {
    /// A body of Evolution Go: the event, and whose it is.
    #[serde(rename_all = "camelCase")]
    pub struct Envelope {
        /// The token of the instance: the only proof that there is. `Debug`
        /// hides it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance_token: Option<Sensitive>,
        /// The instance.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance_id: Option<String>,
        /// The instance's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance_name: Option<String>,
        /// What a receipt or a presence says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub state: Option<State>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "instanceToken", "instanceId", "instanceName", "state"],
}

open_enum! {
    /// What a receipt or a presence says.
    pub enum as named State {
        /// The recipient read the messages.
        Read = "Read",
        /// This account read the messages on another device.
        ReadSelf = "ReadSelf",
        /// The messages reached the recipient.
        Delivered = "Delivered",
        /// Somebody is there.
        Online = "online",
        /// Somebody is not there.
        Offline = "offline",
    }
}

impl Envelope {
    /// The member of the body that proves it.
    pub const TOKEN_MEMBER: &'static str = "instanceToken";

    /// Whether a body with these members is one of Evolution Go: Evolution's own
    /// have `instance` instead.
    pub(in crate::gateways) fn recognises(member: impl Fn(&str) -> bool) -> bool {
        member("event")
            && !member("instance")
            && ["instanceToken", "instanceId", "instanceName"].into_iter().any(member)
    }

    /// Whose it is: the instance's id, or its name.
    pub fn instance(&self) -> Option<&str> {
        self.instance_id.as_deref().or(self.instance_name.as_deref())
    }

    /// The message that the event is about.
    pub fn message_id(&self) -> Option<&str> {
        match &self.event {
            Event::Message(message) => Some(&message.info.id),
            Event::SendMessage(message) => Some(&message.info.id),
            Event::LabelAssociationMessage(label) => label.message_id.as_deref(),
            Event::Receipt(receipt) => match &*receipt.message_ids {
                [id] => Some(id),
                _ => None,
            },
            _ => None,
        }
    }

    /// When it happened.
    pub fn happened_at(&self) -> Option<DateTime<Utc>> {
        match &self.event {
            Event::Message(message) => message.info.timestamp,
            Event::SendMessage(message) => message.info.timestamp,
            Event::Receipt(receipt) => receipt.timestamp,
            Event::Archive(event) => event.timestamp,
            Event::CallOffer(call) => call.timestamp,
            Event::CallAccept(call) => call.timestamp,
            Event::CallTerminate(call) => call.timestamp,
            Event::CallOfferNotice(call) => call.timestamp,
            Event::CallRelayLatency(call) => call.timestamp,
            Event::LabelEdit(event) => event.timestamp,
            Event::LabelAssociationChat(event) => event.timestamp,
            Event::LabelAssociationMessage(event) => event.timestamp,
            Event::Contact(event) => event.timestamp,
            Event::GroupInfo(event) => event.timestamp,
            _ => None,
        }
    }

    /// What makes two deliveries the same event, beside the instance and the
    /// event's name: the message, with its chat; the messages of a receipt
    /// with what it says and who says it; the call. Nothing for all others.
    pub fn identity(&self) -> Option<Vec<Cow<'_, str>>> {
        let texts = |texts: &[&'_ str]| -> Vec<Cow<'_, str>> {
            texts.iter().map(|text| Cow::Owned((*text).to_owned())).collect()
        };
        Some(match &self.event {
            Event::Message(message) => texts(&[message.info.chat.as_ref(), &message.info.id]),
            Event::SendMessage(message) => texts(&[message.info.chat.as_ref(), &message.info.id]),
            Event::Receipt(receipt) => {
                // The kind of a delivery is an empty text; the sender may be one.
                let kind = receipt.kind.as_ref().map(|kind| kind.as_str());
                let kind = kind.filter(|kind| !kind.is_empty()).unwrap_or("delivered");
                let mut identity = texts(&[receipt.chat.as_ref()?.as_ref(), kind]);
                let who = receipt.sender.iter().filter(|who| !who.as_str().is_empty());
                identity.extend(who.map(|who| Cow::Borrowed(who.as_str())));
                identity.extend(receipt.message_ids.iter().map(|id| Cow::Borrowed(id.as_str())));
                identity
            }
            Event::CallOffer(call) => texts(&[call.call_id.as_deref()?]),
            Event::CallAccept(call) => texts(&[call.call_id.as_deref()?]),
            Event::CallTerminate(call) => texts(&[call.call_id.as_deref()?]),
            Event::CallOfferNotice(call) => texts(&[call.call_id.as_deref()?]),
            _ => return None,
        })
    }
}
