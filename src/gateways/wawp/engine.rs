//! Events in the engine's own form.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::wire::json::find_text;
use crate::wire::object::object;
use crate::wire::scalar::not;
use crate::wire::{RawJson, Sensitive};

object! {
    /// An event of the engine, in the engine's own form. Not included in a
    /// subscription to all events.
    #[doc(alias = "engine.event")]
    pub struct EngineEvent {
        /// The engine's own name for it.
        pub event: String,
        /// The session. In samples only.
        pub session: Option<String>,
        /// The data: any JSON, sometimes the history of the account.
        pub data: Option<RawJson>,
    }
}

/// The state of the connection, as reported by the engine. Deprecated by WAHA,
/// and not included in a subscription to all events.
///
/// Two unrelated shapes share the name: WEBJS sent a single **word**
/// ([`word`](Self::word)), NOWEB sends an **object** with whatever changed
/// ([`connection`](Self::connection) and the others). It is kept raw.
#[derive(Clone, PartialEq, Eq)]
#[doc(alias = "state.change")]
pub struct StateChange(RawJson);

impl StateChange {
    /// The word that WEBJS sent: `CONNECTED`.
    pub fn word(&self) -> Option<Cow<'_, str>> {
        self.0.read::<String>().ok().map(Cow::Owned)
    }

    /// The state of the connection in NOWEB's terms: `connecting`, `open`,
    /// `close`.
    pub fn connection(&self) -> Option<Cow<'_, str>> {
        find_text(self.0.as_str(), &["connection"])
    }

    /// The content of the QR code, from NOWEB. Anyone who scans it controls the
    /// session.
    pub fn qr(&self) -> Option<Sensitive> {
        find_text(self.0.as_str(), &["qr"]).map(|qr| Sensitive::from(&*qr))
    }

    /// Why the connection was last lost, from NOWEB: any JSON.
    pub fn last_disconnect(&self) -> Option<RawJson> {
        #[derive(serde::Deserialize)]
        struct Update {
            #[serde(default, rename = "lastDisconnect")]
            last_disconnect: Option<RawJson>,
        }
        self.0.read::<Update>().ok()?.last_disconnect
    }

    /// The raw payload.
    pub fn raw(&self) -> &RawJson {
        &self.0
    }
}

impl fmt::Debug for StateChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateChange({:?})", self.0)
    }
}

impl Serialize for StateChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for StateChange {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        match raw.as_str().bytes().next() {
            Some(b'"' | b'{') => Ok(Self(raw)),
            _ => Err(not("a word or an object")),
        }
    }
}
