//! Messages: written, sent, delivered and read.

use chrono::{DateTime, Utc};

use super::group::Group;
use crate::jid::Jid;
use crate::whatsapp::GoContent;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::{iso, seconds};
use crate::wire::{Id, RawJson, list};

object! {
    /// Someone wrote a message.
    #[serde(rename_all = "PascalCase")]
    pub struct Message {
        /// The message's metadata: id, chat, sender and type.
        pub info: Box<Info>,
        /// The content, without its wrappers, which are the flags below.
        pub message: Option<GoContent>,
        /// Whether it is a disappearing message.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// Whether it is a view-once message.
        #[serde(with = "boolean")]
        pub is_view_once: Option<bool>,
        /// Whether it is a view-once message, in the newer form.
        #[serde(with = "boolean")]
        pub is_view_once_v2: Option<bool>,
        /// Whether it is a view-once message, in the form for voice notes.
        #[serde(with = "boolean")]
        pub is_view_once_v2_extension: Option<bool>,
        /// Whether it is a document with a caption.
        #[serde(with = "boolean")]
        pub is_document_with_caption: Option<bool>,
        /// Whether it is an animated (Lottie) sticker.
        #[serde(with = "boolean")]
        pub is_lottie_sticker: Option<bool>,
        /// Whether it invokes a bot.
        #[serde(with = "boolean")]
        pub is_bot_invoke: Option<bool>,
        /// Whether it is the new content of an edited message.
        #[serde(with = "boolean")]
        pub is_edit: Option<bool>,
        /// The record that it was read from, for messages from the history.
        pub source_web_msg: Option<RawJson>,
        /// The id of the request for a withheld message that this is the
        /// response to; else empty.
        #[serde(rename = "UnavailableRequestID")]
        pub unavailable_request_id: Option<Id>,
        /// How often its author was asked to resend it.
        #[serde(with = "integer")]
        pub retry_count: Option<i64>,
        /// When it was edited, in a channel.
        pub newsletter_meta: Option<NewsletterMeta>,
        /// Whether the message was withheld from the account's linked devices:
        /// a view-once message. It may arrive later, with the same id.
        #[serde(with = "boolean")]
        pub is_unavailable: Option<bool>,
        /// Why it was withheld: `view_once`.
        pub unavailable_type: Option<String>,
        /// `hide` if nothing should be shown for a message that cannot be
        /// decrypted.
        pub decrypt_fail_mode: Option<String>,
        /// Whether the message was deleted.
        #[serde(with = "boolean")]
        pub is_revoke: Option<bool>,
        /// Its effect on another message.
        #[serde(rename = "messageType")]
        pub message_type: Option<MessageAction>,
        /// Whether an edit could not be decrypted.
        #[serde(rename = "decryptFailed", with = "boolean")]
        pub decrypt_failed: Option<bool>,
        /// The advertisement that led to it, in the form of Meta's Cloud API.
        #[serde(rename = "referral")]
        pub referral: Option<RawJson>,
        /// The quoted message.
        #[serde(rename = "quoted")]
        pub quoted: Option<QuotedMessage>,
        /// Whether it is a reply.
        #[serde(rename = "isQuoted", with = "boolean")]
        pub is_quoted: Option<bool>,
        /// The group that it was written in, in its current state.
        #[serde(rename = "groupData")]
        pub group_data: Option<Box<Group>>,
    }
}

