//! The message: what most events carry.

use chrono::{DateTime, Utc};

use super::content::{GroupMention, GroupInvite, Link, Location, PollOption};
use super::kind::{Ack, DeviceType, MessageType};
use super::model::RawModel;
use crate::event::nested;
use crate::jid::{Jid, JidRef};
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::scalar::{boolean, integer, number};
use crate::wire::time::{millis, seconds};
use crate::wire::{Id, LazyBytes, List, RawJson, Sensitive};

nested!(Message);

object! {
    /// A message, as whatsapp-web.js describes it.
    ///
    /// Values that are undefined in JavaScript are not sent, and `null` is sent
    /// as `null`; both are `None` here.
    #[serde(rename_all = "camelCase")]
    pub struct Message {
        /// WhatsApp Web's own raw model of the message: 40 to 90 members that
        /// change with every release. The sender's name and the quoted message
        /// are only here. Documented as always present.
        #[serde(rename = "_data")]
        pub data: Option<RawModel>,
        /// The key that the media are encrypted with on WhatsApp's servers, in
        /// base64. Media only.
        pub media_key: Option<Sensitive>,
        /// The message's id.
        pub id: MessageId,
        /// The delivery status of the message.
        pub ack: Option<Ack>,
        /// Whether it has media. They come next to the message, and may be
        /// missing even if this is true, when the download failed.
        #[serde(with = "boolean")]
        pub has_media: Option<bool>,
        /// The text, empty when there is none; for media the caption.
        pub body: Option<String>,
        /// What kind of message it is.
        #[serde(rename = "type")]
        pub message_type: Option<MessageType>,
        /// When it was sent. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub timestamp: Option<DateTime<Utc>>,
        /// Where it comes from: the other person, the group or the status feed;
        /// for the account's own messages, the account itself.
        pub from: Option<Jid>,
        /// Where it goes: the account itself; for the account's own messages,
        /// the other person or the group.
        pub to: Option<Jid>,
        /// Who wrote it, in groups, status posts and many of the account's own
        /// messages. The address may include a device.
        pub author: Option<Jid>,
        /// The sender's device: a guess from the length of the id.
        pub device_type: Option<DeviceType>,
        /// Whether it was forwarded.
        #[serde(with = "boolean")]
        pub is_forwarded: Option<bool>,
        /// How often it was forwarded, from 0 to 127; 127 means "many times".
        #[serde(with = "integer")]
        pub forwarding_score: Option<u32>,
        /// Whether it is a status post.
        #[serde(with = "boolean")]
        pub is_status: Option<bool>,
        /// Whether the account starred it.
        #[serde(with = "boolean")]
        pub is_starred: Option<bool>,
        /// Whether it was broadcast. Only in payloads from 2022 and in status
        /// posts.
        #[serde(with = "boolean")]
        pub broadcast: Option<bool>,
        /// Whether the account itself wrote it.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
        /// Whether it is a reply: [`RawModel::quoted_msg`] returns the quoted
        /// message.
        #[serde(with = "boolean")]
        pub has_quoted_msg: Option<bool>,
        /// Whether someone reacted to it. Absent before April 2023.
        #[serde(with = "boolean")]
        pub has_reaction: Option<bool>,
        /// How long audio or video lasts, in seconds. A string on the wire.
        #[serde(with = "number")]
        pub duration: Option<f64>,
        /// The place, in messages of type `location`.
        pub location: Option<Box<Location>>,
        /// The contact cards, each a whole vCard; empty when there are none.
        pub v_cards: Option<List<String>>,
        /// The invitation, in messages of type `groups_v4_invite`.
        pub invite_v4: Option<Box<GroupInvite>>,
        /// Who is mentioned in the text.
        pub mentioned_ids: Option<List<Jid>>,
        /// Which groups are mentioned in the text. Absent before January 2024.
        pub group_mentions: Option<List<GroupMention>>,
        /// The order, in messages of type `order`.
        pub order_id: Option<Id>,
        /// The token to fetch the order with, in messages of type `order`.
        pub token: Option<Sensitive>,
        /// Whether the video is shown as a GIF.
        #[serde(with = "boolean")]
        pub is_gif: Option<bool>,
        /// Whether it is a disappearing message.
        #[serde(with = "boolean")]
        pub is_ephemeral: Option<bool>,
        /// The title of a link's preview or of a product.
        pub title: Option<String>,
        /// The text of a link's preview or of a product.
        pub description: Option<String>,
        /// Whose product it is.
        pub business_owner_jid: Option<Jid>,
        /// The product.
        pub product_id: Option<Id>,
        /// When it was last edited, by the sender's clock. Unix milliseconds on
        /// the wire. Edited messages only.
        #[serde(with = "millis")]
        pub latest_edit_sender_timestamp_ms: Option<DateTime<Utc>>,
        /// The message that carried the last edit. Edited messages only.
        pub latest_edit_msg_key: Option<MessageId>,
        /// The message that was deleted, in messages of type `revoked`. Absent
        /// before August 2025.
        pub protocol_message_key: Option<MessageId>,
        /// The links in the text. Absent in a poll's message in newer versions.
        pub links: Option<List<Link>>,
        /// The buttons below the text, each an object whose members are not
        /// documented.
        pub dynamic_reply_buttons: Option<List<RawJson>>,
        /// The button that was pressed, in messages of type `buttons_response`.
        pub selected_button_id: Option<Id>,
        /// The row that was chosen, in messages of type `list_response`.
        pub selected_row_id: Option<Id>,
        /// The question, in messages of type `poll_creation`.
        pub poll_name: Option<String>,
        /// The options, in messages of type `poll_creation`.
        pub poll_options: Option<List<PollOption>>,
        /// Whether more than one option can be chosen, in messages of type
        /// `poll_creation`.
        #[serde(with = "boolean")]
        pub allow_multiple_answers: Option<bool>,
        /// Whether the poll is invalidated, in messages of type
        /// `poll_creation`.
        #[serde(with = "boolean")]
        pub poll_invalidated: Option<bool>,
        /// Whether the poll was sent to a community's announcement group, in
        /// messages of type `poll_creation`.
        #[serde(with = "boolean")]
        pub is_sent_cag_poll_creation: Option<bool>,
        /// The 32-byte secret that votes are encrypted with, in messages of
        /// type `poll_creation`. A list of numbers here, an object of numbers
        /// in the model.
        pub message_secret: Option<LazyBytes>,
    }
}

