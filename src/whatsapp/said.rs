//! The return types of the accessors of [`Unwrapped`](super::Unwrapped).

use std::borrow::Cow;
use std::time::Duration;

use super::{
    AudioMessage, Body, Content, ContextInfo, DocumentMessage, ImageMessage, Kind, StickerMessage,
    TargetKey, VideoMessage,
};
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::{Id, LazyBytes};

/// The message that a message quotes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Quoted<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Who wrote it.
    pub author: Option<&'a Jid>,
    /// The chat it is in, if that is a different one.
    pub chat: Option<&'a Jid>,
    /// The message itself, typed on demand.
    pub message: Option<&'a Nested<Content>>,
}

impl<'a> Quoted<'a> {
    pub(super) fn of(context: &'a ContextInfo) -> Option<Self> {
        let quoted = Self {
            id: context.stanza_id.as_deref(),
            author: context.participant.as_ref(),
            chat: context.remote_jid.as_ref(),
            message: context.quoted_message.as_ref(),
        };
        (quoted.id.is_some() || quoted.message.is_some()).then_some(quoted)
    }

    /// From what was posted to the server: only the key of the message.
    pub(super) fn of_key(key: &'a TargetKey) -> Option<Self> {
        let (author, chat) = (key.participant.as_ref(), key.remote_jid.as_ref());
        Some(Self { id: Some(key.id.as_deref()?), author, chat, message: None })
    }
}

/// What someone chose: a row of a list, a button, or the result of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice<'a> {
    /// The id of the choice, as in the offer.
    pub id: Option<Cow<'a, str>>,
    /// Its text.
    pub title: Option<&'a str>,
    /// Its description.
    pub description: Option<&'a str>,
}

impl<'a> Choice<'a> {
    pub(super) fn of(body: &'a Body) -> Option<Self> {
        let choice = |id: Option<&'a str>, title| Self {
            id: id.map(Cow::Borrowed),
            title,
            description: None,
        };
        Some(match body {
            Body::ListResponse(answer) => {
                let reply = answer.single_select_reply.as_ref();
                let id = reply.and_then(|reply| reply.selected_row_id.as_deref());
                let description = answer.description.as_deref();
                Self { description, ..choice(id, answer.title.as_deref()) }
            }
            Body::ButtonsResponse(answer) => choice(
                answer.selected_button_id.as_deref(),
                answer.selected_display_text.as_deref(),
            ),
            Body::TemplateButtonReply(answer) => {
                choice(answer.selected_id.as_deref(), answer.selected_display_text.as_deref())
            }
            Body::InteractiveResponse(answer) => {
                let title = answer.body.as_ref().and_then(|body| body.text.as_deref());
                let flow = answer.native_flow_response_message.as_ref();
                let id = flow.and_then(|flow| flow.choice_id()).map(Cow::Owned);
                Self { id, ..choice(None, title) }
            }
            _ => return None,
        })
    }
}

/// A file in a message.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Media<'a> {
    /// The kind.
    pub kind: MediaKind,
    /// Its media type, such as `image/jpeg`.
    pub mimetype: Option<&'a str>,
    /// Its size, in bytes.
    pub size: Option<u64>,
    /// Its name.
    pub name: Option<&'a str>,
    /// The duration.
    pub duration: Option<Duration>,
    /// The URL of the encrypted file at WhatsApp.
    pub url: Option<&'a str>,
    /// The URL of the decrypted file: where the server stored it, or the link
    /// that was sent through the Cloud channel.
    pub stored_url: Option<&'a str>,
    /// The file itself, where the server included it, or where it was posted;
    /// decoded on demand.
    pub inline: Option<&'a LazyBytes>,
    /// A preview: a JPEG, for stickers a PNG; decoded on demand.
    pub thumbnail: Option<&'a LazyBytes>,
    /// Its id at Meta, on the Cloud channel.
    pub meta_id: Option<&'a str>,
}

/// The kind of file in a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// An image.
    Image,
    /// A video.
    Video,
    /// A round video note.
    VideoNote,
    /// Audio.
    Audio,
    /// A voice note.
    VoiceNote,
    /// A document.
    Document,
    /// A sticker.
    Sticker,
}

