//! Files: images, videos, audio, documents, stickers.
//!
//! WhatsApp stores them encrypted; the server may add the decrypted file to the
//! message, as `base64` or in its own storage. The Cloud channel has Meta's
//! field names in addition to WhatsApp's.

use chrono::{DateTime, Utc};

use super::ContextInfo;
use crate::wire::coded_enum::coded_enum;
use crate::wire::object::{object, object_keeping_rest};
use crate::wire::scalar::{boolean, integer};
use crate::wire::time::{millis, seconds};
use crate::wire::{Coded, Id, LazyBytes, RawJson};

object_keeping_rest! {
    /// An image.
    #[serde(rename_all = "camelCase")]
    pub struct ImageMessage {
        /// The URL of the encrypted file at WhatsApp. It works for some weeks.
        pub url: Option<String>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// Its media type, such as `image/jpeg`.
        pub mimetype: Option<String>,
        /// The caption.
        pub caption: Option<String>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// The height, in pixels.
        #[serde(with = "integer")]
        pub height: Option<u32>,
        /// The width, in pixels.
        #[serde(with = "integer")]
        pub width: Option<u32>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// Whether it is a view-once message.
        #[serde(with = "boolean")]
        pub view_once: Option<bool>,
        /// Digests of the parts of a progressive JPEG.
        pub scans_sidecar: Option<LazyBytes>,
        /// The sizes of those parts, in bytes.
        pub scan_lengths: List<u32>,
        /// Tappable areas in it, from older clients.
        pub interactive_annotations: List<RawJson>,
        /// Tappable areas in it.
        pub annotations: List<RawJson>,
        /// Where it comes from.
        pub image_source_type: Option<Coded<ImageSourceType>>,
        /// The path of a larger preview at WhatsApp, encrypted with the same key.
        pub thumbnail_direct_path: Option<String>,
        /// The SHA-256 of that preview.
        pub thumbnail_sha256: Option<LazyBytes>,
        /// The SHA-256 of that preview, encrypted.
        pub thumbnail_enc_sha256: Option<LazyBytes>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// An unencrypted link to it, in channels.
        pub static_url: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
        /// Its media type, on the Cloud channel.
        #[serde(rename = "mime_type")]
        pub mime_type: Option<String>,
        /// The SHA-256 of the file in base64, on the Cloud channel.
        pub sha256: Option<String>,
        /// The file's id at Meta, on the Cloud channel.
        pub id: Option<Id>,
        /// The file's name, on the Cloud channel.
        pub filename: Option<String>,
        /// The kind of `id`, in `send.message` of the Cloud channel: `link` for
        /// a URL, else `id`.
        #[serde(rename = "type")]
        pub id_type: Option<String>,
        /// What was posted to the server, in `send.message` of the Cloud
        /// channel: the link again, or the file itself.
        pub media: Option<LazyBytes>,
        /// The kind of file that was posted, such as `image`.
        pub media_type: Option<String>,
        /// The name of the file that was posted.
        pub file_name: Option<String>,
    }
}

object_keeping_rest! {
    /// A video, or a round video note.
    #[serde(rename_all = "camelCase")]
    pub struct VideoMessage {
        /// The URL of the encrypted file at WhatsApp. It works for some weeks.
        pub url: Option<String>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// Its media type, such as `video/mp4`.
        pub mimetype: Option<String>,
        /// The caption.
        pub caption: Option<String>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// The duration in seconds.
        #[serde(with = "integer")]
        pub seconds: Option<u32>,
        /// The height, in pixels.
        #[serde(with = "integer")]
        pub height: Option<u32>,
        /// The width, in pixels.
        #[serde(with = "integer")]
        pub width: Option<u32>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// Whether it is shown as a GIF.
        #[serde(with = "boolean")]
        pub gif_playback: Option<bool>,
        /// The provider of the GIF.
        pub gif_attribution: Option<Coded<GifAttribution>>,
        /// Digests of the parts, for streaming.
        pub streaming_sidecar: Option<LazyBytes>,
        /// Copies in other qualities.
        pub processed_videos: List<RawJson>,
        /// Whether it is a view-once message.
        #[serde(with = "boolean")]
        pub view_once: Option<bool>,
        /// Digests of parts, as for images.
        pub scans_sidecar: Option<LazyBytes>,
        /// The sizes of parts, as for images.
        pub scan_lengths: List<u32>,
        /// Tappable areas in it, from older clients.
        pub interactive_annotations: List<RawJson>,
        /// Tappable areas in it.
        pub annotations: List<RawJson>,
        /// Where it comes from.
        pub image_source_type: Option<Coded<ImageSourceType>>,
        /// The path of a larger preview at WhatsApp, encrypted with the same key.
        pub thumbnail_direct_path: Option<String>,
        /// The SHA-256 of that preview.
        pub thumbnail_sha256: Option<LazyBytes>,
        /// The SHA-256 of that preview, encrypted.
        pub thumbnail_enc_sha256: Option<LazyBytes>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// An unencrypted link to it, in channels.
        pub static_url: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
        /// Its media type, on the Cloud channel.
        #[serde(rename = "mime_type")]
        pub mime_type: Option<String>,
        /// The SHA-256 of the file in base64, on the Cloud channel.
        pub sha256: Option<String>,
        /// The file's id at Meta, on the Cloud channel.
        pub id: Option<Id>,
        /// The file's name, on the Cloud channel.
        pub filename: Option<String>,
        /// The kind of `id`, in `send.message` of the Cloud channel: `link` for
        /// a URL, else `id`.
        #[serde(rename = "type")]
        pub id_type: Option<String>,
        /// What was posted to the server, in `send.message` of the Cloud
        /// channel: the link again, or the file itself.
        pub media: Option<LazyBytes>,
        /// The kind of file that was posted, such as `image`.
        pub media_type: Option<String>,
        /// The name of the file that was posted.
        pub file_name: Option<String>,
    }
}

