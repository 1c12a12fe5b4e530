//! Templates, in the events of the first generation.

use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;

object! {
    /// A template was approved or rejected. First generation.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "template.approved")]
    #[doc(alias = "template.rejected")]
    pub struct TemplateReview {
        /// The template.
        pub template_id: Id,
        /// Its name.
        pub name: Option<String>,
        /// The outcome.
        pub status: Option<TemplateStatus>,
        /// Why it was rejected; absent if it was approved.
        pub reason: Option<String>,
    }
}

open_enum! {
    /// The review result of a template.
    pub enum TemplateStatus {
        /// It may be used.
        Approved = "approved",
        /// It may not be used.
        Rejected = "rejected",
    }
}
