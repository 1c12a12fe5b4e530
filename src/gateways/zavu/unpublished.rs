//! Events whose shape Zavu has not published.

use std::borrow::Cow;

use serde::de::{DeserializeOwned, Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize};

use crate::wire::json::find_text;
use crate::wire::open_enum::open_enum;
use crate::wire::{Fault, RawJson};

/// The payload of an event whose name is documented but whose shape is not: a
/// JSON object, kept raw.
///
/// ```
/// use zaphook::{Delivery, Zavu, zavu::Event};
///
/// let delivery = Delivery::<Zavu>::parse_trusted(
///     r#"{"id":"evt_1","type":"domain.verified","data":{"domainId":"dom_1"}}"#,
/// )?;
/// let Event::DomainVerified(domain) = delivery.event() else { panic!() };
/// assert_eq!(domain.text("domainId").as_deref(), Some("dom_1"));
/// # Ok::<(), zaphook::Unreadable>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Unpublished(RawJson);

impl Unpublished {
    /// The raw JSON.
    pub fn raw(&self) -> &RawJson {
        &self.0
    }

    /// One of its members, if it appears once and is a string. Existing
    /// receivers read `domainId` from `domain.verified` and `domain.failed`.
    pub fn text(&self, member: &str) -> Option<Cow<'_, str>> {
        find_text(self.0.as_str(), &[member])
    }

    /// Deserialises it as a type of your own.
    ///
    /// # Errors
    ///
    /// When it does not have the shape of `T`.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        self.0.parse()
    }
}

impl<'de> Deserialize<'de> for Unpublished {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        if !raw.as_str().starts_with('{') {
            return Err(D::Error::invalid_type(Unexpected::Other("something else"), &"an object"));
        }
        Ok(Self(raw))
    }
}

open_enum! {
    /// The status of a broadcast. The member of `broadcast.status_changed` with
    /// it is not published.
    pub enum BroadcastStatus {
        /// It is under review.
        PendingReview = "pending_review",
        /// It may be sent.
        Approved = "approved",
        /// It must be changed before it may be sent.
        Rejected = "rejected",
        /// It is being sent.
        Sending = "sending",
        /// It was sent.
        Completed = "completed",
        /// Cancelled.
        Cancelled = "cancelled",
        /// It is a draft. This and the following ones are known from the API's
        /// object, not from the event.
        Draft = "draft",
        /// It was escalated for a closer review.
        Escalated = "escalated",
        /// It was finally rejected.
        RejectedFinal = "rejected_final",
        /// It is scheduled.
        Scheduled = "scheduled",
        /// It is paused.
        Paused = "paused",
        /// It could not be sent.
        Failed = "failed",
    }
}
