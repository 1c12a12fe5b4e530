//! Messages about messages: edits, deletions, encrypted content, and wrappers.

use chrono::{DateTime, Utc};

use super::{Content, DisappearingMode, LimitSharing, TargetKey};
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::integer;
use crate::wire::time::{millis, seconds};
use crate::wire::{Coded, LazyBytes, RawJson};

object_keeping_rest! {
    /// An action on a message or on the chat.
    #[serde(rename_all = "camelCase")]
    pub struct ProtocolMessage {
        /// The message it applies to, from its author's point of view: for
        /// someone else's message only `id` is usable.
        pub key: Option<TargetKey>,
        /// The action.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ProtocolKind>>,
        /// The new content, for an edit.
        pub edited_message: Option<Nested<Content>>,
        /// When it happened.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
        /// The new timer for disappearing messages, in seconds; 0 for off.
        #[serde(with = "integer")]
        pub ephemeral_expiration: Option<u32>,
        /// When it was set.
        #[serde(with = "seconds")]
        pub ephemeral_setting_timestamp: Option<DateTime<Utc>>,
        /// Why messages disappear now.
        pub disappearing_mode: Option<DisappearingMode>,
        /// Whether the chat limits sharing now.
        pub limit_sharing: Option<LimitSharing>,
        /// The keys that the phone shares with the account's other devices.
        /// They decrypt the account's state at WhatsApp, so `Debug` shows only
        /// their size.
        pub app_state_sync_key_share: Option<RawJson>,
        /// The action, by name (Evolution Go).
        pub type_name: Option<Coded<ProtocolKind>>,
    }
}

object_keeping_rest! {
    /// An edit by a newer client, encrypted and not readable here.
    #[serde(rename_all = "camelCase")]
    pub struct SecretEncryptedMessage {
        /// The message that is edited.
        pub target_message_key: Option<TargetKey>,
        /// The edit, encrypted.
        pub enc_payload: Option<LazyBytes>,
        /// The initialisation vector for decrypting it.
        pub enc_iv: Option<LazyBytes>,
        /// What is edited.
        pub secret_enc_type: Option<Coded<SecretEncType>>,
    }
}

object_keeping_rest! {
    /// A placeholder for content that is withheld from linked devices.
    #[serde(rename_all = "camelCase")]
    pub struct PlaceholderMessage {
        /// The reason.
        #[serde(rename = "type")]
        pub kind: Option<Coded<PlaceholderKind>>,
    }
}

object_keeping_rest! {
    /// A message within a message.
    #[serde(rename_all = "camelCase")]
    pub struct Wrapped {
        /// The message inside.
        pub message: Option<Nested<Content>>,
    }
}

object_keeping_rest! {
    /// A message that the account sent from another device.
    #[serde(rename_all = "camelCase")]
    pub struct DeviceSentMessage {
        /// The chat it was sent to.
        pub destination_jid: Option<Jid>,
        /// The message inside.
        pub message: Option<Nested<Content>>,
        /// A digest of the recipients.
        pub phash: Option<String>,
    }
}

coded_enum! {
    /// The action.
    pub enum ProtocolKind {
        /// The message was deleted for everyone.
        Revoke = 0 "REVOKE",
        /// The timer of disappearing messages was set.
        EphemeralSetting = 3 "EPHEMERAL_SETTING",
        /// A device answered about that timer.
        EphemeralSyncResponse = 4 "EPHEMERAL_SYNC_RESPONSE",
        /// The phone offers its history.
        HistorySyncNotification = 5 "HISTORY_SYNC_NOTIFICATION",
        /// The phone shares keys.
        AppStateSyncKeyShare = 6 "APP_STATE_SYNC_KEY_SHARE",
        /// A device asks for keys.
        AppStateSyncKeyRequest = 7 "APP_STATE_SYNC_KEY_REQUEST",
        /// A device asks for what it missed.
        MsgFanoutBackfillRequest = 8 "MSG_FANOUT_BACKFILL_REQUEST",
        /// A setting is shared.
        InitialSecurityNotificationSettingSync = 9 "INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC",
        /// A device lost its state.
        AppStateFatalExceptionNotification = 10 "APP_STATE_FATAL_EXCEPTION_NOTIFICATION",
        /// Someone shares their phone number.
        SharePhoneNumber = 11 "SHARE_PHONE_NUMBER",
        /// The message was edited.
        MessageEdit = 14 "MESSAGE_EDIT",
        /// A device asks the phone for something.
        PeerDataOperationRequest = 16 "PEER_DATA_OPERATION_REQUEST_MESSAGE",
        /// The phone answers that.
        PeerDataOperationResponse = 17 "PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE",
        /// Someone opened the chat of a business.
        RequestWelcomeMessage = 18 "REQUEST_WELCOME_MESSAGE",
        /// Feedback on a bot's answer.
        BotFeedback = 19 "BOT_FEEDBACK_MESSAGE",
        /// A media file is ready.
        MediaNotify = 20 "MEDIA_NOTIFY_MESSAGE",
        /// A business moves control of the chat.
        CloudApiThreadControl = 21 "CLOUD_API_THREAD_CONTROL_NOTIFICATION",
        /// LIDs are shared.
        LidMigrationMappingSync = 22 "LID_MIGRATION_MAPPING_SYNC",
        /// A reminder.
        Reminder = 23 "REMINDER_MESSAGE",
        /// A bot introduces itself.
        BotMemuOnboarding = 24 "BOT_MEMU_ONBOARDING_MESSAGE",
        /// A status post mentions the account.
        StatusMention = 25 "STATUS_MENTION_MESSAGE",
        /// A bot is to stop.
        StopGeneration = 26 "STOP_GENERATION_MESSAGE",
        /// The chat limits sharing.
        LimitSharing = 27 "LIMIT_SHARING",
        /// Metadata of a bot.
        AiPsiMetadata = 28 "AI_PSI_METADATA",
        /// A question to a bot is shared.
        AiQueryFanout = 29 "AI_QUERY_FANOUT",
        /// A member's label changed.
        GroupMemberLabelChange = 30 "GROUP_MEMBER_LABEL_CHANGE",
    }
}

coded_enum! {
    /// What an encrypted edit changes.
    pub enum SecretEncType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// An event.
        EventEdit = 1 "EVENT_EDIT",
        /// A message.
        MessageEdit = 2 "MESSAGE_EDIT",
    }
}

coded_enum! {
    /// Why a message is withheld.
    pub enum PlaceholderKind {
        /// Its author allows it on phones only.
        MaskLinkedDevices = 0 "MASK_LINKED_DEVICES",
    }
}
