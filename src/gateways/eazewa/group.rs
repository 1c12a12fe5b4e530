//! Groups: who joins, who leaves, what changes.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::List;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::seconds;

object! {
    /// Something changed in a group (`group_join`, `group_leave`,
    /// `group_update`).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "group_join")]
    #[doc(alias = "group_leave")]
    #[doc(alias = "group_update")]
    pub struct GroupChange {
        /// What changed.
        pub notification: GroupNotification,
    }
}

object! {
    /// A notice in a group.
    #[serde(rename_all = "camelCase")]
    pub struct GroupNotification {
        /// The notice, a message of its own.
        pub id: MessageId,
        /// What is new: the subject, the description, `on` or `off`; empty where
        /// there is nothing to say.
        pub body: Option<String>,
        /// What happened.
        #[serde(rename = "type")]
        pub notification_type: Option<GroupNotificationType>,
        /// When. Counted in seconds.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The group.
        pub chat_id: Option<Jid>,
        /// Who did it. Absent where that is not known, such as for who joined by
        /// a link.
        pub author: Option<Jid>,
        /// Whom it befell; empty for what befalls the group.
        pub recipient_ids: Option<List<Jid>>,
    }
}

open_enum! {
    /// What happens in groups. Whatever is neither a joining nor a leaving comes
    /// as `group_update`, so that event has types beyond these.
    pub enum GroupNotificationType {
        /// Joined: somebody added them.
        Add = "add",
        /// Joined: by an invitation.
        Invite = "invite",
        /// Joined: by way of the group's community.
        LinkedGroupJoin = "linked_group_join",
        /// Left: somebody removed them.
        Remove = "remove",
        /// Left: by themselves.
        Leave = "leave",
        /// The group has another name.
        Subject = "subject",
        /// The group has another description.
        Description = "description",
        /// The group has another picture.
        Picture = "picture",
        /// Who may write has changed: `on` for administrators only.
        Announce = "announce",
        /// Who may change the group's data has changed: `on` for administrators
        /// only.
        Restrict = "restrict",
        /// The group was made.
        Create = "create",
        /// Somebody became an administrator. Before April 2023 only: later
        /// versions have an event for it that eazeWA does not offer.
        Promote = "promote",
        /// Somebody is no longer an administrator. Before April 2023 only.
        Demote = "demote",
    }
}
