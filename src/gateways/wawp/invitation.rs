//! Responses to WhatsApp events (invitations).

use chrono::{DateTime, Utc};

use super::ends::answers;
use super::media::{Location, Media, ReplyTo};
use super::message::{MessageSource, message};
use super::receipt::{Ack, AckName, receipt};
use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::millis;
use crate::wire::{List, RawJson};

message! {
    /// Someone responded to an event invitation, or (`event.response.failed`)
    /// did so and the response could not be decrypted. With GOWS.
    #[doc(alias("event.response", "event.response.failed"))]
    pub struct EventResponse {
        /// The message with the event.
        pub event_creation_key: Option<EventCreationKey>,
        /// The response; `null` when it could not be decrypted.
        pub event_response: Option<EventAnswer>,
    }
}

answers!(EventResponse: "answered", id, from, to, participant, author, from_me, engine_data);

object! {
    /// The message with an event.
    #[serde(rename_all = "camelCase")]
    pub struct EventCreationKey {
        /// Its id.
        pub id: Option<MessageId>,
        /// As sent; may be the word `me`, which means the account itself.
        pub to: Option<Jid>,
        /// As sent; may be the word `me`.
        pub from: Option<Jid>,
        /// As sent: who invited, in groups.
        pub participant: Option<Jid>,
        /// Whether the account itself invited.
        #[serde(with = "boolean")]
        pub from_me: Option<bool>,
    }
}

object! {
    /// The response to an event.
    #[serde(rename_all = "camelCase")]
    pub struct EventAnswer {
        /// Whether they are coming.
        pub response: Option<Attendance>,
        /// When they responded. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub timestamp_ms: Option<DateTime<Utc>>,
        /// The number of extra guests.
        #[serde(with = "integer")]
        pub extra_guest_count: Option<i64>,
    }
}

open_enum! {
    /// Whether someone is coming.
    pub enum Attendance {
        /// They are coming.
        Going = "GOING",
        /// They are not coming.
        NotGoing = "NOT_GOING",
        /// Maybe.
        Maybe = "MAYBE",
        /// The engine does not say.
        Unknown = "UNKNOWN",
    }
}
