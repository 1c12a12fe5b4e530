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
    /// Somebody wrote a message.
    #[serde(rename_all = "PascalCase")]
    pub struct Message {
        /// Who wrote what kind of message where.
        pub info: Box<Info>,
        /// What it holds, without its wrappers: these are the flags below.
        pub message: Option<GoContent>,
        /// Whether it disappears.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// Whether it can be seen once only.
        #[serde(with = "boolean")]
        pub is_view_once: Option<bool>,
        /// Whether it can, in the newer form.
        #[serde(with = "boolean")]
        pub is_view_once_v2: Option<bool>,
        /// Whether it can, in the form for voice notes.
        #[serde(with = "boolean")]
        pub is_view_once_v2_extension: Option<bool>,
        /// Whether it is a document with a text.
        #[serde(with = "boolean")]
        pub is_document_with_caption: Option<bool>,
        /// Whether it is a moving sticker.
        #[serde(with = "boolean")]
        pub is_lottie_sticker: Option<bool>,
        /// Whether it asks a bot.
        #[serde(with = "boolean")]
        pub is_bot_invoke: Option<bool>,
        /// Whether it is the new content of an edited message.
        #[serde(with = "boolean")]
        pub is_edit: Option<bool>,
        /// The record that it was read from, for history.
        pub source_web_msg: Option<RawJson>,
        /// The request for a message that was withheld, which this answers; else
        /// empty.
        #[serde(rename = "UnavailableRequestID")]
        pub unavailable_request_id: Option<Id>,
        /// How often its author was asked to send it again.
        #[serde(with = "integer")]
        pub retry_count: Option<i64>,
        /// When it was edited, in a channel.
        pub newsletter_meta: Option<NewsletterMeta>,
        /// Whether the account's other devices were not given it: a message that
        /// can be seen once. It may come later, under the same id.
        #[serde(with = "boolean")]
        pub is_unavailable: Option<bool>,
        /// Why they were not: `view_once`.
        pub unavailable_type: Option<String>,
        /// `hide` where nothing is to be shown for a message that cannot be
        /// decrypted.
        pub decrypt_fail_mode: Option<String>,
        /// Whether the message was deleted.
        #[serde(with = "boolean")]
        pub is_revoke: Option<bool>,
        /// What it does to another message.
        #[serde(rename = "messageType")]
        pub message_type: Option<MessageAction>,
        /// Whether an edit could not be decrypted.
        #[serde(rename = "decryptFailed", with = "boolean")]
        pub decrypt_failed: Option<bool>,
        /// The advertisement that led to it, in the words of Meta's Cloud API.
        #[serde(rename = "referral")]
        pub referral: Option<RawJson>,
        /// What it answers.
        #[serde(rename = "quoted")]
        pub quoted: Option<QuotedMessage>,
        /// Whether it answers something.
        #[serde(rename = "isQuoted", with = "boolean")]
        pub is_quoted: Option<bool>,
        /// The group that it was written in, as it is now.
        #[serde(rename = "groupData")]
        pub group_data: Option<Box<Group>>,
    }
}

object! {
    /// Who wrote what kind of message where.
    #[serde(rename_all = "PascalCase")]
    pub struct Info {
        /// The chat.
        pub chat: Jid,
        /// Who; may carry a device.
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
        /// By which addresses the chat goes; empty when that is not known.
        pub addressing_mode: Option<AddressingMode>,
        /// Whose broadcast list it is.
        #[serde(with = "filled")]
        pub broadcast_list_owner: Option<Jid>,
        /// Whom it was broadcast to.
        pub broadcast_recipients: List<BroadcastRecipient>,
        /// The message.
        #[serde(rename = "ID")]
        pub id: Id,
        /// Its number in a channel; else 0.
        #[serde(rename = "ServerID", with = "integer")]
        pub server_id: Option<i64>,
        /// What kind it is, such as `text` or `media`.
        #[serde(rename = "Type")]
        pub kind: Option<String>,
        /// What the author calls themselves.
        pub push_name: Option<String>,
        /// When it was written.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// What else WhatsApp calls it, such as `peer`.
        pub category: Option<String>,
        /// Whether it went to many at once.
        #[serde(with = "boolean")]
        pub multicast: Option<bool>,
        /// What kind of file it holds, such as `image`; empty for none.
        pub media_type: Option<String>,
        /// Whether it changes another message.
        pub edit: Option<EditKind>,
        /// What concerns bots.
        pub msg_bot_info: Option<RawJson>,
        /// What it points at.
        pub msg_meta_info: Option<MsgMetaInfo>,
        /// The certified name of a business.
        pub verified_name: Option<RawJson>,
        /// Where it went, when this account sent it from another device.
        pub device_sent_meta: Option<DeviceSentMeta>,
    }
}

object! {
    /// Somebody to whom a message was broadcast.
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
    /// What a message points at.
    #[serde(rename_all = "PascalCase")]
    pub struct MsgMetaInfo {
        /// The message.
        #[serde(rename = "TargetID")]
        pub target_id: Option<Id>,
        /// Who wrote that.
        #[serde(with = "filled")]
        pub target_sender: Option<Jid>,
        /// Where that stands.
        #[serde(with = "filled")]
        pub target_chat: Option<Jid>,
        /// The beginning of the thread.
        #[serde(rename = "ThreadMessageID")]
        pub thread_message_id: Option<Id>,
        /// Who wrote that beginning.
        #[serde(rename = "ThreadMessageSenderJID", with = "filled")]
        pub thread_message_sender_jid: Option<Jid>,
    }
}

