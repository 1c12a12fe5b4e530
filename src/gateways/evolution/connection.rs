//! Instances: their QR codes, connections and lifecycle.

use chrono::{DateTime, Utc};

use crate::jid::Jid;
use crate::wire::number_enum::number_enum;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;
use crate::wire::time::iso;
use crate::wire::{RawJson, Sensitive};

object! {
    /// There is a new QR code to connect the instance, or the limit of QR codes
    /// is reached: the event then contains a message instead.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "qrcode.updated")]
    pub struct QrcodeUpdated {
        /// The code; absent at the limit.
        pub qrcode: Option<Qrcode>,
        /// Why there is no code, as human-readable text; at the limit only.
        pub message: Option<String>,
        /// 500, at the limit only.
        #[serde(with = "integer")]
        pub status_code: Option<i64>,
    }
}

object! {
    /// A code to connect an instance. Anyone who has it controls the account,
    /// so `Debug` hides it.
    #[serde(rename_all = "camelCase")]
    pub struct Qrcode {
        /// The instance's name.
        pub instance: Option<String>,
        /// The pairing code to type instead, if the instance has a number.
        pub pairing_code: Option<Sensitive>,
        /// The text inside the QR code.
        pub code: Option<Sensitive>,
        /// The QR code as an image: `data:image/png;base64,…`.
        pub base64: Option<Sensitive>,
    }
}

object! {
    /// The instance's connection to WhatsApp changed.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "connection.update")]
    pub struct ConnectionUpdate {
        /// The instance's name.
        pub instance: Option<String>,
        /// The state.
        pub state: Option<ConnectionState>,
        /// The reason: 200 when open, 428 at the limit of QR codes, the reason
        /// for the disconnection when closed. Compatible servers leave out a
        /// zero.
        pub status_reason: Option<StatusReason>,
        /// The account's own address; when open, possibly also when refused
        /// (2.x).
        pub wuid: Option<Jid>,
        /// The name of the account's profile (2.x).
        pub profile_name: Option<String>,
        /// A link to the picture of the account's profile (2.x).
        pub profile_picture_url: Option<String>,
    }
}

open_enum! {
    /// The state of a connection.
    pub enum ConnectionState {
        /// Connecting.
        Connecting = "connecting",
        /// Open.
        Open = "open",
        /// Closed. From 2.x on the server does not reconnect by itself.
        Close = "close",
        /// The limit of QR codes is reached.
        Refused = "refused",
    }
}

number_enum! {
    /// The reason for a connection's state.
    pub enum StatusReason {
        /// Open.
        Open = 200,
        /// The account was logged out.
        LoggedOut = 401,
        /// The account needs attention at WhatsApp.
        PaymentRequired = 402,
        /// WhatsApp forbids it.
        Forbidden = 403,
        /// WhatsApp does not accept it.
        NotAcceptable = 406,
        /// It was lost, or timed out.
        ConnectionLost = 408,
        /// The linked devices do not match.
        MultideviceMismatch = 411,
        /// It was closed; with `refused`, the limit of QR codes is reached.
        ConnectionClosed = 428,
        /// Another connection took its place.
        ConnectionReplaced = 440,
        /// The session is no longer usable.
        BadSession = 500,
        /// WhatsApp is not available.
        UnavailableService = 503,
        /// It must be restarted.
        RestartRequired = 515,
    }
}

object! {
    /// The instance was closed (2.3.0 and later).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "status.instance")]
    pub struct StatusInstance {
        /// The instance's name.
        pub instance: Option<String>,
        /// `closed`; on 1.x also `created`.
        pub status: Option<InstanceStatus>,
        /// When it was disconnected.
        #[serde(with = "iso")]
        pub disconnection_at: Option<DateTime<Utc>>,
        /// Why it was disconnected.
        pub disconnection_reason_code: Option<StatusReason>,
        /// The error of the disconnection, as JSON in a string;
        /// [`disconnection`](Self::disconnection) parses it.
        pub disconnection_object: Option<String>,
    }
}

impl StatusInstance {
    /// The error of the disconnection as JSON; `None` if it is not JSON.
    pub fn disconnection(&self) -> Option<RawJson> {
        RawJson::from_text(self.disconnection_object.as_deref()?)
    }
}

open_enum! {
    /// What happened to an instance.
    pub enum InstanceStatus {
        /// It was created.
        Created = "created",
        /// It was closed.
        Closed = "closed",
    }
}

object! {
    /// An instance was created or deleted.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "instance.create")]
    #[doc(alias = "instance.delete")]
    pub struct InstanceChange {
        /// The instance's name.
        pub instance_name: Option<String>,
        /// The instance's id, a UUID.
        pub instance_id: Option<String>,
    }
}

object! {
    /// The instance's API token was renewed (1.x).
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "new.jwt")]
    pub struct NewJwt {
        /// The new token. It gives access to the instance's API, so `Debug`
        /// hides it.
        pub jwt: Sensitive,
        /// The instance's name.
        pub instance_name: Option<String>,
    }
}
