//! The list of Evolution Go's events, and the JSON around them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::call::{CallAccept, CallOffer, CallOfferNotice, CallRelayLatency, CallTerminate};
use super::chat::{
    Archive, ChatPresence, Contact, LabelAssociationChat, LabelAssociationMessage, LabelEdit,
    Presence, PushName,
};
use super::group::{GroupInfo, JoinedGroup, NewsletterJoin, NewsletterLeave};
use super::message::{ButtonClick, HistorySync, Info, Message, Receipt, SendMessage};
use crate::gateways::evolution::identity::user;
use super::session::{
    ConnectFailure, Connected, Disconnected, LoggedOut, OfflineSyncCompleted, PairSuccess, QrCode,
    QrTimeout, TemporaryBan,
};
use crate::event::{envelope, events};
use crate::jid::Jid;
use crate::wire::json::find_text;
use crate::wire::open_enum::open_enum;
use crate::wire::time::iso;
use crate::wire::{Id, Sensitive};

events! {
    /// What happened at an Evolution Go instance.
    pub enum as named Event {
        /// Somebody wrote a message, also this account on another device.
        "Message" => Message(Box<Message>),
        /// A message was sent through the API.
        "SendMessage" => SendMessage(Box<SendMessage>),
        /// Somebody pressed a button or chose from a list. The message that says
        /// so comes as well, and tells who and where.
        "ButtonClick" => ButtonClick(Box<ButtonClick>),
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

    /// Whose it is: the instance's id, or its name where there is no id.
    pub fn instance(&self) -> Option<&str> {
        let is_odd = self.set_aside().iter().any(|aside| aside.path().is_member("instanceId"));
        let name = self.instance_name.as_deref().filter(|_| !is_odd);
        self.instance_id.as_deref().or(name)
    }

    /// The message that the event is about.
    pub fn message_id(&self) -> Option<&str> {
        match &self.event {
            Event::Message(message) => Some(&message.info.id),
            Event::SendMessage(message) => Some(&message.info.id),
            Event::ButtonClick(click) => click.message_id.as_deref(),
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
            Event::ButtonClick(click) => click.timestamp,
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

    /// Whether it says when it happened, also where it is not known, so that
    /// two deliveries with one body are one event.
    pub(in crate::gateways) fn is_dated(&self) -> bool {
        let payload = match &self.event {
            Event::Unknown(event) => event.payload(),
            Event::Malformed(event) => event.payload(),
            // Its time is all that tells two clicks apart, and it is in seconds.
            Event::ButtonClick(_) => return false,
            _ => return self.happened_at().is_some(),
        };
        payload.is_some_and(|payload| find_text(payload.as_str(), &["Timestamp"]).is_some())
    }

    /// What makes two deliveries the same event, beside the instance and the
    /// event's name. `None` where the event tells nothing of its own; its key is
    /// its body then, if that has a time.
    ///
    /// * A message: the chat, whether the account wrote it, the id and the
    ///   author, since everybody chooses the ids of their own messages. An edit
    ///   in a channel has the id of what it edits, so its time is part of it; a
    ///   message that was withheld has the id of the one that may follow.
    /// * A receipt: the chat, what it says, who says it, whose messages they
    ///   are, and the messages.
    /// * A call: the call, and whose step it is: several people take one.
    /// * A click on a button: the message, where the server names it. Today it
    ///   does not, and such a click has no key: two people's clicks within one
    ///   second are equal.
    pub fn identity(&self) -> Option<Vec<Cow<'_, str>>> {
        match &self.event {
            Event::Message(message) => Some(of_message(message)),
            Event::SendMessage(message) => Some(of_info(&message.info)),
            Event::Receipt(receipt) => of_receipt(receipt),
            Event::CallOffer(call) => of_call(&call.call_id, &call.from),
            Event::CallAccept(call) => of_call(&call.call_id, &call.from),
            Event::CallTerminate(call) => of_call(&call.call_id, &call.from),
            Event::CallOfferNotice(call) => of_call(&call.call_id, &call.from),
            Event::ButtonClick(click) => {
                let (chat, id) = (click.chat.as_ref()?, click.message_id.as_deref()?);
                Some(vec![chat.as_str().into(), id.into()])
            }
            _ => None,
        }
    }
}

/// A part that may be absent, with its mark.
fn marked<'a>(mark: &'static str, part: Option<Cow<'a, str>>) -> Vec<Cow<'a, str>> {
    part.map_or_else(Vec::new, |part| vec![mark.into(), part])
}

fn of_info(info: &Info) -> Vec<Cow<'_, str>> {
    let direction = if info.is_from_me == Some(true) { "me" } else { "them" };
    let mut identity = vec![info.chat.as_str().into(), direction.into(), (&*info.id).into()];
    identity.extend(marked("by", info.sender.as_ref().map(user)));
    identity
}

fn of_message(message: &Message) -> Vec<Cow<'_, str>> {
    let mut identity = of_info(&message.info);
    let edited = message.newsletter_meta.as_ref().and_then(|meta| meta.edit_ts.as_ref());
    identity.extend(marked("edited", edited.map(|time| iso::text(time).into())));
    if message.is_withheld() {
        identity.push("withheld".into());
    }
    identity
}

fn of_receipt(receipt: &Receipt) -> Option<Vec<Cow<'_, str>>> {
    // The kind of a delivery is an empty text.
    let kind = receipt.kind.as_ref().map(|kind| kind.as_str());
    let kind = kind.filter(|kind| !kind.is_empty()).unwrap_or("delivered");
    let text = |jid: &'_ Option<Jid>| jid.as_ref().map(|jid| jid.as_str().to_owned().into());
    let mut identity = vec![receipt.chat.as_ref()?.as_str().into(), kind.into()];
    identity.extend(marked("by", text(&receipt.sender)));
    identity.extend(marked("author", text(&receipt.message_sender)));
    identity.push("of".into());
    identity.extend(receipt.message_ids.iter().map(|id| Cow::Borrowed(&**id)));
    Some(identity)
}

fn of_call<'a>(id: &'a Option<Id>, from: &'a Option<Jid>) -> Option<Vec<Cow<'a, str>>> {
    let mut identity = vec![Cow::Borrowed(id.as_deref()?)];
    identity.extend(marked("from", from.as_ref().map(user)));
    Some(identity)
}
