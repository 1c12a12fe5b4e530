//! Invitations, events, albums, pins and calls.

use chrono::{DateTime, Utc};

use super::{ContextInfo, LocationMessage, TargetKey};
use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::{millis, seconds};
use crate::wire::{Coded, LazyBytes, Sensitive};

object_keeping_rest! {
    /// An invitation into a group.
    #[serde(rename_all = "camelCase")]
    pub struct GroupInviteMessage {
        /// The group.
        pub group_jid: Option<Jid>,
        /// What lets its reader in.
        pub invite_code: Option<Sensitive>,
        /// Until when.
        #[serde(with = "seconds")]
        pub invite_expiration: Option<DateTime<Utc>>,
        /// The group's name.
        pub group_name: Option<String>,
        /// What the inviter says.
        pub caption: Option<String>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// What kind of group it is.
        pub group_type: Option<Coded<InvitedGroupType>>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An invitation to run a channel.
    #[serde(rename_all = "camelCase")]
    pub struct NewsletterAdminInviteMessage {
        /// The channel.
        pub newsletter_jid: Option<Jid>,
        /// The channel's name.
        pub newsletter_name: Option<String>,
        /// What the inviter says.
        pub caption: Option<String>,
        /// Until when.
        #[serde(with = "seconds")]
        pub invite_expiration: Option<DateTime<Utc>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An event in a group.
    #[serde(rename_all = "camelCase")]
    pub struct EventMessage {
        /// Its name.
        pub name: Option<String>,
        /// What is said about it.
        pub description: Option<String>,
        /// Whether it is called off.
        #[serde(with = "boolean")]
        pub is_canceled: Option<bool>,
        /// Where it is.
        pub location: Option<Box<LocationMessage>>,
        /// The link to its call.
        pub join_link: Option<String>,
        /// When it begins.
        #[serde(with = "seconds")]
        pub start_time: Option<DateTime<Utc>>,
        /// When it ends.
        #[serde(with = "seconds")]
        pub end_time: Option<DateTime<Utc>>,
        /// Whether guests may bring guests.
        #[serde(with = "boolean")]
        pub extra_guests_allowed: Option<bool>,
        /// Whether it is a call.
        #[serde(with = "boolean")]
        pub is_schedule_call: Option<bool>,
        /// Whether there is a reminder.
        #[serde(with = "boolean")]
        pub has_reminder: Option<bool>,
        /// How many seconds before its beginning the reminder comes.
        #[serde(with = "integer")]
        pub reminder_offset_sec: Option<i64>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An answer to an event, which cannot be read.
    #[serde(rename_all = "camelCase")]
    pub struct EncEventResponseMessage {
        /// The event.
        pub event_creation_message_key: Option<TargetKey>,
        /// It, encrypted.
        pub enc_payload: Option<LazyBytes>,
        /// What is needed beside the key to decrypt it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// Pictures and videos that belong together. They follow as messages of their
    /// own, which point here from their `message_context_info`.
    #[serde(rename_all = "camelCase")]
    pub struct AlbumMessage {
        /// How many pictures follow.
        #[serde(with = "integer")]
        pub expected_image_count: Option<u32>,
        /// How many videos follow.
        #[serde(with = "integer")]
        pub expected_video_count: Option<u32>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A message was pinned, or no longer is.
    #[serde(rename_all = "camelCase")]
    pub struct PinInChatMessage {
        /// The message.
        pub key: Option<TargetKey>,
        /// Which of the two.
        #[serde(rename = "type")]
        pub kind: Option<Coded<PinKind>>,
        /// When.
        #[serde(with = "millis")]
        pub sender_timestamp_ms: Option<DateTime<Utc>>,
    }
}

object_keeping_rest! {
    /// A disappearing message was kept, or no longer is.
    #[serde(rename_all = "camelCase")]
    pub struct KeepInChatMessage {
        /// The message.
        pub key: Option<TargetKey>,
        /// Which of the two.
        pub keep_type: Option<Coded<KeepType>>,
        /// When.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
    }
}

object_keeping_rest! {
    /// A call took place.
    #[serde(rename_all = "camelCase")]
    pub struct CallLogMessage {
        /// Whether it had a picture.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// What became of it.
        pub call_outcome: Option<Coded<CallOutcome>>,
        /// How long it took, in seconds.
        #[serde(with = "integer")]
        pub duration_secs: Option<i64>,
        /// What kind of call it was.
        pub call_type: Option<Coded<CallType>>,
        /// Who took part.
        pub participants: List<CallParticipant>,
    }
}

object! {
    /// Somebody who took part in a call.
    #[serde(rename_all = "camelCase")]
    pub struct CallParticipant {
        /// Who.
        pub jid: Option<Jid>,
        /// What became of it for them.
        pub call_outcome: Option<Coded<CallOutcome>>,
    }
}

object_keeping_rest! {
    /// A call was arranged.
    #[serde(rename_all = "camelCase")]
    pub struct ScheduledCallCreationMessage {
        /// When it is to be.
        #[serde(with = "millis")]
        pub scheduled_timestamp_ms: Option<DateTime<Utc>>,
        /// What kind of call it is to be.
        pub call_type: Option<Coded<ScheduledCallType>>,
        /// What it is about.
        pub title: Option<String>,
    }
}

object_keeping_rest! {
    /// A business asks for the phone number of somebody whom it knows by LID.
    #[serde(rename_all = "camelCase")]
    pub struct RequestPhoneNumberMessage {
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

coded_enum! {
    /// What kind of group an invitation is for.
    pub enum InvitedGroupType {
        /// A group.
        Default = 0 "DEFAULT",
        /// A community.
        Parent = 1 "PARENT",
    }
}

coded_enum! {
    /// Whether a message was pinned.
    pub enum PinKind {
        /// Not said.
        Unknown = 0 "UNKNOWN_TYPE",
        /// It was.
        Pin = 1 "PIN_FOR_ALL",
        /// It no longer is.
        Unpin = 2 "UNPIN_FOR_ALL",
    }
}

coded_enum! {
    /// Whether a message was kept.
    pub enum KeepType {
        /// Not said.
        Unknown = 0 "UNKNOWN",
        /// It was.
        Keep = 1 "KEEP_FOR_ALL",
        /// It no longer is.
        Undo = 2 "UNDO_KEEP_FOR_ALL",
    }
}

coded_enum! {
    /// What became of a call.
    pub enum CallOutcome {
        /// It took place.
        Connected = 0 "CONNECTED",
        /// Nobody took it.
        Missed = 1 "MISSED",
        /// It failed.
        Failed = 2 "FAILED",
        /// It was refused.
        Rejected = 3 "REJECTED",
        /// It was taken on another device.
        AcceptedElsewhere = 4 "ACCEPTED_ELSEWHERE",
        /// It goes on.
        Ongoing = 5 "ONGOING",
        /// The phone was not to be disturbed.
        SilencedByDnd = 6 "SILENCED_BY_DND",
        /// The caller was unknown.
        SilencedUnknownCaller = 7 "SILENCED_UNKNOWN_CALLER",
    }
}

coded_enum! {
    /// What kind of call it was.
    pub enum CallType {
        /// An ordinary one.
        Regular = 0 "REGULAR",
        /// One that was arranged.
        Scheduled = 1 "SCHEDULED_CALL",
        /// A group talking.
        VoiceChat = 2 "VOICE_CHAT",
    }
}

coded_enum! {
    /// What kind of call is arranged.
    pub enum ScheduledCallType {
        /// Not said.
        Unknown = 0 "UNKNOWN",
        /// Sound alone.
        Voice = 1 "VOICE",
        /// With a picture.
        Video = 2 "VIDEO",
    }
}
