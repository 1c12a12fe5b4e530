//! The list of message contents.

use serde::de::{DeserializeOwned, MapAccess};
use serde::ser::SerializeMap;

use super::answer::{
    ButtonsResponseMessage, InteractiveResponseMessage, ListResponseMessage,
    TemplateButtonReplyMessage,
};
use super::commerce::{
    InvoiceMessage, OrderMessage, PaymentInviteMessage, ProductMessage, RequestPaymentMessage,
    SendPaymentMessage,
};
use super::media::{
    AudioMessage, DocumentMessage, ImageMessage, StickerMessage, StickerPackMessage, VideoMessage,
};
use super::offer::{ButtonsMessage, InteractiveMessage, ListMessage, TemplateMessage};
use super::poll::{
    CommentMessage, EncCommentMessage, EncReactionMessage, PollCreationMessage,
    PollResultSnapshotMessage, PollUpdateMessage, ReactionMessage,
};
use super::protocol::{
    DeviceSentMessage, PlaceholderMessage, ProtocolMessage, SecretEncryptedMessage, Wrapped,
};
use super::social::{
    AlbumMessage, CallLogMessage, EncEventResponseMessage, EventMessage, GroupInviteMessage,
    KeepInChatMessage, NewsletterAdminInviteMessage, PinInChatMessage, RequestPhoneNumberMessage,
    ScheduledCallCreationMessage,
};
use super::text::{
    ContactMessage, ContactsArrayMessage, ExtendedTextMessage, LiveLocationMessage, LocationMessage,
};
use super::{Content, ContextInfo};
use crate::event::Nested;
use crate::wire::open_enum::open_enum;

/// Declares the message contents by member name: the enum, the kinds, and how a
/// member is read. A line with `context_info` has a type with one; a line with
/// `message` has a type that wraps another message.
macro_rules! contents {
    ($(
        $(#[$doc:meta])*
        $name:literal => $Variant:ident($Payload:ty) $([$part:ident])?,
    )+) => {
        /// The content of a message: one variant for each member of the message
        /// object that is known to be content.
        ///
        /// | member | variant |
        /// |---|---|
        $(#[doc = concat!(
            "| `", $name, "` | [`", stringify!($Variant), "`](Self::", stringify!($Variant), ") |"
        )])+
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Body {
            $(
                #[doc = concat!("`", $name, "`:")]
                $(#[$doc])*
                #[doc(alias = $name)]
                $Variant($Payload),
            )+
        }

        open_enum! {
            /// The kind of content of a message, by the name of its member.
            pub enum Kind {
                $(
                    $(#[$doc])*
                    $Variant = $name,
                )+
            }
        }

        impl Body {
            /// The kind of content.
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$Variant(_) => Kind::$Variant,)+
                }
            }

            /// The context (quoted message, mentions, forwarding,
            /// advertisement), for contents that have one.
            pub fn context_info(&self) -> Option<&ContextInfo> {
                match self {
                    $(Self::$Variant(payload) => part!(payload, context_info, $($part)?),)+
                }
            }

            /// The message inside, for the contents that wrap one.
            pub fn wrapped(&self) -> Option<&Nested<Content>> {
                match self {
                    $(Self::$Variant(payload) => part!(payload, message, $($part)?),)+
                }
            }

            /// The name of the member.
            pub(crate) fn name(&self) -> &'static str {
                match self {
                    $(Self::$Variant(_) => $name,)+
                }
            }

            /// Whether a member of that name wraps another message; `None` when the
            /// name is not one of the list.
            pub(crate) fn wraps(name: &str) -> Option<bool> {
                Some(match name {
                    $($name => wraps!($($part)?),)+
                    _ => return None,
                })
            }

            /// Reads the value of a member: the content, when the member is
            /// one and is not `null`, or nothing when it is `null`. `None` when
            /// the name is not one of the list; then the value is still to be
            /// read.
            pub(super) fn read<'de, A: MapAccess<'de>>(
                name: &str,
                map: &mut A,
            ) -> Result<Option<Option<Self>>, A::Error> {
                Ok(Some(match name {
                    $($name => next(map)?.map(Self::$Variant),)+
                    _ => return Ok(None),
                }))
            }

            /// Writes it as a member.
            pub(super) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
                match self {
                    $(Self::$Variant(payload) => map.serialize_entry($name, payload),)+
                }
            }
        }
    };
}

macro_rules! wraps {
    (message) => {
        true
    };
    ($($other:ident)?) => {
        false
    };
}

macro_rules! part {
    ($payload:ident, context_info, context_info) => {
        $payload.context_info.as_deref()
    };
    ($payload:ident, message, message) => {
        $payload.message.as_ref()
    };
    ($payload:ident, $wanted:ident, $($other:ident)?) => {{
        let _ = $payload;
        None
    }};
}

