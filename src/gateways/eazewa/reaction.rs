//! Reactions.

use chrono::{DateTime, Utc};

use super::kind::Ack;
use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::seconds;

object! {
    /// Someone reacted to a message, or removed a reaction.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message_reaction")]
    pub struct MessageReaction {
        /// The reaction.
        pub reaction: Reaction,
    }
}

object! {
    /// A reaction to a message.
    #[serde(rename_all = "camelCase")]
    pub struct Reaction {
        /// The reaction itself, a message of its own.
        pub id: Option<MessageId>,
        /// Whether the message reacted to is unknown: an undocumented number.
        /// Absent in the documented sample.
        #[serde(with = "integer")]
        pub orphan: Option<i64>,
        /// Why it is unknown.
        pub orphan_reason: Option<String>,
        /// When the reaction was made. Unix seconds on the wire, perhaps with a
        /// fraction.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The emoji; empty when a reaction was removed.
        pub reaction: Option<String>,
        /// Whether the account has seen it.
        #[serde(with = "boolean")]
        pub read: Option<bool>,
        /// The message reacted to.
        pub msg_id: MessageId,
        /// Who reacted.
        pub sender_id: Option<Jid>,
        /// The delivery status of the reaction. Often `null`.
        pub ack: Option<Ack>,
    }
}

impl Reaction {
    /// Whether a reaction was removed.
    pub fn is_removed(&self) -> bool {
        self.reaction.as_deref() == Some("")
    }
}
