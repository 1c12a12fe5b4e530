//! Invitations: clients who are asked to connect an account of theirs.

use super::message::Channel;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;

object! {
    /// An invitation has come further, or failed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "invitation.status_changed")]
    pub struct InvitationStatusChanged {
        /// The invitation.
        pub invitation_id: Id,
        /// The client's name, or `null`.
        pub client_name: Option<String>,
        /// The client's email address, or `null`.
        pub client_email: Option<String>,
        /// What is to be connected.
        pub connection_type: Option<ConnectionType>,
        /// What it was before.
        pub previous_status: Option<InvitationStatus>,
        /// What it is now.
        pub current_status: Option<InvitationStatus>,
        /// The sender that was made; on `completed`.
        pub sender_id: Option<String>,
        /// What was connected; on `completed`.
        pub connected_account: Option<ConnectedAccount>,
        /// Why it failed; on `failed`.
        pub failure_reason: Option<FailureReason>,
    }
}

object! {
    /// An account that a client connected.
    pub struct ConnectedAccount {
        /// The channel it is of.
        pub channel: Option<Channel>,
        /// Its id at the channel.
        pub id: Option<Id>,
        /// Its name.
        pub name: Option<String>,
    }
}

open_enum! {
    /// What an invitation is to connect.
    pub enum ConnectionType {
        /// An account of WhatsApp's business platform.
        WhatsAppWaba = "whatsapp_waba",
        /// A page on Messenger.
        Messenger = "messenger",
        /// WhatsApp by another way; no longer offered.
        WhatsAppAlt = "whatsapp_alt",
    }
}

open_enum! {
    /// How far an invitation has come.
    pub enum InvitationStatus {
        /// Nobody has begun.
        Pending = "pending",
        /// The client is at it.
        InProgress = "in_progress",
        /// The account is connected.
        Completed = "completed",
        /// It was withdrawn.
        Cancelled = "cancelled",
        /// It failed. Not final: the client may try again.
        Failed = "failed",
        /// Its time is over. The object knows this; no event is documented to
        /// say it.
        Expired = "expired",
    }
}

open_enum! {
    /// Why an invitation failed.
    pub enum FailureReason {
        /// The client closed Facebook's window.
        FbCancelled = "fb_cancelled",
        /// The client did not grant what was asked for.
        FbNotAuthorized = "fb_not_authorized",
        /// The client stopped halfway.
        SignupAbandoned = "signup_abandoned",
        /// The client has no page that could be connected.
        MetaNoPages = "meta_no_pages",
        /// Something went wrong at Zavu.
        InternalError = "internal_error",
    }
}