object! {
    /// Where a message went that this account sent from another device.
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
    /// When a message of a channel was edited. An edit has the id of the message
    /// that it edits.
    #[serde(rename_all = "PascalCase")]
    pub struct NewsletterMeta {
        /// When it was edited; `None` for the message as it was first.
        #[serde(rename = "EditTS", with = "iso")]
        pub edit_ts: Option<DateTime<Utc>>,
        /// When it was written.
        #[serde(rename = "OriginalTS", with = "iso")]
        pub original_ts: Option<DateTime<Utc>>,
    }
}

object! {
    /// What a message answers.
    #[serde(rename_all = "camelCase")]
    pub struct QuotedMessage {
        /// The id of that message; empty for none.
        #[serde(rename = "stanzaID")]
        pub stanza_id: Option<Id>,
        /// Who wrote it.
        #[serde(with = "filled")]
        pub participant: Option<Jid>,
        /// What it holds.
        pub quoted_message: Option<GoContent>,
    }
}

object! {
    /// A message was sent through the API.
    #[serde(rename_all = "PascalCase")]
    pub struct SendMessage {
        /// Where it went.
        pub info: Box<Info>,
        /// What it holds.
        pub message: Option<GoContent>,
        /// What it answers. Always there: with empty texts when it answers nothing.
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
        /// Who; may carry a device.
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
        /// By which addresses the chat goes; empty when that is not known.
        pub addressing_mode: Option<AddressingMode>,
        /// Whose broadcast list it is.
        #[serde(with = "filled")]
        pub broadcast_list_owner: Option<Jid>,
        /// Whom it was broadcast to.
        pub broadcast_recipients: List<BroadcastRecipient>,
        /// The messages; iOS names the oldest first, Android the newest.
        #[serde(rename = "MessageIDs", deserialize_with = "list::present")]
        pub message_ids: list::Present<String>,
        /// When.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// What became of them.
        #[serde(rename = "Type")]
        pub kind: Option<ReceiptKind>,
        /// Who wrote the messages, in groups.
        #[serde(with = "filled")]
        pub message_sender: Option<Jid>,
    }
}

object_keeping_rest! {
    /// Somebody pressed a button or chose from a list.
    ///
    /// The server means to say who and where as well and, as far as its source
    /// shows, writes `null` there. The [`Message`] that says the same tells it.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonClick {
        /// The button or row, by the id that it was offered with.
        pub button_id: Option<Id>,
        /// What it says.
        pub button_text: Option<String>,
        /// What was answered.
        #[serde(rename = "type")]
        pub kind: Option<ButtonClickKind>,
        /// When, to the second.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The same once more, and more of it.
        pub extra_data: Option<ButtonClickData>,
        /// Who.
        #[serde(with = "filled")]
        pub jid: Option<Jid>,
        /// Who, once more.
        #[serde(with = "filled")]
        pub phone: Option<Jid>,
        /// What they call themselves.
        pub push_name: Option<String>,
        /// The message that says so.
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
    /// What somebody pressed or chose.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonClickData {
        /// The button or row, by the id that it was offered with.
        pub button_id: Option<Id>,
        /// What it says.
        pub button_text: Option<String>,
        /// What was answered.
        #[serde(rename = "type")]
        pub kind: Option<ButtonClickKind>,
        /// What stands below the row.
        pub description: Option<String>,
        /// What kind of flow the button started, such as `quick_reply`.
        pub name: Option<String>,
        /// What came out of it, as JSON within a text.
        #[serde(rename = "paramsJSON")]
        pub params_json: Option<String>,
    }
}

object_keeping_rest! {
    /// The phone shared a part of its history.
    #[serde(rename_all = "PascalCase")]
    pub struct HistorySync {
        /// That part, as the protocol has it.
        pub data: Option<RawJson>,
    }
}

open_enum! {
    /// What a message does to another one.
    pub enum MessageAction {
        /// It edits it.
        Edit = "edit",
        /// It deletes it.
        Revoke = "revoke",
    }
}

open_enum! {
    /// What somebody answered by pressing or choosing.
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
    /// By which addresses a chat goes.
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
    /// What became of messages.
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
        /// A device could not read them and asks for them again.
        Retry = "retry",
        /// They are withheld until the account takes part again.
        Inactive = "inactive",
        /// For other devices of this account.
        Peer = "peer_msg",
        /// A part of the history was taken over.
        HistorySync = "hist_sync",
        /// The server has it for no longer.
        ServerError = "server-error",
    }
}

impl Message {
    /// Whether this stands for a message that the server was not given, which
    /// may come later under the same id.
    pub fn is_withheld(&self) -> bool {
        let named = self.unavailable_type.as_deref().is_some_and(|kind| !kind.is_empty());
        self.message.is_none() && (named || self.is_unavailable == Some(true))
    }

    /// Whether it was taken out of a wrapper.
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
