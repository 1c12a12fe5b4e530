//! The delivery status of a message.

use crate::wire::open_enum::open_enum;

open_enum! {
    /// The delivery status of a message, in the words of WhatsApp or, on the
    /// Cloud channel, of Meta.
    ///
    /// Two statuses mean less than they seem to: servers 2.3.0 to 2.3.4 report
    /// edits as [`Deleted`](Self::Deleted), and 2.3.7 uses
    /// [`ServerAck`](Self::ServerAck) where there is no status.
    pub enum MessageStatus {
        /// It could not be sent. In `messages.set` from 2.3.3 on it may also
        /// mean that there is no status.
        Error = "ERROR",
        /// Waiting to be sent.
        Pending = "PENDING",
        /// WhatsApp has it.
        ServerAck = "SERVER_ACK",
        /// It reached the recipient's device; also used for incoming messages
        /// without a status.
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
    /// Whether this is a later status of the same message than the other one.
    /// Deliveries arrive in any order, so store a status only if it supersedes
    /// the stored one.
    ///
    /// Statuses outside the delivery sequence (`WARNING`, `EDITED` and
    /// undocumented ones) supersede nothing and are superseded by all others.
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
