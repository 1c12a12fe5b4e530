//! Labels, and the chats they are added to.

use crate::jid::Jid;
use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};

object! {
    /// A label was created, changed or deleted. The deletion of a label that
    /// the server had stored is delivered twice.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "labels.edit")]
    pub struct LabelEdit {
        /// The label.
        pub id: Id,
        /// Its name.
        pub name: Option<String>,
        /// Its colour, a number in WhatsApp's list.
        #[serde(with = "integer")]
        pub color: Option<i64>,
        /// Whether it was deleted.
        #[serde(with = "boolean")]
        pub deleted: Option<bool>,
        /// Its number among WhatsApp's predefined labels, if it is one of them.
        pub predefined_id: Option<Id>,
        /// The instance's name.
        pub instance: Option<String>,
    }
}

object! {
    /// A label was added to or removed from a chat. For a label on a message,
    /// the event does not say which message.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "labels.association")]
    pub struct LabelAssociation {
        /// The instance's name.
        pub instance: Option<String>,
        /// Whether it was added or removed.
        #[serde(rename = "type")]
        pub change: Option<LabelChange>,
        /// The chat.
        pub chat_id: Option<Jid>,
        /// The label.
        pub label_id: Id,
    }
}

open_enum! {
    /// What happened to a label on a chat.
    pub enum LabelChange {
        /// It was added.
        Add = "add",
        /// It was removed.
        Remove = "remove",
    }
}
