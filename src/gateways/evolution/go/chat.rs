//! Presence, contacts, labels, and what is done to chats.

use chrono::{DateTime, Utc};

use super::message::{AddressingMode, BroadcastRecipient, Info};
use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::iso;

object! {
    /// Someone came online or went offline.
    #[serde(rename_all = "PascalCase")]
    pub struct Presence {
        /// The person.
        #[serde(with = "filled")]
        pub from: Option<Jid>,
        /// Whether they went offline.
        #[serde(with = "boolean")]
        pub unavailable: Option<bool>,
        /// When they were last online; `None` when that is hidden.
        #[serde(with = "iso")]
        pub last_seen: Option<DateTime<Utc>>,
    }
}

object! {
    /// Someone is typing or recording in a chat.
    #[serde(rename_all = "PascalCase")]
    pub struct ChatPresence {
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
        /// `composing` or `paused`.
        pub state: Option<String>,
        /// `audio` when they speak; else empty.
        pub media: Option<String>,
    }
}

object_keeping_rest! {
    /// A chat was archived, or no longer is.
    #[serde(rename_all = "PascalCase")]
    pub struct Archive {
        /// The chat.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The new state.
        pub action: Option<ArchiveAction>,
        /// Whether it comes from a full synchronisation and so may be old.
        #[serde(with = "boolean")]
        pub from_full_sync: Option<bool>,
    }
}

object_keeping_rest! {
    /// Whether a chat was archived.
    #[serde(rename_all = "camelCase")]
    pub struct ArchiveAction {
        /// Whether it was.
        #[serde(with = "boolean")]
        pub archived: Option<bool>,
    }
}

object_keeping_rest! {
    /// A contact was changed on another device.
    #[serde(rename_all = "PascalCase")]
    pub struct Contact {
        /// The person.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The saved data now.
        pub action: Option<ContactAction>,
        /// Whether it comes from a full synchronisation and so may be old.
        #[serde(with = "boolean")]
        pub from_full_sync: Option<bool>,
    }
}

object_keeping_rest! {
    /// The saved data of a contact.
    #[serde(rename_all = "camelCase")]
    pub struct ContactAction {
        /// The whole name.
        pub full_name: Option<String>,
        /// The first name.
        pub first_name: Option<String>,
        /// The LID.
        #[serde(rename = "lidJID", with = "filled")]
        pub lid_jid: Option<Jid>,
        /// Whether it is in the phone's address book.
        #[serde(with = "boolean")]
        pub save_on_primary_addressbook: Option<bool>,
    }
}

object_keeping_rest! {
    /// A person changed their push name.
    #[serde(rename_all = "PascalCase")]
    pub struct PushName {
        /// The person.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// The person's other address.
        #[serde(rename = "JIDAlt", with = "filled")]
        pub jid_alt: Option<Jid>,
        /// The message that showed it.
        pub message: Option<Box<Info>>,
        /// The old push name.
        pub old_push_name: Option<String>,
        /// The new push name.
        pub new_push_name: Option<String>,
    }
}

object_keeping_rest! {
    /// A label was created, changed or deleted.
    #[serde(rename_all = "PascalCase")]
    pub struct LabelEdit {
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The label.
        #[serde(rename = "LabelID")]
        pub label_id: Option<Id>,
        /// Its new data.
        pub action: Option<LabelAction>,
        /// Whether it comes from a full synchronisation and so may be old.
        #[serde(with = "boolean")]
        pub from_full_sync: Option<bool>,
    }
}

object_keeping_rest! {
    /// The data of a label.
    #[serde(rename_all = "camelCase")]
    pub struct LabelAction {
        /// Its name.
        pub name: Option<String>,
        /// The number of its colour in WhatsApp's palette.
        #[serde(with = "integer")]
        pub color: Option<i64>,
        /// The number of WhatsApp's predefined label that it started as.
        #[serde(rename = "predefinedID", with = "integer")]
        pub predefined_id: Option<i64>,
        /// Whether it was deleted.
        #[serde(with = "boolean")]
        pub deleted: Option<bool>,
    }
}

object_keeping_rest! {
    /// A chat was labelled, or no longer is.
    #[serde(rename_all = "PascalCase")]
    pub struct LabelAssociationChat {
        /// The chat.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The label.
        #[serde(rename = "LabelID")]
        pub label_id: Option<Id>,
        /// The new state.
        pub action: Option<LabelAssociationAction>,
        /// Whether it comes from a full synchronisation and so may be old.
        #[serde(with = "boolean")]
        pub from_full_sync: Option<bool>,
    }
}

object_keeping_rest! {
    /// A message was labelled, or no longer is.
    #[serde(rename_all = "PascalCase")]
    pub struct LabelAssociationMessage {
        /// Its chat.
        #[serde(rename = "JID", with = "filled")]
        pub jid: Option<Jid>,
        /// When it happened.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The label.
        #[serde(rename = "LabelID")]
        pub label_id: Option<Id>,
        /// The message.
        #[serde(rename = "MessageID")]
        pub message_id: Option<Id>,
        /// The new state.
        pub action: Option<LabelAssociationAction>,
        /// Whether it comes from a full synchronisation and so may be old.
        #[serde(with = "boolean")]
        pub from_full_sync: Option<bool>,
    }
}

object_keeping_rest! {
    /// Whether something was labelled.
    #[serde(rename_all = "camelCase")]
    pub struct LabelAssociationAction {
        /// Whether it was.
        #[serde(with = "boolean")]
        pub labeled: Option<bool>,
    }
}
