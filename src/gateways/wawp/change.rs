//! Changes to messages: edits, deletions, reactions.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::ends::answers;
use super::media::{Location, Media, ReplyTo};
use super::message::{Message, MessageSource, message};
use super::receipt::{Ack, AckName, receipt};
use crate::jid::{Jid, JidRef};
use crate::message_id::MessageId;
use crate::wire::json::find_text;
use crate::wire::object::object;
use crate::wire::scalar::boolean;
use crate::wire::time::seconds;
use crate::wire::{List, RawJson};

message! {
    /// A message was edited.
    ///
    /// The message members describe the edit itself with NOWEB and GOWS, and
    /// the edited message with WEBJS. Wawp's second generation has only `id`,
    /// `newBody` and `prevBody`.
    #[doc(alias = "message.edited")]
    pub struct MessageEdited {
        /// The bare id of the edited message. Not always present; see
        /// [`edited_id`](Self::edited_id).
        pub edited_message_id: Option<MessageId>,
        /// The new text. In Wawp's second generation only; see
        /// [`new_text`](Self::new_text).
        pub new_body: Option<String>,
        /// The previous text. In Wawp's second generation only; see
        /// [`previous_text`](Self::previous_text).
        pub prev_body: Option<String>,
    }
}

answers!(MessageEdited: "edited it", id, from, to, participant, author, from_me, engine_data);

impl MessageEdited {
    /// The bare id of the edited message.
    pub fn edited_id(&self) -> Option<&str> {
        self.edited_message_id.as_ref().unwrap_or(&self.id).id()
    }

    /// The new text. Empty when the server could not extract it, as with
    /// encrypted edits.
    pub fn new_text(&self) -> Option<&str> {
        self.body.as_deref().or(self.new_body.as_deref())
    }

    /// The previous text, with WEBJS and in Wawp's second generation.
    pub fn previous_text(&self) -> Option<Cow<'_, str>> {
        let webjs = || find_text(self.engine_data.as_ref()?.as_str(), &["prevBody"]);
        self.prev_body.as_deref().map(Cow::Borrowed).or_else(webjs)
    }
}

object! {
    /// A message was deleted for everybody.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.revoked")]
    pub struct MessageRevoked {
        /// The deletion itself. Its id is not that of the deleted message.
        pub after: Option<Box<Message>>,
        /// The deleted message, if the engine still has it: `null` with NOWEB
        /// and GOWS. With WEBJS its id is that of `after`.
        pub before: Option<Box<Message>>,
        /// The bare id of the deleted message. Since 2025.6.3; may be missing
        /// with WEBJS.
        pub revoked_message_id: Option<MessageId>,
        /// The engine's own data: any JSON. With NOWEB and GOWS.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
        /// The deleted message. In Wawp's second generation only; see
        /// [`revoked_id`](Self::revoked_id).
        pub id: Option<MessageId>,
        /// Who deleted it. In Wawp's second generation only; see
        /// [`sender`](Self::sender).
        pub revoked_by: Option<Jid>,
    }
}

impl MessageRevoked {
    /// The bare id of the deleted message. `None` where WEBJS leaves it out:
    /// none of the other ids is that of the deleted message.
    pub fn revoked_id(&self) -> Option<&str> {
        self.revoked_message_id.as_ref().or(self.id.as_ref())?.id()
    }

    /// The text of the deleted message, if the engine still has it.
    pub fn revoked_text(&self) -> Option<&str> {
        self.before.as_ref()?.body.as_deref()
    }

    fn act(&self) -> Option<&Message> {
        self.after.as_deref().or(self.before.as_deref())
    }

    /// Whether the account itself deleted it. `false` if the event does not say
    /// so.
    pub fn is_from_me(&self) -> bool {
        let by_id = || self.id.as_ref().and_then(MessageId::from_me).unwrap_or(false);
        self.act().map_or_else(by_id, Message::is_from_me)
    }

    /// The chat.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.act().and_then(Message::chat).or_else(|| self.id.as_ref()?.chat())
    }

    /// Who deleted it. `None` when it was the account itself.
    pub fn sender(&self) -> Option<JidRef<'_>> {
        let flat = self.revoked_by.as_ref().map(Jid::view);
        flat.or_else(|| self.act()?.sender())
    }

    /// The digits of the phone number of whoever deleted it, if known.
    pub fn sender_phone(&self) -> Option<Cow<'_, str>> {
        let flat = self.revoked_by.as_ref().and_then(Jid::phone).map(Cow::Borrowed);
        flat.or_else(|| self.act()?.sender_phone())
    }
}

object! {
    /// Someone reacted to a message, or removed a reaction.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "message.reaction")]
    pub struct MessageReaction {
        /// The reaction's own id.
        pub id: Option<MessageId>,
        /// When it happened. Unix seconds on the wire, with decimals from
        /// WEBJS, and milliseconds from WPP.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// As sent. With WEBJS who reacted, with NOWEB and GOWS the chat.
        pub from: Option<Jid>,
        /// Whether the account itself reacted.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Where the account reacted: on a device or through the API.
        pub source: Option<MessageSource>,
        /// As sent. With WEBJS the chat; in one-to-one chats missing with NOWEB
        /// and `null` with GOWS; in groups the sender with GOWS.
        pub to: Option<Jid>,
        /// As sent: who reacted. WEBJS always sets it, sometimes with a device
        /// (`5511999990001:7@c.us`).
        pub participant: Option<Jid>,
        /// The reaction.
        pub reaction: Reaction,
        /// The engine's own data: any JSON. With WPP.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
    }
}

answers!(MessageReaction: "reacted", id, from, to, participant, from_me, engine_data);

impl MessageReaction {
    /// The emoji; `None` when the reaction was removed.
    pub fn emoji(&self) -> Option<&str> {
        self.reaction.text.as_deref().filter(|text| !text.is_empty())
    }
}

object! {
    /// A reaction.
    #[serde(rename_all = "camelCase")]
    pub struct Reaction {
        /// The emoji. Empty, or `null`, when it was removed.
        pub text: Option<String>,
        /// The message that was reacted to.
        pub message_id: MessageId,
    }
}
