//! Message types, delivery status, and device types.

use crate::wire::number_enum::number_enum;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// The message types.
    pub enum MessageType {
        /// Text.
        Chat = "chat",
        /// An image.
        Image = "image",
        /// An album. Its images and videos follow as messages of their own.
        Album = "album",
        /// A video.
        Video = "video",
        /// Audio.
        Audio = "audio",
        /// A voice note (push to talk).
        Ptt = "ptt",
        /// A document.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A location.
        Location = "location",
        /// A contact card.
        Vcard = "vcard",
        /// Several contact cards.
        MultiVcard = "multi_vcard",
        /// An order.
        Order = "order",
        /// A product.
        Product = "product",
        /// A payment.
        Payment = "payment",
        /// A message that was deleted for everybody.
        Revoked = "revoked",
        /// An invitation to a group.
        GroupsV4Invite = "groups_v4_invite",
        /// A list to choose from.
        List = "list",
        /// The choice from a list.
        ListResponse = "list_response",
        /// The reply of a button.
        ButtonsResponse = "buttons_response",
        /// The reply of a template button.
        TemplateButtonReply = "template_button_reply",
        /// An interactive message.
        Interactive = "interactive",
        /// A flow (form).
        NativeFlow = "native_flow",
        /// A template message from a business.
        Hsm = "hsm",
        /// A poll.
        PollCreation = "poll_creation",
        /// A scheduled event.
        ScheduledEventCreation = "scheduled_event_creation",
        /// An ended call.
        CallLog = "call_log",
        /// A message that could not be decrypted, or has not been decrypted
        /// yet.
        Ciphertext = "ciphertext",
        /// A notification about a broadcast list.
        BroadcastNotification = "broadcast_notification",
        /// A notification about encryption.
        E2eNotification = "e2e_notification",
        /// A notification about a group, in WhatsApp Web's own term.
        Gp2 = "gp2",
        /// A notification about a group.
        GroupNotification = "group_notification",
        /// A notification.
        Notification = "notification",
        /// A notification from a template.
        NotificationTemplate = "notification_template",
        /// A protocol message between devices.
        Protocol = "protocol",
        /// A reaction.
        Reaction = "reaction",
        /// A message that is too large to display.
        Oversized = "oversized",
        /// A test message of WhatsApp Web.
        Debug = "debug",
        /// A message of a type that WhatsApp Web does not know.
        Unknown = "unknown",
    }
}

open_enum! {
    /// The sender's device, as whatsapp-web.js guesses from the length of the
    /// id.
    pub enum DeviceType {
        /// A phone with Android.
        Android = "android",
        /// An iPhone.
        Ios = "ios",
        /// WhatsApp Web, a desktop app, or a gateway.
        Web = "web",
    }
}

number_enum! {
    /// The delivery status of a message.
    pub enum Ack {
        /// It could not be sent.
        Error = -1,
        /// Waiting to be sent.
        Pending = 0,
        /// It reached WhatsApp's server.
        Server = 1,
        /// It reached the recipient's device.
        Device = 2,
        /// The recipient read it.
        Read = 3,
        /// The recipient played it: voice notes only.
        Played = 4,
    }
}

impl Ack {
    /// Whether this is a later status of the same message than the other one.
    /// Deliveries arrive in any order, so store an ack only if it supersedes
    /// the stored one.
    ///
    /// An undocumented number supersedes nothing and is superseded by every
    /// documented one.
    ///
    /// ```
    /// use zaphook::eazewa::Ack;
    ///
    /// assert!(Ack::Read.supersedes(&Ack::Device));
    /// assert!(!Ack::Server.supersedes(&Ack::Device));
    /// assert!(Ack::Error.supersedes(&Ack::Server));
    /// ```
    pub fn supersedes(&self, other: &Self) -> bool {
        let rank = |ack: &Self| match ack {
            Self::Other(_) => 0,
            Self::Pending => 1,
            Self::Server => 2,
            // What was delivered after all had not failed.
            Self::Error => 3,
            Self::Device => 4,
            Self::Read => 5,
            Self::Played => 6,
        };
        rank(self) > rank(other)
    }
}
