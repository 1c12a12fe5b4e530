//! The content of a message, unwrapped.

use super::{Ad, Body, Choice, Content, ContextInfo, Kind, Media, Posted, Quoted, TargetKey};
use crate::event::Held;
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
    /// If it is not the outer one.
    inner: Option<Held<Content>>,
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
        let named = named_beside(outer, named).map(Kind::from);
        let (inner, wrappers, edits) = (None, Vec::new(), None);
        let mut found =
            Self { outer, inner, beside, named, doubts_empty_vote: false, wrappers, edits };
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
        let Some(body) = &self.as_content().body else { return false };
        let (inner, edits) = match body {
            Body::Protocol(message) => (message.edited_message.as_ref(), message.key.as_ref()),
            body => (body.wrapped(), None),
        };
        let Some(Ok(inner)) = inner.map(|nested| nested.parse()) else { return false };
        let (kind, edits) = (body.kind(), edits.cloned());
        self.edits = edits.or(self.edits.take());
        self.wrappers.push(kind);
        self.inner = Some(Held::new(inner));
        true
    }
}

impl Unwrapped<'_> {
    /// What it says, where it stands.
    fn view(&self) -> View<'_> {
        View {
            outer: self.outer,
            content: self.as_content(),
            beside: self.beside,
            named: self.named.as_ref().map(Kind::as_str),
            doubts_empty_vote: self.doubts_empty_vote,
            wrappers: &self.wrappers,
        }
    }

    /// The innermost message object, if that is not the one it began with, and what
    /// it was wrapped in.
    pub(crate) fn into_inner(self) -> (Option<Content>, Vec<Kind>) {
        (self.inner.map(Held::take), self.wrappers)
    }

    /// The innermost message object.
    pub fn as_content(&self) -> &Content {
        self.inner.as_ref().map_or(self.outer, Held::get)
    }

    /// The innermost content.
    pub fn body(&self) -> Option<&Body> {
        self.view().body()
    }

    /// The kind of content; see [`Content::kind`]. If the message object has no
    /// content, as on Evolution's own channel, the kind that is named next to
    /// it ([`Content::unwrapped_as`]).
    pub fn kind(&self) -> Option<Kind> {
        self.view().kind()
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
        self.view().is_view_once()
    }

    /// The text: of a text message, below a file or a live location, of an
    /// offer (list, buttons, template, flow), what a chosen row or button says,
    /// the question of a poll, or the name of an event or a planned call. Of an
    /// edit, the new one.
    pub fn text(&self) -> Option<&str> {
        self.view().text()
    }

    /// What it answers, mentions, and where it comes from, wherever this
    /// version of the server puts it: into the content, beside the message
    /// (see [`Content::unwrapped_with`]), or into the message object.
    ///
    /// `None` for text on 2.4.0-rc, which puts device metadata in its place.
    pub fn context_info(&self) -> Option<&ContextInfo> {
        self.view().context_info()
    }

    /// The message that it answers.
    pub fn quoted(&self) -> Option<Quoted<'_>> {
        self.view().quoted()
    }

    /// Whom it mentions; often LIDs.
    pub fn mentions(&self) -> &[Jid] {
        self.view().mentions()
    }

    /// Where the conversation came from: the advertisement that was clicked.
    pub fn ad(&self) -> Option<Ad<'_>> {
        self.view().ad()
    }

    /// The file that it holds.
    pub fn media(&self) -> Option<Media<'_>> {
        self.view().media()
    }

    /// What a person chose from a list, buttons, a template or a flow.
    pub fn choice(&self) -> Option<Choice<'_>> {
        self.view().choice()
    }

    /// The names of all answers to a poll that a person has chosen now. `None`
    /// when this is no vote, or when it cannot be read: the server does not
    /// know the poll and only has the ciphertext, or it writes the same as for
    /// a vote that was taken back.
    ///
    /// An empty list is ambiguous. Evolution API from 2.3.7 on writes it for a
    /// vote that was taken back, for one that it could not decrypt, as is usual
    /// in groups, and for every vote in polls of the forms V2 and V5. So it is
    /// `None` where the votes that stand beside the message name no voter, and
    /// empty only where there are none beside it.
    pub fn chosen_options(&self) -> Option<&[String]> {
        self.view().chosen_options()
    }

    /// What is said in a voice note, where the server is to write it down.
    pub fn transcript(&self) -> Option<&str> {
        self.view().transcript()
    }

    /// The decrypted file, where the server sent it along.
    pub fn base64(&self) -> Option<&LazyBytes> {
        self.view().base64()
    }

    /// Where the server stored the decrypted file.
    pub fn media_url(&self) -> Option<&str> {
        self.view().media_url()
    }
}

