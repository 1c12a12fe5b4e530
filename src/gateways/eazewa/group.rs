//! Groups: members who join or leave, and changes.

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
    /// A notification in a group.
    #[serde(rename_all = "camelCase")]
    pub struct GroupNotification {
        /// The notification, a message of its own.
        pub id: MessageId,
        /// The new value: the subject, the description, `on` or `off`; empty if
        /// there is none.
        pub body: Option<String>,
        /// What happened.
        #[serde(rename = "type")]
        pub notification_type: Option<GroupNotificationType>,
        /// When it happened. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The group.
        pub chat_id: Option<Jid>,
        /// Who did it. Absent where that is not known, such as when someone
        /// joined by a link.
        pub author: Option<Jid>,
        /// The members it affects; empty for changes to the group itself.
        pub recipient_ids: Option<List<Jid>>,
    }
}

open_enum! {
    /// What happened in a group. Everything other than joining and leaving
    /// comes as `group_update`, so that event has types beyond these.
    pub enum GroupNotificationType {
        /// Joined: a member added them.
        Add = "add",
        /// Joined: by an invitation.
        Invite = "invite",
        /// Joined: through the group's community.
        LinkedGroupJoin = "linked_group_join",
        /// Left: an admin removed them.
        Remove = "remove",
        /// Left on their own.
        Leave = "leave",
        /// The group's name changed.
        Subject = "subject",
        /// The group's description changed.
        Description = "description",
        /// The group's picture changed.
        Picture = "picture",
        /// Who may write has changed: `on` for administrators only.
        Announce = "announce",
        /// Who may edit the group's info has changed: `on` for administrators
        /// only.
        Restrict = "restrict",
        /// The group was created.
        Create = "create",
        /// Someone became an administrator. Before April 2023 only: later
        /// versions have an event for it that eazeWA does not offer.
        Promote = "promote",
        /// Someone is no longer an administrator. Before April 2023 only.
        Demote = "demote",
    }
}
