//! The connection: linked, connected, lost, banned.

use std::time::Duration;

use crate::jid::Jid;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, filled, integer};
use crate::wire::{RawJson, Sensitive};

object_keeping_rest! {
    /// The instance is connected to WhatsApp.
    #[serde(rename_all = "camelCase")]
    pub struct Connected {
        /// `open`.
        pub status: Option<String>,
        /// The account.
        #[serde(with = "filled")]
        pub jid: Option<Jid>,
        /// What the account calls itself.
        pub push_name: Option<String>,
    }
}

object_keeping_rest! {
    /// The instance was linked to a phone.
    #[serde(rename_all = "PascalCase")]
    pub struct PairSuccess {
        /// The account.
        #[serde(rename = "ID", with = "filled")]
        pub id: Option<Jid>,
        /// Its LID.
        #[serde(rename = "LID", with = "filled")]
        pub lid: Option<Jid>,
        /// The name of the business; empty for a person.
        pub business_name: Option<String>,
        /// What the phone runs.
        pub platform: Option<String>,
        /// `open`.
        #[serde(rename = "status")]
        pub status: Option<String>,
        /// The account once more.
        #[serde(rename = "jid", with = "filled")]
        pub jid: Option<Jid>,
        /// What the account calls itself.
        #[serde(rename = "pushName")]
        pub push_name: Option<String>,
    }
}

object_keeping_rest! {
    /// WhatsApp banned the account for some time.
    #[serde(rename_all = "PascalCase")]
    pub struct TemporaryBan {
        /// Why: 101 wrote to too many strangers, 102 blocked by too many, 103 made too
        /// many groups, 104 repeated itself too often, 106 broadcast too much.
        #[serde(with = "integer")]
        pub code: Option<i64>,
        /// For how long, in nanoseconds. The server's main branch writes the same once
        /// more as `expire`, which stands in `rest`.
        #[serde(with = "integer")]
        pub expire: Option<i64>,
        /// Why, in words.
        #[serde(rename = "reason")]
        pub reason: Option<String>,
    }
}

impl TemporaryBan {
    /// For how long the account is banned.
    pub fn expires_in(&self) -> Option<Duration> {
        self.expire.and_then(|expire| u64::try_from(expire).ok()).map(Duration::from_nanos)
    }
}

object_keeping_rest! {
    /// The instance is no longer linked to a phone.
    #[serde(rename_all = "PascalCase")]
    pub struct LoggedOut {
        /// Whether it was refused when it connected.
        #[serde(with = "boolean")]
        pub on_connect: Option<bool>,
        /// WhatsApp's number for why, when it was.
        #[serde(rename = "Reason", with = "integer")]
        pub reason_code: Option<i64>,
        /// Why, in words.
        #[serde(rename = "reason")]
        pub reason: Option<String>,
    }
}

object_keeping_rest! {
    /// WhatsApp refused the connection.
    #[serde(rename_all = "PascalCase")]
    pub struct ConnectFailure {
        /// WhatsApp's number for why: 401 logged out, 402 banned for some time, 403 and
        /// 406 locked or banned, 405 client too old, 500 to 503 trouble of its own.
        #[serde(with = "integer")]
        pub reason: Option<i64>,
        /// What it says about it.
        pub message: Option<String>,
        /// What it sent.
        pub raw: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The connection was lost. The server connects again by itself.
    #[serde(rename_all = "PascalCase")]
    pub struct Disconnected {
    }
}

object! {
    /// There is a QR code to link the instance with.
    #[serde(rename_all = "camelCase")]
    pub struct QrCode {
        /// The code as an image: `data:image/png;base64,…`. Whoever scans it owns the
        /// account, so `Debug` hides it.
        pub qrcode: Option<Sensitive>,
        /// What the code says.
        pub code: Option<Sensitive>,
        /// How many codes there have been.
        #[serde(with = "integer")]
        pub count: Option<i64>,
        /// How many there will be at most.
        #[serde(with = "integer")]
        pub max_count: Option<i64>,
    }
}

object! {
    /// No QR code was scanned in time. All fields may be absent.
    #[serde(rename_all = "camelCase")]
    pub struct QrTimeout {
        /// Why it ended.
        pub reason: Option<String>,
        /// How many codes there were.
        #[serde(with = "integer")]
        pub qrcount: Option<i64>,
        /// How many there could be.
        #[serde(with = "integer")]
        pub max_count: Option<i64>,
        /// Whether the instance was logged out.
        #[serde(with = "boolean")]
        pub force_logout: Option<bool>,
    }
}

object! {
    /// All that was missed has been delivered.
    #[serde(rename_all = "PascalCase")]
    pub struct OfflineSyncCompleted {
        /// How much that was.
        #[serde(with = "integer")]
        pub count: Option<i64>,
    }
}