object! {
    /// The message's metadata: id, chat, sender and type.
    #[serde(rename_all = "PascalCase")]
    pub struct Info {
        /// The chat.
        pub chat: Jid,
        /// The person; the address may include a device.
        #[serde(with = "filled")]
        pub sender: Option<Jid>,
        /// The other address of that person: the phone number for a LID, or the
        /// other way round.
        #[serde(with = "filled")]
        pub sender_alt: Option<Jid>,
        /// The other address of the recipient.
        #[serde(with = "filled")]
        pub recipient_alt: Option<Jid>,
        /// Whether it was this account.
        #[serde(with = "boolean")]
        pub is_from_me: Option<bool>,
        /// Whether the chat is a group.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The kind of address that the chat uses; empty when that is not
        /// known.
        pub addressing_mode: Option<AddressingMode>,
        /// Whose broadcast list it is.
        #[serde(with = "filled")]
        pub broadcast_list_owner: Option<Jid>,
        /// The recipients of the broadcast.
        pub broadcast_recipients: List<BroadcastRecipient>,
        /// The message.
        #[serde(rename = "ID")]
        pub id: Id,
        /// Its server id in a channel; else 0.
        #[serde(rename = "ServerID", with = "integer")]
        pub server_id: Option<i64>,
        /// Its type, such as `text` or `media`.
        #[serde(rename = "Type")]
        pub kind: Option<String>,
        /// The push name of the author.
        pub push_name: Option<String>,
        /// When it was written.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Its category at WhatsApp, such as `peer`.
        pub category: Option<String>,
        /// Whether it was sent to many at once.
        #[serde(with = "boolean")]
        pub multicast: Option<bool>,
        /// The kind of file it contains, such as `image`; empty for none.
        pub media_type: Option<String>,
        /// Whether it changes another message.
        pub edit: Option<EditKind>,
        /// Data about bots.
        pub msg_bot_info: Option<RawJson>,
        /// The message that it refers to.
        pub msg_meta_info: Option<MsgMetaInfo>,
        /// The certified name of a business.
        pub verified_name: Option<RawJson>,
        /// The destination, if this account sent it from another device.
        pub device_sent_meta: Option<DeviceSentMeta>,
    }
}

object! {
    /// A recipient of a broadcast message.
    #[serde(rename_all = "PascalCase")]
    pub struct BroadcastRecipient {
        /// By LID.
        #[serde(rename = "LID", with = "filled")]
        pub lid: Option<Jid>,
        /// By phone number.
        #[serde(rename = "PN", with = "filled")]
        pub pn: Option<Jid>,
    }
}

object_keeping_rest! {
    /// The message that a message refers to.
    #[serde(rename_all = "PascalCase")]
    pub struct MsgMetaInfo {
        /// The message.
        #[serde(rename = "TargetID")]
        pub target_id: Option<Id>,
        /// Who wrote that message.
        #[serde(with = "filled")]
        pub target_sender: Option<Jid>,
        /// The chat of that message.
        #[serde(with = "filled")]
        pub target_chat: Option<Jid>,
        /// The first message of the thread.
        #[serde(rename = "ThreadMessageID")]
        pub thread_message_id: Option<Id>,
        /// Who wrote the first message of the thread.
        #[serde(rename = "ThreadMessageSenderJID", with = "filled")]
        pub thread_message_sender_jid: Option<Jid>,
    }
}

object! {
    /// The destination of a message that this account sent from another device.
    #[serde(rename_all = "PascalCase")]
    pub struct DeviceSentMeta {
        /// The chat.
        #[serde(rename = "DestinationJID", with = "filled")]
        pub destination_jid: Option<Jid>,
        /// A digest of the recipients.
        pub phash: Option<String>,
    }
}

object! {
    /// When a channel message was edited. An edit has the id of the message
    /// that it edits.
    #[serde(rename_all = "PascalCase")]
    pub struct NewsletterMeta {
        /// When it was edited; `None` for the original message.
        #[serde(rename = "EditTS", with = "iso")]
        pub edit_ts: Option<DateTime<Utc>>,
        /// When it was written.
        #[serde(rename = "OriginalTS", with = "iso")]
        pub original_ts: Option<DateTime<Utc>>,
    }
}

object! {
    /// The message that a message quotes.
    #[serde(rename_all = "camelCase")]
    pub struct QuotedMessage {
        /// The id of the quoted message; empty for none.
        #[serde(rename = "stanzaID")]
        pub stanza_id: Option<Id>,
        /// Who wrote it.
        #[serde(with = "filled")]
        pub participant: Option<Jid>,
        /// The content.
        pub quoted_message: Option<GoContent>,
    }
}

