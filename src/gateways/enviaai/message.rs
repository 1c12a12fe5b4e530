//! Messages: received, and on their way.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::jid::Jid;
use crate::wire::RawJson;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::iso;

/// Somebody wrote to the instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "message.received")]
pub struct MessageReceived {
    /// The message (`msg_…`).
    pub message_id: String,
    /// The instance that received it (`inst_…`).
    pub instance_id: String,
    /// The chat it belongs to (`chat_…`). Absent in test deliveries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Who wrote it: the digits of a phone number, with country code and
    /// without `+`. What it is for a group is not published.
    pub from: Jid,
    /// What kind of message it is.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub message_type: Option<MessageType>,
    /// The text. For media a marker such as `[Image]`, empty, or absent: what
    /// is sent there is not published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// When it was written. Absent in test deliveries, and in one of the
    /// documented samples.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<DateTime<Utc>>,
    /// The sender's name, as the instance knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact_name: Option<String>,
    /// Whether it was written in a group. Absent in test deliveries.
    #[serde(
        default,
        deserialize_with = "boolean::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub is_group: Option<bool>,
    /// `true` on the deliveries of the test call, absent on all others.
    #[serde(
        default,
        deserialize_with = "boolean::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub test: Option<bool>,
    /// Where the media can be fetched. Inferred from the send call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_url: Option<String>,
    /// The media's type. Inferred from the send call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The text below the media. Inferred from the send call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// The document's file name. Inferred from the send call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}

impl MessageReceived {
    /// Whether this is a delivery of the test call and nobody wrote anything.
    pub fn is_test(&self) -> bool {
        self.test == Some(true)
    }
}

/// A message left the instance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "message.sent")]
pub struct MessageSent {
    /// The message (`msg_…`).
    pub message_id: String,
    /// The instance that sent it (`inst_…`).
    pub instance_id: String,
    /// The chat it belongs to (`chat_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Who it is for: the digits of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Jid>,
    /// What kind of message it is.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub message_type: Option<MessageType>,
    /// The text that was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// How far the message has come: `sent`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// What was given as metadata when the message was sent: any JSON object.
    /// Its place is inferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<RawJson>,
}

/// A message reached the recipient's device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "message.delivered")]
pub struct MessageDelivered {
    /// The message (`msg_…`).
    pub message_id: String,
    /// The instance that sent it (`inst_…`).
    pub instance_id: String,
    /// The chat it belongs to (`chat_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Who it is for: the digits of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Jid>,
    /// How far the message has come: `delivered`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// When it reached the device.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<DateTime<Utc>>,
    /// What was given as metadata when the message was sent: any JSON object.
    /// Its place is inferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<RawJson>,
}

/// The recipient read a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "message.read")]
pub struct MessageRead {
    /// The message (`msg_…`).
    pub message_id: String,
    /// The instance that sent it (`inst_…`).
    pub instance_id: String,
    /// The chat it belongs to (`chat_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Who it is for: the digits of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Jid>,
    /// How far the message has come: `read`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// When it was read.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub read_at: Option<DateTime<Utc>>,
    /// What was given as metadata when the message was sent: any JSON object.
    /// Its place is inferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<RawJson>,
}

/// A message could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "message.failed")]
pub struct MessageFailed {
    /// The message (`msg_…`).
    pub message_id: String,
    /// The instance that should have sent it (`inst_…`).
    pub instance_id: String,
    /// The chat it belongs to (`chat_…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat_id: Option<String>,
    /// Who it is for: the digits of a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Jid>,
    /// How far the message has come: `failed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<MessageStatus>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<MessageError>,
    /// What was given as metadata when the message was sent: any JSON object.
    /// Its place is inferred.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<RawJson>,
}

/// Why a message could not be sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MessageError {
    /// The reason.
    pub code: ErrorCode,
    /// The reason in words, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The request that EnviaAI's support can look up. Inferred from the
    /// errors of its API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// After how many seconds to try again, with `rate_limit_exceeded`.
    /// Inferred from the errors of its API.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub retry_after: Option<i64>,
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
