//! Responses of Zavu's API about webhooks. A receiver never gets these;
//! deserialise them from the API's responses.

use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::{RawJson, Sensitive};

object! {
    /// A webhook: that of a sender, of a project, or of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct Webhook {
        /// The URL that it posts to.
        pub url: Option<String>,
        /// The names of the events it sends, as in [`Event::NAMES`](super::Event::NAMES).
        pub events: Option<Vec<String>>,
        /// Whether it is active.
        #[serde(with = "boolean")]
        pub active: Option<bool>,
        /// The signature version. Absent before August 2026, and for projects.
        pub signature_version: Option<SignatureVersion>,
        /// The secret that its deliveries are signed with (`whsec_…`). Shown
        /// once, when it is created or regenerated.
        pub secret: Option<Sensitive>,
    }
}

object! {
    /// The response with a project's webhook (API v1).
    pub struct ProjectWebhook {
        /// The webhook; `null` when there is none.
        pub webhook: Option<Webhook>,
    }
}

object! {
    /// The response with a new secret. The old one is invalid at once, without
    /// an overlap.
    pub struct SecretAnswer {
        /// The secret (`whsec_…`).
        pub secret: Sensitive,
    }
}

object! {
    /// The response with the webhook of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct WebhookV2 {
        /// The project's webhook; `null` when there is none.
        pub webhook: Option<Webhook>,
        /// The webhooks of API v1 that the project's senders still have. Their
        /// shape is not published.
        pub sender_webhooks: Option<Vec<RawJson>>,
    }
}

object! {
    /// The request body that sets the webhook of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct WebhookV2Settings {
        /// The URL that it should post to.
        pub url: Option<String>,
        /// The names of the events that it should send.
        pub events: Option<Vec<String>>,
        /// Whether it should be active.
        #[serde(with = "boolean")]
        pub active: Option<bool>,
        /// The signature version.
        pub signature_version: Option<SignatureVersion>,
        /// Whether to disable the senders' own webhooks of API v1.
        #[serde(with = "boolean")]
        pub disable_sender_webhooks: Option<bool>,
    }
}

open_enum! {
    /// The signature version of a webhook. It can only move between `v1` and
    /// `v2` through `v1+v2`.
    pub enum SignatureVersion {
        /// Over the body: [`Form::F1`](super::Form::F1).
        V1 = "v1",
        /// Both at once: [`Form::F1AndF2`](super::Form::F1AndF2).
        V1AndV2 = "v1+v2",
        /// Over time and body: [`Form::F2`](super::Form::F2).
        V2 = "v2",
    }
}
