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
        /// WhatsApp's name for the change.
        pub notify: Option<String>,
        /// Who changed it.
        #[serde(with = "filled")]
        pub sender: Option<Jid>,
        /// The phone number of whoever changed it.
        #[serde(rename = "SenderPN", with = "filled")]
        pub sender_pn: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Its new name.
        pub name: Option<GroupName>,
        /// Its new description.
        pub topic: Option<GroupTopic>,
        /// Whether only admins may change it now.
        pub locked: Option<GroupLocked>,
        /// Whether only admins may write now.
        pub announce: Option<GroupAnnounce>,
        /// Whether messages disappear now.
        pub ephemeral: Option<GroupEphemeral>,
        /// Whether admins must approve new members now.
        pub membership_approval_mode: Option<GroupMembershipApprovalMode>,
        /// Its deletion.
        pub delete: Option<GroupDelete>,
        /// The group that was linked to it.
        pub link: Option<RawJson>,
        /// The group that was unlinked from it.
        pub unlink: Option<RawJson>,
        /// The new invite link.
        pub new_invite_link: Option<Sensitive>,
        /// The previous version of its member list.
        #[serde(rename = "PrevParticipantVersionID")]
        pub prev_participant_version_id: Option<Id>,
        /// The version of its member list.
        #[serde(rename = "ParticipantVersionID")]
        pub participant_version_id: Option<Id>,
        /// `invite` when someone joined by the link.
        pub join_reason: Option<String>,
        /// Who joined or was added.
        pub join: List<Jid>,
        /// Who left or was removed.
        pub leave: List<Jid>,
        /// Who was made an admin.
        pub promote: List<Jid>,
        /// Who is no longer an admin.
        pub demote: List<Jid>,
        /// Who asks to join.
        pub membership_requests_created: List<MembershipRequest>,
        /// Who withdrew the request to join, or was rejected.
        pub membership_requests_revoked: List<MembershipRequest>,
        /// Whether WhatsApp suspended it.
        #[serde(with = "boolean")]
        pub suspended: Option<bool>,
        /// Whether WhatsApp unsuspended it.
        #[serde(with = "boolean")]
        pub unsuspended: Option<bool>,
        /// Changes unknown to the server.
        pub unknown_changes: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The new name of a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupName {
        /// The name.
        pub name: Option<String>,
        /// When it was set.
        #[serde(with = "iso")]
        pub name_set_at: Option<DateTime<Utc>>,
        /// Who set it.
        #[serde(with = "filled")]
        pub name_set_by: Option<Jid>,
    }

    /// The new description of a group.
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
        /// Whether only they can.
        #[serde(with = "boolean")]
        pub is_locked: Option<bool>,
    }

    /// Whether only admins may write in a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupAnnounce {
        /// Whether only they can.
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

    /// Whether admins must approve new members of a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupMembershipApprovalMode {
        /// Whether they must.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
    }

    /// Someone who asks to join a group.
    #[serde(rename_all = "PascalCase")]
    pub struct MembershipRequest {
        /// The person.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// When they asked.
        #[serde(with = "iso")]
        pub requested_at: Option<DateTime<Utc>>,
    }

    /// The deletion of a group.
    #[serde(rename_all = "PascalCase")]
    pub struct GroupDelete {
        /// Whether it was.
        #[serde(with = "boolean")]
        pub deleted: Option<bool>,
        /// The reason.
        pub delete_reason: Option<String>,
    }
}

object_keeping_rest! {
    /// The account joined a group. Further data about the group are in `rest`.
    #[serde(rename_all = "PascalCase")]
    pub struct JoinedGroup {
        /// `invite` when the account joined by a link.
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
        /// Who created it.
        #[serde(rename = "OwnerJID", with = "filled")]
        pub owner_jid: Option<Jid>,
        /// The phone number of whoever created it.
        #[serde(rename = "OwnerPN", with = "filled")]
        pub owner_pn: Option<Jid>,
        /// Its name.
        pub name: Option<String>,
        /// Its description.
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
        /// Whether admins must approve new members.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
        /// When it was created.
        #[serde(with = "iso")]
        pub group_created: Option<DateTime<Utc>>,
        /// Its members.
        pub participants: List<GroupParticipant>,
    }
}

object_keeping_rest! {
    /// A group. Further data are in `rest`.
    #[serde(rename_all = "PascalCase")]
    pub struct Group {
        /// The group.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// Who created it.
        #[serde(rename = "OwnerJID", with = "filled")]
        pub owner_jid: Option<Jid>,
        /// The phone number of whoever created it.
        #[serde(rename = "OwnerPN", with = "filled")]
        pub owner_pn: Option<Jid>,
        /// Its name.
        pub name: Option<String>,
        /// Its description.
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
        /// Whether admins must approve new members.
        #[serde(with = "boolean")]
        pub is_join_approval_required: Option<bool>,
        /// When it was created.
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
        /// The person.
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
        /// Whether they created the group.
        #[serde(with = "boolean")]
        pub is_super_admin: Option<bool>,
        /// Their display name, where no address is known.
        pub display_name: Option<String>,
    }
}

object_keeping_rest! {
    /// The account now follows a channel.
    #[serde(rename_all = "camelCase")]
    pub struct NewsletterJoin {
        /// The channel.
        #[serde(with = "filled")]
        pub id: Option<Jid>,
        /// Whether it is active.
        pub state: Option<RawJson>,
        /// The kind.
        #[serde(rename = "thread_metadata")]
        pub thread_metadata: Option<RawJson>,
        /// The account's permissions there.
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
        /// The account's role there: `guest`.
        pub role: Option<String>,
    }
}