impl Message {
    /// The chat it belongs to: the other person, the group, the status feed or
    /// the channel.
    ///
    /// ```
    /// use zaphook::eazewa::Message;
    ///
    /// let own: Message = serde_json::from_str(
    ///     r#"{"id":"true_5511999990001@c.us_3EB0C0DE00112233AABB","fromMe":true,
    ///         "from":"5511888880001@c.us","to":"5511999990001@c.us"}"#,
    /// )?;
    /// assert_eq!(own.chat().unwrap(), "5511999990001@c.us");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    ///
    /// Servers with a library version from before July 2026 may leave out
    /// `from`, `to` and `author`; the message's id still names the chat.
    pub fn chat(&self) -> Option<JidRef<'_>> {
        let named = match self.direction() {
            Some(true) => self.to.as_ref(),
            Some(false) => self.from.as_ref(),
            None => None,
        };
        named.map(Jid::view).or_else(|| self.id.chat())
    }

    fn direction(&self) -> Option<bool> {
        self.from_me.or_else(|| self.id.from_me())
    }

    /// Whether the account itself wrote it, according to `from_me`, else the
    /// message's id. `false` if neither says so.
    pub fn is_from_me(&self) -> bool {
        self.direction().unwrap_or(false)
    }

    /// Who wrote it: the author if one is named, else `from`, else whoever the
    /// message's id names. `None` when that is a group or the status feed, and
    /// for the account's own messages: its address, where the body has it, is in
    /// `author` or `from`.
    ///
    /// ```
    /// use zaphook::eazewa::Message;
    ///
    /// let message: Message = serde_json::from_str(
    ///     r#"{"id":"false_120363111111111111@g.us_3A00112233445566778A","fromMe":false,
    ///         "from":"120363111111111111@g.us","author":"180000000000042@lid"}"#,
    /// )?;
    /// assert_eq!(message.sender().unwrap(), "180000000000042@lid");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn sender(&self) -> Option<JidRef<'_>> {
        use crate::jid::Kind::{BroadcastList, Group, LegacyGroup, StatusFeed};

        if self.is_from_me() {
            return None;
        }
        let writes = |jid: &JidRef<'_>| {
            !matches!(jid.kind(), Group | LegacyGroup | BroadcastList | StatusFeed)
        };
        let named = self.author.as_ref().map(Jid::view);
        let named = named.or_else(|| self.from.as_ref().map(Jid::view).filter(writes));
        named.or_else(|| {
            let chat = || self.id.chat().filter(|_| self.direction() == Some(false));
            self.id.participant().or_else(|| chat().filter(writes))
        })
    }

    /// The phone number of whoever wrote it: digits, without `+`. `None` for a
    /// LID.
    pub fn sender_phone(&self) -> Option<&str> {
        self.sender()?.phone()
    }

    /// The text, or the caption of media; of a poll, its question. `None` if it
    /// is empty, and where `body` is something else: the small picture of a
    /// place or a product, a contact's card, the name of a file without a caption, or
    /// the text of a notice.
    pub fn text(&self) -> Option<&str> {
        let body = filled(self.body.as_deref());
        match &self.message_type {
            Some(MessageType::PollCreation) => filled(self.poll_name.as_deref()).or(body),
            Some(
                MessageType::Location
                | MessageType::Vcard
                | MessageType::MultiVcard
                | MessageType::Product
                | MessageType::Album
                | MessageType::CallLog
                | MessageType::Ciphertext
                | MessageType::BroadcastNotification
                | MessageType::E2eNotification
                | MessageType::Gp2
                | MessageType::GroupNotification
                | MessageType::Notification
                | MessageType::NotificationTemplate
                | MessageType::Protocol
                | MessageType::Debug
                | MessageType::Revoked
                | MessageType::Reaction
                | MessageType::Oversized
                | MessageType::Unknown,
            ) => None,
            // Without a caption WhatsApp Web puts the file's name there.
            Some(MessageType::Document) => {
                let name = || self.data.as_ref()?.filename();
                body.filter(|body| name().as_deref() != Some(*body))
            }
            _ => body,
        }
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}
