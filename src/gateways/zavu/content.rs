//! What a received message contains besides its text.

use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::number;

use super::message::MessageType;

object! {
    /// What a received message contains besides its text. The fields depend on
    /// [`message_type`](super::MessageInbound::message_type); those of a reply
    /// come with messages of any type.
    #[serde(rename_all = "camelCase")]
    pub struct Content {
        /// Media: its id. In the first delivery.
        pub media_id: Option<Id>,
        /// Media: its URL. May arrive later; seen with images and audio.
        pub media_url: Option<String>,
        /// Media: its media type, such as `image/jpeg`.
        pub mime_type: Option<String>,
        /// Media: the file's name.
        pub filename: Option<String>,
        /// Location: degrees north.
        #[serde(with = "number")]
        pub latitude: Option<f64>,
        /// Location: degrees east.
        #[serde(with = "number")]
        pub longitude: Option<f64>,
        /// Location: its name, according to the page on events. See
        /// [`place`](Self::place).
        pub name: Option<String>,
        /// Location: its address, according to the page on events.
        pub address: Option<String>,
        /// Location: its name, according to the schema of messages.
        pub location_name: Option<String>,
        /// Location: its address, according to the schema of messages.
        pub location_address: Option<String>,
        /// Contact: the contacts.
        pub contacts: Option<Vec<Contact>>,
        /// Reaction: the emoji. `""` where a reaction is removed. Inferred from
        /// the schema of messages.
        pub emoji: Option<String>,
        /// Reaction: the message it is about. Inferred from the schema of
        /// messages.
        pub react_to_message_id: Option<Id>,
        /// Reply: the quoted message; absent if Zavu does not have it.
        pub reply_to_message_id: Option<Id>,
        /// Reply: the quoted message, by the channel's id. Present on every
        /// reply.
        pub reply_to_provider_message_id: Option<Id>,
        /// Reply: who wrote the quoted message.
        pub reply_to_from: Option<String>,
        /// Reply: the text of the quoted message; `""` for media.
        pub reply_to_text: Option<String>,
        /// Reply: the type of the quoted message.
        pub reply_to_message_type: Option<MessageType>,
    }
}

/// A location, whatever its name and address are called on the wire.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Place<'a> {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Its name.
    pub name: Option<&'a str>,
    /// Its address.
    pub address: Option<&'a str>,
}

impl Content {
    /// The location, if the message has both coordinates. Its name and address
    /// are documented under two member names each; this reads both.
    pub fn place(&self) -> Option<Place<'_>> {
        Some(Place {
            latitude: self.latitude?,
            longitude: self.longitude?,
            name: self.name.as_deref().or(self.location_name.as_deref()),
            address: self.address.as_deref().or(self.location_address.as_deref()),
        })
    }

    /// Whether the message is a reply.
    pub fn is_reply(&self) -> bool {
        self.reply_to_provider_message_id.is_some() || self.reply_to_message_id.is_some()
    }
}

object! {
    /// A contact that was sent. Its shape in webhooks is inferred from the schema
    /// of messages.
    pub struct Contact {
        /// The contact's name.
        pub name: Option<String>,
        /// The contact's phone numbers.
        pub phones: Option<Vec<String>>,
    }
}

object! {
    /// The advertisement that led someone to write.
    #[serde(rename_all = "camelCase")]
    pub struct Referral {
        /// Meta's id of the click on it (`ctwa_clid`).
        pub ctwa_clid: Option<Id>,
        /// The advertisement or post.
        pub source_id: Option<Id>,
        /// Whether it is an advertisement or a post.
        pub source_type: Option<SourceType>,
        /// The URL of it.
        pub source_url: Option<String>,
        /// Its headline.
        pub headline: Option<String>,
        /// Its text.
        pub body: Option<String>,
        /// The kind of media in it.
        pub media_type: Option<ReferralMedia>,
        /// The image in it.
        pub image_url: Option<String>,
        /// The video in it.
        pub video_url: Option<String>,
        /// A thumbnail of the video.
        pub thumbnail_url: Option<String>,
    }
}

open_enum! {
    /// What led someone to write.
    pub enum SourceType {
        /// An advertisement.
        Ad = "ad",
        /// A post.
        Post = "post",
    }
}

open_enum! {
    /// The kind of media in an advertisement.
    pub enum ReferralMedia {
        /// An image.
        Image = "image",
        /// A video.
        Video = "video",
    }
}
