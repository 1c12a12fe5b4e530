//! How far a message has come.

use crate::wire::open_enum::open_enum;

open_enum! {
    /// How far a message has come, in the words of WhatsApp or, on the Cloud
    /// channel, of Meta.
    ///
    /// Two words say less than they seem to: servers 2.3.0 to 2.3.4 report
    /// edits as [`Deleted`](Self::Deleted), and 2.3.7 fills in
    /// [`ServerAck`](Self::ServerAck) where there is no status.
    pub enum MessageStatus {
        /// It could not be sent. In `messages.set` from 2.3.3 on it may also
        /// stand for no status at all.
        Error = "ERROR",
        /// It waits to be sent.
        Pending = "PENDING",
        /// WhatsApp has it.
        ServerAck = "SERVER_ACK",
        /// It reached the recipient's device; also what incoming messages
        /// without a status say.
        DeliveryAck = "DELIVERY_ACK",
        /// The recipient read it.
        Read = "READ",
        /// The recipient listened to it or watched it.
        Played = "PLAYED",
        /// It was deleted.
        Deleted = "DELETED",
        /// It was edited; in the server's database only.
        Edited = "EDITED",
        /// WhatsApp has it (Cloud channel).
        Sent = "SENT",
        /// It reached the recipient's device (Cloud channel).
        Delivered = "DELIVERED",
        /// It could not be sent (Cloud channel).
        Failed = "FAILED",
        /// Meta warns about it (Cloud channel).
        Warning = "WARNING",
    }
}

impl MessageStatus {
    /// Whether this status tells more than another one of the same message.
    /// Deliveries come in any order, so keep a status only when it supersedes
    /// the one that is already there.
    ///
    /// Words that are no step on a message's way (`WARNING`, `EDITED`, and
    /// those outside the documented set) supersede nothing and are superseded
    /// by every step.
    ///
    /// ```
    /// use zaphook::evolution::MessageStatus;
    ///
    /// assert!(MessageStatus::Read.supersedes(&MessageStatus::DeliveryAck));
    /// assert!(!MessageStatus::ServerAck.supersedes(&MessageStatus::Read));
    /// assert!(!MessageStatus::Sent.supersedes(&MessageStatus::ServerAck));
    /// ```
    pub fn supersedes(&self, other: &Self) -> bool {
        let rank = |status: &Self| match status {
            Self::Other(_) | Self::Warning | Self::Edited => 0,
            Self::Pending => 1,
            Self::ServerAck | Self::Sent => 2,
            // What was delivered after all had not failed.
            Self::Error | Self::Failed => 3,
            Self::DeliveryAck | Self::Delivered => 4,
            Self::Read => 5,
            Self::Played => 6,
            Self::Deleted => 7,
        };
        rank(self) > rank(other)
    }
}
