//! The members around an event: the account, the engine, the server.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;

use chrono::{DateTime, Utc};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::jid::Jid;
use crate::wire::list::too_large;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::time::seconds;
use crate::wire::{Id, room};

object! {
    /// The WhatsApp account that the session is signed in to.
    #[serde(rename_all = "camelCase")]
    pub struct Me {
        /// Its number, `…@c.us`.
        pub id: Option<Jid>,
        /// The name of its profile. Missing right after the QR code is first
        /// scanned.
        pub push_name: Option<String>,
        /// Its LID, `…@lid`: with GOWS and NOWEB since 2025.8.2, with WEBJS
        /// since 2026.7.1. An empty string counts as absent.
        #[serde(with = "filled")]
        pub lid: Option<Jid>,
        /// Its address including this device's number,
        /// `5511999990001:12@s.whatsapp.net`. With GOWS only.
        pub jid: Option<Jid>,
        /// A restriction on starting conversations. Since 2026.8.
        pub reachout_timelock: Option<ReachoutTimelock>,
        /// How many messages the account may still send. Since 2026.8.
        pub message_capping: Option<MessageCapping>,
    }
}

object! {
    /// A restriction on starting conversations.
    #[serde(rename_all = "camelCase")]
    pub struct ReachoutTimelock {
        /// Whether it is in force.
        #[serde(with = "boolean")]
        pub is_active: Option<bool>,
        /// Its type, in WhatsApp's terms.
        pub enforcement_type: Option<String>,
        /// When it ends: a number whose unit is not published.
        #[serde(with = "integer")]
        pub time_enforcement_ends: Option<i64>,
    }
}

object! {
    /// How many messages the account may still send.
    #[serde(rename_all = "camelCase")]
    pub struct MessageCapping {
        /// Whether there is a limit, in WhatsApp's terms.
        pub capping_status: Option<String>,
        /// The state of the multi-vendor part, in WhatsApp's terms.
        pub mv_status: Option<String>,
        /// The state of the one-time part, in WhatsApp's terms.
        pub ote_status: Option<String>,
        /// How many messages the cycle allows; −1 for no limit.
        #[serde(with = "integer")]
        pub total_quota: Option<i64>,
        /// How many of them have been used.
        #[serde(with = "integer")]
        pub used_quota: Option<i64>,
        /// When the cycle began. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub cycle_start: Option<DateTime<Utc>>,
        /// When the cycle ends. Unix seconds on the wire.
        #[serde(with = "seconds")]
        pub cycle_end: Option<DateTime<Utc>>,
    }
}

object! {
    /// The server that sent the event. Not in Wawp's second generation of
    /// bodies.
    pub struct Environment {
        /// Its version, `YYYY.M.BUILD`.
        pub version: Option<String>,
        /// Its engine, as in the envelope.
        pub engine: Option<Engine>,
        /// Its edition.
        pub tier: Option<Tier>,
        /// The path of the browser; `null` with NOWEB and GOWS.
        pub browser: Option<String>,
        /// System and processor: `linux/x64`.
        pub platform: Option<String>,
        /// The worker, if there are several servers. Since 2026.1.4.
        pub worker: Option<Worker>,
    }
}

object! {
    /// One of several servers.
    pub struct Worker {
        /// Its id; `null` when none is configured.
        pub id: Option<Id>,
    }
}

open_enum! {
    /// The engine: the client that talks to WhatsApp. The units of some times
    /// and the meaning of some members depend on it.
    pub enum Engine {
        /// WhatsApp Web in a browser.
        Webjs = "WEBJS",
        /// The protocol over a web socket, in JavaScript.
        Noweb = "NOWEB",
        /// The protocol over a web socket, in Go.
        Gows = "GOWS",
        /// WhatsApp Web in a browser, by another library. Since 2026.3.
        Wpp = "WPP",
        /// On old servers.
        Venom = "VENOM",
        /// On old servers.
        NowebMobile = "NOWEB_MOBILE",
    }
}

open_enum! {
    /// The edition of the server.
    pub enum Tier {
        /// The free one.
        Core = "CORE",
        /// The paid one.
        Plus = "PLUS",
    }
}

/// The metadata that the session was configured with: strings by key.
///
/// Keys are literal: `user.id` is one key, not a path. An empty list, which PHP
/// produces for an empty object, counts as empty.
///
/// ```
/// use zaphook::wawp::Metadata;
///
/// let metadata: Metadata = serde_json::from_str(r#"{"user.id":"7"}"#)?;
/// assert_eq!(metadata["user.id"], "7");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(BTreeMap<String, String>);

impl Deref for Metadata {
    type Target = BTreeMap<String, String>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Metadata {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Texts;

        impl<'de> Visitor<'de> for Texts {
            type Value = Metadata;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Metadata, A::Error> {
                let mut texts = BTreeMap::new();
                // A value that is `null` is as good as none.
                while let Some((key, text)) = map.next_entry::<String, Option<String>>()? {
                    if !room::take_entry::<String, String>(texts.len()) {
                        return Err(too_large(texts.len()));
                    }
                    texts.extend(text.map(|text| (key, text)));
                }
                Ok(Metadata(texts))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Metadata, A::Error> {
                match list.next_element::<serde::de::IgnoredAny>()? {
                    None => Ok(Metadata::default()),
                    Some(_) => {
                        Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &"an object"))
                    }
                }
            }
        }

        deserializer.deserialize_any(Texts)
    }
}
