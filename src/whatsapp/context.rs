//! The context of a message: what it quotes, who it mentions, where it was
//! forwarded from, which advertisement it came from.

use chrono::{DateTime, Utc};

use super::Content;
use super::ad::ExternalAdReply;
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::seconds;
use crate::wire::{Coded, Id, LazyBytes, RawJson};

object_keeping_rest! {
    /// The context of a message: what it quotes, who it mentions, and where it
    /// comes from.
    ///
    /// Server versions put it in different places; [`Unwrapped::context_info`]
    /// finds it. Members without a field are in `rest`.
    ///
    /// [`Unwrapped::context_info`]: super::Unwrapped::context_info
    #[serde(rename_all = "camelCase")]
    pub struct ContextInfo {
        /// The id of the quoted message.
        pub stanza_id: Option<Id>,
        /// Who wrote the quoted message.
        #[serde(with = "filled")]
        pub participant: Option<Jid>,
        /// The chat of the quoted message if it is a different one:
        /// `status@broadcast` for a reply to a status post.
        #[serde(with = "filled")]
        pub remote_jid: Option<Jid>,
        /// The quoted message.
        pub quoted_message: Option<Nested<Content>>,
        /// Who is mentioned in the text; often LIDs.
        pub mentioned_jid: List<Jid>,
        /// The groups mentioned in the text.
        pub group_mentions: List<GroupMention>,
        /// Whether the message was forwarded.
        #[serde(with = "boolean")]
        pub is_forwarded: Option<bool>,
        /// How often it was forwarded; WhatsApp uses 127 for "many times".
        #[serde(with = "integer")]
        pub forwarding_score: Option<u32>,
        /// After how many seconds the message disappears.
        #[serde(with = "integer")]
        pub expiration: Option<u32>,
        /// When the timer for disappearing messages was set.
        #[serde(with = "seconds")]
        pub ephemeral_setting_timestamp: Option<DateTime<Utc>>,
        /// Why messages disappear in this chat.
        pub disappearing_mode: Option<DisappearingMode>,
        /// The advertisement that the conversation started from.
        pub external_ad_reply: Option<Box<ExternalAdReply>>,
        /// What led the person here, such as `FB_Ads`.
        pub conversion_source: Option<String>,
        /// Opaque data from the advertiser.
        pub conversion_data: Option<LazyBytes>,
        /// The seconds between that and the message.
        #[serde(with = "integer")]
        pub conversion_delay_seconds: Option<u32>,
        /// The entry point of the conversation, such as `ctwa_ad`.
        pub entry_point_conversion_source: Option<String>,
        /// The app that the person came from, such as `facebook`.
        pub entry_point_conversion_app: Option<String>,
        /// The seconds between entering and the message.
        #[serde(with = "integer")]
        pub entry_point_conversion_delay_seconds: Option<u32>,
        /// The entry point outside Meta's apps.
        pub entry_point_conversion_external_source: Option<String>,
        /// The medium outside Meta's apps.
        pub entry_point_conversion_external_medium: Option<String>,
        /// Signals of a click-to-WhatsApp advertisement; newer clients.
        pub ctwa_signals: Option<String>,
        /// Opaque data of a click-to-WhatsApp advertisement; newer clients.
        pub ctwa_payload: Option<LazyBytes>,
        /// The channel that the message was forwarded from.
        pub forwarded_newsletter_message_info: Option<Box<ForwardedNewsletterMessageInfo>>,
        /// The business that the message was forwarded from.
        pub business_message_forward_info: Option<BusinessMessageForwardInfo>,
        /// The campaign of a small business, as named by its client.
        pub smb_client_campaign_id: Option<Id>,
        /// The campaign of a link.
        pub utm: Option<UtmInfo>,
        /// Information about the sharing of data with the advertiser.
        pub data_sharing_context: Option<RawJson>,
        /// Whether it is a status post of a group.
        #[serde(with = "boolean")]
        pub is_group_status: Option<bool>,
        /// The kind of status post that was replied to.
        pub status_source_type: Option<Coded<StatusSourceType>>,
    }
}

