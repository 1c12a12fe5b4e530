//! Edited messages, and other protocol messages that arrive as the same event.

use chrono::{DateTime, Utc};

use crate::whatsapp::{Content, DisappearingMode, LimitSharing, ProtocolKind};
use super::key::MessageKey;
use crate::wire::{Coded, RawJson};
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::integer;
use crate::wire::time::{millis, seconds};

object_keeping_rest! {
    /// A protocol message: an edit, and from 2.3.1 on anything else that
    /// WhatsApp reports about a message or a chat, such as a deletion or a new
    /// timer. `send.message.update` is an edit made through the API.
    ///
    /// Edits from newer clients arrive encrypted, as `messages.upsert` with a
    /// `secretEncryptedMessage`.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.edited")]
    #[doc(alias = "send.message.update")]
    pub struct MessageEdited {
        /// The message, from the point of view of whoever edited it: for an
        /// incoming edit `from_me` is true and `remote_jid` is the account's
        /// own address. Only the id is usable; [`message_id`](Self::message_id)
        /// returns it. Absent if it is about a whole chat.
        pub key: Option<MessageKey>,
        /// The type, by name or, on 2.3.3 to 2.3.5, by number.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ProtocolKind>>,
        /// The new content; only for edits.
        pub edited_message: Option<Content>,
        /// When it happened, to the millisecond: a string, number or object,
        /// depending on the server's version.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
        /// The chat's new timer for disappearing messages, in seconds; 0 for
        /// none. With `EPHEMERAL_SETTING` only.
        #[serde(with = "integer")]
        pub ephemeral_expiration: Option<i64>,
        /// When that timer was set, to the second.
        #[serde(with = "seconds")]
        pub ephemeral_setting_timestamp: Option<DateTime<Utc>>,
        /// Why messages disappear in the chat.
        pub disappearing_mode: Option<DisappearingMode>,
        /// Whether the chat limits sharing, with `LIMIT_SHARING`.
        pub limit_sharing: Option<LimitSharing>,
        /// The account's own keys, with `APP_STATE_SYNC_KEY_SHARE` (2.3.1 and
        /// later). They decrypt the account's state at WhatsApp, so `Debug`
        /// shows only their size.
        pub app_state_sync_key_share: Option<RawJson>,
        /// The name of the content inside `edited_message` (WhatsMiau).
        pub message_type: Option<String>,
        /// The instance's id, a UUID (WhatsMiau).
        pub instance_id: Option<String>,
    }
}

impl MessageEdited {
    /// The WhatsApp id of the message that was edited or deleted.
    pub fn message_id(&self) -> Option<&str> {
        self.key.as_ref().map(|key| key.id.as_str())
    }

    /// Whether the message was edited. WhatsMiau sends no type: there, an event
    /// with new content is an edit.
    pub fn is_edit(&self) -> bool {
        let by_content = self.kind.is_none() && self.edited_message.is_some();
        by_content || self.is(&ProtocolKind::MessageEdit)
    }

    /// Whether the message was deleted for everyone. `messages.delete` then
    /// reports the same.
    pub fn is_deletion(&self) -> bool {
        self.is(&ProtocolKind::Revoke)
    }

    fn is(&self, wanted: &ProtocolKind) -> bool {
        self.kind.as_ref().is_some_and(|found| **found == *wanted)
    }
}
