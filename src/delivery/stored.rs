//! Deliveries on their way through a queue or a database.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Delivery;
use crate::auth::Proof;
use crate::event::{Unreadable, Wanted};
use crate::gateways::{EventNameOf, Gateway};

/// A delivery on its way through a queue or a database: its exact body, when
/// it was received and how it was authenticated.
///
/// ```
/// # use zaphook::{Delivery, EnviaAi, Stored};
/// # let body = r#"{"event":"instance.connected","data":{"instanceId":"inst_1"}}"#;
/// # let delivery = Delivery::<EnviaAi>::parse_trusted(body)?;
/// let row: String = serde_json::to_string(&delivery.to_stored())?;
///
/// let stored: Stored = serde_json::from_str(&row)?;
/// let again = stored.parse_trusted::<EnviaAi>()?;
/// assert_eq!(again.event(), delivery.event());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    pub(super) gateway: Cow<'static, str>,
    pub(super) received_at: DateTime<Utc>,
    pub(super) proof: Proof,
    /// Of a body that names no event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<Box<str>>,
    #[serde(with = "as_text")]
    pub(super) body: Bytes,
}

/// A body as the text that it is.
mod as_text {
    use bytes::Bytes;
    use serde::de::{Deserialize, Deserializer};
    use serde::ser::{Error, Serializer};

    pub(super) fn serialize<S: Serializer>(body: &Bytes, serializer: S) -> Result<S::Ok, S::Error> {
        // Only UTF-8 is ever read into a delivery.
        let text = std::str::from_utf8(body).map_err(S::Error::custom)?;
        serializer.serialize_str(text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Bytes, D::Error> {
        String::deserialize(deserializer).map(Bytes::from)
    }
}

impl Stored {
    /// The name of the gateway it came from: [`Gateway::NAME`].
    pub fn gateway(&self) -> &str {
        &self.gateway
    }

    /// Parses the delivery again. It was authenticated before it was stored;
    /// whoever can write to the store is trusted.
    ///
    /// # Errors
    ///
    /// When it came from another gateway, or its body cannot be read.
    pub fn parse_trusted<G: Gateway>(&self) -> Result<Delivery<G>, StoredError> {
        self.parse(&Wanted::ALL)
    }

    /// As [`parse_trusted`](Self::parse_trusted), typing only the events of these
    /// names, as [`Receiver::only`](crate::Receiver::only) does.
    ///
    /// # Errors
    ///
    /// As for [`parse_trusted`](Self::parse_trusted).
    pub fn parse_trusted_only<G: Gateway>(
        &self,
        names: impl IntoIterator<Item = EventNameOf<G>>,
    ) -> Result<Delivery<G>, StoredError> {
        self.parse(&Wanted::only(names))
    }

    fn parse<G: Gateway>(&self, wanted: &Wanted) -> Result<Delivery<G>, StoredError> {
        if self.gateway != G::NAME {
            return Err(StoredError::OtherGateway { expected: G::NAME });
        }
        let (body, proof) = (self.body.clone(), self.proof.clone());
        Delivery::read(body, proof, self.received_at.into(), &|| self.name.as_deref(), wanted)
            .map_err(StoredError::Unreadable)
    }

    /// The exact bytes received.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// When it was received.
    pub fn received_at(&self) -> DateTime<Utc> {
        self.received_at
    }

    /// How it was authenticated.
    pub fn proof(&self) -> &Proof {
        &self.proof
    }
}

impl fmt::Debug for Stored {
    /// Does not show the content of the event.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("gateway", &self.gateway)
            .field("received_at", &self.received_at)
            .field("proof", &self.proof)
            .field("body_len", &self.body.len())
            .finish()
    }
}

/// Why a [`Stored`] delivery cannot be parsed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredError {
    /// It came from another gateway.
    #[error("the stored delivery is not one of {expected}")]
    #[non_exhaustive]
    OtherGateway {
        /// The gateway that it was to be parsed for.
        expected: &'static str,
    },
    /// It came from a gateway that this build does not know.
    #[error("the stored delivery is of a gateway that this build does not know")]
    UnknownGateway,
    /// Its body cannot be read.
    #[error(transparent)]
    Unreadable(Unreadable),
}
