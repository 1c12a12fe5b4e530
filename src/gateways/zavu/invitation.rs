//! Invitations: clients who are asked to connect an account.

use super::message::Channel;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;

object! {
    /// The status of an invitation changed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "invitation.status_changed")]
    pub struct InvitationStatusChanged {
        /// The invitation.
        pub invitation_id: Id,
        /// The client's name, or `null`.
        pub client_name: Option<String>,
        /// The client's email address, or `null`.
        pub client_email: Option<String>,
        /// The kind of account to connect.
        pub connection_type: Option<ConnectionType>,
        /// The previous status.
        pub previous_status: Option<InvitationStatus>,
        /// The current status.
        pub current_status: Option<InvitationStatus>,
        /// The sender that was created; on `completed`.
        pub sender_id: Option<String>,
        /// The connected account; on `completed`.
        pub connected_account: Option<ConnectedAccount>,
        /// Why it failed; on `failed`.
        pub failure_reason: Option<FailureReason>,
    }
}

object! {
    /// An account that a client connected.
    pub struct ConnectedAccount {
        /// Its channel.
        pub channel: Option<Channel>,
        /// Its id at the channel.
        pub id: Option<Id>,
        /// Its name.
        pub name: Option<String>,
    }
}

open_enum! {
    /// The kind of account that an invitation is for.
    pub enum ConnectionType {
        /// An account of the WhatsApp Business Platform.
        WhatsAppWaba = "whatsapp_waba",
        /// A page on Messenger.
        Messenger = "messenger",
        /// WhatsApp by other means; no longer offered.
        WhatsAppAlt = "whatsapp_alt",
    }
}

open_enum! {
    /// The status of an invitation.
    pub enum InvitationStatus {
        /// Not started.
        Pending = "pending",
        /// The client is connecting the account.
        InProgress = "in_progress",
        /// The account is connected.
        Completed = "completed",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Failed. Not final: the client may try again.
        Failed = "failed",
        /// Expired. The API's object has this status; no event is documented to
        /// report it.
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
