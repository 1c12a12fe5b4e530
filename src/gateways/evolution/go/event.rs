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
        /// Someone wrote a message, possibly this account on another device.
        "Message" => Message(Box<Message>),
        /// A message was sent through the API.
        "SendMessage" => SendMessage(Box<SendMessage>),
        /// Someone pressed a button or chose from a list. The corresponding
        /// message arrives as well, and says who and where.
        "ButtonClick" => ButtonClick(Box<ButtonClick>),
        /// Messages were delivered, read or played.
        "Receipt" => Receipt(Box<Receipt>),
        /// Someone came online or went offline.
        "Presence" => Presence(Box<Presence>),
        /// Someone is typing or recording in a chat.
        "ChatPresence" => ChatPresence(Box<ChatPresence>),
        /// The phone shared part of its history.
        "HistorySync" => HistorySync(Box<HistorySync>),
        /// A chat was archived, or no longer is.
        "Archive" => Archive(Box<Archive>),
        /// Incoming call.
        "CallOffer" => CallOffer(Box<CallOffer>),
        /// A call was accepted.
        "CallAccept" => CallAccept(Box<CallAccept>),
        /// A call ended.
        "CallTerminate" => CallTerminate(Box<CallTerminate>),
        /// A call came in, usually a group call.
        "CallOfferNotice" => CallOfferNotice(Box<CallOfferNotice>),
        /// The relay latency was measured for a call.
        "CallRelayLatency" => CallRelayLatency(Box<CallRelayLatency>),
        /// The instance is connected to WhatsApp.
        "Connected" => Connected(Box<Connected>),
        /// The instance was linked to a phone.
        "PairSuccess" => PairSuccess(Box<PairSuccess>),
        /// WhatsApp banned the account temporarily.
        "TemporaryBan" => TemporaryBan(Box<TemporaryBan>),
        /// The instance is no longer linked to a phone.
        "LoggedOut" => LoggedOut(Box<LoggedOut>),
        /// WhatsApp refused the connection.
        "ConnectFailure" => ConnectFailure(Box<ConnectFailure>),
        /// The connection was lost.
        "Disconnected" => Disconnected(Box<Disconnected>),
        /// A label was created, changed or deleted.
        "LabelEdit" => LabelEdit(Box<LabelEdit>),
        /// A chat was labelled, or no longer is.
        "LabelAssociationChat" => LabelAssociationChat(Box<LabelAssociationChat>),
        /// A message was labelled, or no longer is.
        "LabelAssociationMessage" => LabelAssociationMessage(Box<LabelAssociationMessage>),
        /// A contact was changed on another device.
        "Contact" => Contact(Box<Contact>),
        /// A person changed their push name.
        "PushName" => PushName(Box<PushName>),
        /// A group was changed.
        "GroupInfo" => GroupInfo(Box<GroupInfo>),
        /// The account joined a group.
        "JoinedGroup" => JoinedGroup(Box<JoinedGroup>),
        /// The account now follows a channel.
        "NewsletterJoin" => NewsletterJoin(Box<NewsletterJoin>),
        /// The account no longer follows a channel.
        "NewsletterLeave" => NewsletterLeave(Box<NewsletterLeave>),
        /// There is a QR code to link the instance.
        "QRCode" => QrCode(Box<QrCode>),
        /// No QR code was scanned in time.
        "QRTimeout" => QrTimeout(Box<QrTimeout>),
        /// Everything that was missed has been delivered. Only sent if you
        /// subscribe to everything.
        "OfflineSyncCompleted" => OfflineSyncCompleted(Box<OfflineSyncCompleted>),
    }
}

envelope! {
    /// The envelope of Evolution Go: the event and its instance.
    #[serde(rename_all = "camelCase")]
    pub struct Envelope {
        /// The instance.
        pub instance_id: Option<String>,
        /// The instance's name.
        pub instance_name: Option<String>,
        /// The token of the instance: the only proof in a delivery. `Debug`
        /// hides it.
        pub instance_token: Option<Sensitive>,
        /// The state in a receipt or a presence.
        pub state: Option<State>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "instanceToken", "instanceId", "instanceName", "state"],
}

open_enum! {
    /// The state in a receipt or a presence.
    pub enum as named State {
        /// The recipient read the messages.
        Read = "Read",
        /// This account read the messages on another device.
        ReadSelf = "ReadSelf",
        /// The messages reached the recipient.
        Delivered = "Delivered",
        /// Someone is online.
        Online = "online",
        /// Someone is offline.
        Offline = "offline",
    }
}

impl Envelope {
    /// The member of the body with the token.
    pub const TOKEN_MEMBER: &'static str = "instanceToken";

    /// The members that tell the instance.
    pub(in crate::gateways) const INSTANCE: &[&'static str] =
        &["instanceToken", "instanceId", "instanceName"];

    /// Whether a body with these members comes from Evolution Go: bodies of
    /// Evolution API have `instance` instead.
    pub(in crate::gateways) fn recognises(member: impl Fn(&str) -> bool) -> bool {
        member("event") && !member("instance") && Self::INSTANCE.iter().copied().any(member)
    }

    /// The account: the instance's id, or its name if there is no id.
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

    /// Whether it contains a time, even for unknown events, so that two
    /// deliveries with the same body are the same event.
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

    /// The identity of the event, in addition to the instance and the event's
    /// name. `None` where the event has nothing to identify it; its key is then
    /// made from the body, if that has a time.
    ///
    /// * A message: the chat, whether the account wrote it, the id and the
    ///   author, since senders choose the ids of their own messages. An edit in
    ///   a channel has the id of the message it edits, so its time is included;
    ///   a withheld message has the id of the one that may follow.
    /// * A receipt: the chat, its type, who it comes from, who wrote the
    ///   messages, and the messages.
    /// * A call: the call's id, and who acted: several people can join one.
    /// * A button click: the message, if the server names it. Today it does
    ///   not, and such a click has no key: clicks of two people within one
    ///   second have equal bodies.
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

/// A part that may be absent, with its marker.
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
