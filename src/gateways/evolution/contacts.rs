//! Contacts and their presence.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::{Error, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use crate::jid::Jid;
use crate::wire::list::too_large;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::seconds;
use crate::wire::{RawJson, room};

object! {
    /// A contact that is new or changed. Sent after nearly every message of a
    /// known contact.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "contacts.set")]
    #[doc(alias = "contacts.upsert")]
    #[doc(alias = "contacts.update")]
    pub struct Contact {
        /// The contact (2.x); [`jid`](Self::jid) covers 1.x as well. Absent on
        /// the Cloud channel.
        pub remote_jid: Option<Jid>,
        /// The contact (1.x).
        pub id: Option<Jid>,
        /// The contact's LID, sent by WhatsMiau; empty when unknown.
        pub remote_lid: Option<Jid>,
        /// The name that the contact chose (push name). When contacts are first
        /// loaded, it falls back to the user part of the address; empty for the
        /// account itself.
        pub push_name: Option<String>,
        /// A link to the contact's picture (2.x).
        pub profile_pic_url: Option<String>,
        /// A link to the contact's picture (1.x).
        pub profile_picture_url: Option<String>,
        /// The contact's picture in base64, if WhatsMiau is configured to
        /// include it.
        pub base64_pic: Option<String>,
        /// The instance's id, a UUID (2.x).
        pub instance_id: Option<String>,
        /// The instance's name (1.x).
        pub owner: Option<String>,
    }
}

impl Contact {
    /// The contact's address. The Cloud channel sends none.
    pub fn jid(&self) -> Option<&Jid> {
        self.remote_jid.as_ref().or(self.id.as_ref())
    }

    /// A link to the contact's picture, where it has one.
    pub fn picture_url(&self) -> Option<&str> {
        self.profile_pic_url.as_deref().or(self.profile_picture_url.as_deref())
    }
}

object! {
    /// Someone is online, offline or typing.
    #[doc(alias = "presence.update")]
    pub struct PresenceUpdate {
        /// The chat.
        pub id: Jid,
        /// Who is doing what; in a one-to-one chat that is the chat itself.
        #[serde(with = "by_address")]
        pub presences: Option<BTreeMap<Jid, Presence>>,
    }
}

/// A map whose keys are people's addresses. It is read as one value, so that
/// the path to a malformed value in it, which may be logged, does not contain
/// them.
mod by_address {
    use super::*;
    use crate::wire::object::form_of;

    form_of!(As, Option<BTreeMap<Jid, Presence>>, deserialize);

    pub(super) fn deserialize<'de, D>(
        deserializer: D,
    ) -> Result<Option<BTreeMap<Jid, Presence>>, D::Error>
    where
        D: Deserializer<'de>,
    {
        let Some(raw) = Option::<RawJson>::deserialize(deserializer)? else { return Ok(None) };
        let odd = |_| D::Error::invalid_type(Unexpected::Other("something else"), &"presences");
        raw.read().map(|People(people)| Some(people)).map_err(odd)
    }

    struct People(BTreeMap<Jid, Presence>);

    impl<'de> Deserialize<'de> for People {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Entries;

            impl<'de> Visitor<'de> for Entries {
                type Value = People;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a map")
                }

                fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<People, A::Error> {
                    let mut people = BTreeMap::new();
                    while let Some((address, presence)) = map.next_entry()? {
                        if !room::take_entry::<Jid, Presence>(people.len()) {
                            return Err(too_large(people.len()));
                        }
                        people.insert(address, presence);
                    }
                    Ok(People(people))
                }
            }

            deserializer.deserialize_map(Entries)
        }
    }
}

object! {
    /// What someone is doing.
    #[serde(rename_all = "camelCase")]
    pub struct Presence {
        /// What they are doing.
        pub last_known_presence: Option<PresenceState>,
        /// When they were last online, to the second; most people hide it.
        #[serde(with = "seconds")]
        pub last_seen: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// What someone is doing in a chat. A person who stops typing is reported
    /// as available.
    pub enum PresenceState {
        /// Online.
        Available = "available",
        /// Offline.
        Unavailable = "unavailable",
        /// Typing.
        Composing = "composing",
        /// Recording.
        Recording = "recording",
        /// Stopped typing.
        Paused = "paused",
    }
}
