//! The history that an account syncs when it connects.

use crate::wire::object::object;
use crate::wire::scalar::integer;

object! {
    /// The history has been synced (2.4.0-rc).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messaging-history.set")]
    pub struct MessagingHistorySet {
        /// The number of messages.
        #[serde(with = "integer")]
        pub message_count: Option<i64>,
        /// The number of chats.
        #[serde(with = "integer")]
        pub chat_count: Option<i64>,
        /// The number of contacts.
        #[serde(with = "integer")]
        pub contact_count: Option<i64>,
        /// The progress in per cent: 100.
        #[serde(with = "integer")]
        pub progress: Option<i64>,
    }
}
