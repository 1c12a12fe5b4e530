//! Conversations.

use super::message::Channel;
use crate::wire::Id;
use crate::wire::object::object;

object! {
    /// Someone wrote for the first time. A `message.inbound` for the same
    /// message arrives as well, as an event of its own.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "conversation.new")]
    pub struct ConversationNew {
        /// The conversation. Absent before the middle of 2026.
        pub conversation_id: Option<Id>,
        /// The sender's phone number. Absent if it is an email address.
        pub phone_number: Option<String>,
        /// The sender's email address. Absent if it is a phone number.
        pub email: Option<String>,
        /// The channel.
        pub channel: Option<Channel>,
        /// The first message:
        /// [`MessageInbound::message_id`](super::MessageInbound::message_id).
        pub first_message_id: Id,
        /// The text of that message.
        pub first_message_text: Option<String>,
        /// The sender's name on their profile, or `null`.
        pub profile_name: Option<String>,
    }
}
