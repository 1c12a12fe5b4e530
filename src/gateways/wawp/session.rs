//! Sessions: their state, and what they are waiting for.

use chrono::{DateTime, Utc};

use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;
use crate::wire::time::{millis, seconds};
use crate::wire::{Id, List, RawJson, Sensitive};

object! {
    /// The state of a session changed.
    ///
    /// `SCAN_QR_CODE` is sent again whenever the QR code is replaced. `WORKING`
    /// may arrive up to 2 s late.
    ///
    /// The bare status body of Wawp's older sessions, which names no event and
    /// has no envelope, is the same event: `instance_id`, `qr` and `ts` are its
    /// members, and `status` has the same values.
    #[doc(alias = "session.status")]
    pub struct SessionStatus {
        /// The session's name. Not in the bare status body; see
        /// [`session`](Self::session).
        pub name: Option<String>,
        /// The state.
        pub status: SessionState,
        /// The last states, at most three: the oldest first, the current one
        /// last. Since 2025.9.4.
        pub statuses: Option<List<StatusEntry>>,
        /// What the state requires: a passkey, or the confirmation of one.
        /// Since 2026.7.
        pub data: Option<SessionData>,
        /// The instance. In the bare status body only.
        pub instance_id: Option<String>,
        /// The QR code as an image, `data:image/png;base64,…`. In the bare
        /// status body only, and there (inferred) with `SCAN_QR_CODE` only.
        /// Anyone who scans it controls the session, so `Debug` hides it.
        pub qr: Option<Sensitive>,
        /// When the state changed. In the bare status body only. Unix seconds
        /// on the wire.
        #[serde(with = "seconds")]
        pub ts: Option<DateTime<Utc>>,
    }
}

impl SessionStatus {
    /// The session's name, or the instance of a bare status body.
    pub fn session(&self) -> Option<&str> {
        self.name.as_deref().or(self.instance_id.as_deref())
    }

    /// When the state changed, if the payload says so.
    pub fn changed_at(&self) -> Option<DateTime<Utc>> {
        let last = || self.statuses.as_ref()?.last()?.timestamp;
        self.ts.or_else(last)
    }
}

open_enum! {
    /// The states of a session.
    pub enum SessionState {
        /// Stopped.
        Stopped = "STOPPED",
        /// Starting.
        Starting = "STARTING",
        /// Waiting for the QR code to be scanned.
        ScanQrCode = "SCAN_QR_CODE",
        /// Waiting for a passkey. Since 2026.7.
        PasskeyRequired = "PASSKEY_REQUIRED",
        /// Waiting for the passkey to be confirmed. Since 2026.7.
        PasskeyConfirmationRequired = "PASSKEY_CONFIRMATION_REQUIRED",
        /// Working: it sends and receives.
        Working = "WORKING",
        /// Failed.
        Failed = "FAILED",
    }
}

object! {
    /// A state in the history of a session.
    pub struct StatusEntry {
        /// The state.
        pub status: SessionState,
        /// Since when. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub timestamp: Option<DateTime<Utc>>,
    }
}

object! {
    /// What a session's state requires: with `PASSKEY_REQUIRED` the options of
    /// the request for a passkey, with `PASSKEY_CONFIRMATION_REQUIRED` the
    /// code.
    #[serde(rename_all = "camelCase")]
    pub struct SessionData {
        /// The challenge for the passkey to sign. `Debug` hides it.
        pub challenge: Option<Sensitive>,
        /// How long the request is valid, in milliseconds.
        #[serde(with = "integer")]
        pub timeout: Option<i64>,
        /// The relying party of the passkey.
        pub rp_id: Option<String>,
        /// The passkeys that are accepted.
        pub allow_credentials: Option<List<Credential>>,
        /// Whether the user must be verified: `required`, `preferred`,
        /// `discouraged`.
        pub user_verification: Option<String>,
        /// Extensions to the request, any JSON object.
        pub extensions: Option<RawJson>,
        /// The code to be confirmed on the phone. It gives access to the
        /// account, so `Debug` hides it.
        pub code: Option<Sensitive>,
    }
}

object! {
    /// A passkey that is accepted.
    pub struct Credential {
        /// Its id.
        pub id: Option<Id>,
        /// Its kind: `public-key`.
        #[serde(rename = "type")]
        pub credential_type: Option<String>,
        /// Its transports: `internal`, `hybrid`, `usb`.
        pub transports: Option<List<String>>,
    }
}