/// What a message says, read where it stands.
#[derive(Clone, Copy)]
pub(crate) struct View<'c> {
    pub(crate) outer: &'c Content,
    pub(crate) content: &'c Content,
    beside: Option<&'c ContextInfo>,
    named: Option<&'c str>,
    doubts_empty_vote: bool,
    pub(crate) wrappers: &'c [Kind],
}

/// The name of a content that is given next to the message; it counts where the
/// message object itself names none.
fn named_beside<'c>(outer: &Content, named: Option<&'c str>) -> Option<&'c str> {
    let says_something =
        outer.posted.is_some() || outer.media_url.is_some() || outer.base64.is_some();
    named.filter(|_| outer.kind().is_none() && says_something)
}

impl<'c> View<'c> {
    /// A message that is not unwrapped.
    pub(crate) fn of(
        outer: &'c Content,
        beside: Option<&'c ContextInfo>,
        named: Option<&'c str>,
    ) -> Self {
        let named = named_beside(outer, named);
        let doubts_empty_vote = false;
        Self { outer, content: outer, beside, named, doubts_empty_vote, wrappers: &[] }
    }

    /// As [`Unwrapped::doubting_empty_vote`].
    pub(crate) fn doubting_empty_vote(self, doubts_empty_vote: bool) -> Self {
        Self { doubts_empty_vote, ..self }
    }

    /// The message that it was wrapped around, as [`Unwrapped::into_inner`] gives it.
    pub(crate) fn around(self, inner: Option<&'c Content>, wrappers: &'c [Kind]) -> Self {
        Self { content: inner.unwrap_or(self.content), wrappers, ..self }
    }

    pub(crate) fn body(self) -> Option<&'c Body> {
        self.content.body.as_ref()
    }

    pub(crate) fn kind(self) -> Option<Kind> {
        self.content.kind().or_else(|| self.named.map(Kind::from))
    }

    fn posted(self) -> Option<&'c Posted> {
        self.content.posted.as_deref().or(self.outer.posted.as_deref())
    }

    pub(crate) fn is_view_once(self) -> bool {
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

    pub(crate) fn text(self) -> Option<&'c str> {
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
            Body::Event(event) => event.name.as_deref(),
            Body::ScheduledCallCreation(call) => call.title.as_deref(),
            Body::PollCreation(poll)
            | Body::PollCreationV2(poll)
            | Body::PollCreationV3(poll)
            | Body::PollCreationV5(poll) => poll.name.as_deref(),
            body => Choice::of(body)?.title,
        }
    }

    pub(crate) fn context_info(self) -> Option<&'c ContextInfo> {
        let of_body = self.body().and_then(Body::context_info);
        let of_object = [self.content, self.outer].map(|content| content.context_info.as_deref());
        let mut places = [of_body, self.beside, of_object[0], of_object[1]].into_iter().flatten();
        places.find(|context| !context.is_device_metadata() && **context != ContextInfo::default())
    }

    pub(crate) fn quoted(self) -> Option<Quoted<'c>> {
        let posted = || Quoted::of_key(self.posted()?.quoted.as_ref()?);
        self.context_info().and_then(Quoted::of).or_else(posted)
    }

    pub(crate) fn mentions(self) -> &'c [Jid] {
        self.context_info().map_or(&[], |context| &context.mentioned_jid)
    }

    pub(crate) fn ad(self) -> Option<Ad<'c>> {
        Ad::of(self.context_info()?)
    }

    pub(crate) fn media(self) -> Option<Media<'c>> {
        let posted = self.posted();
        let media = match self.body() {
            Some(body) => Media::of(body)?,
            None => Media::named(&Kind::from(self.named?))?,
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

    pub(crate) fn choice(self) -> Option<Choice<'c>> {
        Choice::of(self.body()?)
    }

    pub(crate) fn chosen_options(self) -> Option<&'c [String]> {
        let Body::PollUpdate(update) = self.body()? else { return None };
        let options = update.vote.as_ref()?.selected_options.as_deref()?;
        Some(options).filter(|options| !(self.doubts_empty_vote && options.is_empty()))
    }

    pub(crate) fn transcript(self) -> Option<&'c str> {
        let text = self.content.speech_to_text.as_ref().or(self.outer.speech_to_text.as_ref())?;
        Some(text.strip_prefix("[audio] ").unwrap_or(text))
    }

    pub(crate) fn base64(self) -> Option<&'c LazyBytes> {
        self.content.base64.as_ref().or(self.outer.base64.as_ref())
    }

    pub(crate) fn media_url(self) -> Option<&'c str> {
        self.content.media_url.as_deref().or(self.outer.media_url.as_deref())
    }
}
