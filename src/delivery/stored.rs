//! Deliveries on their way through a queue or a database.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Delivery;
use crate::auth::Proof;
use crate::event::{Unreadable, Wanted};
use crate::gateways::{EventNameOf, Gateway};
use crate::request::Request;

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
///
/// It is JSON between versions of this crate: members are added, none changes its
/// meaning. A body that is no UTF-8, or that a text in PostgreSQL cannot hold, is
/// written as base64. It need not be readable: what [`Consumer::accept`] stores may
/// be read by a later version.
///
/// It holds texts and phone numbers, and with some gateways credentials that are
/// in the body: mind who reads the queue, and how long it keeps them.
///
/// [`Consumer::accept`]: crate::Consumer::accept
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Stored {
    pub(super) gateway: Cow<'static, str>,
    pub(super) received_at: DateTime<Utc>,
    pub(super) proof: Proof,
    /// Of a body that names no event.
    pub(super) name: Option<Box<str>>,
    pub(super) body: Bytes,
}

/// As it is written; pinned by `tests/fixtures/stored.jsonl`.
#[derive(Serialize, Deserialize)]
struct Written {
    gateway: Cow<'static, str>,
    received_at: DateTime<Utc>,
    proof: Proof,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body_base64: Option<String>,
}

impl From<Stored> for Written {
    fn from(stored: Stored) -> Self {
        let Stored { gateway, received_at, proof, name, body } = stored;
        let text = std::str::from_utf8(&body).ok().filter(|text| !text.contains('\0'));
        let (body, body_base64) = match text {
            Some(text) => (Some(text.to_owned()), None),
            None => (None, Some(STANDARD.encode(&body))),
        };
        Self { gateway, received_at, proof, name, body, body_base64 }
    }
}

impl TryFrom<Written> for Stored {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, &'static str> {
        let Written { gateway, received_at, proof, name, body, body_base64 } = written;
        let body = match (body, body_base64) {
            (Some(text), None) => Bytes::from(text),
            (None, Some(base64)) => {
                STANDARD.decode(base64).map_err(|_| "`body_base64` is not base64")?.into()
            }
            _ => return Err("one of `body` and `body_base64` must be there"),
        };
        Ok(Self { gateway, received_at, proof, name, body })
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

    /// Of a request whose body could not be read.
    pub(crate) fn unread<G: Gateway>(request: &Request<'_>, proof: Proof) -> Self {
        Self {
            gateway: G::NAME.into(),
            received_at: request.time().date(),
            proof,
            name: G::hint(request.head()).map(Into::into),
            body: request.body().clone(),
        }
    }

    pub(crate) fn parse<G: Gateway>(&self, wanted: &Wanted) -> Result<Delivery<G>, StoredError> {
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
    /// It was authenticated in a way that this version does not know. Only a
    /// [worker](crate::Consumer::work) minds.
    #[error("the stored delivery was authenticated in a way that this version does not know")]
    UnknownProof,
    /// Its body cannot be read.
    #[error(transparent)]
    Unreadable(Unreadable),
}