/// Kept out of the way of the list: one frame for all types would be large.
#[inline(never)]
fn next<'de, A: MapAccess<'de>, T: DeserializeOwned>(map: &mut A) -> Result<Option<T>, A::Error> {
    map.next_value()
}

contents! {
    /// Plain text. In v2 also text with a link preview, a quoted message or
    /// mentions.
    "conversation" => Text(String),
    /// Text with a link preview, a quoted message or mentions.
    "extendedTextMessage" => ExtendedText(Box<ExtendedTextMessage>) [context_info],
    /// An image.
    "imageMessage" => Image(Box<ImageMessage>) [context_info],
    /// Audio, or a voice note.
    "audioMessage" => Audio(Box<AudioMessage>) [context_info],
    /// A video.
    "videoMessage" => Video(Box<VideoMessage>) [context_info],
    /// A document.
    "documentMessage" => Document(Box<DocumentMessage>) [context_info],
    /// A sticker.
    "stickerMessage" => Sticker(Box<StickerMessage>) [context_info],
    /// A reaction to a message, or its removal.
    "reactionMessage" => Reaction(Box<ReactionMessage>),
    /// A round video note.
    "ptvMessage" => VideoNote(Box<VideoMessage>) [context_info],
    /// A location.
    "locationMessage" => Location(Box<LocationMessage>) [context_info],
    /// A live location.
    "liveLocationMessage" => LiveLocation(Box<LiveLocationMessage>) [context_info],
    /// A contact.
    "contactMessage" => Contact(Box<ContactMessage>) [context_info],
    /// A contact, sent through the Cloud channel.
    "contact" => PostedContact(Box<ContactMessage>) [context_info],
    /// Several contacts.
    "contactsArrayMessage" => Contacts(Box<ContactsArrayMessage>) [context_info],
    /// A document with a caption: wraps a document.
    "documentWithCaptionMessage" => DocumentWithCaption(Box<Wrapped>) [message],
    /// Wraps a message that disappears.
    "ephemeralMessage" => Ephemeral(Box<Wrapped>) [message],
    /// Wraps a message that can be viewed once.
    "viewOnceMessage" => ViewOnce(Box<Wrapped>) [message],
    /// As before, from newer clients.
    "viewOnceMessageV2" => ViewOnceV2(Box<Wrapped>) [message],
    /// As before, for voice notes.
    "viewOnceMessageV2Extension" => ViewOnceV2Extension(Box<Wrapped>) [message],
    /// Wraps an edit.
    "editedMessage" => Edited(Box<Wrapped>) [message],
    /// A protocol message: an edit, a deletion, or another action on a message.
    "protocolMessage" => Protocol(Box<ProtocolMessage>),
    /// An edit by a newer client, encrypted and not readable here.
    "secretEncryptedMessage" => SecretEncrypted(Box<SecretEncryptedMessage>),
    /// Someone chose a row of a list.
    "listResponseMessage" => ListResponse(Box<ListResponseMessage>) [context_info],
    /// Someone pressed a button.
    "buttonsResponseMessage" => ButtonsResponse(Box<ButtonsResponseMessage>) [context_info],
    /// Someone pressed a button of a template.
    "templateButtonReplyMessage" =>
        TemplateButtonReply(Box<TemplateButtonReplyMessage>) [context_info],
    /// Someone finished a flow.
    "interactiveResponseMessage" =>
        InteractiveResponse(Box<InteractiveResponseMessage>) [context_info],
    /// A list to choose from.
    "listMessage" => List(Box<ListMessage>) [context_info],
    /// Buttons to choose from.
    "buttonsMessage" => Buttons(Box<ButtonsMessage>) [context_info],
    /// A filled-in template from a business.
    "templateMessage" => Template(Box<TemplateMessage>) [context_info],
    /// An interactive message: text with a flow, a catalogue, cards or a shop.
    "interactiveMessage" => Interactive(Box<InteractiveMessage>) [context_info],
    /// A poll.
    "pollCreationMessage" => PollCreation(Box<PollCreationMessage>) [context_info],
    /// A poll in a community's announcements.
    "pollCreationMessageV2" => PollCreationV2(Box<PollCreationMessage>) [context_info],
    /// A poll with one answer: the usual form.
    "pollCreationMessageV3" => PollCreationV3(Box<PollCreationMessage>) [context_info],
    /// A quiz.
    "pollCreationMessageV5" => PollCreationV5(Box<PollCreationMessage>) [context_info],
    /// A vote in a poll.
    "pollUpdateMessage" => PollUpdate(Box<PollUpdateMessage>),
    /// The result of a poll, so far.
    "pollResultSnapshotMessage" =>
        PollResultSnapshot(Box<PollResultSnapshotMessage>) [context_info],
    /// A reaction that is encrypted and not readable here.
    "encReactionMessage" => EncReaction(Box<EncReactionMessage>),
    /// A set of stickers.
    "stickerPackMessage" => StickerPack(Box<StickerPackMessage>) [context_info],
    /// An album: images and videos that follow and belong together.
    "albumMessage" => Album(Box<AlbumMessage>) [context_info],
    /// An order.
    "orderMessage" => Order(Box<OrderMessage>) [context_info],
    /// A product.
    "productMessage" => Product(Box<ProductMessage>) [context_info],
    /// An invitation to a group.
    "groupInviteMessage" => GroupInvite(Box<GroupInviteMessage>) [context_info],
    /// An invitation to become an admin of a channel.
    "newsletterAdminInviteMessage" =>
        NewsletterAdminInvite(Box<NewsletterAdminInviteMessage>) [context_info],
    /// An event in a group.
    "eventMessage" => Event(Box<EventMessage>) [context_info],
    /// An answer to an event, encrypted and not readable here.
    "encEventResponseMessage" => EncEventResponse(Box<EncEventResponseMessage>),
    /// A message was pinned, or no longer is.
    "pinInChatMessage" => PinInChat(Box<PinInChatMessage>),
    /// A disappearing message was kept, or no longer is.
    "keepInChatMessage" => KeepInChat(Box<KeepInChatMessage>),
    /// A call that took place. The name has three s.
    "callLogMesssage" => CallLog(Box<CallLogMessage>),
    /// A call was scheduled.
    "scheduledCallCreationMessage" => ScheduledCallCreation(Box<ScheduledCallCreationMessage>),
    /// A payment request.
    "requestPaymentMessage" => RequestPayment(Box<RequestPaymentMessage>) [context_info],
    /// A payment.
    "sendPaymentMessage" => SendPayment(Box<SendPaymentMessage>) [context_info],
    /// An invitation to set up payments.
    "paymentInviteMessage" => PaymentInvite(Box<PaymentInviteMessage>) [context_info],
    /// An invoice.
    "invoiceMessage" => Invoice(Box<InvoiceMessage>) [context_info],
    /// A business asks for a phone number.
    "requestPhoneNumberMessage" =>
        RequestPhoneNumber(Box<RequestPhoneNumberMessage>) [context_info],
    /// A comment: wraps its content.
    "commentMessage" => Comment(Box<CommentMessage>) [message],
    /// A comment that is encrypted and not readable here.
    "encCommentMessage" => EncComment(Box<EncCommentMessage>),
    /// A placeholder for a message withheld from linked devices.
    "placeholderMessage" => Placeholder(Box<PlaceholderMessage>),
    /// Wraps a message that the account sent from another device.
    "deviceSentMessage" => DeviceSent(Box<DeviceSentMessage>) [message],
    /// Wraps a message that mentions groups.
    "groupMentionedMessage" => GroupMentioned(Box<Wrapped>) [message],
    /// Wraps a question to a bot.
    "botInvokeMessage" => BotInvoke(Box<Wrapped>) [message],
    /// Wraps an animated sticker.
    "lottieStickerMessage" => LottieSticker(Box<Wrapped>) [message],
    /// Wraps the cover of an event.
    "eventCoverImage" => EventCoverImage(Box<Wrapped>) [message],
    /// Wraps a mention in a status post.
    "statusMentionMessage" => StatusMention(Box<Wrapped>) [message],
    /// Wraps an image of a poll option.
    "pollCreationOptionImageMessage" => PollCreationOptionImage(Box<Wrapped>) [message],
    /// Wraps a message that belongs to another one.
    "associatedChildMessage" => AssociatedChild(Box<Wrapped>) [message],
    /// Wraps a mention of a group in a status post.
    "groupStatusMentionMessage" => GroupStatusMention(Box<Wrapped>) [message],
    /// Wraps a poll.
    "pollCreationMessageV4" => PollCreationV4(Box<Wrapped>) [message],
    /// Wraps an addition to a status post.
    "statusAddYours" => StatusAddYours(Box<Wrapped>) [message],
    /// Wraps a status post of a group.
    "groupStatusMessage" => GroupStatus(Box<Wrapped>) [message],
    /// As before, from newer clients.
    "groupStatusMessageV2" => GroupStatusV2(Box<Wrapped>) [message],
    /// Wraps a notice that the chat limits sharing.
    "limitSharingMessage" => LimitSharing(Box<Wrapped>) [message],
    /// Wraps a task for a bot.
    "botTaskMessage" => BotTask(Box<Wrapped>) [message],
    /// Wraps a question.
    "questionMessage" => Question(Box<Wrapped>) [message],
    /// Wraps an answer to a question.
    "questionReplyMessage" => QuestionReply(Box<Wrapped>) [message],
    /// Wraps a forwarded bot message.
    "botForwardedMessage" => BotForwarded(Box<Wrapped>) [message],
}

impl Body {
    /// Whether a member with this name is content, judging by the name: the
    /// rule by which the server itself determines the type of a message.
    pub(crate) fn is_content(name: &str) -> bool {
        name.contains("Message") && name != "senderKeyDistributionMessage"
    }
}
