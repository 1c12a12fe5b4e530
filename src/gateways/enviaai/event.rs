//! The list of EnviaAI's events, and the JSON around them.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::instance::{InstanceConnected, InstanceDisconnected, InstanceQrUpdated};
use super::message::{
    MessageDelivered, MessageFailed, MessageRead, MessageReceived, MessageSent,
};
use crate::event::{envelope, events};
use crate::wire::{Id, RawJson};
use crate::wire::json::find_text;
use crate::wire::time::iso;

events! {
    /// What happened at an EnviaAI instance.
    pub enum Event {
        /// Someone wrote to the instance.
        "message.received" => MessageReceived(Box<MessageReceived>),
        /// A message was sent by the instance.
        "message.sent" => MessageSent(Box<MessageSent>),
        /// A message reached the recipient's device.
        "message.delivered" => MessageDelivered(Box<MessageDelivered>),
        /// The recipient read a message.
        "message.read" => MessageRead(Box<MessageRead>),
        /// A message could not be sent.
        "message.failed" => MessageFailed(Box<MessageFailed>),
        /// The instance is connected to WhatsApp.
        "instance.connected" => InstanceConnected(Box<InstanceConnected>),
        /// The instance is no longer connected to WhatsApp.
        "instance.disconnected" => InstanceDisconnected(Box<InstanceDisconnected>),
        /// There is a new QR code to connect the instance.
        "instance.qr_updated" => InstanceQrUpdated(Box<InstanceQrUpdated>),
    }
}

envelope! {
    /// The envelope of an EnviaAI delivery: the event, and when it was
    /// dispatched.
    #[serde(rename_all = "camelCase")]
    pub struct Envelope {
        /// When EnviaAI dispatched the event. A retry keeps it.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The event's id. The documentation mentions it once, for detecting
        /// duplicates, and no sample contains it.
        pub event_id: Option<Id>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "timestamp", "eventId"],
}

impl Event {
    /// The instance that the event is about (`inst_…`); for events that could
    /// not be typed, from their raw payload.
    pub fn instance_id(&self) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(match self {
            Self::MessageReceived(message) => &message.instance_id,
            Self::MessageSent(message) => &message.instance_id,
            Self::MessageDelivered(message) => &message.instance_id,
            Self::MessageRead(message) => &message.instance_id,
            Self::MessageFailed(message) => &message.instance_id,
            Self::InstanceConnected(instance) => &instance.instance_id,
            Self::InstanceDisconnected(instance) => &instance.instance_id,
            Self::InstanceQrUpdated(instance) => &instance.instance_id,
            Self::Unknown(event) => return raw_instance_id(event.payload()),
            Self::Malformed(event) => return raw_instance_id(event.payload()),
            Self::Skipped(event) => return raw_instance_id(event.payload()),
        }))
    }

    /// The message that the event is about (`msg_…`). One message has the
    /// same id in all its events.
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Self::MessageReceived(message) => Some(&message.message_id),
            Self::MessageSent(message) => Some(&message.message_id),
            Self::MessageDelivered(message) => Some(&message.message_id),
            Self::MessageRead(message) => Some(&message.message_id),
            Self::MessageFailed(message) => Some(&message.message_id),
            _ => None,
        }
    }
}

fn raw_instance_id(payload: Option<&RawJson>) -> Option<Cow<'_, str>> {
    find_text(payload?.as_str(), &["instanceId"])
}
