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
    /// A submitted cart.
    #[serde(rename_all = "camelCase")]
    pub struct OrderMessage {
        /// The order.
        pub order_id: Option<Id>,
        /// The token to fetch its details with, together with its id.
        pub token: Option<Sensitive>,
        /// The number of items.
        #[serde(with = "integer")]
        pub item_count: Option<i32>,
        /// Its status.
        pub status: Option<Coded<OrderStatus>>,
        /// Where it was placed.
        pub surface: Option<Coded<OrderSurface>>,
        /// The buyer's message.
        pub message: Option<String>,
        /// Its title.
        pub order_title: Option<String>,
        /// The business.
        pub seller_jid: Option<Jid>,
        /// The price, in thousandths of the currency.
        #[serde(with = "integer")]
        pub total_amount1000: Option<i64>,
        /// The currency, such as `BRL`.
        pub total_currency_code: Option<String>,
        /// A preview: a JPEG.
        pub thumbnail: Option<LazyBytes>,
        /// The version of the format.
        #[serde(with = "integer")]
        pub message_version: Option<i32>,
        /// The message with which the business requested the order.
        pub order_request_message_id: Option<TargetKey>,
        /// What kind of catalogue it was ordered from.
        pub catalog_type: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
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
        /// The footer.
        pub footer: Option<String>,
        /// The catalogue, if it is one.
        pub catalog: Option<RawJson>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
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
        /// Its description.
        pub description: Option<String>,
        /// The currency, such as `BRL`.
        pub currency_code: Option<String>,
        /// The price, in thousandths of the currency.
        #[serde(with = "integer")]
        pub price_amount1000: Option<i64>,
        /// The sale price, in thousandths of the currency.
        #[serde(with = "integer")]
        pub sale_price_amount1000: Option<i64>,
        /// The business's own id for it.
        pub retailer_id: Option<Id>,
        /// A link to it.
        pub url: Option<String>,
        /// The number of images.
        #[serde(with = "integer")]
        pub product_image_count: Option<u32>,
        /// The first image.
        pub product_image: Option<Box<ImageMessage>>,
        /// The id of the first image.
        pub first_image_id: Option<Id>,
        /// A signed link to it.
        pub signed_url: Option<String>,
    }
}

object_keeping_rest! {
    /// A payment request.
    #[serde(rename_all = "camelCase")]
    pub struct RequestPaymentMessage {
        /// The note.
        pub note_message: Option<Nested<Content>>,
        /// The currency, such as `BRL`.
        pub currency_code_iso4217: Option<String>,
        /// The amount, in thousandths of the currency.
        #[serde(with = "integer")]
        pub amount1000: Option<u64>,
        /// The person who is asked to pay.
        pub request_from: Option<Jid>,
        /// When it expires.
        #[serde(with = "seconds")]
        pub expiry_timestamp: Option<DateTime<Utc>>,
        /// The amount.
        pub amount: Option<Money>,
        /// The background.
        pub background: Option<RawJson>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// An amount of money.
    #[serde(rename_all = "camelCase")]
    pub struct Money {
        /// The amount, in units given by `offset`.
        #[serde(with = "integer")]
        pub value: Option<i64>,
        /// How many units make up one unit of the currency.
        #[serde(with = "integer")]
        pub offset: Option<u32>,
        /// The currency, such as `BRL`.
        pub currency_code: Option<String>,
    }
}

object_keeping_rest! {
    /// A payment.
    #[serde(rename_all = "camelCase")]
    pub struct SendPaymentMessage {
        /// The note.
        pub note_message: Option<Nested<Content>>,
        /// The request that it answers.
        pub request_message_key: Option<TargetKey>,
        /// The background.
        pub background: Option<RawJson>,
        /// The transaction, opaque.
        pub transaction_data: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An invitation to set up payments.
    #[serde(rename_all = "camelCase")]
    pub struct PaymentInviteMessage {
        /// The payment service.
        pub service_type: Option<Coded<PaymentService>>,
        /// When it expires.
        #[serde(with = "seconds")]
        pub expiry_timestamp: Option<DateTime<Utc>>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// An invoice.
    #[serde(rename_all = "camelCase")]
    pub struct InvoiceMessage {
        /// Its text.
        pub note: Option<String>,
        /// The token to open it with.
        pub token: Option<Sensitive>,
        /// The kind of file.
        pub attachment_type: Option<Coded<AttachmentType>>,
        /// The file's media type.
        pub attachment_mimetype: Option<String>,
        /// The key that the file is encrypted with.
        pub attachment_media_key: Option<LazyBytes>,
        /// When that key was created.
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
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

coded_enum! {
    /// The status of an order.
    pub enum OrderStatus {
        /// An inquiry.
        Inquiry = 1 "INQUIRY",
        /// The business accepted it.
        Accepted = 2 "ACCEPTED",
        /// The business declined it.
        Declined = 3 "DECLINED",
    }
}

coded_enum! {
    /// Where an order was placed.
    pub enum OrderSurface {
        /// In the catalogue.
        Catalog = 1 "CATALOG",
    }
}

coded_enum! {
    /// A payment service.
    pub enum PaymentService {
        /// Not specified.
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
    /// The kind of file of an invoice.
    pub enum AttachmentType {
        /// An image.
        Image = 0 "IMAGE",
        /// A PDF.
        Pdf = 1 "PDF",
    }
}
