//! Message templates of the Cloud channel.

use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;

object! {
    /// Meta decided about a message template. This is Meta's own value, posted
    /// without an envelope to the address that was stored with the template.
    /// Its shape is inferred.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateStatus {
        /// What was decided. The member is Meta's `event`, and names no event
        /// of Evolution's.
        pub event: Option<TemplateEvent>,
        /// The template's number.
        #[serde(with = "integer")]
        pub message_template_id: Option<i64>,
        /// The template's name.
        pub message_template_name: Option<String>,
        /// The template's language, such as `pt_BR`.
        pub message_template_language: Option<String>,
        /// Why it was rejected.
        pub reason: Option<String>,
    }
}

open_enum! {
    /// What Meta decided about a template.
    pub enum TemplateEvent {
        /// It may be used.
        Approved = "APPROVED",
        /// It may not be used.
        Rejected = "REJECTED",
    }
}
