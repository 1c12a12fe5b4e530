//! Chats and calls.

use chrono::{DateTime, Utc};

use crate::jid::{Jid, JidRef};
use crate::wire::{Id, RawJson};
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::seconds;

object! {
    /// A chat was archived or unarchived.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "chat.archive")]
    pub struct ChatArchive {
        /// The chat. See [`chat`](Self::chat).
        pub id: Option<Jid>,
        /// Whether it is archived now.
        #[serde(with = "boolean")]
        pub archived: Option<bool>,
        /// When it happened. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The chat. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
    }
}

impl ChatArchive {
    /// The chat, from whichever field has it.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.id.as_ref().or(self.chat_id.as_ref()).map(Jid::view)
    }
}

object! {
    /// A call came in, was accepted, or was rejected: the event's name says
    /// which.
    #[serde(rename_all = "camelCase")]
    #[doc(alias("call.received", "call.accepted", "call.rejected"))]
    pub struct Call {
        /// The call's id. A call has the same id in all its events. Sometimes
        /// `null` with GOWS.
        pub id: Option<Id>,
        /// The caller.
        pub from: Option<Jid>,
        /// When it happened. Unix seconds on the wire, with decimals from NOWEB
        /// and GOWS.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Whether it is a video call.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// Whether it is a group call.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The engine's own data: any JSON. Since 2025.12.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
    }
}
