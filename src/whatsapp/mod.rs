//! Message contents: WhatsApp's own `Message` object, as the gateways pass it
//! on.
//!
//! Evolution's events have it in `message`, and WAHA's engine NOWEB in the data
//! it adds to a message (`_data.message`). Evolution Go and the engine GOWS
//! send the same object in Go's spelling: [`GoContent`] reads that.
//!
//! [`Content`] is the object itself. [`Content::unwrapped`] returns the content
//! inside all wrappers, with the accessors for text, media and so on.
//!
//! ```
//! use zaphook::whatsapp::Content;
//!
//! let content: Content = serde_json::from_str(
//!     r#"{"ephemeralMessage": {"message": {"imageMessage": {"caption": "Olá", "fileLength": "98127"}}}}"#,
//! )?;
//! let said = content.unwrapped();
//! assert_eq!(said.text(), Some("Olá"));
//! assert_eq!(said.media().and_then(|media| media.size), Some(98127));
//! assert_eq!(said.wrappers().len(), 1);
//! # Ok::<(), serde_json::Error>(())
//! ```
//!
//! # Three forms of one value
//!
//! Bytes, 64-bit integers and enums come in three forms, depending on the
//! version of the server, and sometimes in several within one body:
//!
//! | | up to 2.3.2 | 2.3.3 to 2.3.5 | from 2.3.6 |
//! |---|---|---|---|
//! | bytes | base64 text | `{"0": 137, "1": 80}` | as before |
//! | 64-bit integers | decimal text | number | `{low, high, unsigned}` |
//! | words | `"SINGLE_SELECT"` | `1` | `1` |
//! | lists without elements | left out | `[]` | `[]` |
//!
//! Here they are all the same value: [`LazyBytes`] compare by their bytes and
//! are decoded on demand, integers and times are numbers and instants,
//! [`Coded`](crate::wire::Coded) enums compare by value, and a missing list is
//! an empty one.

mod ad;
mod answer;
mod body;
mod commerce;
mod context;
mod device;
mod go;
mod media;
mod offer;
mod poll;
mod posted;
mod protocol;
mod said;
mod social;
mod text;
mod unwrapped;

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::event::nested;
use crate::wire::json::Name;
use crate::wire::{LazyBytes, Rest};

pub use ad::{Ad, AdMediaType, ExternalAdReply};
pub use answer::*;
pub use body::{Body, Kind};
pub use commerce::*;
pub use context::*;
pub use device::*;
pub use go::GoContent;
pub use media::*;
pub use offer::*;
pub use poll::*;
pub use posted::*;
pub use protocol::*;
pub use said::{Choice, Media, MediaKind, Quoted};
pub use social::*;
pub use text::*;
pub use unwrapped::Unwrapped;
pub(crate) use unwrapped::View;

/// The content of a message: WhatsApp's `Message` object.
///
/// The member with the content is determined by the members' names, never by
/// the `messageType` next to it, which may name one that is not there. All
/// other members are kept: the known ones in fields, the rest raw. If there are
/// two contents, the first one is the body and the other one is in `rest`.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Content {
    /// The content. `None` when there is none, or only an unknown one; see
    /// [`kind`](Self::kind).
    pub body: Option<Body>,
    /// `messageContextInfo`: what comes with every message.
    pub message_context_info: Option<Box<MessageContextInfo>>,
    /// `senderKeyDistributionMessage`: a group's key, which comes with
    /// someone's first message there.
    pub sender_key_distribution_message: Option<Box<SenderKeyDistributionMessage>>,
    /// `base64`: the decrypted file, if the server is configured to include it.
    pub base64: Option<LazyBytes>,
    /// `mediaUrl`: where the server stored the decrypted file.
    pub media_url: Option<String>,
    /// `speechToText`: the transcript of a voice note, after `[audio] `.
    pub speech_to_text: Option<String>,
    /// `contextInfo`: the quoted message, on the Cloud channel.
    pub context_info: Option<Box<ContextInfo>>,
    /// Members that are not WhatsApp's: `caption`, `quoted`, `buttons` and so
    /// on, on Evolution's own channel, and the media type of a stored file.
    pub posted: Option<Box<Posted>>,
    /// All other members, raw.
    pub rest: Rest,
}