impl ContextInfo {
    /// Whether this is the copy of the message's device metadata that 2.4.0-rc
    /// puts in this place.
    pub fn is_device_metadata(&self) -> bool {
        const METADATA: [&str; 4] = [
            "deviceListMetadata",
            "deviceListMetadataVersion",
            "messageSecret",
            "messageAssociation",
        ];
        let typed = self.stanza_id.is_some()
            || self.quoted_message.is_some()
            || self.external_ad_reply.is_some()
            || !self.mentioned_jid.is_empty();
        !typed && METADATA.iter().any(|name| self.rest.get(name).is_some())
    }
}

object! {
    /// A group that a text mentions.
    #[serde(rename_all = "camelCase")]
    pub struct GroupMention {
        /// The group.
        pub group_jid: Option<Jid>,
        /// Its name.
        pub group_subject: Option<String>,
    }

    /// Why messages disappear in a chat.
    #[serde(rename_all = "camelCase")]
    pub struct DisappearingMode {
        /// Who or what enabled it.
        pub initiator: Option<Coded<DisappearingInitiator>>,
        /// The setting that enabled it.
        pub trigger: Option<Coded<DisappearingTrigger>>,
        /// Whether the author of the message enabled it.
        #[serde(with = "boolean")]
        pub initiated_by_me: Option<bool>,
        /// The device that enabled it.
        #[serde(with = "filled")]
        pub initiator_device_jid: Option<Jid>,
    }
}

object_keeping_rest! {
    /// The channel that a message was forwarded from.
    #[serde(rename_all = "camelCase")]
    pub struct ForwardedNewsletterMessageInfo {
        /// The channel.
        pub newsletter_jid: Option<Jid>,
        /// The server id of the message in it.
        #[serde(with = "integer")]
        pub server_message_id: Option<i64>,
        /// The channel's name.
        pub newsletter_name: Option<String>,
    }

    /// The business that a message was forwarded from.
    #[serde(rename_all = "camelCase")]
    pub struct BusinessMessageForwardInfo {
        /// The business.
        pub business_owner_jid: Option<Jid>,
    }

    /// The campaign of a link.
    #[serde(rename_all = "camelCase")]
    pub struct UtmInfo {
        /// Its source.
        pub utm_source: Option<String>,
        /// Its name.
        pub utm_campaign: Option<String>,
    }
}

coded_enum! {
    /// Who enabled disappearing messages in a chat.
    pub enum DisappearingInitiator {
        /// It was changed in the chat.
        ChangedInChat = 0 "CHANGED_IN_CHAT",
        /// The author of the message.
        InitiatedByMe = 1 "INITIATED_BY_ME",
        /// Someone else.
        InitiatedByOther = 2 "INITIATED_BY_OTHER",
        /// The business moved to Meta's servers.
        BusinessUpgrade = 3 "BIZ_UPGRADE_FB_HOSTING",
    }
}

coded_enum! {
    /// The setting that enabled disappearing messages in a chat.
    pub enum DisappearingTrigger {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// The chat's.
        ChatSetting = 1 "CHAT_SETTING",
        /// The account's, for new chats.
        AccountSetting = 2 "ACCOUNT_SETTING",
        /// A change of many chats.
        BulkChange = 3 "BULK_CHANGE",
        /// The hosting of the business.
        BusinessHosting = 4 "BIZ_SUPPORTS_FB_HOSTING",
        /// A group unknown to the account.
        UnknownGroups = 5 "UNKNOWN_GROUPS",
    }
}

coded_enum! {
    /// The kind of status post.
    pub enum StatusSourceType {
        /// An image.
        Image = 0 "IMAGE",
        /// A video.
        Video = 1 "VIDEO",
        /// A GIF.
        Gif = 2 "GIF",
        /// Audio.
        Audio = 3 "AUDIO",
        /// Text.
        Text = 4 "TEXT",
        /// Just a song.
        MusicStandalone = 5 "MUSIC_STANDALONE",
    }
}
