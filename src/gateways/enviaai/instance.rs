//! Instances: connected, disconnected, waiting for a QR code scan.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::Sensitive;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::time::iso;

object! {
    /// The instance is connected to WhatsApp.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "instance.connected")]
    pub struct InstanceConnected {
        /// The instance (`inst_…`).
        pub instance_id: String,
        /// Its own phone number: digits.
        pub phone: Option<Jid>,
        /// The name of its WhatsApp profile.
        pub profile_name: Option<String>,
    }
}

object! {
    /// The instance is no longer connected to WhatsApp.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "instance.disconnected")]
    pub struct InstanceDisconnected {
        /// The instance (`inst_…`).
        pub instance_id: String,
        /// The reason. The disconnect call takes free text, which may appear
        /// here.
        pub reason: Option<DisconnectReason>,
    }
}

object! {
    /// There is a new QR code to connect the instance. Only instances that
    /// connect by QR code send this.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "instance.qr_updated")]
    pub struct InstanceQrUpdated {
        /// The instance (`inst_…`).
        pub instance_id: String,
        /// The QR code as an image: `data:image/png;base64,…`, several kB.
        /// Anyone who scans it controls the account, so `Debug` hides it.
        pub qr_code: Sensitive,
        /// When it expires.
        #[serde(with = "iso")]
        pub expires_at: Option<DateTime<Utc>>,
    }
}

open_enum! {
    /// Why an instance is no longer connected.
    pub enum DisconnectReason {
        /// The account was logged out.
        LoggedOut = "logged_out",
    }
}
