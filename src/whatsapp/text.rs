//! Text, locations and contacts.

use chrono::{DateTime, Utc};

use super::ContextInfo;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::object_keeping_rest;
use crate::wire::scalar::{boolean, integer, number};
use crate::wire::time::seconds;
use crate::wire::{Coded, LazyBytes};

object_keeping_rest! {
    /// Text with a link preview, a quoted message or mentions, where the server
    /// has not converted it to plain text: in v1, in wrappers and in edits.
    #[serde(rename_all = "camelCase")]
    pub struct ExtendedTextMessage {
        /// The text.
        pub text: Option<String>,
        /// The link in the text that the preview belongs to.
        pub matched_text: Option<String>,
        /// The title of the linked page.
        pub title: Option<String>,
        /// The description of the linked page.
        pub description: Option<String>,
        /// The kind of preview.
        pub preview_type: Option<Coded<PreviewType>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The background of a status text, as `0xAARRGGBB`.
        #[serde(with = "integer")]
        pub background_argb: Option<u32>,
        /// The colour of a status text, as `0xAARRGGBB`.
        #[serde(with = "integer")]
        pub text_argb: Option<u32>,
        /// The font of a status text.
        pub font: Option<Coded<FontType>>,
        /// The kind of group that an invitation link in the text leads to.
        pub invite_link_group_type_v2: Option<Coded<InviteLinkGroupType>>,
        /// The key that a large preview is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// The path of the large preview.
        pub thumbnail_direct_path: Option<String>,
        /// The SHA-256 of the large preview.
        pub thumbnail_sha256: Option<LazyBytes>,
        /// The SHA-256 of the large preview, encrypted.
        pub thumbnail_enc_sha256: Option<LazyBytes>,
        /// The height of the large preview, in pixels.
        #[serde(with = "integer")]
        pub thumbnail_height: Option<u32>,
        /// The width of the large preview, in pixels.
        #[serde(with = "integer")]
        pub thumbnail_width: Option<u32>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A location.
    #[serde(rename_all = "camelCase")]
    pub struct LocationMessage {
        /// Its latitude, in degrees.
        #[serde(with = "number")]
        pub degrees_latitude: Option<f64>,
        /// Its longitude, in degrees.
        #[serde(with = "number")]
        pub degrees_longitude: Option<f64>,
        /// Its name.
        pub name: Option<String>,
        /// Its address.
        pub address: Option<String>,
        /// A link to it.
        pub url: Option<String>,
        /// Whether it comes from live location sharing.
        #[serde(with = "boolean")]
        pub is_live: Option<bool>,
        /// The accuracy in metres.
        #[serde(with = "integer")]
        pub accuracy_in_meters: Option<u32>,
        /// The sender's speed, in metres per second.
        #[serde(with = "number")]
        pub speed_in_mps: Option<f64>,
        /// The sender's heading, in degrees.
        #[serde(with = "integer")]
        pub degrees_clockwise_from_magnetic_north: Option<u32>,
        /// The sender's comment.
        pub comment: Option<String>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A live location. Only its first position is delivered.
    #[serde(rename_all = "camelCase")]
    pub struct LiveLocationMessage {
        /// The latitude, in degrees.
        #[serde(with = "number")]
        pub degrees_latitude: Option<f64>,
        /// The longitude, in degrees.
        #[serde(with = "number")]
        pub degrees_longitude: Option<f64>,
        /// The accuracy in metres.
        #[serde(with = "integer")]
        pub accuracy_in_meters: Option<u32>,
        /// The sender's speed, in metres per second.
        #[serde(with = "number")]
        pub speed_in_mps: Option<f64>,
        /// The sender's heading, in degrees.
        #[serde(with = "integer")]
        pub degrees_clockwise_from_magnetic_north: Option<u32>,
        /// The sender's comment.
        pub caption: Option<String>,
        /// The number of this position, increasing.
        #[serde(with = "integer")]
        pub sequence_number: Option<i64>,
        /// The seconds since the start.
        #[serde(with = "integer")]
        pub time_offset: Option<u32>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// A contact.
    #[serde(rename_all = "camelCase")]
    pub struct ContactMessage {
        /// The name to show.
        pub display_name: Option<String>,
        /// The contact as a vCard; `waid=` in it is the WhatsApp number.
        pub vcard: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object_keeping_rest! {
    /// Several contacts.
    #[serde(rename_all = "camelCase")]
    pub struct ContactsArrayMessage {
        /// The display name for all of them.
        pub display_name: Option<String>,
        /// The contacts.
        pub contacts: List<ContactMessage>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

impl ContactMessage {
    /// The WhatsApp numbers in the vCard: the digits after `waid=`.
    pub fn whatsapp_numbers(&self) -> impl Iterator<Item = &str> {
        self.vcard.as_deref().unwrap_or_default().split("waid=").skip(1).filter_map(|rest| {
            let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
            (!digits.is_empty()).then_some(digits)
        })
    }
}

coded_enum! {
    /// The kind of a link preview.
    pub enum PreviewType {
        /// A page.
        None = 0 "NONE",
        /// A video.
        Video = 1 "VIDEO",
        /// Nothing yet.
        Placeholder = 4 "PLACEHOLDER",
        /// An image.
        Image = 5 "IMAGE",
        /// A payment.
        PaymentLinks = 6 "PAYMENT_LINKS",
        /// A profile.
        Profile = 7 "PROFILE",
    }
}

coded_enum! {
    /// The font of a status text.
    pub enum FontType {
        /// The default one.
        System = 0 "SYSTEM",
        /// The default one for text.
        SystemText = 1 "SYSTEM_TEXT",
        /// A script.
        FbScript = 2 "FB_SCRIPT",
        /// The default one, bold.
        SystemBold = 6 "SYSTEM_BOLD",
        /// Morning Breeze.
        MorningBreeze = 7 "MORNINGBREEZE_REGULAR",
        /// Calistoga.
        Calistoga = 8 "CALISTOGA_REGULAR",
        /// Exo 2, extra bold.
        Exo2 = 9 "EXO2_EXTRABOLD",
        /// Courier Prime, bold.
        CourierPrime = 10 "COURIERPRIME_BOLD",
    }
}

coded_enum! {
    /// The kind of group that an invitation link leads to.
    pub enum InviteLinkGroupType {
        /// A group.
        Default = 0 "DEFAULT",
        /// A community.
        Parent = 1 "PARENT",
        /// A group of a community.
        Sub = 2 "SUB",
        /// The announcements of a community.
        DefaultSub = 3 "DEFAULT_SUB",
    }
}
