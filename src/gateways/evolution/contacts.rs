//! Contacts, and whether they are there.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::jid::Jid;
use crate::wire::RawJson;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::seconds;

object! {
    /// A contact that is new or changed. It comes after nearly every message
    /// of a known contact.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "contacts.set")]
    #[doc(alias = "contacts.upsert")]
    #[doc(alias = "contacts.update")]
    pub struct Contact {
        /// The contact (2.x); [`jid`](Self::jid) reads that of 1.x as well.
        /// Absent on the Cloud channel.
        pub remote_jid: Option<Jid>,
        /// The contact (1.x).
        pub id: Option<Jid>,
        /// The contact's hidden id, as WhatsMiau calls it; empty when unknown.
        pub remote_lid: Option<Jid>,
        /// The contact's name of its own choosing. When contacts are first
        /// read it falls back to the user part of the address; empty for the
        /// account itself.
        pub push_name: Option<String>,
        /// A link to the contact's picture (2.x).
        pub profile_pic_url: Option<String>,
        /// A link to the contact's picture (1.x).
        pub profile_picture_url: Option<String>,
        /// The contact's picture in base64, where WhatsMiau is to send it along.
        pub base64_pic: Option<String>,
        /// The instance's id, a uuid (2.x).
        pub instance_id: Option<String>,
        /// The instance's name (1.x).
        pub owner: Option<String>,
    }
}

impl Contact {
    /// The contact's address. The Cloud channel tells none.
    pub fn jid(&self) -> Option<&Jid> {
        self.remote_jid.as_ref().or(self.id.as_ref())
    }

    /// A link to the contact's picture, where it has one.
    pub fn picture_url(&self) -> Option<&str> {
        self.profile_pic_url.as_deref().or(self.profile_picture_url.as_deref())
    }
}

object! {
    /// Somebody is there, is gone, or is writing.
    #[doc(alias = "presence.update")]
    pub struct PresenceUpdate {
        /// The chat.
        pub id: Jid,
        /// Who does what; in a chat with one person that is the chat itself.
        #[serde(with = "by_address")]
        pub presences: Option<BTreeMap<Jid, Presence>>,
    }
}

/// A map whose names are people's addresses. It is read as one value, so that
/// the path to an odd one in it, which may be shown, does not name them.
mod by_address {
    use super::*;

    pub(super) fn deserialize<'de, D>(
        deserializer: D,
    ) -> Result<Option<BTreeMap<Jid, Presence>>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let Some(raw) = Option::<RawJson>::deserialize(deserializer)? else { return Ok(None) };
        let odd = |_| D::Error::invalid_type(Unexpected::Other("something else"), &"presences");
        raw.parse().map(Some).map_err(odd)
    }

    pub(super) fn serialize<S: Serializer>(
        presences: &Option<BTreeMap<Jid, Presence>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        presences.serialize(serializer)
    }
}

object! {
    /// What somebody does.
    #[serde(rename_all = "camelCase")]
    pub struct Presence {
        /// What they do.
        pub last_known_presence: Option<PresenceState>,
        /// When they were last there, to the second; most do not let that be
        /// seen.
        #[serde(with = "seconds")]
        pub last_seen: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// What somebody does in a chat. Whoever stops writing is reported as
    /// available.
    pub enum PresenceState {
        /// They are there.
        Available = "available",
        /// They are not.
        Unavailable = "unavailable",
        /// They write.
        Composing = "composing",
        /// They record.
        Recording = "recording",
        /// They stopped writing.
        Paused = "paused",
    }
}
