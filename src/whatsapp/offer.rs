//! Messages with choices, from businesses: lists, buttons, templates and flows.

use serde::de::DeserializeOwned;

use super::{ContextInfo, DocumentMessage, ImageMessage, LocationMessage, VideoMessage};
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::json;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, integer};
use crate::wire::{Coded, Fault, Id, LazyBytes, RawJson};

object_keeping_rest! {
    /// A list to choose one row from.
    #[serde(rename_all = "camelCase")]
    pub struct ListMessage {
        /// Its title.
        pub title: Option<String>,
        /// Its text.
        pub description: Option<String>,
        /// The label of the button that opens it.
        pub button_text: Option<String>,
        /// The footer.
        pub footer_text: Option<String>,
        /// The kind of list.
        pub list_type: Option<Coded<ListType>>,
        /// The rows, in sections.
        pub sections: List<ListSection>,
        /// The products, if it lists products.
        pub product_list_info: Option<RawJson>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A section of a list.
    #[serde(rename_all = "camelCase")]
    pub struct ListSection {
        /// Its title.
        pub title: Option<String>,
        /// Its rows.
        pub rows: List<ListRow>,
    }
}

object! {
    /// A row of a list.
    #[serde(rename_all = "camelCase")]
    pub struct ListRow {
        /// Its id, which the reply contains.
        pub row_id: Option<Id>,
        /// Its title.
        pub title: Option<String>,
        /// Its text.
        pub description: Option<String>,
    }
}

object_keeping_rest! {
    /// Buttons to choose from.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonsMessage {
        /// The text.
        pub content_text: Option<String>,
        /// The footer.
        pub footer_text: Option<String>,
        /// The buttons.
        pub buttons: List<Button>,
        /// What kind of header it has.
        pub header_type: Option<Coded<ButtonsHeaderType>>,
        /// The text of the header, where the header is text.
        pub text: Option<String>,
        /// The document in the header.
        pub document_message: Option<Box<DocumentMessage>>,
        /// The image in the header.
        pub image_message: Option<Box<ImageMessage>>,
        /// The video in the header.
        pub video_message: Option<Box<VideoMessage>>,
        /// The location in the header.
        pub location_message: Option<Box<LocationMessage>>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A button.
    #[serde(rename_all = "camelCase")]
    pub struct Button {
        /// Its id, which the reply contains.
        pub button_id: Option<Id>,
        /// Its text.
        pub button_text: Option<ButtonText>,
        /// Its action.
        #[serde(rename = "type")]
        pub kind: Option<Coded<ButtonKind>>,
        /// The flow that it starts.
        pub native_flow_info: Option<RawJson>,
    }
}

object! {
    /// The label of a button.
    #[serde(rename_all = "camelCase")]
    pub struct ButtonText {
        /// The text.
        pub display_text: Option<String>,
    }
}

object_keeping_rest! {
    /// A filled-in template from a business.
    #[serde(rename_all = "camelCase")]
    pub struct TemplateMessage {
        /// The template.
        pub template_id: Option<Id>,
        /// The filled-in text and its buttons.
        pub hydrated_template: Option<Box<HydratedTemplate>>,
        /// The same, in its other position.
        pub hydrated_four_row_template: Option<Box<HydratedTemplate>>,
        /// A flow instead.
        pub interactive_message_template: Option<Box<InteractiveMessage>>,
        /// A template that the client fills in itself.
        pub four_row_template: Option<RawJson>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A template, filled in.
    #[serde(rename_all = "camelCase")]
    pub struct HydratedTemplate {
        /// The text.
        pub hydrated_content_text: Option<String>,
        /// The footer.
        pub hydrated_footer_text: Option<String>,
        /// The title.
        pub hydrated_title_text: Option<String>,
        /// The buttons.
        pub hydrated_buttons: List<TemplateButton>,
        /// The template.
        pub template_id: Option<Id>,
        /// The document in the header.
        pub document_message: Option<Box<DocumentMessage>>,
        /// The image in the header.
        pub image_message: Option<Box<ImageMessage>>,
        /// The video in the header.
        pub video_message: Option<Box<VideoMessage>>,
        /// The location in the header.
        pub location_message: Option<Box<LocationMessage>>,
    }
}

object! {
    /// A button of a template: one of these three.
    #[serde(rename_all = "camelCase")]
    pub struct TemplateButton {
        /// Its index, which the reply contains.
        #[serde(with = "integer")]
        pub index: Option<u32>,
        /// It sends a reply.
        pub quick_reply_button: Option<QuickReplyButton>,
        /// It opens a link.
        pub url_button: Option<UrlButton>,
        /// It starts a call.
        pub call_button: Option<CallButton>,
    }
}

object! {
    /// A button that sends a reply.
    #[serde(rename_all = "camelCase")]
    pub struct QuickReplyButton {
        /// Its text.
        pub display_text: Option<String>,
        /// Its id, which the reply contains.
        pub id: Option<Id>,
    }
}

object! {
    /// A button that opens a link.
    #[serde(rename_all = "camelCase")]
    pub struct UrlButton {
        /// Its text.
        pub display_text: Option<String>,
        /// The link.
        pub url: Option<String>,
        /// The link for people who consented to tracking.
        pub consented_users_url: Option<String>,
        /// How much of the screen the linked page takes.
        pub webview_presentation: Option<Coded<WebviewPresentation>>,
    }
}

object! {
    /// A button that starts a call.
    #[serde(rename_all = "camelCase")]
    pub struct CallButton {
        /// Its text.
        pub display_text: Option<String>,
        /// The number it calls.
        pub phone_number: Option<Jid>,
    }
}

object_keeping_rest! {
    /// An interactive message: text with a flow, a catalogue, cards or a shop.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveMessage {
        /// The header.
        pub header: Option<Box<InteractiveHeader>>,
        /// The text.
        pub body: Option<InteractiveText>,
        /// The footer.
        pub footer: Option<InteractiveText>,
        /// Buttons that start flows.
        pub native_flow_message: Option<NativeFlowMessage>,
        /// A catalogue.
        pub collection_message: Option<CollectionMessage>,
        /// A carousel of cards.
        pub carousel_message: Option<CarouselMessage>,
        /// A shop.
        pub shop_storefront_message: Option<ShopMessage>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// The header of an interactive message.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveHeader {
        /// The title.
        pub title: Option<String>,
        /// The subtitle.
        pub subtitle: Option<String>,
        /// Whether it has a media attachment.
        #[serde(with = "boolean")]
        pub has_media_attachment: Option<bool>,
        /// The document.
        pub document_message: Option<Box<DocumentMessage>>,
        /// The image.
        pub image_message: Option<Box<ImageMessage>>,
        /// The video.
        pub video_message: Option<Box<VideoMessage>>,
        /// The location.
        pub location_message: Option<Box<LocationMessage>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
    }
}

object! {
    /// Text of an interactive message.
    #[serde(rename_all = "camelCase")]
    pub struct InteractiveText {
        /// The text.
        pub text: Option<String>,
    }
}

object! {
    /// Buttons that start flows.
    #[serde(rename_all = "camelCase")]
    pub struct NativeFlowMessage {
        /// The buttons.
        pub buttons: List<NativeFlowButton>,
        /// More about the message, as JSON in a string.
        pub message_params_json: Option<String>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
    }
}

object! {
    /// A button that starts a flow.
    #[serde(rename_all = "camelCase")]
    pub struct NativeFlowButton {
        /// Its kind, such as `quick_reply` or `cta_url`.
        pub name: Option<String>,
        /// Its parameters, as JSON in a string.
        pub button_params_json: Option<String>,
    }
}

object! {
    /// A catalogue.
    #[serde(rename_all = "camelCase")]
    pub struct CollectionMessage {
        /// The business.
        pub biz_jid: Option<Jid>,
        /// The catalogue.
        pub id: Option<Id>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
    }
}

object! {
    /// A carousel of cards.
    #[serde(rename_all = "camelCase")]
    pub struct CarouselMessage {
        /// The cards, each an interactive message of its own.
        pub cards: List<Nested<InteractiveMessage>>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
    }
}

object! {
    /// A shop.
    #[serde(rename_all = "camelCase")]
    pub struct ShopMessage {
        /// The shop.
        pub id: Option<Id>,
        /// Where it is.
        pub surface: Option<Coded<ShopSurface>>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
    }
}

impl NativeFlowButton {
    /// The button's parameters, typed. `None` when there is nothing.
    ///
    /// # Errors
    ///
    /// When the text is not JSON of that shape.
    pub fn params<T: DeserializeOwned>(&self) -> Option<Result<T, Fault>> {
        self.button_params_json.as_deref().map(json::read_repaired)
    }
}

coded_enum! {
    /// The kind of a list.
    pub enum ListType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// One row.
        SingleSelect = 1 "SINGLE_SELECT",
        /// Products.
        ProductList = 2 "PRODUCT_LIST",
    }
}

