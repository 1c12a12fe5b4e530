//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson};
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::seconds;

object! {
    /// Somebody calls. No page documents it; the shape is inferred from the
    /// library.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "call")]
    pub struct IncomingCall {
        /// The call.
        pub call: Call,
    }
}

object! {
    /// A call.
    #[serde(rename_all = "camelCase")]
    pub struct Call {
        /// The call's id. `None` where the library has none.
        pub id: Option<Id>,
        /// Who calls.
        pub from: Option<Jid>,
        /// When. Counted in seconds. Newer versions leave it out.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Whether it is a video call.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// Whether it is a group's call.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// Whether the account itself calls.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Whether WhatsApp Web could take it.
        #[serde(with = "boolean")]
        pub can_handle_locally: Option<bool>,
        /// Whether WhatsApp Web is the one to take it.
        #[serde(with = "boolean")]
        pub web_client_should_handle: Option<bool>,
        /// Who takes part: a list or an object, of what is not documented.
        pub participants: Option<RawJson>,
    }
}
