//! What comes with a message: metadata of devices, keys of groups, and the keys
//! by which messages refer to one another.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::seconds;
use crate::wire::{Coded, Id, LazyBytes, RawJson};

object_keeping_rest! {
    /// The key of another message that a message refers to.
    #[serde(rename_all = "camelCase")]
    pub struct TargetKey {
        /// The chat it is in, from its author's point of view.
        #[serde(with = "filled")]
        pub remote_jid: Option<Jid>,
        /// Whether the author of the referring message wrote it.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// The message.
        pub id: Option<Id>,
        /// Who wrote it, in groups.
        #[serde(with = "filled")]
        pub participant: Option<Jid>,
    }
}

object! {
    /// A group's key, which comes with someone's first message there. It is
    /// never what the message says.
    #[serde(rename_all = "camelCase")]
    pub struct SenderKeyDistributionMessage {
        /// The group.
        pub group_id: Option<Jid>,
        /// The key, opaque.
        pub axolotl_sender_key_distribution_message: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// What comes with every message. Members without a field are in `rest`.
    #[serde(rename_all = "camelCase")]
    pub struct MessageContextInfo {
        /// The devices of both sides.
        pub device_list_metadata: Option<Box<DeviceListMetadata>>,
        /// Its version.
        #[serde(with = "integer")]
        pub device_list_metadata_version: Option<i32>,
        /// The key that reactions, votes and edits of this message are
        /// encrypted with.
        pub message_secret: Option<LazyBytes>,
        /// How long a pin or similar lasts, in seconds.
        #[serde(with = "integer")]
        pub message_add_on_duration_in_secs: Option<u32>,
        /// The version of the token for reporting a message.
        #[serde(with = "integer")]
        pub reporting_token_version: Option<i32>,
        /// The message that this one belongs to, such as an album.
        pub message_association: Option<Box<MessageAssociation>>,
        /// The threads that the message belongs to.
        pub thread_id: List<RawJson>,
        /// Whether the chat limits sharing.
        pub limit_sharing: Option<LimitSharing>,
        /// As before, from newer clients.
        pub limit_sharing_v2: Option<LimitSharing>,
    }
}

object! {
    /// The devices of both sides.
    #[serde(rename_all = "camelCase")]
    pub struct DeviceListMetadata {
        /// A digest of the sender's device keys.
        pub sender_key_hash: Option<LazyBytes>,
        /// When the sender's devices last changed.
        #[serde(with = "seconds")]
        pub sender_timestamp: Option<DateTime<Utc>>,
        /// A digest of the recipient's device keys.
        pub recipient_key_hash: Option<LazyBytes>,
        /// When the recipient's devices last changed.
        #[serde(with = "seconds")]
        pub recipient_timestamp: Option<DateTime<Utc>>,
        /// Where the sender's keys are kept.
        pub sender_account_type: Option<Coded<AccountType>>,
        /// Where the recipient's keys are kept.
        pub receiver_account_type: Option<Coded<AccountType>>,
        /// Which of the sender's keys were used.
        pub sender_key_indexes: List<u32>,
        /// Which of the recipient's keys were used.
        pub recipient_key_indexes: List<u32>,
    }

    /// The message that another one belongs to.
    #[serde(rename_all = "camelCase")]
    pub struct MessageAssociation {
        /// How they belong together.
        pub association_type: Option<Coded<AssociationType>>,
        /// The message that it belongs to.
        pub parent_message_key: Option<TargetKey>,
        /// Its index among the messages that belong to it.
        #[serde(with = "integer")]
        pub message_index: Option<i32>,
    }

    /// Whether a chat limits sharing.
    #[serde(rename_all = "camelCase")]
    pub struct LimitSharing {
        /// Whether it does.
        #[serde(with = "boolean")]
        pub sharing_limited: Option<bool>,
        /// When it was set.
        #[serde(with = "seconds")]
        pub limit_sharing_setting_timestamp: Option<DateTime<Utc>>,
        /// Whether the author of the message set it.
        #[serde(with = "boolean")]
        pub initiated_by_me: Option<bool>,
    }
}

coded_enum! {
    /// Where the keys of an account are kept.
    pub enum AccountType {
        /// On its own devices.
        EndToEnd = 0 "E2EE",
        /// On Meta's servers.
        Hosted = 1 "HOSTED",
    }
}

coded_enum! {
    /// How a message belongs to another.
    pub enum AssociationType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// An item of an album.
        MediaAlbum = 1 "MEDIA_ALBUM",
        /// A bot's plugin.
        BotPlugin = 2 "BOT_PLUGIN",
        /// The cover of an event.
        EventCoverImage = 3 "EVENT_COVER_IMAGE",
        /// A poll in a status post.
        StatusPoll = 4 "STATUS_POLL",
        /// The HD copy of a video.
        HdVideoDualUpload = 5 "HD_VIDEO_DUAL_UPLOAD",
        /// A status post shared from outside.
        StatusExternalReshare = 6 "STATUS_EXTERNAL_RESHARE",
        /// An image of a poll option.
        MediaPoll = 7 "MEDIA_POLL",
        /// An addition to a status post.
        StatusAddYours = 8 "STATUS_ADD_YOURS",
        /// A notification of a status post.
        StatusNotification = 9 "STATUS_NOTIFICATION",
        /// The HD copy of an image.
        HdImageDualUpload = 10 "HD_IMAGE_DUAL_UPLOAD",
        /// A note on a sticker.
        StickerAnnotation = 11 "STICKER_ANNOTATION",
        /// The video part of a motion photo.
        MotionPhoto = 12 "MOTION_PHOTO",
    }
}
