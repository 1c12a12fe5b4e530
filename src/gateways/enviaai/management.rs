//! What EnviaAI's API answers about webhooks. Nothing of this arrives at a
//! receiver; it is here to be deserialised.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::event::Envelope;
use crate::wire::Sensitive;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::iso;

/// A webhook as the API describes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Webhook {
    /// The webhook (`wh_…`).
    pub id: String,
    /// Its name; in the creation answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The instance whose events it sends (`inst_…`); in the creation answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// Where it posts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The names of the events it sends, as in [`Event::NAMES`](super::Event::NAMES).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<String>>,
    /// The secret that its deliveries are signed with (`whs_…`, or one of your
    /// choice).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<Sensitive>,
    /// Whether it sends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<WebhookStatus>,
    /// When it was created.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it last delivered; not in the creation answer.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub last_delivery_at: Option<DateTime<Utc>>,
    /// What became of the last delivery; not in the creation answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_delivery_status: Option<DeliveryStatus>,
}

/// The answer to the creation of a webhook.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WebhookCreated {
    /// Whether it was created.
    #[serde(
        default,
        deserialize_with = "boolean::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub success: Option<bool>,
    /// The webhook, with its secret.
    pub data: Webhook,
}

/// The answer to the call for a webhook's delivery log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DeliveryLog {
    /// Whether the call succeeded.
    #[serde(
        default,
        deserialize_with = "boolean::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub success: Option<bool>,
    /// The deliveries.
    pub data: Vec<DeliveryLogEntry>,
}

/// One delivery in a webhook's log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DeliveryLogEntry {
    /// The entry (`log_…`).
    pub id: String,
    /// The event's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What became of the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    /// The HTTP status that was answered.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub status_code: Option<i64>,
    /// How long the answer took, in milliseconds.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_time: Option<i64>,
    /// When it was delivered.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<DateTime<Utc>>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How many retries there were.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub retry_count: Option<i64>,
    /// When the next one is due.
    #[serde(default, with = "iso", skip_serializing_if = "Option::is_none")]
    pub next_retry_at: Option<DateTime<Utc>>,
}

/// The answer to the test call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TestAnswer {
    /// Whether the call succeeded.
    #[serde(
        default,
        deserialize_with = "boolean::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub success: Option<bool>,
    /// The delivery that was made.
    pub data: TestDelivery,
}

/// A delivery made by the test call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TestDelivery {
    /// What became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<DeliveryStatus>,
    /// The HTTP status that was answered.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub status_code: Option<i64>,
    /// How long the answer took, in milliseconds.
    #[serde(
        default,
        deserialize_with = "integer::deserialize",
        skip_serializing_if = "Option::is_none"
    )]
    pub response_time: Option<i64>,
    /// The body that was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Envelope>,
}

open_enum! {
    /// Whether a webhook sends.
    pub enum WebhookStatus {
        /// It sends.
        Active = "active",
    }
}

open_enum! {
    /// What became of a delivery.
    pub enum DeliveryStatus {
        /// It was answered with a 2xx.
        Success = "success",
        /// It was not.
        Failed = "failed",
    }
}