coded_enum! {
    /// The header above buttons.
    pub enum ButtonsHeaderType {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// Nothing.
        Empty = 1 "EMPTY",
        /// Text.
        Text = 2 "TEXT",
        /// A document.
        Document = 3 "DOCUMENT",
        /// An image.
        Image = 4 "IMAGE",
        /// A video.
        Video = 5 "VIDEO",
        /// A location.
        Location = 6 "LOCATION",
    }
}

coded_enum! {
    /// The action of a button.
    pub enum ButtonKind {
        /// Not specified.
        Unknown = 0 "UNKNOWN",
        /// It sends a reply.
        Response = 1 "RESPONSE",
        /// It starts a flow.
        NativeFlow = 2 "NATIVE_FLOW",
    }
}

coded_enum! {
    /// Where a shop is.
    pub enum ShopSurface {
        /// Not specified.
        Unknown = 0 "UNKNOWN_SURFACE",
        /// On Facebook.
        Facebook = 1 "FB",
        /// On Instagram.
        Instagram = 2 "IG",
        /// On WhatsApp.
        WhatsApp = 3 "WA",
    }
}

coded_enum! {
    /// How much of the screen a linked page takes.
    pub enum WebviewPresentation {
        /// All of it.
        Full = 1 "FULL",
        /// Most of it.
        Tall = 2 "TALL",
        /// Half of it.
        Compact = 3 "COMPACT",
    }
}
