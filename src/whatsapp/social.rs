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
    /// An invitation to a group.
    #[serde(rename_all = "camelCase")]
    pub struct GroupInviteMessage {
        /// The group.
        pub group_jid: Option<Jid>,
        /// The invite code.
        pub invite_code: Option<Sensitive>,
        /// When it expires.
        #[serde(with = "seconds")]
        pub invite_expiration: Option<DateTime<Utc>>,
        /// The group's name.
        pub group_name: Option<String>,
        /// The text of the invitation.
        pub caption: Option<String>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The kind of group.
        pub group_type: Option<Coded<InvitedGroupType>>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An invitation to become an admin of a channel.
    #[serde(rename_all = "camelCase")]
    pub struct NewsletterAdminInviteMessage {
        /// The channel.
        pub newsletter_jid: Option<Jid>,
        /// The channel's name.
        pub newsletter_name: Option<String>,
        /// The text of the invitation.
        pub caption: Option<String>,
        /// When it expires.
        #[serde(with = "seconds")]
        pub invite_expiration: Option<DateTime<Utc>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An event in a group.
    #[serde(rename_all = "camelCase")]
    pub struct EventMessage {
        /// Its name.
        pub name: Option<String>,
        /// Its description.
        pub description: Option<String>,
        /// Whether it is cancelled.
        #[serde(with = "boolean")]
        pub is_canceled: Option<bool>,
        /// Where it is.
        pub location: Option<Box<LocationMessage>>,
        /// The link to its call.
        pub join_link: Option<String>,
        /// When it starts.
        #[serde(with = "seconds")]
        pub start_time: Option<DateTime<Utc>>,
        /// When it ends.
        #[serde(with = "seconds")]
        pub end_time: Option<DateTime<Utc>>,
        /// Whether guests may bring extra guests.
        #[serde(with = "boolean")]
        pub extra_guests_allowed: Option<bool>,
        /// Whether it is a call.
        #[serde(with = "boolean")]
        pub is_schedule_call: Option<bool>,
        /// Whether there is a reminder.
        #[serde(with = "boolean")]
        pub has_reminder: Option<bool>,
        /// How many seconds before the start the reminder is sent.
        #[serde(with = "integer")]
        pub reminder_offset_sec: Option<i64>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An answer to an event, encrypted and not readable here.
    #[serde(rename_all = "camelCase")]
    pub struct EncEventResponseMessage {
        /// The event.
        pub event_creation_message_key: Option<TargetKey>,
        /// The encrypted payload.
        pub enc_payload: Option<LazyBytes>,
        /// The initialisation vector for decrypting it.
        pub enc_iv: Option<LazyBytes>,
    }
}

object_keeping_rest! {
    /// An album: images and videos that belong together. They follow as
    /// messages of their own, whose `message_context_info` refers to this one.
    #[serde(rename_all = "camelCase")]
    pub struct AlbumMessage {
        /// How many images follow.
        #[serde(with = "integer")]
        pub expected_image_count: Option<u32>,
        /// How many videos follow.
        #[serde(with = "integer")]
        pub expected_video_count: Option<u32>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A message was pinned, or no longer is.
    #[serde(rename_all = "camelCase")]
    pub struct PinInChatMessage {
        /// The message.
        pub key: Option<TargetKey>,
        /// The new state.
        #[serde(rename = "type")]
        pub kind: Option<Coded<PinKind>>,
        /// When it happened.
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
        /// The new state.
        pub keep_type: Option<Coded<KeepType>>,
        /// When it happened.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
    }
}

object_keeping_rest! {
    /// A call that took place.
    #[serde(rename_all = "camelCase")]
    pub struct CallLogMessage {
        /// Whether it is a video call.
        #[serde(with = "boolean")]
        pub is_video: Option<bool>,
        /// The outcome.
        pub call_outcome: Option<Coded<CallOutcome>>,
        /// The duration in seconds.
        #[serde(with = "integer")]
        pub duration_secs: Option<i64>,
        /// The kind of call.
        pub call_type: Option<Coded<CallType>>,
        /// Who took part.
        pub participants: List<CallParticipant>,
    }
}

object! {
    /// Someone who took part in a call.
    #[serde(rename_all = "camelCase")]
    pub struct CallParticipant {
        /// The person.
        pub jid: Option<Jid>,
        /// How the call ended for them.
        pub call_outcome: Option<Coded<CallOutcome>>,
    }
}

object_keeping_rest! {
    /// A call was scheduled.
    #[serde(rename_all = "camelCase")]
    pub struct ScheduledCallCreationMessage {
        /// When it takes place.
        #[serde(with = "millis")]
        pub scheduled_timestamp_ms: Option<DateTime<Utc>>,
        /// The kind of call.
        pub call_type: Option<Coded<ScheduledCallType>>,
        /// What it is about.
        pub title: Option<String>,
    }
}

object_keeping_rest! {
    /// A business asks for the phone number of someone it only knows by LID.
    #[serde(rename_all = "camelCase")]
    pub struct RequestPhoneNumberMessage {
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

coded_enum! {
    /// The kind of group that an invitation is for.
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
        /// Not specified.
        Unknown = 0 "UNKNOWN_TYPE",
        /// It was pinned.
        Pin = 1 "PIN_FOR_ALL",
        /// It was unpinned.
        Unpin = 2 "UNPIN_FOR_ALL",
    }
}

coded_enum! {
    /// Whether a message was kept.
    pub enum KeepType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// It was kept.
        Keep = 1 "KEEP_FOR_ALL",
        /// It is no longer kept.
        Undo = 2 "UNDO_KEEP_FOR_ALL",
    }
}

coded_enum! {
    /// How a call ended.
    pub enum CallOutcome {
        /// It took place.
        Connected = 0 "CONNECTED",
        /// Nobody answered.
        Missed = 1 "MISSED",
        /// It failed.
        Failed = 2 "FAILED",
        /// It was declined.
        Rejected = 3 "REJECTED",
        /// It was answered on another device.
        AcceptedElsewhere = 4 "ACCEPTED_ELSEWHERE",
        /// It is still going on.
        Ongoing = 5 "ONGOING",
        /// Silenced by "do not disturb".
        SilencedByDnd = 6 "SILENCED_BY_DND",
        /// Silenced as a call from an unknown caller.
        SilencedUnknownCaller = 7 "SILENCED_UNKNOWN_CALLER",
    }
}

coded_enum! {
    /// The kind of call.
    pub enum CallType {
        /// An ordinary one.
        Regular = 0 "REGULAR",
        /// A scheduled one.
        Scheduled = 1 "SCHEDULED_CALL",
        /// A voice chat in a group.
        VoiceChat = 2 "VOICE_CHAT",
    }
}

coded_enum! {
    /// The kind of a scheduled call.
    pub enum ScheduledCallType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// Audio only.
        Voice = 1 "VOICE",
        /// Video.
        Video = 2 "VIDEO",
    }
}
