//! Instances: connected, disconnected, waiting for their QR code.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::jid::Jid;
use crate::wire::Sensitive;
use crate::wire::open_enum::open_enum;
use crate::wire::time::iso;

/// The instance is connected to WhatsApp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "instance.connected")]
pub struct InstanceConnected {
    /// The instance (`inst_…`).
    pub instance_id: String,
    /// Its own number: digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Jid>,
    /// The name of its WhatsApp profile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
}

/// The instance is no longer connected to WhatsApp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "instance.disconnected")]
pub struct InstanceDisconnected {
    /// The instance (`inst_…`).
    pub instance_id: String,
    /// Why. The disconnect call takes free text, which may show up here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DisconnectReason>,
}

/// There is a new QR code to connect the instance with. Only instances that
/// connect by QR code send this.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
#[doc(alias = "instance.qr_updated")]
pub struct InstanceQrUpdated {
    /// The instance (`inst_…`).
    pub instance_id: String,
    /// The QR code as an image: `data:image/png;base64,…`, several kB. Whoever
    /// scans it owns the account, so `Debug` hides it.
    pub qr_code: Sensitive,
    /// Until when it can be scanned.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

open_enum! {
    /// Why an instance is no longer connected.
    pub enum DisconnectReason {
        /// The account was logged out.
        LoggedOut = "logged_out",
    }
}
