//! Groups: joined, left, changed, and their members.

use chrono::{DateTime, Utc};

use super::account::Engine;
use super::engine_time::EngineTime;
use super::participant::Participant;
use crate::jid::{Jid, JidRef};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::{List, RawJson, Sensitive};

/// Seconds with WEBJS and WPP, milliseconds with NOWEB and GOWS; not published
/// for any other engine.
fn by_engine(time: Option<&EngineTime>, engine: &Engine) -> Option<DateTime<Utc>> {
    match engine {
        Engine::Webjs | Engine::Wpp => time?.as_seconds(),
        Engine::Noweb | Engine::Gows => time?.as_milliseconds(),
        _ => None,
    }
}

macro_rules! group_event {
    ($Name:ident) => {
        impl $Name {
            /// When it happened. The unit on the wire depends on the engine:
            /// [`Envelope::engine()`](crate::wawp::Envelope::engine()). `None`
            /// for an engine whose unit is not published.
            pub fn happened_at(&self, engine: &Engine) -> Option<DateTime<Utc>> {
                by_engine(self.timestamp.as_ref(), engine)
            }

            /// The group, from whichever field has it.
            pub fn chat(&self) -> Option<JidRef<'_>> {
                let nested = self.group.as_ref().and_then(|group| group.id.as_ref());
                nested.or(self.chat_id.as_ref()).map(Jid::view)
            }
        }
    };
}

object! {
    /// The account joined a group.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group.v2.join")]
    pub struct GroupV2Join {
        /// When it happened; see [`happened_at`](Self::happened_at).
        pub timestamp: Option<EngineTime>,
        /// The group.
        pub group: Option<Group>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The group. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// The members. In Wawp's second generation only.
        pub participants: Option<List<Participant>>,
    }
}

group_event!(GroupV2Join);

impl GroupV2Join {
    /// The members of the group, from whichever field has it.
    pub fn members(&self) -> &[Participant] {
        let nested = self.group.as_ref().and_then(|group| group.participants.as_deref());
        nested.or(self.participants.as_deref()).unwrap_or_default()
    }
}

object! {
    /// The account left a group; in Wawp's second generation, anyone did.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group.v2.leave")]
    pub struct GroupV2Leave {
        /// When it happened; see [`happened_at`](Self::happened_at).
        pub timestamp: Option<EngineTime>,
        /// The group: its id only.
        pub group: Option<Group>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The group. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// Who left. In Wawp's second generation only; if it is missing, the
        /// account itself left.
        pub participants: Option<List<Participant>>,
    }
}

group_event!(GroupV2Leave);

object! {
    /// A group was changed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group.v2.update")]
    pub struct GroupV2Update {
        /// When it happened; see [`happened_at`](Self::happened_at).
        pub timestamp: Option<EngineTime>,
        /// The group: what changed with NOWEB and GOWS, everything with
        /// WEBJS.
        pub group: Option<Group>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The group. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// The name. In Wawp's second generation only; see
        /// [`new_subject`](Self::new_subject).
        pub subject: Option<String>,
        /// The description. In Wawp's second generation only; see
        /// [`new_description`](Self::new_description).
        pub description: Option<String>,
    }
}

group_event!(GroupV2Update);

impl GroupV2Update {
    /// The name, from whichever field has it.
    pub fn new_subject(&self) -> Option<&str> {
        let nested = self.group.as_ref().and_then(|group| group.subject.as_deref());
        nested.or(self.subject.as_deref())
    }

    /// The description, from whichever field has it.
    pub fn new_description(&self) -> Option<&str> {
        let nested = self.group.as_ref().and_then(|group| group.description.as_deref());
        nested.or(self.description.as_deref())
    }

    /// Whether only admins may write. GOWS sends the inverted value here; WEBJS
    /// and NOWEB do not. `None` when it did not change, and for an engine whose
    /// meaning is not published.
    pub fn only_admins_send(&self, engine: &Engine) -> Option<bool> {
        let members_can = self.group.as_ref()?.members_can_send_messages?;
        match engine {
            Engine::Webjs | Engine::Noweb => Some(members_can),
            Engine::Gows => Some(!members_can),
            _ => None,
        }
    }
}

