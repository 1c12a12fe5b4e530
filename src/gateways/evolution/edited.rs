//! Messages that were edited, and what else arrives by the same road.

use chrono::{DateTime, Utc};

use crate::whatsapp::{Content, ProtocolKind};
use super::key::MessageKey;
use crate::wire::Coded;
use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::time::millis;

object! {
    /// A protocol message: an edit, and from 2.3.1 on anything else that
    /// WhatsApp says about a message or a chat, such as a deletion or another
    /// timer. `send.message.update` is an edit made through the API.
    ///
    /// Edits from new clients come encrypted, as `messages.upsert` with a
    /// `secretEncryptedMessage`.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.edited")]
    #[doc(alias = "send.message.update")]
    pub struct MessageEdited {
        /// The message, from the point of view of whoever edited it: for an
        /// incoming edit `from_me` is true and `remote_jid` is the account's
        /// own address. Only the id can be used;
        /// [`message_id`](Self::message_id) gives it. Absent for what concerns
        /// a whole chat.
        pub key: Option<MessageKey>,
        /// What it is about, by name or, on 2.3.3 to 2.3.5, by number.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ProtocolKind>>,
        /// The new content; absent for anything but an edit.
        pub edited_message: Option<Content>,
        /// When it happened, to the millisecond: text, number or object by the
        /// server's version.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
        /// The chat's new timer for disappearing messages, in seconds; 0 for
        /// none. With `EPHEMERAL_SETTING` only.
        #[serde(with = "integer")]
        pub ephemeral_expiration: Option<i64>,
    }
}

impl MessageEdited {
    /// The id at WhatsApp of the message that was edited or deleted.
    pub fn message_id(&self) -> Option<&str> {
        self.key.as_ref().map(|key| key.id.as_str())
    }

    /// Whether the message was edited.
    pub fn is_edit(&self) -> bool {
        self.is(&ProtocolKind::MessageEdit)
    }

    /// Whether the message was deleted for everyone. `messages.delete` then
    /// tells the same.
    pub fn is_deletion(&self) -> bool {
        self.is(&ProtocolKind::Revoke)
    }

    fn is(&self, wanted: &ProtocolKind) -> bool {
        self.kind.as_ref().is_some_and(|found| **found == *wanted)
    }
}
