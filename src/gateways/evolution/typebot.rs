//! Bots that the server runs in chats.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use crate::whatsapp::Content;
use crate::jid::Jid;
use crate::wire::{Id, RawJson, Sensitive};
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;

object! {
    /// A Typebot was started in a chat.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "typebot.start")]
    pub struct TypebotStart {
        /// The chat.
        pub remote_jid: Jid,
        /// The address of the Typebot server.
        pub url: Option<String>,
        /// The Typebot's public id.
        pub typebot: Option<String>,
        /// The variables it was started with (2.x).
        pub variables: Option<Vec<TypebotVariable>>,
        /// The variables it was started with, by name (1.x).
        pub prefilled_variables: Option<RawJson>,
        /// The session.
        pub session_id: Option<Id>,
    }
}

object! {
    /// A variable of a Typebot.
    pub struct TypebotVariable {
        /// Its name.
        pub name: Option<String>,
        /// The value: any JSON.
        pub value: Option<RawJson>,
    }
}

object! {
    /// A bot was opened, paused or closed in a chat.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "typebot.change-status")]
    pub struct TypebotChangeStatus {
        /// The chat.
        pub remote_jid: Jid,
        /// The outcome.
        pub status: Option<TypebotStatus>,
        /// The session, where there is one.
        pub session: Option<TypebotSession>,
        /// The address of the Typebot server (1.x).
        pub url: Option<String>,
        /// The Typebot's public id (1.x).
        pub typebot: Option<String>,
    }
}

open_enum! {
    /// The status of a bot in a chat.
    pub enum TypebotStatus {
        /// It is active.
        Opened = "opened",
        /// It is paused.
        Paused = "paused",
        /// It ended.
        Closed = "closed",
        /// Its session was deleted.
        Delete = "delete",
    }
}

object! {
    /// A bot's session in a chat, as the server stores it.
    #[serde(rename_all = "camelCase")]
    pub struct TypebotSession {
        /// The server's own id of the session (2.x).
        pub id: Option<Id>,
        /// The session's id at the bot.
        pub session_id: Option<Id>,
        /// The chat.
        pub remote_jid: Option<Jid>,
        /// The name of the person in the chat (2.x).
        pub push_name: Option<String>,
        /// The state.
        pub status: Option<TypebotStatus>,
        /// Whether it is waiting for the user (2.x).
        #[serde(with = "boolean")]
        pub await_user: Option<bool>,
        /// The context that the server keeps for the bot: any JSON (2.x).
        pub context: Option<RawJson>,
        /// Which kind of bot it is, such as `typebot` (2.x).
        #[serde(rename = "type")]
        pub bot_type: Option<String>,
        /// When it was created.
        pub created_at: Option<SessionTime>,
        /// When it was last changed (2.x).
        pub updated_at: Option<SessionTime>,
        /// When it was last changed (1.x).
        pub update_at: Option<SessionTime>,
        /// The instance's id, a UUID (2.x).
        pub instance_id: Option<String>,
        /// The parameters of the bot (2.x).
        pub parameters: Option<TypebotParameters>,
        /// The server's own id of the bot (2.x).
        pub bot_id: Option<Id>,
        /// The variables it was started with, by name (1.x).
        pub prefilled_variables: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The variables that a bot was started with.
    #[serde(rename_all = "camelCase")]
    pub struct TypebotParameters {
        /// The chat.
        pub remote_jid: Option<Jid>,
        /// The name of the person in the chat.
        pub push_name: Option<String>,
        /// The instance's name.
        pub instance_name: Option<String>,
        /// The server's own address.
        pub server_url: Option<String>,
        /// The API key of the whole server.
        pub api_key: Option<Sensitive>,
        /// The address of the connected account.
        pub owner_jid: Option<Jid>,
    }
}

/// A time of a session: an ISO 8601 string on 2.x, milliseconds on 1.x. Equal
/// when the instants are; serialised in the form it came in.
#[derive(Clone, Copy, Debug)]
pub struct SessionTime {
    time: DateTime<Utc>,
    in_millis: bool,
}

impl SessionTime {
    /// The instant.
    pub fn time(self) -> DateTime<Utc> {
        self.time
    }
}

impl PartialEq for SessionTime {
    fn eq(&self, other: &Self) -> bool {
        self.time == other.time
    }
}

impl<'de> Deserialize<'de> for SessionTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextOrMillis;

        impl Visitor<'_> for TextOrMillis {
            type Value = SessionTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an ISO 8601 time, or milliseconds")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<SessionTime, E> {
                let time = DateTime::parse_from_rfc3339(text).map_err(|_| {
                    E::invalid_value(serde::de::Unexpected::Other("text"), &"an ISO 8601 time")
                })?;
                Ok(SessionTime { time: time.to_utc(), in_millis: false })
            }

            fn visit_i64<E: Error>(self, millis: i64) -> Result<SessionTime, E> {
                let time = DateTime::from_timestamp_millis(millis).ok_or_else(|| {
                    E::invalid_value(serde::de::Unexpected::Other("number"), &"milliseconds")
                })?;
                Ok(SessionTime { time, in_millis: true })
            }

            fn visit_u64<E: Error>(self, millis: u64) -> Result<SessionTime, E> {
                self.visit_i64(i64::try_from(millis).unwrap_or(i64::MAX))
            }
        }

        deserializer.deserialize_any(TextOrMillis)
    }
}

impl Serialize for SessionTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.in_millis {
            true => serializer.serialize_i64(self.time.timestamp_millis()),
            false => serializer
                .serialize_str(&self.time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

object! {
    /// A Chama AI bot did something in a chat (1.5 to 1.8).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "chama-ai.action")]
    pub struct ChamaAiAction {
        /// The chat.
        pub remote_jid: Jid,
        /// The message that it answered.
        pub message: Option<Content>,
        /// Its answer.
        pub answer: Option<String>,
        /// The action: `transfer` to hand over to a person.
        pub action: Option<String>,
    }
}
