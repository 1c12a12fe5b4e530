//! Messages: outbound, received, and stories.

use chrono::{DateTime, Utc};

use super::content::{Content, Referral};
use crate::jid::JidRef;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::time::millis;
use crate::wire::{Id, TextOrNumber};

object! {
    /// A message that you sent, and its delivery status.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.queued")]
    #[doc(alias = "message.sent")]
    #[doc(alias = "message.delivered")]
    #[doc(alias = "message.read")]
    #[doc(alias = "message.failed")]
    pub struct OutboundMessage {
        /// The message's id: opaque, such as `jd7…`, `k57…` or `msg_…`.
        pub message_id: Id,
        /// The recipient: a phone number, an email address, a chat id, or a
        /// business-scoped user id (BSUID).
        pub to: Option<String>,
        /// The channel it is sent through.
        pub channel: Option<Channel>,
        /// The delivery status.
        pub status: Option<MessageStatus>,
        /// Why it failed. `null` or absent when it did not.
        pub error_code: Option<TextOrNumber<ErrorCode>>,
        /// Why it failed, as text. `null` or absent when it did not.
        pub error_message: Option<String>,
        /// The conversation it belongs to. Seen in practice; in no schema.
        pub conversation_id: Option<Id>,
        /// The template it was made from. First generation, `message.queued`
        /// only; `null` without a template.
        pub template_id: Option<Id>,
    }
}

object! {
    /// Someone wrote to you.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.inbound")]
    pub struct MessageInbound {
        /// The message's id: opaque.
        pub message_id: Id,
        /// The conversation it belongs to. `null` while the conversation is
        /// being created, absent before the middle of 2026.
        pub conversation_id: Option<Id>,
        /// The sender: a phone number (E.164), a business-scoped user id
        /// (BSUID, `CC.<digits>`), an email address or a chat id.
        pub from: String,
        /// Your address that it was sent to: your number, or the recipient of
        /// the email.
        pub to: Option<String>,
        /// The channel it came through.
        pub channel: Option<Channel>,
        /// `received`. Absent in the first generation, and in samples.
        pub status: Option<MessageStatus>,
        /// The message type. Absent in the first generation.
        pub message_type: Option<MessageType>,
        /// The text: of the message, the caption, or the title of the button or
        /// list row that was pressed. Absent on media without a caption.
        pub text: Option<String>,
        /// What the message contains besides its text. `null` or absent if
        /// nothing.
        pub content: Option<Box<Content>>,
        /// The sender's name on their profile; `null` for SMS.
        pub profile_name: Option<String>,
        /// When it was written, according to the channel; `null` for SMS and
        /// email. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub provider_timestamp: Option<DateTime<Utc>>,
        /// The advertisement that led to it: on WhatsApp, with the first
        /// message only.
        pub referral: Option<Box<Referral>>,
        /// Whether it was written in a group; like the next three fields, only
        /// with `whatsapp_alt`.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The group (`<id>@g.us`).
        pub group_id: Option<Id>,
        /// Who wrote it in the group; the same as `from`.
        pub group_author: Option<String>,
        /// The group's name.
        pub group_name: Option<String>,
        /// An error code. The schema is shared with outbound messages, so
        /// inbound ones have it too.
        pub error_code: Option<TextOrNumber<ErrorCode>>,
        /// The error as text.
        pub error_message: Option<String>,
    }
}

impl MessageInbound {
    /// Whether you wrote it: `false`. Your own messages are
    /// [`OutboundMessage`]s.
    pub fn is_from_me(&self) -> bool {
        false
    }

    /// Who wrote it, also in a group: an address of the form of
    /// [`from`](Self::from).
    pub fn sender(&self) -> Option<&str> {
        Some(self.group_author.as_deref().unwrap_or(&self.from)).filter(|who| !who.is_empty())
    }

    /// The phone number of whoever wrote it: digits, without `+`. `None` for any
    /// other address.
    pub fn sender_phone(&self) -> Option<&str> {
        let sender = self.sender()?;
        JidRef::from_wire(sender).phone().filter(|_| sender.starts_with('+'))
    }

    /// The chat: the group, or the other person.
    pub fn chat(&self) -> Option<&str> {
        let group = self.group_id.as_deref();
        Some(group.unwrap_or(&self.from)).filter(|chat| !chat.is_empty())
    }

    /// The text: of the message, the caption, or the title of the button or list
    /// row that was pressed. `None` if it is empty.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref().filter(|text| !text.is_empty())
    }
}

