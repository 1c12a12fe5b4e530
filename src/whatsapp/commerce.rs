//! Orders, products and payments.

use chrono::{DateTime, Utc};

use super::{Content, ContextInfo, ImageMessage, TargetKey};
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::integer;
use crate::wire::time::seconds;
use crate::wire::{Coded, Id, LazyBytes, RawJson, Sensitive};

object_keeping_rest! {
    /// A cart that was sent off.
    #[serde(rename_all = "camelCase")]
    pub struct OrderMessage {
        /// The order.
        pub order_id: Option<Id>,
        /// What opens its details, together with its id.
        pub token: Option<Sensitive>,
        /// How many items it has.
        #[serde(with = "integer")]
        pub item_count: Option<i32>,
        /// How far it is.
        pub status: Option<Coded<OrderStatus>>,
        /// Where it was made.
        pub surface: Option<Coded<OrderSurface>>,
        /// What the buyer says.
        pub message: Option<String>,
        /// Its title.
        pub order_title: Option<String>,
        /// The business.
        pub seller_jid: Option<Jid>,
        /// What it costs, in thousandths of the currency.
        #[serde(with = "integer")]
        pub total_amount1000: Option<i64>,
        /// The currency, such as `BRL`.
        pub total_currency_code: Option<String>,
        /// A preview: a JPEG.
        pub thumbnail: Option<LazyBytes>,
        /// The version of the form.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
        /// The message by which the business asked for the order.
        pub order_request_message_id: Option<TargetKey>,
        /// What kind of catalogue it was ordered from.
        pub catalog_type: Option<String>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A product.
    #[serde(rename_all = "camelCase")]
    pub struct ProductMessage {
        /// The product.
        pub product: Option<Box<Product>>,
        /// The business.
        pub business_owner_jid: Option<Jid>,
        /// The text.
        pub body: Option<String>,
        /// The text below.
        pub footer: Option<String>,
        /// The catalogue, where it is one.
        pub catalog: Option<RawJson>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A product, as it was when it was sent.
    #[serde(rename_all = "camelCase")]
    pub struct Product {
        /// The product.
        pub product_id: Option<Id>,
        /// Its name.
        pub title: Option<String>,
        /// What is said about it.
        pub description: Option<String>,
        /// The currency, such as `BRL`.
        pub currency_code: Option<String>,
        /// What it costs, in thousandths of the currency.
        #[serde(with = "integer")]
        pub price_amount1000: Option<i64>,
        /// What it costs reduced, in thousandths of the currency.
        #[serde(with = "integer")]
        pub sale_price_amount1000: Option<i64>,
        /// The business's own number for it.
        pub retailer_id: Option<Id>,
        /// A link to it.
        pub url: Option<String>,
        /// How many pictures there are.
        #[serde(with = "integer")]
        pub product_image_count: Option<u32>,
        /// The first of them.
        pub product_image: Option<Box<ImageMessage>>,
        /// The first of its pictures.
        pub first_image_id: Option<Id>,
        /// A link to it that proves where it comes from.
        pub signed_url: Option<String>,
    }
}

object_keeping_rest! {
    /// Somebody asks to be paid.
    #[serde(rename_all = "camelCase")]
    pub struct RequestPaymentMessage {
        /// What they say.
        pub note_message: Option<Nested<Content>>,
        /// The currency, such as `BRL`.
        pub currency_code_iso4217: Option<String>,
        /// The amount, in thousandths of the currency.
        #[serde(with = "integer")]
        pub amount1000: Option<u64>,
        /// Who is asked.
        pub request_from: Option<Jid>,
        /// Until when.
        #[serde(with = "seconds")]
        pub expiry_timestamp: Option<DateTime<Utc>>,
        /// The amount.
        pub amount: Option<Money>,
        /// What it is shown on.
        pub background: Option<RawJson>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// An amount of money.
    #[serde(rename_all = "camelCase")]
    pub struct Money {
        /// The amount, in units that `offset` says.
        #[serde(with = "integer")]
        pub value: Option<i64>,
        /// How many units make one of the currency.
        #[serde(with = "integer")]
        pub offset: Option<u32>,
        /// The currency, such as `BRL`.
        pub currency_code: Option<String>,
    }
}

object_keeping_rest! {
    /// Somebody paid.
    #[serde(rename_all = "camelCase")]
    pub struct SendPaymentMessage {
        /// What they say.
        pub note_message: Option<Nested<Content>>,
        /// The request that it answers.
        pub request_message_key: Option<TargetKey>,
        /// What it is shown on.
        pub background: Option<RawJson>,
        /// The transaction, opaque.
        pub transaction_data: Option<String>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Somebody is invited to set up payments.
    #[serde(rename_all = "camelCase")]
    pub struct PaymentInviteMessage {
        /// Which service.
        pub service_type: Option<Coded<PaymentService>>,
        /// Until when.
        #[serde(with = "seconds")]
        pub expiry_timestamp: Option<DateTime<Utc>>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A bill.
    #[serde(rename_all = "camelCase")]
    pub struct InvoiceMessage {
        /// What it says.
        pub note: Option<String>,
        /// What opens it.
        pub token: Option<Sensitive>,
        /// What its file is.
        pub attachment_type: Option<Coded<AttachmentType>>,
        /// The file's media type.
        pub attachment_mimetype: Option<String>,
        /// The key that the file is encrypted with.
        pub attachment_media_key: Option<LazyBytes>,
        /// When that key was made.
        #[serde(with = "seconds")]
        pub attachment_media_key_timestamp: Option<DateTime<Utc>>,
        /// The SHA-256 of the file.
        pub attachment_file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub attachment_file_enc_sha256: Option<LazyBytes>,
        /// The path of the file at WhatsApp.
        pub attachment_direct_path: Option<String>,
        /// A preview: a JPEG.
        pub attachment_jpeg_thumbnail: Option<LazyBytes>,
        /// What it answers, mentions, and where it comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

coded_enum! {
    /// How far an order is.
    pub enum OrderStatus {
        /// It was asked for.
        Inquiry = 1 "INQUIRY",
        /// The business took it.
        Accepted = 2 "ACCEPTED",
        /// The business did not.
        Declined = 3 "DECLINED",
    }
}

coded_enum! {
    /// Where an order was made.
    pub enum OrderSurface {
        /// In the catalogue.
        Catalog = 1 "CATALOG",
    }
}

coded_enum! {
    /// A payment service.
    pub enum PaymentService {
        /// Not said.
        Unknown = 0 "UNKNOWN",
        /// Facebook Pay.
        FbPay = 1 "FBPAY",
        /// Novi.
        Novi = 2 "NOVI",
        /// UPI.
        Upi = 3 "UPI",
    }
}

coded_enum! {
    /// What a bill's file is.
    pub enum AttachmentType {
        /// A picture.
        Image = 0 "IMAGE",
        /// A PDF.
        Pdf = 1 "PDF",
    }
}
