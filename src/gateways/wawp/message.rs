//! Messages, in either direction.

use std::borrow::Cow;

use super::ends::answers;
use super::engine_content::{EngineContent, content_of};
use super::media::{Location, Media, ReplyTo};
use super::receipt::{Ack, AckName, receipt};
use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::{List, RawJson};

/// Declares a payload that has the members of a message and others of its
/// own.
macro_rules! message {
    (
        $(#[doc $($doc:tt)*])*
        pub struct $Name:ident { $($own:tt)* }
    ) => {
        object! {
            $(#[doc $($doc)*])*
            #[serde(rename_all = "camelCase")]
            pub struct $Name {
                /// The message's id. Wawp's own samples also have ids such as
                /// `msg_abc123`.
                pub id: MessageId,
                /// When it was written. Unix seconds on the wire; `null` when
                /// the engine has none.
                #[serde(with = "crate::wire::time::seconds")]
                pub timestamp: Option<::chrono::DateTime<::chrono::Utc>>,
                /// As sent. With WEBJS the sender's chat, and the account for its
                /// own messages; with NOWEB and GOWS always the chat. See
                /// [`chat`](Self::chat).
                pub from: Option<Jid>,
                /// Whether the account itself wrote it. See
                /// [`is_from_me`](Self::is_from_me).
                #[serde(with = "crate::wire::scalar::boolean")]
                pub from_me: Option<bool>,
                /// Where the account wrote it: on a device or through the API.
                /// Since 2025.3.
                pub source: Option<MessageSource>,
                /// As sent. With WEBJS the account, or the other person for the
                /// account's own messages. In one-to-one chats missing with
                /// NOWEB and `null` with GOWS; in groups the group with NOWEB
                /// and **the sender** with GOWS.
                pub to: Option<Jid>,
                /// As sent: who wrote it, in groups and on the status feed.
                pub participant: Option<Jid>,
                /// The text. If there is none: empty with WEBJS, `null` with
                /// NOWEB, missing or `null` with GOWS. For a location WEBJS
                /// sends a thumbnail in base64.
                pub body: Option<String>,
                /// Whether it has media. `media` may still be `null`: when
                /// downloads are switched off, filtered, or failed.
                #[serde(with = "crate::wire::scalar::boolean")]
                pub has_media: Option<bool>,
                /// The media.
                pub media: Option<Box<Media>>,
                /// The URL of the media. Deprecated, and practically never
                /// sent.
                pub media_url: Option<String>,
                /// The delivery status of the message. GOWS sends `null` for
                /// −1, NOWEB may send `null`. See [`receipt`](Self::receipt).
                pub ack: Option<Ack>,
                /// The delivery status by name. May disagree with `ack`: Wawp's
                /// own sample has −1 and `PENDING`.
                pub ack_name: Option<AckName>,
                /// Who wrote it. In Wawp's schema; servers from 2025 do not
                /// send it.
                pub author: Option<Jid>,
                /// The location, if the message is one.
                pub location: Option<Box<Location>>,
                /// The contacts, if the message has some, as vCards. If there
                /// are none: an empty list with WEBJS, `null` with NOWEB and
                /// GOWS.
                pub v_cards: Option<List<String>>,
                /// The quoted message.
                pub reply_to: Option<Box<ReplyTo>>,
                /// The engine's own data: any JSON, up to hundreds of kB.
                #[serde(rename = "_data")]
                pub engine_data: Option<RawJson>,
                $($own)*
            }
        }

        impl $Name {
            /// The delivery status: by its name where that is known, else by
            /// its number.
            pub fn receipt(&self) -> Option<Ack> {
                receipt(self.ack.as_ref(), self.ack_name.as_ref())
            }

            /// The text, or the caption of media. `None` if it is empty, and where
            /// `body` is something else: the small picture of a location, or a
            /// contact's card.
            pub fn text(&self) -> Option<&str> {
                let has_cards = self.v_cards.as_ref().is_some_and(|cards| !cards.is_empty());
                let body = self.body.as_deref().filter(|body| !body.is_empty());
                body.filter(|_| self.location.is_none() && !has_cards)
            }
        }
    };
}

pub(super) use message;

message! {
    /// A message.
    ///
    /// `message` has what others wrote, `message.any` both directions; so one
    /// message can arrive as two events, each with its own id, and with the
    /// same [`message_key`](crate::Delivery::message_key). `message.waiting` is
    /// one that cannot be decrypted yet.
    #[doc(alias("message.any", "message.waiting"))]
    pub struct Message {}
}

answers!(Message: "wrote it", id, from, to, participant, author, from_me, engine_data);

impl Message {
    /// The name that the sender chose, from the engine's data.
    pub fn sender_name(&self) -> Option<Cow<'_, str>> {
        self.ends().sender_name()
    }

    /// The content of the message from the engine's data, as WhatsApp's own
    /// object, typed on demand. `None` where the engine is neither NOWEB nor
    /// GOWS, and for a message that has no content (yet).
    ///
    /// ```
    /// use zaphook::wawp::Message;
    /// use zaphook::wire::Fault;
    ///
    /// fn text(message: &Message) -> Result<Option<String>, Fault> {
    ///     let Some(engine) = message.engine_content() else { return Ok(None) };
    ///     Ok(engine.content()?.unwrapped().text().map(str::to_owned))
    /// }
    /// ```
    pub fn engine_content(&self) -> Option<EngineContent> {
        content_of(self.engine_data.as_ref()?)
    }

    /// The people mentioned, from the engine's data, as written there.
    pub fn mentioned(&self) -> Vec<Jid> {
        self.engine_data.as_ref().map(super::mentions::mentioned).unwrap_or_default()
    }
}

open_enum! {
    /// Where the account wrote a message.
    pub enum MessageSource {
        /// On a phone or another device.
        App = "app",
        /// Through the API.
        Api = "api",
    }
}
