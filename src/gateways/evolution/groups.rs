//! Groups and their members.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::key::AddressingMode;
use crate::jid::Jid;
use crate::wire::{Id, List};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::seconds;

object! {
    /// A group that is new or changed. `groups.update` has only the changed
    /// fields, and you cannot subscribe to it: the setting and the name that
    /// the server compares it with differ by a letter.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "groups.upsert")]
    #[doc(alias = "groups.update")]
    pub struct Group {
        /// The group.
        pub id: Jid,
        /// Its display name.
        pub notify: Option<String>,
        /// The kind of address that its members have.
        pub addressing_mode: Option<AddressingMode>,
        /// Its name.
        pub subject: Option<String>,
        /// Who set the name.
        pub subject_owner: Option<Jid>,
        /// The phone number of whoever set the name.
        pub subject_owner_pn: Option<Jid>,
        /// The address of whoever set the name (2.3.0).
        pub subject_owner_jid: Option<Jid>,
        /// When the name was set, to the second.
        #[serde(with = "seconds")]
        pub subject_time: Option<DateTime<Utc>>,
        /// How many members it has.
        #[serde(with = "integer")]
        pub size: Option<i64>,
        /// When it was created, to the second.
        #[serde(with = "seconds")]
        pub creation: Option<DateTime<Utc>>,
        /// Who created it.
        pub owner: Option<Jid>,
        /// The phone number of whoever created it.
        pub owner_pn: Option<Jid>,
        /// The address of whoever created it (2.3.0).
        pub owner_jid: Option<Jid>,
        /// The country of whoever created it.
        #[serde(rename = "owner_country_code")]
        pub owner_country_code: Option<String>,
        /// Its description.
        pub desc: Option<String>,
        /// The id of the description.
        pub desc_id: Option<Id>,
        /// Who set the description.
        pub desc_owner: Option<Jid>,
        /// The phone number of whoever set the description.
        pub desc_owner_pn: Option<Jid>,
        /// When the description was set, to the second.
        #[serde(with = "seconds")]
        pub desc_time: Option<DateTime<Utc>>,
        /// The community it belongs to.
        pub linked_parent: Option<Jid>,
        /// Whether only admins may change it.
        #[serde(with = "boolean")]
        pub restrict: Option<bool>,
        /// Whether only admins may write.
        #[serde(with = "boolean")]
        pub announce: Option<bool>,
        /// Whether it is a community.
        #[serde(with = "boolean")]
        pub is_community: Option<bool>,
        /// Whether it is the announcement group of a community.
        #[serde(with = "boolean")]
        pub is_community_announce: Option<bool>,
        /// Whether admins must approve new members.
        #[serde(with = "boolean")]
        pub join_approval_mode: Option<bool>,
        /// Whether every member may add others.
        #[serde(with = "boolean")]
        pub member_add_mode: Option<bool>,
        /// Its members.
        pub participants: Option<Vec<GroupParticipant>>,
        /// Its timer for disappearing messages, in seconds.
        #[serde(with = "integer")]
        pub ephemeral_duration: Option<i64>,
        /// Who changed it.
        pub author: Option<Jid>,
        /// The phone number of whoever changed it.
        pub author_pn: Option<Jid>,
    }
}

object! {
    /// Members joined or left a group, were made admins, or no longer are.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group-participants.update")]
    pub struct GroupParticipantsUpdate {
        /// The group.
        pub id: Jid,
        /// What happened to them.
        pub action: Option<ParticipantAction>,
        /// The members. Only addresses up to 2.3.5; with more data from 2.3.6
        /// on.
        pub participants: Option<List<GroupParticipant>>,
        /// The server's data about them (2.3.5). Do not use the phone numbers
        /// in it on 2.3.7.
        pub participants_data: Option<List<ParticipantData>>,
        /// Who did it.
        pub author: Option<Jid>,
        /// The phone number of whoever did it.
        pub author_pn: Option<Jid>,
    }
}

open_enum! {
    /// What happened to members of a group.
    pub enum ParticipantAction {
        /// They joined or were added.
        Add = "add",
        /// They left or were removed.
        Remove = "remove",
        /// They became admins.
        Promote = "promote",
        /// They are no longer admins.
        Demote = "demote",
        /// They changed their phone number.
        Modify = "modify",
    }
}

open_enum! {
    /// The role of a group member with extra rights.
    pub enum AdminRole {
        /// An admin.
        Admin = "admin",
        /// The creator of the group.
        SuperAdmin = "superadmin",
    }
}

/// A member of a group. It comes as an object or as just an address, and is
/// serialised in its original form.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct GroupParticipant {
    /// The member's address in this group, by LID or phone number.
    pub id: Jid,
    /// The phone number of a member addressed by LID.
    pub phone_number: Option<Jid>,
    /// The LID of a member addressed by phone number.
    pub lid: Option<Jid>,
    /// The phone number (2.3.0).
    pub jid: Option<Jid>,
    /// The member's admin role; absent for ordinary members.
    pub admin: Option<AdminRole>,
    is_text: bool,
}

/// The member as an object.
#[derive(Serialize, Deserialize)]
#[serde(remote = "GroupParticipant", rename_all = "camelCase")]
struct Object {
    id: Jid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone_number: Option<Jid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lid: Option<Jid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    jid: Option<Jid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admin: Option<AdminRole>,
    #[serde(skip)]
    is_text: bool,
}

impl GroupParticipant {
    /// The member's phone number: digits, without `+`; `None` where only a LID
    /// is known.
    pub fn phone(&self) -> Option<&str> {
        [self.phone_number.as_ref(), Some(&self.id), self.jid.as_ref()]
            .into_iter()
            .flatten()
            .find_map(Jid::phone)
    }
}

impl<'de> Deserialize<'de> for GroupParticipant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrObject;

        impl<'de> Visitor<'de> for TextOrObject {
            type Value = GroupParticipant;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a member as text or object")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<GroupParticipant, E> {
                let id = Jid::from_wire(text);
                let (phone_number, lid, jid, admin) = Default::default();
                Ok(GroupParticipant { id, phone_number, lid, jid, admin, is_text: true })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<GroupParticipant, A::Error> {
                Object::deserialize(MapAccessDeserializer::new(map))
            }
        }

        deserializer.deserialize_any(TextOrObject)
    }
}

impl Serialize for GroupParticipant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.is_text {
            true => Serialize::serialize(&self.id, serializer),
            false => Object::serialize(self, serializer),
        }
    }
}

object! {
    /// The server's data about a member.
    #[serde(rename_all = "camelCase")]
    pub struct ParticipantData {
        /// The member; on 2.3.7 an object.
        pub jid: Option<GroupParticipant>,
        /// The member's phone number; on 2.3.7 the text `[object Object]`.
        pub phone_number: Option<Jid>,
        /// The member's name.
        pub name: Option<String>,
        /// A link to the member's picture.
        pub img_url: Option<String>,
    }
}
