//! The account's connection, and how it is linked.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::address::Address;
use super::word::words;
use crate::wire::json::find_text;
use crate::wire::{LazyBytes, RawJson, Sensitive};

words! {
    /// The state of a connection.
    pub enum ConnectionState {
        /// It is being made.
        Connecting = "connecting",
        /// It is open.
        Open = "open",
        /// It is closed.
        Closed = "closed",
    }
}

words! {
    /// Why a connection is closed.
    pub enum CloseReason {
        /// The account was logged out, and has to be linked anew.
        LoggedOut = "logged_out",
        /// The account was opened elsewhere.
        Replaced = "replaced",
        /// WhatsApp blocks the account.
        Banned = "banned",
        /// Something on the way refuses the connection.
        Refused = "refused",
        /// It was lost, or timed out.
        ConnectionLost = "connection_lost",
        /// WhatsApp's servers are in trouble.
        ServerTrouble = "server_trouble",
        /// The client is too old for WhatsApp.
        Outdated = "outdated",
        /// The session cannot be used any more.
        BadSession = "bad_session",
        /// It has to be created again.
        Restart = "restart",
        /// Nobody scanned any of the QR codes.
        PairingLimit = "pairing_limit",
        /// The session was stopped.
        Stopped = "stopped",
        /// The session was deleted.
        Deleted = "deleted",
    }
}

/// The account's connection to WhatsApp changed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Connection<'a> {
    /// Its state.
    pub state: ConnectionState<'a>,
    /// Why it is closed.
    pub reason: Option<CloseReason<'a>>,
    /// Whether the account has to be linked anew, as far as the gateway says so in
    /// its own words. Wawp and WAHA never do: after a logout they ask for a QR
    /// code.
    pub logged_out: bool,
    /// Whether the gateway connects again by itself, where its source or its
    /// documentation says so.
    pub retrying: Option<bool>,
    /// The account.
    pub own: Option<Address<'a>>,
    /// The name of its profile.
    pub profile_name: Option<&'a str>,
    /// How much is loaded, in per cent (eazeWA).
    pub progress: Option<u8>,
    /// For how long it is banned (Evolution Go).
    pub until: Option<Duration>,
}

impl<'a> Connection<'a> {
    pub(crate) fn new(state: ConnectionState<'a>) -> Self {
        Self {
            state,
            reason: None,
            logged_out: false,
            retrying: None,
            own: None,
            profile_name: None,
            progress: None,
            until: None,
        }
    }

    pub(crate) fn closed(reason: Option<CloseReason<'a>>) -> Self {
        let logged_out = reason == Some(CloseReason::LoggedOut);
        Self { reason, logged_out, ..Self::new(ConnectionState::Closed) }
    }
}

words! {
    /// The step of linking an account.
    pub enum PairingStep {
        /// There is a QR code to scan.
        Qr = "qr",
        /// There is a code to type on the phone.
        Code = "code",
        /// A passkey is asked for.
        Passkey = "passkey",
        /// A code is to be compared on both sides.
        PasskeyConfirmation = "passkey_confirmation",
        /// A QR code is wanted; the gateway's API hands it out.
        Wanted = "wanted",
        /// The account is linked.
        Linked = "linked",
        /// There will be no more codes.
        GaveUp = "gave_up",
    }
}

/// What is needed to link the account. Whoever has it owns the account: `Debug`
/// hides it, and the serialised form leaves it out.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pairing<'a> {
    /// Its step.
    pub step: PairingStep<'a>,
    /// The text inside the QR code. A new one replaces the one before.
    pub qr: Option<SensitiveRef<'a>>,
    /// The QR code as an image: `data:image/png;base64,…`.
    pub qr_image: Option<SensitiveRef<'a>>,
    /// The code to type on the phone, or to compare.
    pub code: Option<SensitiveRef<'a>>,
    /// Until when the code can be scanned (EnviaAI).
    pub expires_at: Option<DateTime<Utc>>,
    /// Which code this is, counted from 1 (Evolution Go).
    pub attempt: Option<u32>,
    /// How many codes there will be at most (Evolution Go).
    pub attempts: Option<u32>,
    /// The account that was linked.
    pub linked: Option<Address<'a>>,
}

impl Pairing<'_> {
    pub(crate) fn new(step: PairingStep<'_>) -> Pairing<'_> {
        Pairing {
            step,
            qr: None,
            qr_image: None,
            code: None,
            expires_at: None,
            attempt: None,
            attempts: None,
            linked: None,
        }
    }
}

/// A text that opens something, where it is in the delivery. `Debug` hides it,
/// and the serialised form leaves it out.
#[derive(Clone, Copy)]
pub struct SensitiveRef<'a>(Place<'a>);

#[derive(Clone, Copy)]
#[allow(dead_code, reason = "not every gateway needs each of them")]
enum Place<'a> {
    Text(&'a Sensitive),
    Bytes(&'a LazyBytes),
    Member(&'a RawJson, &'static str),
}

#[allow(dead_code, reason = "not every gateway needs each of them")]
impl<'a> SensitiveRef<'a> {
    pub(crate) fn text(text: &'a Sensitive) -> Self {
        Self(Place::Text(text))
    }

    pub(crate) fn bytes(bytes: &'a LazyBytes) -> Self {
        Self(Place::Bytes(bytes))
    }

    /// The text in a member of an object.
    pub(crate) fn member(object: &'a RawJson, name: &'static str) -> Self {
        Self(Place::Member(object, name))
    }

    /// The text, as the gateway wrote it. `None` where it is something else.
    pub fn expose(&self) -> Option<Cow<'a, str>> {
        match self.0 {
            Place::Text(text) => Some(Cow::Borrowed(text.expose())),
            Place::Bytes(bytes) => bytes.as_base64(),
            Place::Member(object, name) => find_text(object.as_str(), &[name]),
        }
    }

    /// An image in base64, without the beginning of a data URL: mostly a PNG.
    pub fn expose_base64(&self) -> Option<Cow<'a, str>> {
        fn after(text: &str) -> &str {
            let after = text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,"));
            after.map_or(text, |(_, base64)| base64)
        }

        Some(match self.expose()? {
            Cow::Borrowed(text) => Cow::Borrowed(after(text)),
            Cow::Owned(text) => Cow::Owned(after(&text).to_owned()),
        })
    }
}

impl fmt::Debug for SensitiveRef<'_> {
    /// Shows nothing of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SensitiveRef")
    }
}

/// The state of a connection, by the words of WhatsApp Web for its states. `None` for
/// a word that is none of them.
#[cfg(any(feature = "eazewa", feature = "wawp"))]
pub(crate) fn by_web_state(word: &str) -> Option<Connection<'static>> {
    let reason = match word {
        "CONNECTED" => return Some(Connection::new(ConnectionState::Open)),
        // With these the library underneath goes on trying.
        "OPENING" | "PAIRING" | "TIMEOUT" => {
            return Some(Connection::new(ConnectionState::Connecting));
        }
        "UNPAIRED" | "UNPAIRED_IDLE" => CloseReason::LoggedOut,
        "CONFLICT" => CloseReason::Replaced,
        "TOS_BLOCK" | "SMB_TOS_BLOCK" => CloseReason::Banned,
        "PROXYBLOCK" => CloseReason::Refused,
        "DEPRECATED_VERSION" => CloseReason::Outdated,
        "UNLAUNCHED" => CloseReason::Stopped,
        _ => return None,
    };
    Some(Connection::closed(Some(reason)))
}