object_keeping_rest! {
    /// Audio, or a voice note.
    #[serde(rename_all = "camelCase")]
    pub struct AudioMessage {
        /// The URL of the encrypted file at WhatsApp. It works for some weeks.
        pub url: Option<String>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// Its media type, such as `audio/ogg; codecs=opus`.
        pub mimetype: Option<String>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// The duration in seconds.
        #[serde(with = "integer")]
        pub seconds: Option<u32>,
        /// Whether it is a voice note, recorded in the chat.
        #[serde(with = "boolean")]
        pub ptt: Option<bool>,
        /// The waveform to display, as 64 samples of loudness.
        pub waveform: Option<LazyBytes>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// Whether it is a view-once message.
        #[serde(with = "boolean")]
        pub view_once: Option<bool>,
        /// Digests of the parts, for streaming.
        pub streaming_sidecar: Option<LazyBytes>,
        /// The background of a voice note in the status feed, as `0xAARRGGBB`.
        #[serde(with = "integer")]
        pub background_argb: Option<u32>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
        /// Its media type, on the Cloud channel.
        #[serde(rename = "mime_type")]
        pub mime_type: Option<String>,
        /// The SHA-256 of the file in base64, on the Cloud channel.
        pub sha256: Option<String>,
        /// The file's id at Meta, on the Cloud channel.
        pub id: Option<Id>,
        /// The file's name, on the Cloud channel.
        pub filename: Option<String>,
        /// Whether it is a voice note, on the Cloud channel.
        #[serde(with = "boolean")]
        pub voice: Option<bool>,
        /// The kind of `id`, in `send.message` of the Cloud channel: `link` for
        /// a URL, else `id`.
        #[serde(rename = "type")]
        pub id_type: Option<String>,
        /// What was posted to the server, in `send.message` of the Cloud
        /// channel: the link again, or the file itself.
        pub media: Option<LazyBytes>,
        /// The kind of file that was posted, such as `image`.
        pub media_type: Option<String>,
        /// The name of the file that was posted.
        pub file_name: Option<String>,
    }
}

object_keeping_rest! {
    /// A document.
    #[serde(rename_all = "camelCase")]
    pub struct DocumentMessage {
        /// The URL of the encrypted file at WhatsApp. It works for some weeks.
        pub url: Option<String>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// Its media type, such as `application/pdf`.
        pub mimetype: Option<String>,
        /// Its title, often the file name.
        pub title: Option<String>,
        /// The file's name.
        pub file_name: Option<String>,
        /// The caption.
        pub caption: Option<String>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// How many pages it has.
        #[serde(with = "integer")]
        pub page_count: Option<u32>,
        /// Whether it holds contacts.
        #[serde(with = "boolean")]
        pub contact_vcard: Option<bool>,
        /// A preview: a JPEG.
        pub jpeg_thumbnail: Option<LazyBytes>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// The path of a larger preview at WhatsApp, encrypted with the same key.
        pub thumbnail_direct_path: Option<String>,
        /// The SHA-256 of that preview.
        pub thumbnail_sha256: Option<LazyBytes>,
        /// The SHA-256 of that preview, encrypted.
        pub thumbnail_enc_sha256: Option<LazyBytes>,
        /// The height of that preview, in pixels.
        #[serde(with = "integer")]
        pub thumbnail_height: Option<u32>,
        /// The width of that preview, in pixels.
        #[serde(with = "integer")]
        pub thumbnail_width: Option<u32>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
        /// Its media type, on the Cloud channel.
        #[serde(rename = "mime_type")]
        pub mime_type: Option<String>,
        /// The SHA-256 of the file in base64, on the Cloud channel.
        pub sha256: Option<String>,
        /// The file's id at Meta, on the Cloud channel.
        pub id: Option<Id>,
        /// The file's name, on the Cloud channel.
        pub filename: Option<String>,
        /// The kind of `id`, in `send.message` of the Cloud channel: `link` for
        /// a URL, else `id`.
        #[serde(rename = "type")]
        pub id_type: Option<String>,
        /// What was posted to the server, in `send.message` of the Cloud
        /// channel: the link again, or the file itself.
        pub media: Option<LazyBytes>,
        /// The kind of file that was posted, such as `image`.
        pub media_type: Option<String>,
    }
}

