//! Groups and channels.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::iso;
use crate::wire::{Id, RawJson, Sensitive};

object_keeping_rest! {
    /// A group was changed. What did not change is `null`.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupInfo {
        /// The group.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// What WhatsApp calls the change.
        pub notify: Option<String>,
        /// Who changed it.
        #[serde(with = "filled")]
        pub sender: Option<Jid>,
        /// The phone number of whoever changed it.
        #[serde(rename = "SenderPN", with = "filled")]
        pub sender_pn: Option<Jid>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Its new name.
        pub name: Option<GroupName>,
        /// What it says about itself now.
        pub topic: Option<GroupTopic>,
        /// Whether only admins may change it now.
        pub locked: Option<GroupLocked>,
        /// Whether only admins may write now.
        pub announce: Option<GroupAnnounce>,
        /// Whether messages disappear now.
        pub ephemeral: Option<GroupEphemeral>,
        /// Whether admins must let people in now.
        pub membership_approval_mode: Option<GroupMembershipApprovalMode>,
        /// That it was deleted.
        pub delete: Option<GroupDelete>,
        /// The group that was linked to it.
        pub link: Option<RawJson>,
        /// The group that was unlinked from it.
        pub unlink: Option<RawJson>,
        /// The new link that lets its reader in.
        pub new_invite_link: Option<Sensitive>,
        /// The version of its members before.
        #[serde(rename = "PrevParticipantVersionID")]
        pub prev_participant_version_id: Option<Id>,
        /// The version of its members.
        #[serde(rename = "ParticipantVersionID")]
        pub participant_version_id: Option<Id>,
        /// `invite` when somebody came by the link.
        pub join_reason: Option<String>,
        /// Who came or was added.
        pub join: List<Jid>,
        /// Who left or was removed.
        pub leave: List<Jid>,
        /// Who is an admin now.
        pub promote: List<Jid>,
        /// Who is an admin no longer.
        pub demote: List<Jid>,
        /// Who asks to be let in.
        pub membership_requests_created: List<MembershipRequest>,
        /// Who no longer asks to be let in, or was not.
        pub membership_requests_revoked: List<MembershipRequest>,
        /// Whether WhatsApp closed it.
        #[serde(with = "boolean")]
        pub suspended: Option<bool>,
        /// Whether WhatsApp opened it again.
        #[serde(with = "boolean")]
        pub unsuspended: Option<bool>,
        /// Changes that the server does not know.
        pub unknown_changes: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The new name of a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupName {
        /// The name.
        pub name: Option<String>,
        /// When it was given.
        #[serde(with = "iso")]
        pub name_set_at: Option<DateTime<Utc>>,
        /// Who gave it.
        #[serde(with = "filled")]
        pub name_set_by: Option<Jid>,
    }

    /// What a group says about itself now.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupTopic {
        /// The text; empty when it was deleted.
        pub topic: Option<String>,
        /// The id of this text.
        #[serde(rename = "TopicID")]
        pub topic_id: Option<Id>,
        /// When it was written.
        #[serde(with = "iso")]
        pub topic_set_at: Option<DateTime<Utc>>,
        /// Who wrote it.
        #[serde(with = "filled")]
        pub topic_set_by: Option<Jid>,
        /// Whether it was deleted.
        #[serde(with = "boolean")]
        pub topic_deleted: Option<bool>,
    }

    /// Whether only admins may change a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupLocked {
        /// Whether only they may.
        #[serde(with = "boolean")]
        pub is_locked: Option<bool>,
    }

    /// Whether only admins may write in a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupAnnounce {
        /// Whether only they may.
        #[serde(with = "boolean")]
        pub is_announce: Option<bool>,
    }

    /// Whether messages disappear in a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupEphemeral {
        /// Whether they do.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// After how many seconds.
        #[serde(with = "integer")]
        pub disappearing_timer: Option<u32>,
    }

    /// Whether admins must let people into a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupMembershipApprovalMode {
        /// Whether they must.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
    }

    /// Somebody who asks to be let into a group.
    #[serde(rename_all = "PascalCase")]
    pub struct MembershipRequest {
        /// Who.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// Since when.
        #[serde(with = "iso")]
        pub requested_at: Option<DateTime<Utc>>,
    }

    /// That a group was deleted.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupDelete {
        /// Whether it was.
        #[serde(with = "boolean")]
        pub deleted: Option<bool>,
        /// Why.
        pub delete_reason: Option<String>,
    }
}

