//! Chats.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::time::seconds;

object! {
    /// A chat that is known, new or changed. The event does not say what
    /// changed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "chats.set")]
    #[doc(alias = "chats.upsert")]
    #[doc(alias = "chats.update")]
    pub struct Chat {
        /// The chat (2.x); [`jid`](Self::jid) covers 1.x as well. Absent when a
        /// contact was renamed.
        pub remote_jid: Option<Jid>,
        /// On 1.x the chat, on 2.x the server's own id of it, when a contact
        /// was renamed.
        pub id: Option<Id>,
        /// The chat's LID (2.4.0-rc).
        pub remote_lid: Option<Jid>,
        /// The chat's name.
        pub name: Option<String>,
        /// How many of its messages are unread.
        #[serde(with = "integer")]
        pub unread_messages: Option<i64>,
        /// When its last message arrived, to the second (1.x). The unit is
        /// inferred.
        #[serde(with = "seconds")]
        pub last_msg_timestamp: Option<DateTime<Utc>>,
        /// The instance's id, a UUID (2.x).
        pub instance_id: Option<String>,
        /// The instance's name (1.x).
        pub owner: Option<String>,
    }
}

impl Chat {
    /// The chat's address. `None` when a contact was renamed on 2.x: the event
    /// then contains only the server's own id.
    pub fn jid(&self) -> Option<Jid> {
        let of_1_x = || self.id.as_deref().filter(|id| id.contains('@')).map(Jid::from_wire);
        self.remote_jid.clone().or_else(of_1_x)
    }
}