object! {
    /// Someone posted a story. The event's name is `message.status`, but it is
    /// not about the status of a message.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.status")]
    pub struct Story {
        /// Who posted it: a phone number, or an id as in
        /// [`MessageInbound::from`].
        pub from: String,
        /// What kind of story it is: text, image, video or audio.
        pub message_type: Option<MessageType>,
        /// The text or the caption.
        pub text: Option<String>,
        /// The media type of its file, such as `image/jpeg`.
        #[serde(rename = "mimetype")]
        pub mime_type: Option<String>,
        /// When it was posted. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub provider_timestamp: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// The channels of messages. API v2 calls them transports.
    pub enum Channel {
        /// Whichever reaches the recipient.
        Auto = "auto",
        /// Text messages.
        Sms = "sms",
        /// Text messages that cannot be replied to.
        SmsOneway = "sms_oneway",
        /// The WhatsApp Business Platform.
        WhatsApp = "whatsapp",
        /// WhatsApp by other means.
        WhatsAppAlt = "whatsapp_alt",
        /// Telegram.
        Telegram = "telegram",
        /// Email.
        Email = "email",
        /// Instagram.
        Instagram = "instagram",
        /// Messenger.
        Messenger = "messenger",
        /// Calls.
        Voice = "voice",
    }
}

open_enum! {
    /// The delivery status of a message.
    pub enum MessageStatus {
        /// Queued.
        Queued = "queued",
        /// It is being sent to the channel. In the first generation,
        /// `message.sent` has this status.
        Sending = "sending",
        /// The channel has it.
        Sent = "sent",
        /// It reached the recipient's device.
        Delivered = "delivered",
        /// The recipient read it.
        Read = "read",
        /// It could not be sent or delivered.
        Failed = "failed",
        /// Received.
        Received = "received",
        /// Waiting until the URLs in it are verified.
        PendingUrlVerification = "pending_url_verification",
    }
}

impl MessageStatus {
    /// Whether this is a later status of the same message than the other one.
    /// Deliveries arrive in any order, so store a status only if it supersedes
    /// the stored one.
    ///
    /// An undocumented status supersedes nothing and is superseded by every
    /// documented one.
    ///
    /// ```
    /// use zaphook::zavu::MessageStatus;
    ///
    /// assert!(MessageStatus::Read.supersedes(&MessageStatus::Delivered));
    /// assert!(!MessageStatus::Sent.supersedes(&MessageStatus::Delivered));
    /// ```
    pub fn supersedes(&self, other: &Self) -> bool {
        let rank = |status: &Self| match status {
            Self::Other(_) => 0,
            Self::PendingUrlVerification => 1,
            Self::Queued => 2,
            Self::Sending => 3,
            Self::Sent => 4,
            // What was delivered after all had not failed.
            Self::Failed => 5,
            Self::Delivered | Self::Received => 6,
            Self::Read => 7,
        };
        rank(self) > rank(other)
    }
}

open_enum! {
    /// The message types.
    pub enum MessageType {
        /// Text.
        Text = "text",
        /// An image.
        Image = "image",
        /// A video.
        Video = "video",
        /// Audio.
        Audio = "audio",
        /// A document.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A location.
        Location = "location",
        /// One or more contacts.
        Contact = "contact",
        /// Buttons.
        Buttons = "buttons",
        /// A list to choose from.
        List = "list",
        /// A button that opens a web page.
        CtaUrl = "cta_url",
        /// A button that asks for contact details.
        RequestContactInfo = "request_contact_info",
        /// A button that asks for a location.
        LocationRequest = "location_request",
        /// A reaction to another message.
        Reaction = "reaction",
        /// A template.
        Template = "template",
    }
}

open_enum! {
    /// Why a message failed. Documented as a string, even for numeric codes,
    /// which come from the channel: Meta's (`131047`) or a carrier's (`30003`).
    /// A number on the wire is read as the same code.
    pub enum ErrorCode {
        /// Meta: more than 24 hours have passed since the recipient last
        /// answered.
        ReengagementNeeded = "131047",
        /// Meta: the message cannot be delivered.
        Undeliverable = "131026",
        /// Carrier: the handset cannot be reached.
        UnreachableHandset = "30003",
        /// The email address is invalid.
        EmailInvalidRecipient = "EMAIL_INVALID_RECIPIENT",
        /// The email address's domain does not exist.
        EmailDomainNotFound = "EMAIL_DOMAIN_NOT_FOUND",
        /// The email address is on the suppression list.
        EmailRecipientSuppressed = "EMAIL_RECIPIENT_SUPPRESSED",
    }
}
