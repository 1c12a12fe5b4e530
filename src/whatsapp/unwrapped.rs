//! The content of a message, unwrapped.

use std::borrow::Cow;

use super::{Ad, Body, Choice, Content, ContextInfo, Kind, Media, Posted, Quoted, TargetKey};
use crate::jid::Jid;
use crate::wire::LazyBytes;

/// How deep to unwrap. WhatsApp itself nests two or three messages.
const MOST: usize = 64;

/// The innermost content of a message, and its wrappers.
///
/// Returned by [`Content::unwrapped`]. A wrapper is a message around a message
/// (disappearing, view-once, with a caption, sent from another device, edited).
/// If one cannot be parsed, or after 64 of them, this is the wrapper itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Unwrapped<'a> {
    outer: &'a Content,
    content: Cow<'a, Content>,
    beside: Option<&'a ContextInfo>,
    /// The name of the content, if the message object has none.
    named: Option<Kind>,
    /// Whether an empty vote may be one that could not be decrypted.
    doubts_empty_vote: bool,
    wrappers: Vec<Kind>,
    edits: Option<TargetKey>,
}

impl<'a> Unwrapped<'a> {
    pub(super) fn of(
        outer: &'a Content,
        beside: Option<&'a ContextInfo>,
        named: Option<&str>,
    ) -> Self {
        let content = Cow::Borrowed(outer);
        let says_something =
            outer.posted.is_some() || outer.media_url.is_some() || outer.base64.is_some();
        let named = named.filter(|_| outer.kind().is_none() && says_something).map(Kind::from);
        let (wrappers, edits) = (Vec::new(), None);
        let mut found =
            Self { outer, content, beside, named, doubts_empty_vote: false, wrappers, edits };
        while found.wrappers.len() < MOST && found.unwrap_once() {}
        found
    }

    /// Makes [`chosen_options`](Self::chosen_options) treat an empty vote as
    /// one that could not be decrypted.
    pub(crate) fn doubting_empty_vote(self, doubts_empty_vote: bool) -> Self {
        Self { doubts_empty_vote, ..self }
    }

    /// Unwraps the content by one level, if it wraps another that can be
    /// parsed.
    fn unwrap_once(&mut self) -> bool {
        let Some(body) = &self.content.body else { return false };
        let (inner, edits) = match body {
            Body::Protocol(message) => (message.edited_message.as_ref(), message.key.as_ref()),
            body => (body.wrapped(), None),
        };
        let Some(Ok(inner)) = inner.map(|nested| nested.parse()) else { return false };
        if let Some(key) = edits {
            self.edits = Some(key.clone());
        }
        self.wrappers.push(body.kind());
        self.content = Cow::Owned(inner);
        true
    }
}

