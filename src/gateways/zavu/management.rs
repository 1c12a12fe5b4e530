//! What Zavu's API answers about webhooks. Nothing of this arrives at a
//! receiver; it is here to be deserialised.

use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::boolean;
use crate::wire::{RawJson, Sensitive};

object! {
    /// A webhook: that of a sender, of a project, or of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct Webhook {
        /// Where it posts to.
        pub url: Option<String>,
        /// The names of the events it sends, as in [`Event::NAMES`](super::Event::NAMES).
        pub events: Option<Vec<String>>,
        /// Whether it sends.
        #[serde(with = "boolean")]
        pub active: Option<bool>,
        /// How it signs. Absent before August 2026, and for projects.
        pub signature_version: Option<SignatureVersion>,
        /// The secret that its deliveries are signed with (`whsec_…`). Shown once,
        /// when it is made or made anew.
        pub secret: Option<Sensitive>,
    }
}

object! {
    /// The answer to the call for a project's webhook (API v1).
    pub struct ProjectWebhook {
        /// The webhook; `null` when there is none.
        pub webhook: Option<Webhook>,
    }
}

object! {
    /// The answer to the call that makes a new secret. The old one is invalid from
    /// then on, without a time in which both are good.
    pub struct SecretAnswer {
        /// The secret (`whsec_…`).
        pub secret: Sensitive,
    }
}

object! {
    /// The answer to the call for the webhook of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct WebhookV2 {
        /// The project's webhook; `null` when there is none.
        pub webhook: Option<Webhook>,
        /// The webhooks of API v1 that the project's senders still have. Their
        /// shape here is not published.
        pub sender_webhooks: Option<Vec<RawJson>>,
    }
}

object! {
    /// The body of the call that sets the webhook of API v2.
    #[serde(rename_all = "camelCase")]
    pub struct WebhookV2Settings {
        /// Where it shall post to.
        pub url: Option<String>,
        /// The names of the events it shall send.
        pub events: Option<Vec<String>>,
        /// Whether it shall send.
        #[serde(with = "boolean")]
        pub active: Option<bool>,
        /// How it shall sign.
        pub signature_version: Option<SignatureVersion>,
        /// Whether the senders' own webhooks of API v1 shall stop.
        #[serde(with = "boolean")]
        pub disable_sender_webhooks: Option<bool>,
    }
}

open_enum! {
    /// How a webhook signs. From `v1` to `v2` and back it goes through `v1+v2`
    /// only.
    pub enum SignatureVersion {
        /// Over the body: [`Form::F1`](super::Form::F1).
        V1 = "v1",
        /// Both at once: [`Form::F1AndF2`](super::Form::F1AndF2).
        V1AndV2 = "v1+v2",
        /// Over time and body: [`Form::F2`](super::Form::F2).
        V2 = "v2",
    }
}