object_keeping_rest! {
    /// A sticker.
    #[serde(rename_all = "camelCase")]
    pub struct StickerMessage {
        /// The URL of the encrypted file at WhatsApp. It works for some weeks.
        pub url: Option<String>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// Its media type: `image/webp`, or `application/was` if it is
        /// animated.
        pub mimetype: Option<String>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// The height, in pixels.
        #[serde(with = "integer")]
        pub height: Option<u32>,
        /// The width, in pixels.
        #[serde(with = "integer")]
        pub width: Option<u32>,
        /// Whether it is animated.
        #[serde(with = "boolean")]
        pub is_animated: Option<bool>,
        /// Whether it shows an avatar.
        #[serde(with = "boolean")]
        pub is_avatar: Option<bool>,
        /// Whether it is AI-generated.
        #[serde(with = "boolean")]
        pub is_ai_sticker: Option<bool>,
        /// Whether it is a Lottie animation.
        #[serde(with = "boolean")]
        pub is_lottie: Option<bool>,
        /// When its sender last used it.
        #[serde(with = "millis")]
        pub sticker_sent_ts: Option<DateTime<Utc>>,
        /// The size of its first frame, in bytes.
        #[serde(with = "integer")]
        pub first_frame_length: Option<u32>,
        /// A preview: a PNG.
        pub png_thumbnail: Option<LazyBytes>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// The emojis that it stands for.
        pub emojis: List<String>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
        /// Its media type, on the Cloud channel.
        #[serde(rename = "mime_type")]
        pub mime_type: Option<String>,
        /// The SHA-256 of the file in base64, on the Cloud channel.
        pub sha256: Option<String>,
        /// The file's id at Meta, on the Cloud channel.
        pub id: Option<Id>,
        /// Whether it is animated, on the Cloud channel.
        #[serde(with = "boolean")]
        pub animated: Option<bool>,
        /// The kind of `id`, in `send.message` of the Cloud channel: `link` for
        /// a URL, else `id`.
        #[serde(rename = "type")]
        pub id_type: Option<String>,
        /// What was posted to the server, in `send.message` of the Cloud
        /// channel: the link again, or the file itself.
        pub media: Option<LazyBytes>,
        /// The kind of file that was posted, such as `image`.
        pub media_type: Option<String>,
    }
}

object_keeping_rest! {
    /// A set of stickers.
    #[serde(rename_all = "camelCase")]
    pub struct StickerPackMessage {
        /// The set.
        pub sticker_pack_id: Option<Id>,
        /// Its name.
        pub name: Option<String>,
        /// Who published it.
        pub publisher: Option<String>,
        /// Its stickers.
        pub stickers: List<PackedSticker>,
        /// The size of the file, in bytes.
        #[serde(with = "integer")]
        pub file_length: Option<u64>,
        /// The SHA-256 of the file.
        pub file_sha256: Option<LazyBytes>,
        /// The SHA-256 of the encrypted file.
        pub file_enc_sha256: Option<LazyBytes>,
        /// The key that the file is encrypted with.
        pub media_key: Option<LazyBytes>,
        /// When that key was created.
        #[serde(with = "seconds")]
        pub media_key_timestamp: Option<DateTime<Utc>>,
        /// The path of that URL; it stays valid when the host changes.
        pub direct_path: Option<String>,
        /// The caption.
        pub caption: Option<String>,
        /// Its description.
        pub pack_description: Option<String>,
        /// The file name of its icon.
        pub tray_icon_file_name: Option<String>,
        /// The size of all stickers, in bytes.
        #[serde(with = "integer")]
        pub sticker_pack_size: Option<u64>,
        /// The context: what is quoted or mentioned, and where the message
        /// comes from.
        pub context_info: Option<Box<ContextInfo>>,
    }
}

object! {
    /// A sticker of a set.
    #[serde(rename_all = "camelCase")]
    pub struct PackedSticker {
        /// Its name in the set's file.
        pub file_name: Option<String>,
        /// Whether it is animated.
        #[serde(with = "boolean")]
        pub is_animated: Option<bool>,
        /// The emojis that it stands for.
        pub emojis: List<String>,
        /// A description for screen readers.
        pub accessibility_label: Option<String>,
        /// Whether it is a Lottie animation.
        #[serde(with = "boolean")]
        pub is_lottie: Option<bool>,
        /// Its media type.
        pub mimetype: Option<String>,
    }
}

coded_enum! {
    /// Where an image comes from.
    pub enum ImageSourceType {
        /// Made by a person.
        UserImage = 0 "USER_IMAGE",
        /// AI-generated.
        AiGenerated = 1 "AI_GENERATED",
        /// Modified by AI.
        AiModified = 2 "AI_MODIFIED",
        /// A status text rendered as an image.
        RasterizedTextStatus = 3 "RASTERIZED_TEXT_STATUS",
    }
}

coded_enum! {
    /// The provider of a GIF.
    pub enum GifAttribution {
        /// None.
        None = 0 "NONE",
        /// Giphy.
        Giphy = 1 "GIPHY",
        /// Tenor.
        Tenor = 2 "TENOR",
    }
}
