//! Messages: on their way out, received, and stories.

use chrono::{DateTime, Utc};

use super::content::{Content, Referral};
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::time::millis;
use crate::wire::{Id, TextOrNumber};

object! {
    /// A message that you sent, and how far it has come.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.queued")]
    #[doc(alias = "message.sent")]
    #[doc(alias = "message.delivered")]
    #[doc(alias = "message.read")]
    #[doc(alias = "message.failed")]
    pub struct OutboundMessage {
        /// The message: an opaque id, such as `jd7…`, `k57…` or `msg_…`.
        pub message_id: Id,
        /// Who it is for: a phone number, an email address, a chat id, or an id
        /// that a business has of a person (BSUID).
        pub to: Option<String>,
        /// By which channel it goes.
        pub channel: Option<Channel>,
        /// How far it has come.
        pub status: Option<MessageStatus>,
        /// Why it failed. `null` or absent when it did not.
        pub error_code: Option<TextOrNumber<ErrorCode>>,
        /// Why it failed, in words. `null` or absent when it did not.
        pub error_message: Option<String>,
        /// The conversation it belongs to. Seen by receivers; in no schema.
        pub conversation_id: Option<Id>,
        /// The template it was made from. First generation, `message.queued`
        /// only; `null` without a template.
        pub template_id: Option<Id>,
    }
}

object! {
    /// Somebody wrote to you.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.inbound")]
    pub struct MessageInbound {
        /// The message: an opaque id.
        pub message_id: Id,
        /// The conversation it belongs to. `null` while the conversation is
        /// being made, absent before the middle of 2026.
        pub conversation_id: Option<Id>,
        /// Who wrote it: a phone number (E.164), an id that a business has of a
        /// person (BSUID, `CC.<digits>`), an email address or a chat id.
        pub from: String,
        /// Which address of yours it was written to: your number, or the
        /// recipient of the email.
        pub to: Option<String>,
        /// By which channel it came.
        pub channel: Option<Channel>,
        /// `received`. Absent in the first generation, and in samples.
        pub status: Option<MessageStatus>,
        /// What kind of message it is. Absent in the first generation.
        pub message_type: Option<MessageType>,
        /// The text: of the message, the caption, or the title of the button or
        /// list row that was pressed. Absent on media without a caption.
        pub text: Option<String>,
        /// What the message is besides its text. `null` or absent when nothing.
        pub content: Option<Box<Content>>,
        /// The sender's name on their profile; `null` for SMS.
        pub profile_name: Option<String>,
        /// When it was written, as the channel tells; `null` for SMS and email.
        /// Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub provider_timestamp: Option<DateTime<Utc>>,
        /// The advertisement that led to it: on WhatsApp, with the first
        /// message only.
        pub referral: Option<Box<Referral>>,
        /// Whether it was written in a group; `whatsapp_alt` only, as are the
        /// three after it.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The group (`<id>@g.us`).
        pub group_id: Option<Id>,
        /// Who wrote it in the group; the same as `from`.
        pub group_author: Option<String>,
        /// The group's name.
        pub group_name: Option<String>,
        /// The schema is that of messages on their way out, and so has an error
        /// too.
        pub error_code: Option<TextOrNumber<ErrorCode>>,
        /// The error in words.
        pub error_message: Option<String>,
    }
}

object! {
    /// Somebody posted a story. The event's name is `message.status`; it is not
    /// about the status of a message.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.status")]
    pub struct Story {
        /// Who posted it: a phone number, or an id as for
        /// [`MessageInbound::from`].
        pub from: String,
        /// What kind of story it is: text, image, video or audio.
        pub message_type: Option<MessageType>,
        /// The text or the caption.
        pub text: Option<String>,
        /// The media type of its file, `image/jpeg`.
        #[serde(rename = "mimetype")]
        pub mime_type: Option<String>,
        /// When it was posted. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub provider_timestamp: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// The channels that messages go and come by. API v2 calls them transports.
    pub enum Channel {
        /// Whichever reaches the recipient.
        Auto = "auto",
        /// Text messages.
        Sms = "sms",
        /// Text messages that cannot be answered.
        SmsOneway = "sms_oneway",
        /// WhatsApp's business platform.
        WhatsApp = "whatsapp",
        /// WhatsApp by another way.
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
    /// How far a message has come.
    pub enum MessageStatus {
        /// It waits for its turn.
        Queued = "queued",
        /// It is on its way to the channel. In the first generation,
        /// `message.sent` says this.
        Sending = "sending",
        /// The channel has it.
        Sent = "sent",
        /// It reached the recipient's device.
        Delivered = "delivered",
        /// The recipient read it.
        Read = "read",
        /// It could not be sent or delivered.
        Failed = "failed",
        /// It came in.
        Received = "received",
        /// It waits until the addresses in it are verified.
        PendingUrlVerification = "pending_url_verification",
    }
}

impl MessageStatus {
    /// Whether this status tells more than another one of the same message.
    /// Deliveries come in any order, so keep a status only when it supersedes
    /// the one that is already there.
    ///
    /// A status outside the documented set supersedes nothing and is
    /// superseded by every documented one.
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
    /// The kinds of message.
    pub enum MessageType {
        /// Text.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
        /// A recording.
        Audio = "audio",
        /// A file.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A place.
        Location = "location",
        /// One or more contacts.
        Contact = "contact",
        /// Buttons.
        Buttons = "buttons",
        /// A list to choose from.
        List = "list",
        /// A button that leads to a web page.
        CtaUrl = "cta_url",
        /// A button that asks for contact details.
        RequestContactInfo = "request_contact_info",
        /// A button that asks for a place.
        LocationRequest = "location_request",
        /// A reaction to another message.
        Reaction = "reaction",
        /// A template.
        Template = "template",
    }
}

open_enum! {
    /// Why a message failed. Documented as text, also where it is a number:
    /// those are of the channel, Meta's (`131047`) or a carrier's (`30003`). A
    /// number on the wire is the same code.
    pub enum ErrorCode {
        /// Meta: more than 24 hours have passed since the recipient last
        /// answered.
        ReengagementNeeded = "131047",
        /// Meta: the message cannot be delivered.
        Undeliverable = "131026",
        /// Carrier: the handset cannot be reached.
        UnreachableHandset = "30003",
        /// The email address is not one.
        EmailInvalidRecipient = "EMAIL_INVALID_RECIPIENT",
        /// The email address's domain does not exist.
        EmailDomainNotFound = "EMAIL_DOMAIN_NOT_FOUND",
        /// The email address is on the list of those not to write to.
        EmailRecipientSuppressed = "EMAIL_RECIPIENT_SUPPRESSED",
    }
}
