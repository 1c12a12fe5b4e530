//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::time::iso;

object! {
    /// A call got to its next stage. There is one event for each.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "call")]
    pub struct Call {
        /// The call; [`call_id`](Self::call_id) reads that of WhatsMiau as well.
        pub id: Option<Id>,
        /// The call, as WhatsMiau calls it.
        #[serde(rename = "callId")]
        pub whatsmiau_id: Option<Id>,
        /// The chat that it belongs to.
        pub chat_id: Option<Jid>,
        /// Who calls. With the server's automatic reply to calls the address
        /// carries a device.
        pub from: Option<Jid>,
        /// Who began the call, as WhatsMiau calls it.
        pub call_creator: Option<Jid>,
        /// The other address of whoever began it, as WhatsMiau calls it.
        pub call_creator_alt: Option<Jid>,
        /// The phone number of whoever calls by hidden id.
        pub caller_pn: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub date: Option<DateTime<Utc>>,
        /// Whether it happened while the instance was not connected.
        #[serde(with = "boolean")]
        pub offline: Option<bool>,
        /// The stage.
        pub status: Option<CallStatus>,
        /// Whether it is a video call.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// Whether it is a group's call.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The group that calls.
        pub group_jid: Option<Jid>,
        /// `audio` or `video`, as WhatsMiau says it.
        pub media: Option<String>,
    }
}

impl Call {
    /// The call.
    pub fn call_id(&self) -> Option<&str> {
        self.id.as_deref().or(self.whatsmiau_id.as_deref())
    }

    /// The phone number of whoever calls: digits, without `+`; `None` where
    /// only a hidden id is known.
    pub fn caller_phone(&self) -> Option<&str> {
        let creator = [self.call_creator.as_ref(), self.call_creator_alt.as_ref()];
        let addresses = [self.from.as_ref(), self.caller_pn.as_ref()].into_iter().chain(creator);
        addresses.flatten().find_map(Jid::phone)
    }
}

open_enum! {
    /// The stage of a call.
    pub enum CallStatus {
        /// Somebody calls.
        Offer = "offer",
        /// It rings.
        Ringing = "ringing",
        /// Nobody answered.
        Timeout = "timeout",
        /// It was declined.
        Reject = "reject",
        /// It was answered.
        Accept = "accept",
        /// It ended.
        Terminate = "terminate",
        /// It is about to be answered (newer transports).
        Preaccept = "preaccept",
        /// Its way through the network is agreed on (newer transports).
        Transport = "transport",
        /// Its way through the network was measured (newer transports).
        RelayLatency = "relaylatency",
    }
}