object! {
    /// A message was sent through the API.
    #[serde(rename_all = "PascalCase")]
    pub struct SendMessage {
        /// The message's metadata.
        pub info: Box<Info>,
        /// The content.
        pub message: Option<GoContent>,
        /// The quoted message. Always present: with empty strings if there is
        /// none.
        pub message_context_info: Option<QuotedMessage>,
    }
}

object! {
    /// Messages were delivered, read or played.
    #[serde(rename_all = "PascalCase")]
    pub struct Receipt {
        /// The chat.
        #[serde(with = "filled")]
        pub chat: Option<Jid>,
        /// The person; the address may include a device.
        #[serde(with = "filled")]
        pub sender: Option<Jid>,
        /// The other address of that person: the phone number for a LID, or the
        /// other way round.
        #[serde(with = "filled")]
        pub sender_alt: Option<Jid>,
        /// The other address of the recipient.
        #[serde(with = "filled")]
        pub recipient_alt: Option<Jid>,
        /// Whether it was this account.
        #[serde(with = "boolean")]
        pub is_from_me: Option<bool>,
        /// Whether the chat is a group.
        #[serde(with = "boolean")]
        pub is_group: Option<bool>,
        /// The kind of address that the chat uses; empty when that is not
        /// known.
        pub addressing_mode: Option<AddressingMode>,
        /// Whose broadcast list it is.
        #[serde(with = "filled")]
        pub broadcast_list_owner: Option<Jid>,
        /// The recipients of the broadcast.
        pub broadcast_recipients: List<BroadcastRecipient>,
        /// The messages; iOS names the oldest first, Android the newest.
        #[serde(rename = "MessageIDs", with = "list::present")]
        pub message_ids: list::Present<String>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// What happened to them.
        #[serde(rename = "Type")]
        pub kind: Option<ReceiptKind>,
        /// Who wrote the messages, in groups.
        #[serde(with = "filled")]
        pub message_sender: Option<Jid>,
    }
}

object_keeping_rest! {
    /// Someone pressed a button or chose from a list.
    ///
    /// The server means to include who and where as well but, according to its
    /// source, writes `null` there. The corresponding [`Message`] has them.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonClick {
        /// The id of the button or row, as in the offer.
        pub button_id: Option<Id>,
        /// Its text.
        pub button_text: Option<String>,
        /// The kind of answer.
        #[serde(rename = "type")]
        pub kind: Option<ButtonClickKind>,
        /// When it happened, to the second.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The same again, with more detail.
        pub extra_data: Option<ButtonClickData>,
        /// The person.
        #[serde(with = "filled")]
        pub jid: Option<Jid>,
        /// The person again.
        #[serde(with = "filled")]
        pub phone: Option<Jid>,
        /// Their push name.
        pub push_name: Option<String>,
        /// The message with the answer.
        pub message_id: Option<Id>,
        /// Its chat.
        #[serde(with = "filled")]
        pub chat: Option<Jid>,
        /// Whether it was this account.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
    }
}

object_keeping_rest! {
    /// What someone pressed or chose.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonClickData {
        /// The id of the button or row, as in the offer.
        pub button_id: Option<Id>,
        /// Its text.
        pub button_text: Option<String>,
        /// The kind of answer.
        #[serde(rename = "type")]
        pub kind: Option<ButtonClickKind>,
        /// The description of the row.
        pub description: Option<String>,
        /// The kind of flow that the button started, such as `quick_reply`.
        pub name: Option<String>,
        /// The result, as JSON in a string.
        #[serde(rename = "paramsJSON")]
        pub params_json: Option<String>,
    }
}

object_keeping_rest! {
    /// The phone shared part of its history.
    #[serde(rename_all = "PascalCase")]
    pub struct HistorySync {
        /// That part, in the form of the protocol.
        pub data: Option<RawJson>,
    }
}

