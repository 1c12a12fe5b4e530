//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson};
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::filled;
use crate::wire::time::iso;

object_keeping_rest! {
    /// Incoming call.
    #[serde(rename_all = "PascalCase")]
    pub struct CallOffer {
        /// Who the call is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who started the call.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The person's other address.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call's id.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// Whatever else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// The platform of the other side.
        pub remote_platform: Option<String>,
        /// Its version.
        pub remote_version: Option<String>,
    }
}

object_keeping_rest! {
    /// A call was accepted.
    #[serde(rename_all = "PascalCase")]
    pub struct CallAccept {
        /// Who the call is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who started the call.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The person's other address.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call's id.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// Whatever else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// The platform of the other side.
        pub remote_platform: Option<String>,
        /// Its version.
        pub remote_version: Option<String>,
    }
}

object_keeping_rest! {
    /// A call ended.
    #[serde(rename_all = "PascalCase")]
    pub struct CallTerminate {
        /// Who the call is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who started the call.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The person's other address.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call's id.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// Whatever else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// The reason.
        pub reason: Option<String>,
    }
}

object_keeping_rest! {
    /// A call came in, usually a group call.
    #[serde(rename_all = "PascalCase")]
    pub struct CallOfferNotice {
        /// Who the call is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who started the call.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The person's other address.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call's id.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// Whatever else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// `audio` or `video`.
        pub media: Option<String>,
        /// `group` for a group call.
        #[serde(rename = "Type")]
        pub kind: Option<String>,
    }
}

object_keeping_rest! {
    /// The relay latency was measured for a call.
    #[serde(rename_all = "PascalCase")]
    pub struct CallRelayLatency {
        /// Who the call is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who started the call.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The person's other address.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call's id.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// Whatever else WhatsApp says about it.
        pub data: Option<RawJson>,
    }
}
