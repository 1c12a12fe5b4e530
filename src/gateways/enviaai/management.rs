//! Responses of EnviaAI's API about webhooks. A receiver never gets these;
//! deserialise them from the API's responses.

use chrono::{DateTime, Utc};

use super::event::Envelope;
use crate::wire::Sensitive;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::iso;

object! {
    /// A webhook as the API describes it.
    #[serde(rename_all = "camelCase")]
    pub struct Webhook {
        /// The webhook (`wh_…`).
        pub id: String,
        /// Its name; in the creation response.
        pub name: Option<String>,
        /// The instance whose events it sends (`inst_…`); in the creation
        /// response.
        pub instance_id: Option<String>,
        /// The URL that it posts to.
        pub url: Option<String>,
        /// The names of the events it sends, as in [`Event::NAMES`](super::Event::NAMES).
        pub events: Option<Vec<String>>,
        /// The secret that its deliveries are signed with (`whs_…`, or one of your
        /// choice).
        pub secret: Option<Sensitive>,
        /// Whether it is active.
        pub status: Option<WebhookStatus>,
        /// When it was created.
        #[serde(with = "iso")]
        pub created_at: Option<DateTime<Utc>>,
        /// When it last delivered; not in the creation response.
        #[serde(with = "iso")]
        pub last_delivery_at: Option<DateTime<Utc>>,
        /// The outcome of the last delivery; not in the creation response.
        pub last_delivery_status: Option<DeliveryStatus>,
    }
}

object! {
    /// The response to the creation of a webhook.
    pub struct WebhookCreated {
        /// Whether it was created.
        #[serde(with = "boolean")]
        pub success: Option<bool>,
        /// The webhook, with its secret.
        pub data: Webhook,
    }
}

object! {
    /// The response with a webhook's delivery log.
    pub struct DeliveryLog {
        /// Whether the call succeeded.
        #[serde(with = "boolean")]
        pub success: Option<bool>,
        /// The deliveries.
        pub data: Vec<DeliveryLogEntry>,
    }
}

object! {
    /// One delivery in a webhook's log.
    #[serde(rename_all = "camelCase")]
    pub struct DeliveryLogEntry {
        /// The entry (`log_…`).
        pub id: String,
        /// The event's name.
        pub event: Option<String>,
        /// The outcome of the delivery.
        pub status: Option<DeliveryStatus>,
        /// The HTTP status of the answer.
        #[serde(with = "integer")]
        pub status_code: Option<i64>,
        /// How long the answer took, in milliseconds.
        #[serde(with = "integer")]
        pub response_time: Option<i64>,
        /// When it was delivered.
        #[serde(with = "iso")]
        pub timestamp: Option<DateTime<Utc>>,
        /// What went wrong.
        pub error: Option<String>,
        /// How many retries there were.
        #[serde(with = "integer")]
        pub retry_count: Option<i64>,
        /// When the next retry is due.
        #[serde(with = "iso")]
        pub next_retry_at: Option<DateTime<Utc>>,
    }
}

object! {
    /// The response to the test call.
    pub struct TestAnswer {
        /// Whether the call succeeded.
        #[serde(with = "boolean")]
        pub success: Option<bool>,
        /// The delivery that was made.
        pub data: TestDelivery,
    }
}

object! {
    /// A delivery made by the test call.
    #[serde(rename_all = "camelCase")]
    pub struct TestDelivery {
        /// The outcome.
        pub status: Option<DeliveryStatus>,
        /// The HTTP status of the answer.
        #[serde(with = "integer")]
        pub status_code: Option<i64>,
        /// How long the answer took, in milliseconds.
        #[serde(with = "integer")]
        pub response_time: Option<i64>,
        /// The body that was delivered.
        pub payload: Option<Envelope>,
    }
}

open_enum! {
    /// Whether a webhook is active.
    pub enum WebhookStatus {
        /// It is active.
        Active = "active",
    }
}

open_enum! {
    /// The outcome of a delivery.
    pub enum DeliveryStatus {
        /// It was answered with a 2xx.
        Success = "success",
        /// It was not answered with a 2xx.
        Failed = "failed",
    }
}