impl Content {
    /// The kind of content; for content that this version does not know, by the
    /// name of the first member that looks like content. `None` when there is
    /// no content.
    ///
    /// A wrapped message has the kind of its wrapper: see
    /// [`unwrapped`](Self::unwrapped).
    pub fn kind(&self) -> Option<Kind> {
        let of_rest = || {
            let mut members = self.rest.iter();
            let content =
                members.find(|(name, raw)| Body::is_content(name) && raw.as_str() != "null");
            content.map(|(name, _)| Kind::from(name))
        };
        self.body.as_ref().map(Body::kind).or_else(of_rest)
    }

    /// The content, unwrapped: the innermost message, and its wrappers.
    pub fn unwrapped(&self) -> Unwrapped<'_> {
        Unwrapped::of(self, None, None)
    }

    /// As [`unwrapped`](Self::unwrapped), with the `contextInfo` that is next
    /// to the message in `data`, where the server puts the quoted message and
    /// mentions of a plain text.
    pub fn unwrapped_with<'a>(&'a self, beside: Option<&'a ContextInfo>) -> Unwrapped<'a> {
        Unwrapped::of(self, beside, None)
    }

    /// As [`unwrapped_with`](Self::unwrapped_with), with the name of the
    /// content that is next to the message (`messageType`). It is only used if
    /// the message object has no content itself, as on Evolution's own channel.
    pub fn unwrapped_as<'a>(
        &'a self,
        beside: Option<&'a ContextInfo>,
        named: Option<&'a str>,
    ) -> Unwrapped<'a> {
        Unwrapped::of(self, beside, named)
    }
}

nested!(Content, InteractiveMessage);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Content;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
        let mut content = Content::default();
        while let Some(Name(name)) = map.next_key()? {
            let empty = match &*name {
                "messageContextInfo" => content.message_context_info.is_none(),
                "senderKeyDistributionMessage" => content.sender_key_distribution_message.is_none(),
                "base64" => content.base64.is_none(),
                "mediaUrl" => content.media_url.is_none(),
                "speechToText" => content.speech_to_text.is_none(),
                "contextInfo" => content.context_info.is_none(),
                name if Posted::has(name) => {
                    content.posted.as_ref().is_none_or(|posted| posted.lacks(name))
                }
                _ => content.body.is_none(),
            };
            // A second one of its kind is kept raw.
            if !empty {
                content.rest.push(&name, map.next_value()?)?;
                continue;
            }
            match &*name {
                "messageContextInfo" => content.message_context_info = map.next_value()?,
                "senderKeyDistributionMessage" => {
                    content.sender_key_distribution_message = map.next_value()?;
                }
                "base64" => content.base64 = map.next_value()?,
                "mediaUrl" => content.media_url = map.next_value()?,
                "speechToText" => content.speech_to_text = map.next_value()?,
                "contextInfo" => content.context_info = map.next_value()?,
                name if Posted::has(name) => {
                    let posted = content.posted.get_or_insert_default();
                    posted.read(name, &mut map)?;
                }
                name => match Body::read(name, &mut map)? {
                    Some(body) => content.body = body,
                    None => content.rest.push(name, map.next_value()?)?,
                },
            }
        }
        content.rest.end();
        Ok(content)
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        fn member<M: SerializeMap, T: Serialize>(
            map: &mut M,
            name: &str,
            value: &Option<T>,
        ) -> Result<(), M::Error> {
            value.as_ref().map_or(Ok(()), |value| map.serialize_entry(name, value))
        }

        let mut map = serializer.serialize_map(None)?;
        if let Some(body) = &self.body {
            body.write(&mut map)?;
        }
        member(&mut map, "messageContextInfo", &self.message_context_info)?;
        member(&mut map, "senderKeyDistributionMessage", &self.sender_key_distribution_message)?;
        member(&mut map, "base64", &self.base64)?;
        member(&mut map, "mediaUrl", &self.media_url)?;
        member(&mut map, "speechToText", &self.speech_to_text)?;
        member(&mut map, "contextInfo", &self.context_info)?;
        if let Some(posted) = &self.posted {
            posted.write(&mut map)?;
        }
        self.rest.write(&mut map)?;
        map.end()
    }
}
