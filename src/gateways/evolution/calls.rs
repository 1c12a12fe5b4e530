//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::time::iso;

object! {
    /// A call reached its next stage. There is one event for each.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "call")]
    pub struct Call {
        /// The call's id; [`call_id`](Self::call_id) covers WhatsMiau's as
        /// well.
        pub id: Option<Id>,
        /// The call's id, as named by WhatsMiau.
        #[serde(rename = "callId")]
        pub whatsmiau_id: Option<Id>,
        /// The chat it belongs to.
        pub chat_id: Option<Jid>,
        /// The caller. If the server replies to calls automatically, the
        /// address includes a device.
        pub from: Option<Jid>,
        /// Who started the call, as named by WhatsMiau.
        pub call_creator: Option<Jid>,
        /// The other address of whoever started it, as named by WhatsMiau.
        pub call_creator_alt: Option<Jid>,
        /// The phone number of a caller addressed by LID.
        pub caller_pn: Option<Jid>,
        /// When it happened.
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
        /// Whether it is a group call.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The group that is calling.
        pub group_jid: Option<Jid>,
        /// `audio` or `video`; sent by WhatsMiau.
        pub media: Option<String>,
    }
}

impl Call {
    /// The call's id.
    pub fn call_id(&self) -> Option<&str> {
        self.id.as_deref().or(self.whatsmiau_id.as_deref())
    }

    /// The phone number of the caller: digits, without `+`; `None` where only a
    /// LID is known.
    pub fn caller_phone(&self) -> Option<&str> {
        let creator = [self.call_creator.as_ref(), self.call_creator_alt.as_ref()];
        let addresses = [self.from.as_ref(), self.caller_pn.as_ref()].into_iter().chain(creator);
        addresses.flatten().find_map(Jid::phone)
    }
}

open_enum! {
    /// The stage of a call.
    pub enum CallStatus {
        /// Incoming call.
        Offer = "offer",
        /// Ringing.
        Ringing = "ringing",
        /// Nobody answered.
        Timeout = "timeout",
        /// It was declined.
        Reject = "reject",
        /// It was answered.
        Accept = "accept",
        /// It ended.
        Terminate = "terminate",
        /// About to be answered (newer transports).
        Preaccept = "preaccept",
        /// The media transport is being negotiated (newer transports).
        Transport = "transport",
        /// The relay latency was measured (newer transports).
        RelayLatency = "relaylatency",
    }
}
