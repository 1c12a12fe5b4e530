//! Conversations.

use super::message::Channel;
use crate::wire::Id;
use crate::wire::object::object;

object! {
    /// Somebody wrote who had not written before. A `message.inbound` for the
    /// same message comes as well, as an event of its own.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "conversation.new")]
    pub struct ConversationNew {
        /// The conversation. Absent before the middle of 2026.
        pub conversation_id: Option<Id>,
        /// Who wrote: a phone number. Absent where it is an email address.
        pub phone_number: Option<String>,
        /// Who wrote: an email address. Absent where it is a phone number.
        pub email: Option<String>,
        /// By which channel.
        pub channel: Option<Channel>,
        /// The message that began it: [`MessageInbound::message_id`](super::MessageInbound::message_id).
        pub first_message_id: Id,
        /// The text of that message.
        pub first_message_text: Option<String>,
        /// The sender's name on their profile, or `null`.
        pub profile_name: Option<String>,
    }
}
