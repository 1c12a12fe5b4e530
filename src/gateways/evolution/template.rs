//! Message templates of the Cloud channel.

use crate::wire::Id;
use crate::wire::object::object_keeping_rest;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;

object_keeping_rest! {
    /// Meta reviewed a message template. This is Meta's own value, posted
    /// without an envelope to the URL that was stored with the template. Its
    /// shape is inferred.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateStatus {
        /// The decision. The member is Meta's `event`, which is not an event of
        /// Evolution API.
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
        /// When Meta disabled it, if it did.
        pub disable_info: Option<TemplateDisabled>,
        /// Further information from Meta.
        pub other_info: Option<TemplateOther>,
    }
}

object_keeping_rest! {
    /// When a template was disabled.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateDisabled {
        /// The date, as Meta writes it.
        pub disable_date: Option<Id>,
    }
}

object_keeping_rest! {
    /// Further information from Meta about a template.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateOther {
        /// The title, such as `FIRST_PAUSE`.
        pub title: Option<String>,
        /// Its text.
        pub description: Option<String>,
    }
}

open_enum! {
    /// Meta's decision about a template.
    pub enum TemplateEvent {
        /// It may be used.
        Approved = "APPROVED",
        /// It may not be used.
        Rejected = "REJECTED",
        /// It is under review.
        Pending = "PENDING",
        /// It may not be used for a while.
        Paused = "PAUSED",
        /// It may never be used again.
        Disabled = "DISABLED",
        /// People reported it; it may be disabled.
        Flagged = "FLAGGED",
    }
}
