//! Messages: received, and sent ones with their status.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson, TextOrNumber};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::iso;

object! {
    /// Someone wrote to the instance.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.received")]
    pub struct MessageReceived {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that received it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`). Absent in test deliveries.
        pub chat_id: Option<Id>,
        /// The sender: the digits of a phone number, with country code and
        /// without `+`. What it is for a group message is not published.
        pub from: Jid,
        /// The message type.
        #[serde(rename = "type")]
        pub message_type: Option<MessageType>,
        /// The text. For media it may be a marker such as `[Image]`, empty, or
        /// absent: this is not published.
        pub content: Option<String>,
        /// When it was written. Absent in test deliveries, and in one of the
        /// documented samples.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The sender's name, as the instance knows it.
        pub contact_name: Option<String>,
        /// Whether it was written in a group. Absent in test deliveries.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// `true` on the deliveries of the test call, absent on all others.
        #[serde(with = "boolean")]
        pub test: Option<bool>,
        /// The URL of the media. Inferred from the send call.
        pub media_url: Option<String>,
        /// The media's type. Inferred from the send call.
        pub media_type: Option<String>,
        /// The caption. Inferred from the send call.
        pub caption: Option<String>,
        /// The document's file name. Inferred from the send call.
        pub filename: Option<String>,
    }
}

impl MessageReceived {
    /// Whether this is a delivery of the test call rather than a real message.
    pub fn is_test(&self) -> bool {
        self.test == Some(true)
    }

    /// Whether the instance itself wrote it: `false`. Its own messages are
    /// [`MessageSent`].
    pub fn is_from_me(&self) -> bool {
        false
    }

    /// Who wrote it. `None` where `from` is empty or a group.
    pub fn sender(&self) -> Option<&Jid> {
        Some(&self.from).filter(|from| !from.is_group() && !from.as_str().is_empty())
    }

    /// The phone number of whoever wrote it: digits, without `+`.
    pub fn sender_phone(&self) -> Option<&str> {
        self.sender()?.phone()
    }

    /// The chat's address: the other person. `None` in a group, of which EnviaAI
    /// gives its own [`chat_id`](Self::chat_id) only.
    pub fn chat(&self) -> Option<&Jid> {
        self.sender().filter(|_| self.is_group != Some(true))
    }

    /// The text, or the caption of media. `None` if it is empty, or only the
    /// marker that stands for media (`[Image]`).
    pub fn text(&self) -> Option<&str> {
        let content = self.content.as_deref().filter(|text| !text.is_empty());
        if !self.is_file() {
            return content;
        }
        let is_marker = |text: &&str| text.starts_with('[') && text.ends_with(']');
        let caption = self.caption.as_deref().filter(|caption| !caption.is_empty());
        caption.or_else(|| content.filter(|text| !is_marker(text)))
    }

    fn is_file(&self) -> bool {
        match &self.message_type {
            Some(
                MessageType::Image
                | MessageType::Video
                | MessageType::Audio
                | MessageType::Document,
            ) => true,
            Some(other) => *other == "sticker",
            None => self.media_type.is_some(),
        }
    }
}

object! {
    /// A message was sent by the instance.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.sent")]
    pub struct MessageSent {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that sent it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`).
        pub chat_id: Option<Id>,
        /// The recipient: the digits of a phone number.
        pub to: Option<Jid>,
        /// The message type.
        #[serde(rename = "type")]
        pub message_type: Option<MessageType>,
        /// The text that was sent.
        pub content: Option<String>,
        /// The delivery status: `sent`.
        pub status: Option<MessageStatus>,
        /// The metadata that was passed when the message was sent: any JSON
        /// object. Its position is inferred.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// A message reached the recipient's device.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.delivered")]
    pub struct MessageDelivered {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that sent it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`).
        pub chat_id: Option<Id>,
        /// The recipient: the digits of a phone number.
        pub to: Option<Jid>,
        /// The delivery status: `delivered`.
        pub status: Option<MessageStatus>,
        /// When it reached the device.
        #[serde(with = "iso")]
        pub delivered_at: Option<DateTime<Utc>>,
        /// The metadata that was passed when the message was sent: any JSON
        /// object. Its position is inferred.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// The recipient read a message.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.read")]
    pub struct MessageRead {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that sent it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`).
        pub chat_id: Option<Id>,
        /// The recipient: the digits of a phone number.
        pub to: Option<Jid>,
        /// The delivery status: `read`.
        pub status: Option<MessageStatus>,
        /// When it was read.
        #[serde(with = "iso")]
        pub read_at: Option<DateTime<Utc>>,
        /// The metadata that was passed when the message was sent: any JSON
        /// object. Its position is inferred.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// A message could not be sent.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.failed")]
    pub struct MessageFailed {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that should have sent it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`).
        pub chat_id: Option<Id>,
        /// The recipient: the digits of a phone number.
        pub to: Option<Jid>,
        /// The delivery status: `failed`.
        pub status: Option<MessageStatus>,
        /// The reason.
        pub error: Option<MessageError>,
        /// The metadata that was passed when the message was sent: any JSON
        /// object. Its position is inferred.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// Why a message could not be sent.
    #[serde(rename_all = "camelCase")]
    pub struct MessageError {
        /// The reason.
        pub code: Option<TextOrNumber<ErrorCode>>,
        /// The reason as human-readable text.
        pub message: Option<String>,
        /// The request id for EnviaAI's support. Inferred from the errors of
        /// its API.
        pub request_id: Option<Id>,
        /// After how many seconds to try again, with `rate_limit_exceeded`.
        /// Inferred from the errors of its API.
        #[serde(with = "integer")]
        pub retry_after: Option<i64>,
    }
}

open_enum! {
    /// The message types, as EnviaAI's history call lists them.
    pub enum MessageType {
        /// Text.
        Text = "text",
        /// An image.
        Image = "image",
        /// A video.
        Video = "video",
        /// Audio.
        Audio = "audio",
        /// A document.
        Document = "document",
    }
}

open_enum! {
    /// The delivery status of a message.
    pub enum MessageStatus {
        /// The instance sent it.
        Sent = "sent",
        /// It could not be sent.
        Failed = "failed",
        /// It reached the recipient's device.
        Delivered = "delivered",
        /// The recipient read it.
        Read = "read",
    }
}

impl MessageStatus {
    /// Whether this is a later status of the same message than the other one.
    /// Deliveries arrive in any order, so store a status only if it supersedes
    /// the stored one.
    ///
    /// An undocumented status supersedes nothing and is superseded by every
    /// documented one.
    ///
    /// ```
    /// use zaphook::enviaai::MessageStatus;
    ///
    /// assert!(MessageStatus::Read.supersedes(&MessageStatus::Delivered));
    /// assert!(!MessageStatus::Sent.supersedes(&MessageStatus::Delivered));
    /// ```
    pub fn supersedes(&self, other: &Self) -> bool {
        let rank = |status: &Self| match status {
            Self::Other(_) => 0,
            Self::Sent => 1,
            // What was delivered after all had not failed.
            Self::Failed => 2,
            Self::Delivered => 3,
            Self::Read => 4,
        };
        rank(self) > rank(other)
    }
}

open_enum! {
    /// Why a message could not be sent. Only `recipient_not_found` is
    /// documented for this event; the others are error codes of EnviaAI's API.
    pub enum ErrorCode {
        /// The number has no WhatsApp account.
        RecipientNotFound = "recipient_not_found",
        /// The instance lost its connection.
        InstanceDisconnected = "instance_disconnected",
        /// The number is not a valid phone number.
        InvalidPhoneNumber = "invalid_phone_number",
        /// The file is too large for WhatsApp.
        MediaTooLarge = "media_too_large",
        /// WhatsApp does not accept files of this type.
        UnsupportedMediaType = "unsupported_media_type",
        /// Too many messages in too short a time.
        RateLimitExceeded = "rate_limit_exceeded",
        /// The instance does not exist.
        InstanceNotFound = "instance_not_found",
        /// The instance is not connected.
        InstanceNotConnected = "instance_not_connected",
    }
}
