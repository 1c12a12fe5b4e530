//! Replies: rows of lists, buttons, and finished flows.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

use super::{ContextInfo, ListType};
use crate::wire::coded_enum::coded_enum;
use crate::wire::json;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::integer;
use crate::wire::{Coded, Fault, Id};

object_keeping_rest! {
    /// Someone chose a row of a list.
    #[serde(rename_all = "camelCase")]
    pub struct ListResponseMessage {
        /// The title of the row.
        pub title: Option<String>,
        /// The text of the row.
        pub description: Option<String>,
        /// The kind of list.
        pub list_type: Option<Coded<ListType>>,
        /// The choice.
        pub single_select_reply: Option<SingleSelectReply>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
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
    /// Someone pressed a button.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonsResponseMessage {
        /// Its id.
        pub selected_button_id: Option<Id>,
        /// Its text.
        pub selected_display_text: Option<String>,
        /// How it was chosen.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ButtonsResponseKind>>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Someone pressed a button of a template.
    #[serde(rename_all = "camelCase")]
    pub struct TemplateButtonReplyMessage {
        /// Its id.
        pub selected_id: Option<Id>,
        /// Its text.
        pub selected_display_text: Option<String>,
        /// Its index.
        #[serde(with = "integer")]
        pub selected_index: Option<u32>,
        /// The index of its card, if there are cards.
        #[serde(with = "integer")]
        pub selected_carousel_card_index: Option<u32>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Someone finished a flow.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveResponseMessage {
        /// The text shown for it.
        pub body: Option<InteractiveResponseBody>,
        /// The result.
        pub native_flow_response_message: Option<NativeFlowResponse>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// The text shown for a reply.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveResponseBody {
        /// The text.
        pub text: Option<String>,
        /// Its format.
        pub format: Option<Coded<ResponseFormat>>,
    }
}

object! {
    /// The result of a flow.
    #[serde(rename_all = "camelCase")]
    pub struct NativeFlowResponse {
        /// The kind of flow, as on its button.
        pub name: Option<String>,
        /// The result, as JSON in a string; its `id` is the choice.
        pub params_json: Option<String>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub version: Option<i32>,
    }
}

impl NativeFlowResponse {
    /// The result of the flow, typed. `None` when there is nothing.
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
    /// How a button was chosen.
    pub enum ButtonsResponseKind {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// Its text.
        DisplayText = 1 "DISPLAY_TEXT",
    }
}

coded_enum! {
    /// The format of a reply's text.
    pub enum ResponseFormat {
        /// The default one.
        Default = 0 "DEFAULT",
        /// The one for flows.
        Extensions1 = 1 "EXTENSIONS_1",
    }
}
