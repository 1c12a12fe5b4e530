//! The history that an account hands over when it connects.

use crate::wire::object::object;
use crate::wire::scalar::integer;

object! {
    /// The history has been handed over (2.4.0-rc).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messaging-history.set")]
    pub struct MessagingHistorySet {
        /// How many messages there were.
        #[serde(with = "integer")]
        pub message_count: Option<i64>,
        /// How many chats there were.
        #[serde(with = "integer")]
        pub chat_count: Option<i64>,
        /// How many contacts there were.
        #[serde(with = "integer")]
        pub contact_count: Option<i64>,
        /// How much of it, in per cent: 100.
        #[serde(with = "integer")]
        pub progress: Option<i64>,
    }
}
