//! What people chose: rows, buttons, and the ends of flows.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::{ContextInfo, ListType};
use crate::wire::coded_enum::coded_enum;
use crate::wire::json;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::integer;
use crate::wire::{Coded, Fault, Id};

object_keeping_rest! {
    /// Somebody chose a row of a list.
    #[serde(rename_all = "camelCase")]
    pub struct ListResponseMessage {
        /// The title of the row.
        pub title: Option<String>,
        /// The text of the row.
        pub description: Option<String>,
        /// What was chosen from.
        pub list_type: Option<Coded<ListType>>,
        /// The choice.
        pub single_select_reply: Option<SingleSelectReply>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A chosen row.
    #[serde(rename_all = "camelCase")]
    pub struct SingleSelectReply {
        /// Its id.
        pub selected_row_id: Option<Id>,
    }
}

object_keeping_rest! {
    /// Somebody pressed a button.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonsResponseMessage {
        /// Its id.
        pub selected_button_id: Option<Id>,
        /// What it says.
        pub selected_display_text: Option<String>,
        /// What was chosen by.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ButtonsResponseKind>>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Somebody pressed a button of a template.
    #[serde(rename_all = "camelCase")]
    pub struct TemplateButtonReplyMessage {
        /// Its id.
        pub selected_id: Option<Id>,
        /// What it says.
        pub selected_display_text: Option<String>,
        /// Its place.
        #[serde(with = "integer")]
        pub selected_index: Option<u32>,
        /// The place of its card, where there are cards.
        #[serde(with = "integer")]
        pub selected_carousel_card_index: Option<u32>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Somebody came to the end of a flow.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveResponseMessage {
        /// What is shown for it.
        pub body: Option<InteractiveResponseBody>,
        /// What came out of it.
        pub native_flow_response_message: Option<NativeFlowResponse>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// What is shown for an answer.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveResponseBody {
        /// The text.
        pub text: Option<String>,
        /// Its form.
        pub format: Option<Coded<ResponseFormat>>,
    }
}

object! {
    /// What came out of a flow.
    #[serde(rename_all = "camelCase")]
    pub struct NativeFlowResponse {
        /// The flow's kind, as on its button.
        pub name: Option<String>,
        /// What came out, as JSON within a text; `id` in it is the choice.
        pub params_json: Option<String>,
        /// The version of the form.
        #[serde(with = "integer")]
        pub version: Option<i32>,
    }
}

impl NativeFlowResponse {
    /// What came out of the flow, typed. `None` when there is nothing.
    ///
    /// # Errors
    ///
    /// When the text is not JSON of that shape.
    pub fn params<T: DeserializeOwned>(&self) -> Option<Result<T, Fault>> {
        self.params_json.as_deref().map(json::read_repaired)
    }

    /// What was chosen: `id` in [`params_json`](Self::params_json).
    pub fn choice_id(&self) -> Option<String> {
        json::find_text(self.params_json.as_deref()?, &["id"]).map(Cow::into_owned)
    }
}

coded_enum! {
    /// What a button was chosen by.
    pub enum ButtonsResponseKind {
        /// Not said.
        Unknown = 0 "UNKNOWN",
        /// What it says.
        DisplayText = 1 "DISPLAY_TEXT",
    }
}

coded_enum! {
    /// The form of an answer's text.
    pub enum ResponseFormat {
        /// The usual one.
        Default = 0 "DEFAULT",
        /// That of flows.
        Extensions1 = 1 "EXTENSIONS_1",
    }
}