impl Unwrapped<'_> {
    /// The innermost message object.
    pub fn as_content(&self) -> &Content {
        &self.content
    }

    /// The innermost content.
    pub fn body(&self) -> Option<&Body> {
        self.content.body.as_ref()
    }

    /// The kind of content; see [`Content::kind`]. If the message object has no
    /// content, as on Evolution's own channel, the kind that is named next to
    /// it ([`Content::unwrapped_as`]).
    pub fn kind(&self) -> Option<Kind> {
        self.content.kind().or_else(|| self.named.clone())
    }

    fn posted(&self) -> Option<&Posted> {
        self.content.posted.as_deref().or(self.outer.posted.as_deref())
    }

    /// The wrappers of the content, from the outside in.
    pub fn wrappers(&self) -> &[Kind] {
        &self.wrappers
    }

    /// Whether this is the new content of a message that was edited.
    pub fn is_edit(&self) -> bool {
        self.wrappers.iter().any(|kind| matches!(kind, Kind::Edited | Kind::Protocol))
    }

    /// The message that was edited. Only its id is usable if someone else wrote
    /// it.
    pub fn edits(&self) -> Option<&TargetKey> {
        self.edits.as_ref()
    }

    /// Whether it is a view-once message.
    pub fn is_view_once(&self) -> bool {
        let wrapped = self.wrappers.iter().any(|kind| {
            matches!(kind, Kind::ViewOnce | Kind::ViewOnceV2 | Kind::ViewOnceV2Extension)
        });
        let marked = match self.body() {
            Some(Body::Image(image)) => image.view_once,
            Some(Body::Video(video) | Body::VideoNote(video)) => video.view_once,
            Some(Body::Audio(audio)) => audio.view_once,
            _ => None,
        };
        wrapped || marked == Some(true)
    }

    /// The text: of a text message, the caption of a file or a live location,
    /// the text of an offer (list, buttons, template, flow), or of a chosen row
    /// or button. For an edit, the new text.
    pub fn text(&self) -> Option<&str> {
        let Some(body) = self.body() else { return self.posted()?.text() };
        match body {
            Body::Text(text) => Some(text),
            Body::ExtendedText(message) => message.text.as_deref(),
            Body::Image(message) => message.caption.as_deref(),
            Body::Video(message) | Body::VideoNote(message) => message.caption.as_deref(),
            Body::Document(message) => message.caption.as_deref(),
            Body::StickerPack(message) => message.caption.as_deref(),
            Body::Location(message) => message.comment.as_deref(),
            Body::LiveLocation(message) => message.caption.as_deref(),
            Body::GroupInvite(message) => message.caption.as_deref(),
            Body::NewsletterAdminInvite(message) => message.caption.as_deref(),
            Body::Order(message) => message.message.as_deref(),
            Body::Product(message) => message.body.as_deref(),
            Body::Invoice(message) => message.note.as_deref(),
            Body::List(message) => message.description.as_deref(),
            Body::Buttons(message) => message.content_text.as_deref(),
            Body::Interactive(message) => message.body.as_ref()?.text.as_deref(),
            Body::Template(message) => {
                let template = message.hydrated_template.as_ref();
                let template = template.or(message.hydrated_four_row_template.as_ref());
                let flow = || message.interactive_message_template.as_ref()?.body.as_ref();
                match template {
                    Some(template) => template.hydrated_content_text.as_deref(),
                    None => flow()?.text.as_deref(),
                }
            }
            body => Choice::of(body)?.title,
        }
    }

    /// The context (quoted message, mentions, forwarding, advertisement),
    /// wherever this version of the server puts it: in the content, next to the
    /// message (see [`Content::unwrapped_with`]), or in the message object.
    ///
    /// `None` for text on 2.4.0-rc, which puts device metadata in its place.
    pub fn context_info(&self) -> Option<&ContextInfo> {
        let of_body = self.body().and_then(Body::context_info);
        let of_object = [&*self.content, self.outer].map(|content| content.context_info.as_deref());
        let mut places = [of_body, self.beside, of_object[0], of_object[1]].into_iter().flatten();
        places.find(|context| !context.is_device_metadata() && **context != ContextInfo::default())
    }

    /// The quoted message.
    pub fn quoted(&self) -> Option<Quoted<'_>> {
        let posted = || Quoted::of_key(self.posted()?.quoted.as_ref()?);
        self.context_info().and_then(Quoted::of).or_else(posted)
    }

    /// Who is mentioned; often LIDs.
    pub fn mentions(&self) -> &[Jid] {
        self.context_info().map_or(&[], |context| &context.mentioned_jid)
    }

    /// Where the conversation came from: the advertisement that was clicked.
    pub fn ad(&self) -> Option<Ad<'_>> {
        Ad::of(self.context_info()?)
    }

    /// The file in it.
    pub fn media(&self) -> Option<Media<'_>> {
        let posted = self.posted();
        let media = match self.body() {
            Some(body) => Media::of(body)?,
            None => Media::named(self.named.as_ref()?)?,
        };
        let posted_type = posted.and_then(|posted| posted.mimetype.as_deref());
        let posted_name = posted.and_then(|posted| posted.file_name.as_deref());
        Some(Media {
            inline: self.base64().or(media.inline),
            stored_url: self.media_url().or(media.stored_url),
            mimetype: media.mimetype.or(posted_type),
            name: media.name.or(posted_name),
            ..media
        })
    }

    /// What someone chose from a list, buttons, a template or a flow.
    pub fn choice(&self) -> Option<Choice<'_>> {
        Choice::of(self.body()?)
    }

    /// The names of all poll options that someone has currently chosen. `None`
    /// when this is not a vote, or an unreadable one: the server does not know
    /// the poll and only has the ciphertext, or it sends the same as for a
    /// withdrawn vote.
    ///
    /// An empty list is ambiguous. Evolution API from 2.3.7 on sends it for a
    /// withdrawn vote, for one that it could not decrypt, as is usual in
    /// groups, and for every vote in polls of the forms V2 and V5. So this is
    /// `None` if the votes next to the message name no voter, and empty only if
    /// there are none next to it.
    pub fn chosen_options(&self) -> Option<&[String]> {
        let Body::PollUpdate(update) = self.body()? else { return None };
        let options = update.vote.as_ref()?.selected_options.as_deref()?;
        Some(options).filter(|options| !(self.doubts_empty_vote && options.is_empty()))
    }

    /// The transcript of a voice note, if the server is configured to
    /// transcribe it.
    pub fn transcript(&self) -> Option<&str> {
        let text = self.content.speech_to_text.as_ref().or(self.outer.speech_to_text.as_ref())?;
        Some(text.strip_prefix("[audio] ").unwrap_or(text))
    }

    /// The decrypted file, if the server included it.
    pub fn base64(&self) -> Option<&LazyBytes> {
        self.content.base64.as_ref().or(self.outer.base64.as_ref())
    }

    /// Where the server stored the decrypted file.
    pub fn media_url(&self) -> Option<&str> {
        self.content.media_url.as_deref().or(self.outer.media_url.as_deref())
    }
}
