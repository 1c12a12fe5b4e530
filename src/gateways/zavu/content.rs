//! What a received message is besides its text.

use crate::wire::Id;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::number;

use super::message::MessageType;

object! {
    /// What a received message is besides its text. Which fields are there
    /// follows from [`message_type`](super::MessageInbound::message_type); those
    /// of a reply come with messages of any type.
    #[serde(rename_all = "camelCase")]
    pub struct Content {
        /// Media: its id. In the first delivery.
        pub media_id: Option<Id>,
        /// Media: where to fetch it. May come later; seen with images and audio.
        pub media_url: Option<String>,
        /// Media: its media type, `image/jpeg`.
        pub mime_type: Option<String>,
        /// Media: the file's name.
        pub filename: Option<String>,
        /// Location: degrees north.
        #[serde(with = "number")]
        pub latitude: Option<f64>,
        /// Location: degrees east.
        #[serde(with = "number")]
        pub longitude: Option<f64>,
        /// Location: the place's name, as the page on events calls it. See
        /// [`place`](Self::place).
        pub name: Option<String>,
        /// Location: the place's address, as the page on events calls it.
        pub address: Option<String>,
        /// Location: the place's name, as the schema of messages calls it.
        pub location_name: Option<String>,
        /// Location: the place's address, as the schema of messages calls it.
        pub location_address: Option<String>,
        /// Contact: the contacts.
        pub contacts: Option<Vec<Contact>>,
        /// Reaction: the emoji. `""` where a reaction is taken back. Inferred
        /// from the schema of messages.
        pub emoji: Option<String>,
        /// Reaction: the message it is about. Inferred from the schema of
        /// messages.
        pub react_to_message_id: Option<Id>,
        /// Reply: the message it answers; absent if Zavu does not hold it.
        pub reply_to_message_id: Option<Id>,
        /// Reply: the message it answers, by the channel's id. There on every
        /// reply.
        pub reply_to_provider_message_id: Option<Id>,
        /// Reply: who wrote the message it answers.
        pub reply_to_from: Option<String>,
        /// Reply: the text of the message it answers; `""` for media.
        pub reply_to_text: Option<String>,
        /// Reply: the kind of the message it answers.
        pub reply_to_message_type: Option<MessageType>,
    }
}

/// A place, whichever way its name and address are called on the wire.
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
    /// The place that the message is about, if it has both coordinates. Its
    /// name and address are documented under two names each; this reads both.
    pub fn place(&self) -> Option<Place<'_>> {
        Some(Place {
            latitude: self.latitude?,
            longitude: self.longitude?,
            name: self.name.as_deref().or(self.location_name.as_deref()),
            address: self.address.as_deref().or(self.location_address.as_deref()),
        })
    }

    /// Whether the message answers another one.
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
    /// The advertisement that led somebody to write.
    #[serde(rename_all = "camelCase")]
    pub struct Referral {
        /// The click on it, as Meta counts them (`ctwa_clid`).
        pub ctwa_clid: Option<Id>,
        /// The advertisement or post.
        pub source_id: Option<Id>,
        /// Which of the two it is.
        pub source_type: Option<SourceType>,
        /// Where it can be seen.
        pub source_url: Option<String>,
        /// Its headline.
        pub headline: Option<String>,
        /// Its text.
        pub body: Option<String>,
        /// What it shows.
        pub media_type: Option<ReferralMedia>,
        /// The picture that it shows.
        pub image_url: Option<String>,
        /// The film that it shows.
        pub video_url: Option<String>,
        /// A small picture of the film.
        pub thumbnail_url: Option<String>,
    }
}

open_enum! {
    /// What led somebody to write.
    pub enum SourceType {
        /// An advertisement.
        Ad = "ad",
        /// A post.
        Post = "post",
    }
}

open_enum! {
    /// What an advertisement shows.
    pub enum ReferralMedia {
        /// A picture.
        Image = "image",
        /// A film.
        Video = "video",
    }
}
