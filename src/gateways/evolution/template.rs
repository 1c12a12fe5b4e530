//! Message templates of the Cloud channel.

use crate::wire::Id;
use crate::wire::object::object_keeping_rest;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;

object_keeping_rest! {
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
        /// Since when it may not be used, when Meta disabled it.
        pub disable_info: Option<TemplateDisabled>,
        /// What else Meta says about it.
        pub other_info: Option<TemplateOther>,
    }
}

object_keeping_rest! {
    /// Since when a template may not be used.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateDisabled {
        /// The day, as Meta writes it.
        pub disable_date: Option<Id>,
    }
}

object_keeping_rest! {
    /// What else Meta says about a template.
    #[serde(rename_all = "snake_case")]
    pub struct TemplateOther {
        /// What it is about, such as `FIRST_PAUSE`.
        pub title: Option<String>,
        /// What it says.
        pub description: Option<String>,
    }
}

open_enum! {
    /// What Meta decided about a template.
    pub enum TemplateEvent {
        /// It may be used.
        Approved = "APPROVED",
        /// It may not be used.
        Rejected = "REJECTED",
        /// It is looked at.
        Pending = "PENDING",
        /// It may not be used for some time.
        Paused = "PAUSED",
        /// It may never be used again.
        Disabled = "DISABLED",
        /// People reported it; it may be disabled.
        Flagged = "FLAGGED",
    }
}
