//! Messages: new ones, and changes to them.

use super::kind::Ack;
use super::media::Media;
use super::message::Message;
use crate::message_id::MessageId;
use crate::wire::object::object;

object! {
    /// A new message: received (`message`), or received or written by the
    /// account itself (`message_create`).
    ///
    /// If you subscribe to both events, a received message arrives once as
    /// each. They are two events with the same message key.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message")]
    #[doc(alias = "message_create")]
    pub struct NewMessage {
        /// The message.
        pub message: Message,
        /// The attached file. Absent or `null` when there is none, and also
        /// when the download failed.
        pub media: Option<Media>,
    }
}

object! {
    /// The delivery status of a message changed: sent, delivered, read, played.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message_ack")]
    pub struct MessageAck {
        /// The message.
        pub message: Message,
        /// The delivery status. The documentation names the field; its place
        /// and type are inferred.
        pub acknowledged: Option<Ack>,
    }
}

impl MessageAck {
    /// The delivery status: as acknowledged, else as the message says.
    pub fn ack(&self) -> Option<&Ack> {
        self.acknowledged.as_ref().or(self.message.ack.as_ref())
    }
}

object! {
    /// A message was edited.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message_edit")]
    pub struct MessageEdit {
        /// The new text.
        pub new_body: Option<String>,
        /// The previous text. May be absent.
        pub prev_body: Option<String>,
        /// The message.
        pub message: Message,
    }
}

object! {
    /// A message was deleted for everybody.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message_revoke_everyone")]
    pub struct MessageRevokeEveryone {
        /// The message after deletion: of type `revoked`.
        pub after: Message,
        /// The message before deletion. Absent or `null` where it is not known,
        /// such as a message from before the session.
        pub before: Option<Box<Message>>,
    }
}

impl MessageRevokeEveryone {
    /// The id of the deleted message. The raw model in `before` may name
    /// another one, and so may `after`, which names the message that deleted
    /// it.
    pub fn deleted(&self) -> &MessageId {
        let before = self.before.as_ref().map(|before| &before.id);
        before.or(self.after.protocol_message_key.as_ref()).unwrap_or(&self.after.id)
    }
}

object! {
    /// The account deleted a message for itself.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message_revoke_me")]
    pub struct MessageRevokeMe {
        /// The message.
        pub message: Message,
    }
}

object! {
    /// The file of a message that the account wrote has been uploaded. No page
    /// documents it; the shape is inferred.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "media_uploaded")]
    pub struct MediaUploaded {
        /// The message.
        pub message: Message,
    }
}