object_keeping_rest! {
    /// The account is in a group now. What else the group is stands in `rest`.
    #[serde(rename_all = "PascalCase")]
    pub struct JoinedGroup {
        /// `invite` when the account came by a link.
        pub reason: Option<String>,
        /// `new` for a new group.
        #[serde(rename = "Type")]
        pub kind: Option<String>,
        /// The request that made the group, when this account made it.
        pub create_key: Option<Id>,
        /// Who added the account.
        #[serde(with = "filled")]
        pub sender: Option<Jid>,
        /// The phone number of whoever added the account.
        #[serde(rename = "SenderPN", with = "filled")]
        pub sender_pn: Option<Jid>,
        /// The group.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// Who made it.
        #[serde(rename = "OwnerJID", with = "filled")]
        pub owner_jid: Option<Jid>,
        /// The phone number of whoever made it.
        #[serde(rename = "OwnerPN", with = "filled")]
        pub owner_pn: Option<Jid>,
        /// Its name.
        pub name: Option<String>,
        /// What it says about itself.
        pub topic: Option<String>,
        /// Whether only admins may change it.
        #[serde(with = "boolean")]
        pub is_locked: Option<bool>,
        /// Whether only admins may write.
        #[serde(with = "boolean")]
        pub is_announce: Option<bool>,
        /// Whether messages disappear.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// After how many seconds.
        #[serde(with = "integer")]
        pub disappearing_timer: Option<u32>,
        /// Whether it is a community.
        #[serde(with = "boolean")]
        pub is_parent: Option<bool>,
        /// The community that it belongs to.
        #[serde(rename = "LinkedParentJID", with = "filled")]
        pub linked_parent_jid: Option<Jid>,
        /// Whether admins must let people in.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
        /// When it was made.
        #[serde(with = "iso")]
        pub group_created: Option<DateTime<Utc>>,
        /// Its members.
        pub participants: List<GroupParticipant>,
    }
}

object_keeping_rest! {
    /// A group. What else it is stands in `rest`.
    #[serde(rename_all = "PascalCase")]
    pub struct Group {
        /// The group.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// Who made it.
        #[serde(rename = "OwnerJID", with = "filled")]
        pub owner_jid: Option<Jid>,
        /// The phone number of whoever made it.
        #[serde(rename = "OwnerPN", with = "filled")]
        pub owner_pn: Option<Jid>,
        /// Its name.
        pub name: Option<String>,
        /// What it says about itself.
        pub topic: Option<String>,
        /// Whether only admins may change it.
        #[serde(with = "boolean")]
        pub is_locked: Option<bool>,
        /// Whether only admins may write.
        #[serde(with = "boolean")]
        pub is_announce: Option<bool>,
        /// Whether messages disappear.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// After how many seconds.
        #[serde(with = "integer")]
        pub disappearing_timer: Option<u32>,
        /// Whether it is a community.
        #[serde(with = "boolean")]
        pub is_parent: Option<bool>,
        /// The community that it belongs to.
        #[serde(rename = "LinkedParentJID", with = "filled")]
        pub linked_parent_jid: Option<Jid>,
        /// Whether admins must let people in.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
        /// When it was made.
        #[serde(with = "iso")]
        pub group_created: Option<DateTime<Utc>>,
        /// Its members.
        pub participants: List<GroupParticipant>,
    }
}

object_keeping_rest! {
    /// A member of a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupParticipant {
        /// Who.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// By phone number.
        #[serde(with = "filled")]
        pub phone_number: Option<Jid>,
        /// By LID.
        #[serde(rename = "LID", with = "filled")]
        pub lid: Option<Jid>,
        /// Whether they are an admin.
        #[serde(with = "boolean")]
        pub is_admin: Option<bool>,
        /// Whether they made the group.
        #[serde(with = "boolean")]
        pub is_super_admin: Option<bool>,
        /// What they call themselves, where no address is known.
        pub display_name: Option<String>,
    }
}

object_keeping_rest! {
    /// The account follows a channel now.
    #[serde(rename_all = "camelCase")]
    pub struct NewsletterJoin {
        /// The channel.
        #[serde(with = "filled")]
        pub id: Option<Jid>,
        /// Whether it is active.
        pub state: Option<RawJson>,
        /// What it is.
        #[serde(rename = "thread_metadata")]
        pub thread_metadata: Option<RawJson>,
        /// What the account may do there.
        #[serde(rename = "viewer_metadata")]
        pub viewer_metadata: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The account no longer follows a channel.
    #[serde(rename_all = "camelCase")]
    pub struct NewsletterLeave {
        /// The channel.
        #[serde(with = "filled")]
        pub id: Option<Jid>,
        /// What the account is there: `guest`.
        pub role: Option<String>,
    }
}
