//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson};
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::seconds;

object! {
    /// A call came in. No page documents it; the shape is inferred from the
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
        /// The call's id. `None` if the library has none.
        pub id: Option<Id>,
        /// The caller.
        pub from: Option<Jid>,
        /// When it happened. Unix seconds on the wire. Newer versions leave it
        /// out.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Whether it is a video call.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// Whether it is a group call.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// Whether the account itself is calling.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Whether WhatsApp Web could answer it.
        #[serde(with = "boolean")]
        pub can_handle_locally: Option<bool>,
        /// Whether WhatsApp Web should handle it.
        #[serde(with = "boolean")]
        pub web_client_should_handle: Option<bool>,
        /// The participants: a list or an object; the contents are
        /// undocumented.
        pub participants: Option<RawJson>,
    }
}
