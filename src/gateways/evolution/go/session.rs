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
        /// The push name of the account.
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
        /// The phone's platform.
        pub platform: Option<String>,
        /// `open`.
        #[serde(rename = "status")]
        pub status: Option<String>,
        /// The account again.
        #[serde(rename = "jid", with = "filled")]
        pub jid: Option<Jid>,
        /// The push name of the account.
        #[serde(rename = "pushName")]
        pub push_name: Option<String>,
    }
}

object_keeping_rest! {
    /// WhatsApp banned the account temporarily.
    #[serde(rename_all = "PascalCase")]
    pub struct TemporaryBan {
        /// Why: 101 wrote to too many strangers, 102 blocked by too many
        /// people, 103 created too many groups, 104 sent the same message too
        /// often, 106 sent too many broadcasts.
        #[serde(with = "integer")]
        pub code: Option<i64>,
        /// The duration in nanoseconds. The server's main branch writes the
        /// same again as `expire`, which is in `rest`.
        #[serde(with = "integer")]
        pub expire: Option<i64>,
        /// The reason in words.
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
        /// Whether the connection was refused.
        #[serde(with = "boolean")]
        pub on_connect: Option<bool>,
        /// WhatsApp's code for the reason, if it was refused.
        #[serde(rename = "Reason", with = "integer")]
        pub reason_code: Option<i64>,
        /// The reason in words.
        #[serde(rename = "reason")]
        pub reason: Option<String>,
    }
}

object_keeping_rest! {
    /// WhatsApp refused the connection.
    #[serde(rename_all = "PascalCase")]
    pub struct ConnectFailure {
        /// WhatsApp's code for the reason: 401 logged out, 402 temporarily
        /// banned, 403 and 406 locked or banned, 405 client outdated, 500 to
        /// 503 a server error.
        #[serde(with = "integer")]
        pub reason: Option<i64>,
        /// The message.
        pub message: Option<String>,
        /// The raw node that it sent.
        pub raw: Option<RawJson>,
    }
}

object_keeping_rest! {
    /// The connection was lost. The server reconnects by itself.
    #[serde(rename_all = "PascalCase")]
    pub struct Disconnected {
    }
}

object! {
    /// There is a QR code to link the instance.
    #[serde(rename_all = "camelCase")]
    pub struct QrCode {
        /// The code as an image: `data:image/png;base64,…`. Anyone who scans it
        /// controls the account, so `Debug` hides it.
        pub qrcode: Option<Sensitive>,
        /// The content of the code.
        pub code: Option<Sensitive>,
        /// The number of codes so far.
        #[serde(with = "integer")]
        pub count: Option<i64>,
        /// The maximum number of codes.
        #[serde(with = "integer")]
        pub max_count: Option<i64>,
    }
}

object! {
    /// No QR code was scanned in time. All fields may be absent.
    #[serde(rename_all = "camelCase")]
    pub struct QrTimeout {
        /// The reason.
        pub reason: Option<String>,
        /// The number of codes.
        #[serde(with = "integer")]
        pub qrcount: Option<i64>,
        /// The maximum number of codes.
        #[serde(with = "integer")]
        pub max_count: Option<i64>,
        /// Whether the instance was logged out.
        #[serde(with = "boolean")]
        pub force_logout: Option<bool>,
    }
}

object! {
    /// Everything that was missed has been delivered.
    #[serde(rename_all = "PascalCase")]
    pub struct OfflineSyncCompleted {
        /// The number of events.
        #[serde(with = "integer")]
        pub count: Option<i64>,
    }
}
