//! What the accessors of [`Unwrapped`](super::Unwrapped) answer with.

use std::borrow::Cow;
use std::time::Duration;

use super::{
    AudioMessage, Body, Content, ContextInfo, DocumentMessage, ImageMessage, StickerMessage,
    VideoMessage,
};
use crate::event::Nested;
use crate::jid::Jid;
use crate::wire::LazyBytes;

/// The message that a message answers.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Quoted<'a> {
    /// Its id.
    pub id: Option<&'a str>,
    /// Who wrote it.
    pub author: Option<&'a Jid>,
    /// The chat that it stands in, where that is another one.
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
}

/// What somebody chose: a row of a list, a button, the end of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice<'a> {
    /// The id of what was chosen, as it was offered.
    pub id: Option<Cow<'a, str>>,
    /// What it says.
    pub title: Option<&'a str>,
    /// What stands below that.
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

/// A file that a message holds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Media<'a> {
    /// What it is.
    pub kind: MediaKind,
    /// Its media type, such as `image/jpeg`.
    pub mimetype: Option<&'a str>,
    /// Its size, in bytes.
    pub size: Option<u64>,
    /// Its name.
    pub name: Option<&'a str>,
    /// How long it plays.
    pub duration: Option<Duration>,
    /// Where it lies at WhatsApp, encrypted.
    pub url: Option<&'a str>,
    /// Where the server stored it, decrypted.
    pub stored_url: Option<&'a str>,
    /// The file itself, where the server sent it along; decoded on demand.
    pub inline: Option<&'a LazyBytes>,
    /// A preview: a JPEG, of stickers a PNG; decoded on demand.
    pub thumbnail: Option<&'a LazyBytes>,
    /// Its id at Meta, on the Cloud channel.
    pub meta_id: Option<&'a str>,
}

/// What kind of file a message holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// A round video note.
    VideoNote,
    /// Sound.
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

    fn new(kind: MediaKind, url: &'a Option<String>, meta_id: &'a Option<String>) -> Self {
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
            meta_id: meta_id.as_deref(),
        }
    }

    fn image(image: &'a ImageMessage) -> Self {
        Self {
            mimetype: image.mimetype.as_deref().or(image.mime_type.as_deref()),
            size: image.file_length,
            name: image.filename.as_deref(),
            thumbnail: image.jpeg_thumbnail.as_ref(),
            ..Self::new(MediaKind::Image, &image.url, &image.id)
        }
    }

    fn video(video: &'a VideoMessage, kind: MediaKind) -> Self {
        Self {
            mimetype: video.mimetype.as_deref().or(video.mime_type.as_deref()),
            size: video.file_length,
            name: video.filename.as_deref(),
            duration: video.seconds.map(|seconds| Duration::from_secs(seconds.into())),
            thumbnail: video.jpeg_thumbnail.as_ref(),
            ..Self::new(kind, &video.url, &video.id)
        }
    }

    fn audio(audio: &'a AudioMessage) -> Self {
        let kind = if audio.ptt == Some(true) { MediaKind::VoiceNote } else { MediaKind::Audio };
        Self {
            mimetype: audio.mimetype.as_deref().or(audio.mime_type.as_deref()),
            size: audio.file_length,
            name: audio.filename.as_deref(),
            duration: audio.seconds.map(|seconds| Duration::from_secs(seconds.into())),
            ..Self::new(kind, &audio.url, &audio.id)
        }
    }

    fn document(document: &'a DocumentMessage) -> Self {
        Self {
            mimetype: document.mimetype.as_deref().or(document.mime_type.as_deref()),
            size: document.file_length,
            name: document.file_name.as_deref().or(document.filename.as_deref()),
            thumbnail: document.jpeg_thumbnail.as_ref(),
            ..Self::new(MediaKind::Document, &document.url, &document.id)
        }
    }

    fn sticker(sticker: &'a StickerMessage) -> Self {
        Self {
            mimetype: sticker.mimetype.as_deref().or(sticker.mime_type.as_deref()),
            size: sticker.file_length,
            thumbnail: sticker.png_thumbnail.as_ref(),
            ..Self::new(MediaKind::Sticker, &sticker.url, &sticker.id)
        }
    }
}
