//! Kinds of message, how far one has come, and what it was written on.

use crate::wire::number_enum::number_enum;
use crate::wire::open_enum::open_enum;

open_enum! {
    /// The kinds of message.
    pub enum MessageType {
        /// Text.
        Chat = "chat",
        /// A picture.
        Image = "image",
        /// Several pictures and films, which follow as messages of their own.
        Album = "album",
        /// A film.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// Sound that was recorded in the chat: push to talk.
        Ptt = "ptt",
        /// A file.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A place.
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
        /// What was chosen from a list.
        ListResponse = "list_response",
        /// Which button was pressed.
        ButtonsResponse = "buttons_response",
        /// Which button of a template was pressed.
        TemplateButtonReply = "template_button_reply",
        /// A message with things to press.
        Interactive = "interactive",
        /// A form.
        NativeFlow = "native_flow",
        /// A template, filled in by a business.
        Hsm = "hsm",
        /// A poll.
        PollCreation = "poll_creation",
        /// An event with its time.
        ScheduledEventCreation = "scheduled_event_creation",
        /// A call that is over.
        CallLog = "call_log",
        /// A message that could not be decrypted, or not yet.
        Ciphertext = "ciphertext",
        /// A notice about a broadcast list.
        BroadcastNotification = "broadcast_notification",
        /// A notice about encryption.
        E2eNotification = "e2e_notification",
        /// A notice about a group, as WhatsApp Web calls it.
        Gp2 = "gp2",
        /// A notice about a group.
        GroupNotification = "group_notification",
        /// A notice.
        Notification = "notification",
        /// A notice from a template.
        NotificationTemplate = "notification_template",
        /// A message between devices, not between people.
        Protocol = "protocol",
        /// A reaction.
        Reaction = "reaction",
        /// A message too large to be shown.
        Oversized = "oversized",
        /// A message for testing WhatsApp Web.
        Debug = "debug",
        /// A message that WhatsApp Web does not know.
        Unknown = "unknown",
    }
}

open_enum! {
    /// What a sender writes on, as whatsapp-web.js guesses from the length of
    /// the id.
    pub enum DeviceType {
        /// A phone with Android.
        Android = "android",
        /// An iPhone.
        Ios = "ios",
        /// WhatsApp Web, a desktop program, or a gateway.
        Web = "web",
    }
}

number_enum! {
    /// How far a message has come.
    pub enum Ack {
        /// It could not be sent.
        Error = -1,
        /// It waits to be sent.
        Pending = 0,
        /// It reached WhatsApp's server.
        Server = 1,
        /// It reached the recipient's device.
        Device = 2,
        /// The recipient read it.
        Read = 3,
        /// The recipient played it: recordings only.
        Played = 4,
    }
}

impl Ack {
    /// Whether this tells more than another one of the same message.
    /// Deliveries come in any order, so keep an ack only when it supersedes
    /// the one that is already there.
    ///
    /// A number outside the documented set supersedes nothing and is
    /// superseded by every documented one.
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