object! {
    /// Members joined or left a group, or their roles changed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group.v2.participants")]
    pub struct GroupV2Participants {
        /// When it happened; see [`happened_at`](Self::happened_at).
        pub timestamp: Option<EngineTime>,
        /// What happened to them. May be missing with NOWEB for other kinds of
        /// change (inferred). See [`change`](Self::change).
        #[serde(rename = "type")]
        pub change_type: Option<ParticipantsChange>,
        /// The group: its id only.
        pub group: Option<Group>,
        /// The members concerned. Bare addresses in Wawp's second generation.
        pub participants: Option<List<Participant>>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The group. In Wawp's second generation only; see
        /// [`chat`](Self::chat).
        pub chat_id: Option<Jid>,
        /// What happened to them. In Wawp's second generation only; see
        /// [`change`](Self::change).
        pub action: Option<ParticipantsChange>,
    }
}

group_event!(GroupV2Participants);

impl GroupV2Participants {
    /// What happened to them, from whichever field has it.
    pub fn change(&self) -> Option<&ParticipantsChange> {
        self.change_type.as_ref().or(self.action.as_ref())
    }
}

object! {
    /// Someone asks to join a group, withdraws the request, or was rejected.
    /// Since 2026.8.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group.v2.participants.join-request")]
    pub struct GroupV2JoinRequest {
        /// When it happened; see [`happened_at`](Self::happened_at).
        pub timestamp: Option<EngineTime>,
        /// The group: its id only.
        pub group: Option<Group>,
        /// What happened to the request.
        pub action: Option<JoinRequestAction>,
        /// The person who asks.
        pub requester_id: Option<Jid>,
        /// The phone-number address of a LID. Not always present; see
        /// [`requester_phone`](Self::requester_phone).
        pub requester_pn: Option<Jid>,
        /// How they asked. Not always present.
        pub request_method: Option<JoinRequestMethod>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
    }
}

impl GroupV2JoinRequest {
    /// When it happened. The unit on the wire depends on the engine:
    /// [`Envelope::engine()`](crate::wawp::Envelope::engine()). `None` for an
    /// engine whose unit is not published.
    pub fn happened_at(&self, engine: &Engine) -> Option<DateTime<Utc>> {
        by_engine(self.timestamp.as_ref(), engine)
    }

    /// The group.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.group.as_ref()?.id.as_ref().map(Jid::view)
    }

    /// The digits of the phone number of the person who asks, if known.
    pub fn requester_phone(&self) -> Option<&str> {
        let own = self.requester_id.as_ref().and_then(Jid::phone);
        own.or_else(|| self.requester_pn.as_ref()?.phone())
    }
}

open_enum! {
    /// What happened to a request to join a group.
    pub enum JoinRequestAction {
        /// Someone asks.
        Created = "created",
        /// An admin rejected it.
        Rejected = "rejected",
        /// The person withdrew it.
        Revoked = "revoked",
    }
}

open_enum! {
    /// How someone asked to join a group.
    pub enum JoinRequestMethod {
        /// By an invitation link.
        InviteLink = "invite_link",
        /// Through the group's community.
        LinkedGroupJoin = "linked_group_join",
        /// A member who is not an admin added them.
        NonAdminAdd = "non_admin_add",
    }
}

open_enum! {
    /// What happened to members of a group.
    pub enum ParticipantsChange {
        /// They joined.
        Join = "join",
        /// They left.
        Leave = "leave",
        /// They became admins.
        Promote = "promote",
        /// They are no longer admins. NOWEB still gives them the role `admin`.
        Demote = "demote",
    }
}

object! {
    /// A group.
    #[serde(rename_all = "camelCase")]
    pub struct Group {
        /// Its address, `…@g.us`.
        pub id: Option<Jid>,
        /// Its name.
        pub subject: Option<String>,
        /// Its description.
        pub description: Option<String>,
        /// Its invitation: a link with NOWEB, the bare code with WEBJS, missing
        /// with GOWS when the account joins. See
        /// [`invite_code`](Self::invite_code). Anyone who has it can join, so
        /// `Debug` hides it.
        pub invite: Option<Sensitive>,
        /// Whether members may add others.
        #[serde(with = "boolean")]
        pub members_can_add_new_member: Option<bool>,
        /// **Beware**: with WEBJS, NOWEB, and GOWS when joining, `true` means
        /// that only admins may write. Only GOWS's changes match the name; see
        /// [`GroupV2Update::only_admins_send`].
        #[serde(with = "boolean")]
        pub members_can_send_messages: Option<bool>,
        /// Whether admins must approve new members.
        #[serde(with = "boolean")]
        pub new_members_approval_required: Option<bool>,
        /// The members.
        pub participants: Option<List<Participant>>,
    }
}

impl Group {
    /// The code of the invitation, without the link around it.
    pub fn invite_code(&self) -> Option<&str> {
        self.invite.as_ref()?.expose().rsplit('/').next().filter(|code| !code.is_empty())
    }
}