impl<'a> Media<'a> {
    pub(super) fn of(body: &'a Body) -> Option<Self> {
        Some(match body {
            Body::Image(image) => Self::image(image),
            Body::Video(video) => Self::video(video, MediaKind::Video),
            Body::VideoNote(video) => Self::video(video, MediaKind::VideoNote),
            Body::Audio(audio) => Self::audio(audio),
            Body::Document(document) => Self::document(document),
            Body::Sticker(sticker) => Self::sticker(sticker),
            _ => return None,
        })
    }

    /// A file of which only a name is known.
    pub(super) fn named(kind: &Kind) -> Option<Self> {
        let kind = match kind {
            Kind::Image => MediaKind::Image,
            Kind::Video => MediaKind::Video,
            Kind::VideoNote => MediaKind::VideoNote,
            Kind::Audio => MediaKind::Audio,
            Kind::Document => MediaKind::Document,
            Kind::Sticker => MediaKind::Sticker,
            _ => return None,
        };
        Some(Self::new(kind, &None))
    }

    fn new(kind: MediaKind, url: &'a Option<String>) -> Self {
        Self {
            kind,
            mimetype: None,
            size: None,
            name: None,
            duration: None,
            url: url.as_deref(),
            stored_url: None,
            inline: None,
            thumbnail: None,
            meta_id: None,
        }
    }

    /// With the data of the Cloud channel: a file's id at Meta or, when it was
    /// sent, the link or the file that was posted.
    fn at_meta(
        self,
        id: &'a Option<Id>,
        id_type: &'a Option<String>,
        posted: &'a Option<LazyBytes>,
    ) -> Self {
        let id = id.as_deref();
        let is_link = id.is_some_and(|id| id.contains("://"));
        match id_type.as_deref() {
            Some("link") => Self { stored_url: id, ..self },
            None if is_link => Self { stored_url: id, ..self },
            _ => Self { meta_id: id, inline: posted.as_ref(), ..self },
        }
    }

    fn image(image: &'a ImageMessage) -> Self {
        Self {
            mimetype: image.mimetype.as_deref().or(image.mime_type.as_deref()),
            size: image.file_length,
            name: image.filename.as_deref().or(image.file_name.as_deref()),
            thumbnail: image.jpeg_thumbnail.as_ref(),
            ..Self::new(MediaKind::Image, &image.url)
        }
        .at_meta(&image.id, &image.id_type, &image.media)
    }

    fn video(video: &'a VideoMessage, kind: MediaKind) -> Self {
        Self {
            mimetype: video.mimetype.as_deref().or(video.mime_type.as_deref()),
            size: video.file_length,
            name: video.filename.as_deref().or(video.file_name.as_deref()),
            duration: video.seconds.map(|seconds| Duration::from_secs(seconds.into())),
            thumbnail: video.jpeg_thumbnail.as_ref(),
            ..Self::new(kind, &video.url)
        }
        .at_meta(&video.id, &video.id_type, &video.media)
    }

    fn audio(audio: &'a AudioMessage) -> Self {
        let is_note = audio.ptt == Some(true) || audio.voice == Some(true);
        let kind = if is_note { MediaKind::VoiceNote } else { MediaKind::Audio };
        Self {
            mimetype: audio.mimetype.as_deref().or(audio.mime_type.as_deref()),
            size: audio.file_length,
            name: audio.filename.as_deref().or(audio.file_name.as_deref()),
            duration: audio.seconds.map(|seconds| Duration::from_secs(seconds.into())),
            ..Self::new(kind, &audio.url)
        }
        .at_meta(&audio.id, &audio.id_type, &audio.media)
    }

    fn document(document: &'a DocumentMessage) -> Self {
        Self {
            mimetype: document.mimetype.as_deref().or(document.mime_type.as_deref()),
            size: document.file_length,
            name: document.file_name.as_deref().or(document.filename.as_deref()),
            thumbnail: document.jpeg_thumbnail.as_ref(),
            ..Self::new(MediaKind::Document, &document.url)
        }
        .at_meta(&document.id, &document.id_type, &document.media)
    }

    fn sticker(sticker: &'a StickerMessage) -> Self {
        Self {
            mimetype: sticker.mimetype.as_deref().or(sticker.mime_type.as_deref()),
            size: sticker.file_length,
            thumbnail: sticker.png_thumbnail.as_ref(),
            ..Self::new(MediaKind::Sticker, &sticker.url)
        }
        .at_meta(&sticker.id, &sticker.id_type, &sticker.media)
    }
}
