//! Calls.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::{Id, RawJson};
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::filled;
use crate::wire::time::iso;

object_keeping_rest! {
    /// Somebody calls.
    #[serde(rename_all = "PascalCase")]
    pub struct CallOffer {
        /// Who it is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who began it.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The other address of that person.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// What else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// What the other side calls with.
        pub remote_platform: Option<String>,
        /// Its version.
        pub remote_version: Option<String>,
    }
}

object_keeping_rest! {
    /// A call was taken.
    #[serde(rename_all = "PascalCase")]
    pub struct CallAccept {
        /// Who it is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who began it.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The other address of that person.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// What else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// What the other side calls with.
        pub remote_platform: Option<String>,
        /// Its version.
        pub remote_version: Option<String>,
    }
}

object_keeping_rest! {
    /// A call is over.
    #[serde(rename_all = "PascalCase")]
    pub struct CallTerminate {
        /// Who it is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who began it.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The other address of that person.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// What else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// Why.
        pub reason: Option<String>,
    }
}

object_keeping_rest! {
    /// Somebody calls, mostly a group.
    #[serde(rename_all = "PascalCase")]
    pub struct CallOfferNotice {
        /// Who it is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who began it.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The other address of that person.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// What else WhatsApp says about it.
        pub data: Option<RawJson>,
        /// `audio` or `video`.
        pub media: Option<String>,
        /// `group` for a call of a group.
        #[serde(rename = "Type")]
        pub kind: Option<String>,
    }
}

object_keeping_rest! {
    /// The servers were measured for a call.
    #[serde(rename_all = "PascalCase")]
    pub struct CallRelayLatency {
        /// Who it is with.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Who began it.
        #[serde(with = "filled")]
        pub call_creator: Option<Jid>,
        /// The other address of that person.
        #[serde(with = "filled")]
        pub call_creator_alt: Option<Jid>,
        /// The call.
        #[serde(rename = "CallID")]
        pub call_id: Option<Id>,
        /// The group that it is in.
        #[serde(rename = "GroupJID", with = "filled")]
        pub group_jid: Option<Jid>,
        /// What else WhatsApp says about it.
        pub data: Option<RawJson>,
    }
}