open_enum! {
    /// The effect of a message on another one.
    pub enum MessageAction {
        /// It edits it.
        Edit = "edit",
        /// It deletes it.
        Revoke = "revoke",
    }
}

open_enum! {
    /// The kind of an answer by button or list.
    pub enum ButtonClickKind {
        /// Buttons.
        ButtonsResponse = "buttons_response",
        /// Buttons that start flows.
        NativeFlowResponse = "native_flow_response",
        /// A template's buttons.
        TemplateButtonReply = "template_button_reply",
        /// A list.
        ListResponse = "list_response",
    }
}

open_enum! {
    /// The kind of address that a chat uses.
    pub enum AddressingMode {
        /// By phone numbers.
        Pn = "pn",
        /// By LIDs.
        Lid = "lid",
    }
}

open_enum! {
    /// Whether a message changes another one.
    pub enum as named EditKind {
        /// It does not.
        None = "",
        /// It edits it.
        MessageEdit = "1",
        /// It pins it.
        PinInChat = "2",
        /// An admin of a channel edits it.
        AdminEdit = "3",
        /// Its author deletes it.
        SenderRevoke = "7",
        /// An admin deletes it.
        AdminRevoke = "8",
    }
}

open_enum! {
    /// What happened to messages.
    pub enum as named ReceiptKind {
        /// They reached a device.
        Delivered = "",
        /// They were read.
        Read = "read",
        /// This account read them on another device.
        ReadSelf = "read-self",
        /// They were played.
        Played = "played",
        /// This account played them on another device.
        PlayedSelf = "played-self",
        /// Another device of this account sent them.
        Sender = "sender",
        /// A device could not decrypt them and asks for them again.
        Retry = "retry",
        /// They are withheld until the account is active again.
        Inactive = "inactive",
        /// For other devices of this account.
        Peer = "peer_msg",
        /// A part of the history was synced.
        HistorySync = "hist_sync",
        /// The server no longer has it.
        ServerError = "server-error",
    }
}

impl Message {
    /// Whether the account itself wrote it.
    pub fn is_from_me(&self) -> bool {
        self.info.is_from_me == Some(true)
    }

    /// The chat.
    pub fn chat(&self) -> Option<&Jid> {
        Some(&self.info.chat).filter(|chat| !chat.as_str().is_empty())
    }

    /// Who wrote it. `None` for the account's own messages: its address is
    /// [`Info::sender`].
    pub fn sender(&self) -> Option<&Jid> {
        let sender = self.info.sender.as_ref().filter(|_| !self.is_from_me());
        sender.filter(|sender| !sender.as_str().is_empty())
    }

    /// The phone number of whoever wrote it: digits, without `+`. `None` where
    /// the server only gives a LID, and for the account's own messages.
    pub fn sender_phone(&self) -> Option<&str> {
        let sender = self.sender()?;
        sender.phone().or_else(|| self.info.sender_alt.as_ref()?.phone())
    }

    /// The text, or the caption of media, from the content, which is typed for
    /// it.
    pub fn text(&self) -> Option<String> {
        let content = self.message.as_ref()?.content().ok()?;
        let said = content.unwrapped();
        said.text().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Whether this is a placeholder for a message that was withheld from the
    /// server and may arrive later with the same id.
    pub fn is_withheld(&self) -> bool {
        let named = self.unavailable_type.as_deref().is_some_and(|kind| !kind.is_empty());
        self.message.is_none() && (named || self.is_unavailable == Some(true))
    }

    /// Whether it was unwrapped.
    pub fn is_wrapped(&self) -> bool {
        [
            self.is_ephemeral,
            self.is_view_once,
            self.is_document_with_caption,
            self.is_lottie_sticker,
            self.is_bot_invoke,
            self.is_edit,
        ]
        .contains(&Some(true))
    }
}
