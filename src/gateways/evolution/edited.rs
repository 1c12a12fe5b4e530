//! Messages that were edited, and what else arrives by the same road.

use chrono::{DateTime, Utc};

use super::content::Content;
use super::key::MessageKey;
use crate::wire::Coded;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::time::millis;

object! {
    /// A protocol message: an edit, and from 2.3.1 on anything else that
    /// WhatsApp says about a message or a chat, such as a deletion or another
    /// timer. `send.message.update` is an edit made through the API.
    ///
    /// Edits from new clients come encrypted, as `messages.upsert` with a
    /// `secretEncryptedMessage`.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.edited")]
    #[doc(alias = "send.message.update")]
    pub struct MessageEdited {
        /// The message, from the point of view of whoever edited it: for an
        /// incoming edit `from_me` is true and `remote_jid` is the account's
        /// own address. Only the id can be used;
        /// [`message_id`](Self::message_id) gives it. Absent for what concerns
        /// a whole chat.
        pub key: Option<MessageKey>,
        /// What it is about, by name or, on 2.3.3 to 2.3.5, by number.
        #[serde(rename = "type")]
        pub protocol_type: Option<Coded<ProtocolType>>,
        /// The new content; absent for anything but an edit.
        pub edited_message: Option<Content>,
        /// When it happened, to the millisecond: text, number or object by the
        /// server's version.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
        /// The chat's new timer for disappearing messages, in seconds; 0 for
        /// none. With `EPHEMERAL_SETTING` only.
        #[serde(with = "integer")]
        pub ephemeral_expiration: Option<i64>,
    }
}

impl MessageEdited {
    /// The id at WhatsApp of the message that was edited or deleted.
    pub fn message_id(&self) -> Option<&str> {
        self.key.as_ref().map(|key| key.id.as_str())
    }

    /// Whether the message was edited.
    pub fn is_edit(&self) -> bool {
        self.is(&ProtocolType::MessageEdit)
    }

    /// Whether the message was deleted for everyone. `messages.delete` then
    /// tells the same.
    pub fn is_deletion(&self) -> bool {
        self.is(&ProtocolType::Revoke)
    }

    fn is(&self, wanted: &ProtocolType) -> bool {
        self.protocol_type.as_ref().is_some_and(|found| **found == *wanted)
    }
}

coded_enum! {
    /// What a protocol message is about.
    pub enum ProtocolType {
        /// A message was deleted for everyone.
        Revoke = 0 "REVOKE",
        /// The chat's timer for disappearing messages.
        EphemeralSetting = 3 "EPHEMERAL_SETTING",
        /// An answer about that timer.
        EphemeralSyncResponse = 4 "EPHEMERAL_SYNC_RESPONSE",
        /// A part of the history is ready.
        HistorySyncNotification = 5 "HISTORY_SYNC_NOTIFICATION",
        /// Keys of the account's state, from another device.
        AppStateSyncKeyShare = 6 "APP_STATE_SYNC_KEY_SHARE",
        /// A request for such keys.
        AppStateSyncKeyRequest = 7 "APP_STATE_SYNC_KEY_REQUEST",
        /// A request to fill in missed messages.
        MsgFanoutBackfillRequest = 8 "MSG_FANOUT_BACKFILL_REQUEST",
        /// Whether security notifications are shown.
        InitialSecurityNotificationSettingSync = 9 "INITIAL_SECURITY_NOTIFICATION_SETTING_SYNC",
        /// The account's state could not be synchronised.
        AppStateFatalExceptionNotification = 10 "APP_STATE_FATAL_EXCEPTION_NOTIFICATION",
        /// A phone number is shared.
        SharePhoneNumber = 11 "SHARE_PHONE_NUMBER",
        /// A message was edited.
        MessageEdit = 14 "MESSAGE_EDIT",
        /// A request between the account's devices.
        PeerDataOperationRequestMessage = 16 "PEER_DATA_OPERATION_REQUEST_MESSAGE",
        /// The answer to such a request.
        PeerDataOperationRequestResponseMessage = 17 "PEER_DATA_OPERATION_REQUEST_RESPONSE_MESSAGE",
        /// A request for a welcome message.
        RequestWelcomeMessage = 18 "REQUEST_WELCOME_MESSAGE",
        /// What somebody thinks of a bot's answer.
        BotFeedbackMessage = 19 "BOT_FEEDBACK_MESSAGE",
        /// News about a media file.
        MediaNotifyMessage = 20 "MEDIA_NOTIFY_MESSAGE",
        /// Who answers in a chat of the Cloud API.
        CloudApiThreadControlNotification = 21 "CLOUD_API_THREAD_CONTROL_NOTIFICATION",
        /// Which hidden id belongs to which phone number.
        LidMigrationMappingSync = 22 "LID_MIGRATION_MAPPING_SYNC",
        /// A reminder.
        ReminderMessage = 23 "REMINDER_MESSAGE",
        /// The first steps with a bot, spelt as WhatsApp does.
        BotMemuOnboardingMessage = 24 "BOT_MEMU_ONBOARDING_MESSAGE",
        /// Somebody was mentioned in a status.
        StatusMentionMessage = 25 "STATUS_MENTION_MESSAGE",
        /// A bot shall stop writing.
        StopGenerationMessage = 26 "STOP_GENERATION_MESSAGE",
        /// Whether messages of a chat may be passed on.
        LimitSharing = 27 "LIMIT_SHARING",
        /// Data for a bot.
        AiPsiMetadata = 28 "AI_PSI_METADATA",
        /// A question to a bot.
        AiQueryFanout = 29 "AI_QUERY_FANOUT",
        /// The label of a group's member.
        GroupMemberLabelChange = 30 "GROUP_MEMBER_LABEL_CHANGE",
    }
}
