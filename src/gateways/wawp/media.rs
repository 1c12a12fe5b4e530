//! What a message holds besides its text.

use std::borrow::Cow;

use crate::jid::Jid;
use crate::message_id::MessageId;
use crate::wire::json::find_text;
use crate::wire::object::object;
use crate::wire::scalar::{boolean, number};
use crate::wire::{LazyBytes, RawJson};

object! {
    /// Media of a message.
    pub struct Media {
        /// Where it can be fetched. Often an address that only the server
        /// itself can reach (`http://localhost:3000/api/files/…`), and in need
        /// of the API key.
        pub url: Option<String>,
        /// Its type; may say more than that: `audio/ogg; codecs=opus`.
        pub mimetype: Option<String>,
        /// The document's file name.
        pub filename: Option<String>,
        /// Where it is, when the server keeps media in S3.
        pub s3: Option<S3>,
        /// Why it could not be fetched: the error as the server's runtime
        /// prints it, with any members. Missing or `null` without one.
        pub error: Option<RawJson>,
    }
}

impl Media {
    /// Why it could not be fetched, in words.
    pub fn error_details(&self) -> Option<Cow<'_, str>> {
        find_text(self.error.as_ref()?.as_str(), &["details"])
    }
}

object! {
    /// Where media is in S3.
    #[serde(rename_all = "PascalCase")]
    pub struct S3 {
        /// The bucket.
        pub bucket: Option<String>,
        /// The key in it.
        pub key: Option<String>,
    }
}

object! {
    /// A place.
    pub struct Location {
        /// Degrees north of the equator. A number with WEBJS, a text with
        /// NOWEB and GOWS.
        #[serde(with = "number")]
        pub latitude: Option<f64>,
        /// Degrees east of Greenwich. A number with WEBJS, a text with NOWEB
        /// and GOWS.
        #[serde(with = "number")]
        pub longitude: Option<f64>,
        /// Whether it follows the sender.
        #[serde(with = "boolean")]
        pub live: Option<bool>,
        /// Its name.
        pub name: Option<String>,
        /// Its postal address.
        pub address: Option<String>,
        /// A page about it.
        pub url: Option<String>,
        /// What the sender wrote about it.
        pub description: Option<String>,
        /// A picture of the map, in Base64 on the wire.
        pub thumbnail: Option<LazyBytes>,
    }
}

object! {
    /// The message that another one answers.
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
