//! Messages: received, sent, and synced when an account connects.

use chrono::{DateTime, Utc};

use crate::whatsapp::{Content, ContextInfo, Unwrapped};
use super::key::MessageKey;
use super::status::MessageStatus;
use crate::jid::Jid;
use crate::wire::Sensitive;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;
use crate::wire::time::seconds;

object! {
    /// A message.
    ///
    /// `messages.upsert` has whatever is written in a chat, including what the
    /// account writes on its phone; `send.message` what is sent through the
    /// API; `messages.set` the history.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "messages.upsert")]
    #[doc(alias = "messages.set")]
    #[doc(alias = "send.message")]
    pub struct Message {
        /// The message's key: its id, chat and sender.
        pub key: MessageKey,
        /// The name that the sender chose (push name). From 2.3.0 on the server
        /// writes `Você` for the account itself, and the participant's digits
        /// if it knows no name; up to 2.2.3 it is empty for own messages.
        pub push_name: Option<String>,
        /// The delivery status. Incoming messages have `DELIVERY_ACK`, those
        /// written on the phone `SERVER_ACK`, those sent through the API
        /// `PENDING`. Absent up to 2.2.0 and on the Cloud and Evolution
        /// channels.
        pub status: Option<MessageStatus>,
        /// The content. On 1.x it may be present but empty.
        pub message: Option<Content>,
        /// The context: the quoted message, mentions, forwarding, the
        /// advertisement that led to it. Absent for contents without a context,
        /// absent or `null` if the context is empty; on 2.4.0-rc it contains
        /// device data instead.
        pub context_info: Option<Box<ContextInfo>>,
        /// The name of the content inside `message`, or `unknown`; absent on
        /// 2.4.0-rc. On the Cloud channel it may name something that is not in
        /// `message`.
        pub message_type: Option<String>,
        /// When it was written, to the second; a string on the Cloud channel of
        /// 1.x.
        #[serde(with = "seconds")]
        pub message_timestamp: Option<DateTime<Utc>>,
        /// The instance's id, a UUID (2.x). Its name is in the envelope.
        pub instance_id: Option<String>,
        /// The instance's name (1.x).
        pub owner: Option<String>,
        /// The kind of device it was written on, guessed from the form of the
        /// id.
        pub source: Option<Source>,
        /// Its number at Chatwoot, when that integration handled it.
        #[serde(with = "integer")]
        pub chatwoot_message_id: Option<i64>,
        /// The number of its inbox at Chatwoot.
        #[serde(with = "integer")]
        pub chatwoot_inbox_id: Option<i64>,
        /// The number of its conversation at Chatwoot.
        #[serde(with = "integer")]
        pub chatwoot_conversation_id: Option<i64>,
        /// The votes of the poll that this message votes in, when the server
        /// knows the poll (2.3.7 and later). For a vote that the server could
        /// not decrypt it has all answers without a voter, or none at all, just
        /// as for one that was withdrawn.
        pub poll_updates: Option<Vec<PollVoters>>,
        /// Who wrote it (`messages.set` of 1.x). `key` says the same.
        pub participant: Option<Jid>,
        /// The URL to which the Cloud channel posts status updates of this
        /// message, if one was given when sending. It may contain a token, so
        /// `Debug` hides it.
        pub webhook_url: Option<Sensitive>,
    }
}

impl Message {
    /// Whether the account itself wrote it.
    pub fn is_from_me(&self) -> bool {
        self.key.is_from_me()
    }

    /// The chat: see [`MessageKey::chat`].
    pub fn chat(&self) -> Option<&Jid> {
        self.key.chat()
    }

    /// Who wrote it. `None` for the account's own messages: in a group its
    /// address is [`key.participant()`](MessageKey::participant).
    pub fn sender(&self) -> Option<&Jid> {
        self.key.sender().filter(|_| !self.is_from_me())
    }

    /// The phone number of whoever wrote it: digits, without `+`. `None` where
    /// the server only gives a LID, and for the account's own messages.
    pub fn sender_phone(&self) -> Option<&str> {
        self.key.sender_phone().filter(|_| !self.is_from_me())
    }

    /// The text, or the caption of media: [`text`](Unwrapped::text) of the
    /// [`content`](Self::content), which is typed for it.
    pub fn text(&self) -> Option<String> {
        self.content()?.text().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The content, unwrapped: the innermost content, with the quoted message
    /// and mentions, wherever the server put them.
    pub fn content(&self) -> Option<Unwrapped<'_>> {
        let content = self.message.as_ref()?;
        let context = self.context_info.as_deref();
        let said = content.unwrapped_as(context, self.message_type.as_deref());
        // A vote that could not be decrypted is written as one for nothing.
        let votes = self.poll_updates.as_deref();
        let no_voter = votes.is_some_and(|votes| votes.iter().all(PollVoters::is_empty));
        Some(said.doubting_empty_vote(no_voter))
    }
}

object! {
    /// One answer of a poll, and who chose it.
    pub struct PollVoters {
        /// The answer.
        pub name: Option<String>,
        /// Who chose it.
        pub voters: Option<Vec<Jid>>,
    }
}

impl PollVoters {
    fn is_empty(&self) -> bool {
        self.voters.as_deref().is_none_or(<[Jid]>::is_empty)
    }
}

open_enum! {
    /// The kind of device a message was written on.
    pub enum Source {
        /// Android.
        Android = "android",
        /// iOS.
        Ios = "ios",
        /// WhatsApp Web, or a server like this one.
        Web = "web",
        /// WhatsApp's desktop application.
        Desktop = "desktop",
        /// The form of the id is not conclusive; always the case on the Cloud
        /// and Evolution channels.
        Unknown = "unknown",
    }
}
