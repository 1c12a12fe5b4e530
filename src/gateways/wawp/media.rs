//! What a message contains besides its text.

use std::borrow::Cow;

use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::json::find_text;
use crate::wire::object::object;
use crate::wire::scalar::{boolean, number};
use crate::wire::{LazyBytes, RawJson};

object! {
    /// A media file of a message.
    pub struct Media {
        /// The URL to download it from. Often one that only the server itself
        /// can reach (`http://localhost:3000/api/files/…`), and that requires
        /// the API key.
        pub url: Option<String>,
        /// Its media type, possibly with parameters: `audio/ogg; codecs=opus`.
        pub mimetype: Option<String>,
        /// The document's file name.
        pub filename: Option<String>,
        /// Its location in S3, if the server stores media there.
        pub s3: Option<S3>,
        /// Why it could not be downloaded: the error as printed by the server's
        /// runtime, with any members. Missing or `null` if there is none.
        pub error: Option<RawJson>,
    }
}

impl Media {
    /// Why it could not be downloaded, as text.
    pub fn error_details(&self) -> Option<Cow<'_, str>> {
        find_text(self.error.as_ref()?.as_str(), &["details"])
    }
}

object! {
    /// The location of media in S3.
    #[serde(rename_all = "PascalCase")]
    pub struct S3 {
        /// The bucket.
        pub bucket: Option<String>,
        /// The key in it.
        pub key: Option<String>,
    }
}

object! {
    /// A location.
    pub struct Location {
        /// Degrees north of the equator. A number with WEBJS, a string with
        /// NOWEB and GOWS.
        #[serde(with = "number")]
        pub latitude: Option<f64>,
        /// Degrees east of Greenwich. A number with WEBJS, a string with NOWEB
        /// and GOWS.
        #[serde(with = "number")]
        pub longitude: Option<f64>,
        /// Whether it is a live location.
        #[serde(with = "boolean")]
        pub live: Option<bool>,
        /// Its name.
        pub name: Option<String>,
        /// Its postal address.
        pub address: Option<String>,
        /// A web page about it.
        pub url: Option<String>,
        /// What the sender wrote about it.
        pub description: Option<String>,
        /// An image of the map, in base64 on the wire.
        pub thumbnail: Option<LazyBytes>,
    }
}

object! {
    /// The message that another one quotes.
    #[serde(rename_all = "camelCase")]
    pub struct ReplyTo {
        /// Its id: bare before 2026.4, serialised since.
        pub id: Option<MessageId>,
        /// Who wrote it.
        pub participant: Option<Jid>,
        /// Its text.
        pub body: Option<String>,
        /// Whether it has media. Since 2026.4.1.
        #[serde(with = "boolean")]
        pub has_media: Option<bool>,
        /// Its media. Since 2026.4.1.
        pub media: Option<Media>,
        /// The engine's own data: any JSON.
        #[serde(rename = "_data")]
        pub engine_data: Option<RawJson>,
    }
}
