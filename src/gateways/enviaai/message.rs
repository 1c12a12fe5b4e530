//! Messages: received, and on their way.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson, TextOrNumber};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::iso;

object! {
    /// Somebody wrote to the instance.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.received")]
    pub struct MessageReceived {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that received it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`). Absent in test deliveries.
        pub chat_id: Option<Id>,
        /// Who wrote it: the digits of a phone number, with country code and
        /// without `+`. What it is for a group is not published.
        pub from: Jid,
        /// What kind of message it is.
        #[serde(rename = "type")]
        pub message_type: Option<MessageType>,
        /// The text. For media a marker such as `[Image]`, empty, or absent: what
        /// is sent there is not published.
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
        /// Where the media can be fetched. Inferred from the send call.
        pub media_url: Option<String>,
        /// The media's type. Inferred from the send call.
        pub media_type: Option<String>,
        /// The text below the media. Inferred from the send call.
        pub caption: Option<String>,
        /// The document's file name. Inferred from the send call.
        pub filename: Option<String>,
    }
}

impl MessageReceived {
    /// Whether this is a delivery of the test call and nobody wrote anything.
    pub fn is_test(&self) -> bool {
        self.test == Some(true)
    }
}

object! {
    /// A message left the instance.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.sent")]
    pub struct MessageSent {
        /// The message (`msg_…`).
        pub message_id: Id,
        /// The instance that sent it (`inst_…`).
        pub instance_id: String,
        /// The chat it belongs to (`chat_…`).
        pub chat_id: Option<Id>,
        /// Who it is for: the digits of a phone number.
        pub to: Option<Jid>,
        /// What kind of message it is.
        #[serde(rename = "type")]
        pub message_type: Option<MessageType>,
        /// The text that was sent.
        pub content: Option<String>,
        /// How far the message has come: `sent`.
        pub status: Option<MessageStatus>,
        /// What was given as metadata when the message was sent: any JSON object.
        /// Its place is inferred.
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
        /// Who it is for: the digits of a phone number.
        pub to: Option<Jid>,
        /// How far the message has come: `delivered`.
        pub status: Option<MessageStatus>,
        /// When it reached the device.
        #[serde(with = "iso")]
        pub delivered_at: Option<DateTime<Utc>>,
        /// What was given as metadata when the message was sent: any JSON object.
        /// Its place is inferred.
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
        /// Who it is for: the digits of a phone number.
        pub to: Option<Jid>,
        /// How far the message has come: `read`.
        pub status: Option<MessageStatus>,
        /// When it was read.
        #[serde(with = "iso")]
        pub read_at: Option<DateTime<Utc>>,
        /// What was given as metadata when the message was sent: any JSON object.
        /// Its place is inferred.
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
        /// Who it is for: the digits of a phone number.
        pub to: Option<Jid>,
        /// How far the message has come: `failed`.
        pub status: Option<MessageStatus>,
        /// Why.
        pub error: Option<MessageError>,
        /// What was given as metadata when the message was sent: any JSON object.
        /// Its place is inferred.
        pub metadata: Option<RawJson>,
    }
}

object! {
    /// Why a message could not be sent.
    #[serde(rename_all = "camelCase")]
    pub struct MessageError {
        /// The reason.
        pub code: Option<TextOrNumber<ErrorCode>>,
        /// The reason in words, for people.
        pub message: Option<String>,
        /// The request that EnviaAI's support can look up. Inferred from the
        /// errors of its API.
        pub request_id: Option<Id>,
        /// After how many seconds to try again, with `rate_limit_exceeded`.
        /// Inferred from the errors of its API.
        #[serde(with = "integer")]
        pub retry_after: Option<i64>,
    }
}

open_enum! {
    /// The kinds of message, as EnviaAI's history call lists them.
    pub enum MessageType {
        /// Text.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// A recording.
        Audio = "audio",
        /// A file.
        Document = "document",
    }
}

open_enum! {
    /// How far a message has come.
    pub enum MessageStatus {
        /// It left the instance.
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
    /// Whether this status tells more than another one of the same message.
    /// Deliveries come in any order, so keep a status only when it supersedes
    /// the one that is already there.
    ///
    /// A status outside the documented set supersedes nothing and is
    /// superseded by every documented one.
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
    /// Why a message could not be sent. Only `recipient_not_found` is shown
    /// for this event; the others are the codes of EnviaAI's API.
    pub enum ErrorCode {
        /// The number has no WhatsApp account.
        RecipientNotFound = "recipient_not_found",
        /// The instance lost its connection.
        InstanceDisconnected = "instance_disconnected",
        /// The number is not one.
        InvalidPhoneNumber = "invalid_phone_number",
        /// The file is too large for WhatsApp.
        MediaTooLarge = "media_too_large",
        /// The file is of a type that WhatsApp does not take.
        UnsupportedMediaType = "unsupported_media_type",
        /// Too many messages in too short a time.
        RateLimitExceeded = "rate_limit_exceeded",
        /// There is no such instance.
        InstanceNotFound = "instance_not_found",
        /// The instance is not connected.
        InstanceNotConnected = "instance_not_connected",
    }
}
