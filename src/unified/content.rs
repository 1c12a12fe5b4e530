//! What a message says and shows.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::address::Address;
use super::id::MessageRef;
use super::listing::{Options, Phones};
use super::message::MessageKind;
use super::word::closed_words;
use crate::wire::{LazyBytes, RawJson, Sensitive};

closed_words! {
    /// What kind of file a message holds.
    pub enum MediaKind {
        /// A picture.
        Image = "image",
        /// A video.
        Video = "video",
        /// A round video note.
        VideoNote = "video_note",
        /// Sound.
        Audio = "audio",
        /// A voice note.
        VoiceNote = "voice_note",
        /// A document.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
    }
}

/// The file of a message: what it is, and where it can be had. Nothing is
/// fetched, decoded or decrypted here.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Media<'a> {
    /// What kind of file it is.
    pub kind: MediaKind,
    /// Its media type as written, parameters included; see
    /// [`essence`](Self::essence).
    pub mimetype: Option<&'a str>,
    /// Its size in bytes, as told.
    pub size: Option<u64>,
    /// Its name. It is the sender's text: mind what it is used for.
    pub file_name: Option<&'a str>,
    /// How long it plays.
    pub duration: Option<Duration>,
    /// Whether it was recorded in the chat. `None` where the gateway does not
    /// tell recordings from other sound.
    pub voice_note: Option<bool>,
    /// Whether it is a video that is shown as an animated picture.
    pub gif: Option<bool>,
    /// The decrypted file in the delivery itself, decoded on demand.
    pub inline: Option<&'a LazyBytes>,
    /// Where the decrypted file can be fetched. With WAHA often an address that
    /// only the server itself reaches, and that wants its API key; with Zavu it
    /// may come later.
    pub url: Option<&'a str>,
    /// The URL of the **encrypted** file at WhatsApp: of no use without the
    /// message's media key.
    pub encrypted_url: Option<&'a str>,
    /// An id by which an API hands it out: Meta's, or Zavu's.
    pub id: Option<&'a str>,
    /// A small picture of it.
    pub thumbnail: Option<&'a LazyBytes>,
    /// Why there is nothing to fetch, where the gateway tells.
    pub missing: Option<MissingMedia<'a>>,
}

impl<'a> Media<'a> {
    pub(crate) fn new(kind: MediaKind) -> Self {
        Self {
            kind,
            mimetype: None,
            size: None,
            file_name: None,
            duration: None,
            voice_note: None,
            gif: None,
            inline: None,
            url: None,
            encrypted_url: None,
            id: None,
            thumbnail: None,
            missing: None,
        }
    }

    /// The media type without parameters: `audio/ogg` of
    /// `audio/ogg; codecs=opus`.
    pub fn essence(&self) -> Option<&'a str> {
        essence(self.mimetype?)
    }
}

/// The media type without parameters.
pub(crate) fn essence(mimetype: &str) -> Option<&str> {
    mimetype.split(';').next().map(str::trim).filter(|essence| !essence.is_empty())
}

/// The kind of file that a media type stands for. Stickers, voice notes and video
/// notes have no type of their own.
pub(crate) fn kind_of_mimetype(mimetype: &str) -> MediaKind {
    let of = |prefix: &str| {
        mimetype.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    match () {
        () if of("image/") => MediaKind::Image,
        () if of("video/") => MediaKind::Video,
        () if of("audio/") => MediaKind::Audio,
        () => MediaKind::Document,
    }
}

/// Why a file cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MissingMedia<'a> {
    /// The gateway did not send it along.
    NotIncluded,
    /// The gateway could not get it, and says why.
    Failed(Cow<'a, str>),
}

/// A place.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Location<'a> {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// What it is called.
    pub name: Option<&'a str>,
    /// Its address.
    pub address: Option<&'a str>,
    /// A page about it.
    pub url: Option<&'a str>,
    /// Whether it moves for some time. `None` where that is not told.
    pub live: Option<bool>,
}

impl Location<'_> {
    /// A place has both coordinates, or is none.
    pub(crate) fn at(latitude: Option<f64>, longitude: Option<f64>) -> Option<Self> {
        let (latitude, longitude) = (latitude?, longitude?);
        Some(Self { latitude, longitude, name: None, address: None, url: None, live: None })
    }
}

/// A contact that was sent.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ContactCard<'a> {
    /// What they are called.
    pub name: Option<&'a str>,
    /// The whole vCard.
    pub vcard: Option<&'a str>,
    /// Their phone numbers.
    pub phones: Phones<'a>,
}

impl<'a> ContactCard<'a> {
    #[allow(dead_code, reason = "not every gateway has vCards")]
    pub(crate) fn of_vcard(name: Option<&'a str>, vcard: &'a str) -> Self {
        let called = || {
            let line = vcard.lines().find_map(|line| line.trim().strip_prefix("FN"))?;
            line.split_once(':').map(|(_, name)| name.trim())
        };
        let name = name.or_else(called).filter(|name| !name.is_empty());
        Self { name, vcard: Some(vcard), phones: Phones::of_vcard(vcard) }
    }
}

closed_words! {
    /// What a person can choose from.
    pub enum ChoiceKind {
        /// A row of a list.
        ListRow = "list_row",
        /// A button.
        Button = "button",
        /// A button of a template.
        TemplateButton = "template_button",
        /// A form.
        Form = "form",
        /// A list or buttons: which of them is not told.
        NotTold = "not_told",
    }
}

/// What a person chose.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice<'a> {
    /// What from.
    pub of: ChoiceKind,
    /// The id that it was offered with. `None` where the gateway tells the title
    /// only.
    pub id: Option<Cow<'a, str>>,
    /// What it says.
    pub title: Option<&'a str>,
    /// What is below that.
    pub description: Option<&'a str>,
    /// What was filled into a form, as JSON text.
    pub form: Option<&'a str>,
}

impl Choice<'_> {
    #[allow(dead_code, reason = "not every gateway has choices")]
    pub(crate) fn new(of: ChoiceKind) -> Self {
        Self { of, id: None, title: None, description: None, form: None }
    }
}

/// A poll.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Poll<'a> {
    /// The question.
    pub question: Option<&'a str>,
    /// The answers, in their order.
    pub options: Options<'a>,
    /// Whether more than one may be chosen.
    pub multiple: Option<bool>,
}

impl<'a> Poll<'a> {
    #[allow(dead_code, reason = "not every gateway has polls")]
    pub(crate) fn new(
        question: Option<&'a str>,
        options: Options<'a>,
        multiple: Option<bool>,
    ) -> Self {
        Self { question, options, multiple }
    }
}

/// An order.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Order<'a> {
    /// The order.
    pub id: &'a str,
    /// What its details can be read with.
    pub token: Option<&'a Sensitive>,
    /// Everything else in it, where it is kept as JSON.
    pub raw: Option<&'a RawJson>,
}

impl<'a> Order<'a> {
    #[allow(dead_code, reason = "not every gateway has orders")]
    pub(crate) fn new(id: &'a str, token: Option<&'a Sensitive>) -> Self {
        Self { id, token, raw: None }
    }
}

/// An invitation to a group or a channel.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Invitation<'a> {
    /// The group or channel.
    pub to: Option<Address<'a>>,
    /// Its name.
    pub name: Option<&'a str>,
    /// The code that lets its reader in.
    pub code: Option<&'a Sensitive>,
    /// Until when.
    pub expires_at: Option<DateTime<Utc>>,
}

impl<'a> Invitation<'a> {
    #[allow(dead_code, reason = "not every gateway has invitations")]
    pub(crate) fn new(
        to: Option<Address<'a>>,
        name: Option<&'a str>,
        code: Option<&'a Sensitive>,
        expires_at: Option<DateTime<Utc>>,
    ) -> Self {
        Self { to, name, code, expires_at }
    }
}

/// The message that another one answers.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReplyTo<'a> {
    /// Which.
    pub id: Option<MessageRef<'a>>,
    /// Who wrote it.
    pub author: Option<Address<'a>>,
    /// Its chat, when that is another one than the answer's: the status
    /// feed, or a group that is answered from in private.
    pub chat: Option<Address<'a>>,
    /// What kind of message it is.
    pub kind: Option<MessageKind<'a>>,
    pub(super) quote: Quote<'a>,
}

/// Where the text of a quoted message is.
#[derive(Clone)]
pub(crate) enum Quote<'a> {
    None,
    Told(Cow<'a, str>),
    Asked(&'a dyn Quoted),
}

/// A quoted message that is read on demand.
pub(crate) trait Quoted: Sync {
    fn text(&self) -> Option<Cow<'_, str>>;
}

impl<'a> ReplyTo<'a> {
    pub(crate) fn new(
        id: Option<MessageRef<'a>>,
        author: Option<Address<'a>>,
        quote: Quote<'a>,
    ) -> Self {
        Self { id, author, chat: None, kind: None, quote }
    }

    /// What the quoted message says. `None` when it says nothing or that is not
    /// told. Where the gateway sends the whole quoted message, it is read now.
    pub fn text(&self) -> Option<Cow<'_, str>> {
        let text = match &self.quote {
            Quote::None => None,
            Quote::Told(text) => Some(Cow::Borrowed(&**text)),
            Quote::Asked(quoted) => quoted.text(),
        };
        text.filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for ReplyTo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyTo")
            .field("id", &self.id)
            .field("author", &self.author)
            .field("chat", &self.chat)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// The advertisement or post that a conversation began with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Ad<'a> {
    /// The click on it, for reporting conversions to Meta (`ctwa_clid`).
    pub click_id: Option<&'a str>,
    /// The advertisement or post.
    pub source_id: Option<&'a str>,
    /// Which of the two: `ad` or `post`.
    pub source_type: Option<&'a str>,
    /// The link to it.
    pub source_url: Option<&'a str>,
    /// The app that showed it.
    pub app: Option<&'a str>,
    /// Where the person entered from.
    pub entry_point: Option<&'a str>,
    /// Its title. Never part of what the person wrote.
    pub title: Option<&'a str>,
    /// Its text. Never part of what the person wrote.
    pub body: Option<&'a str>,
}

/// Pictures and videos that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Album<'a> {
    /// The head of an album. What is in it follows as messages of its own, in any
    /// order, and perhaps fewer than are announced.
    #[non_exhaustive]
    Header {
        /// How many pictures are announced.
        pictures: Option<u32>,
        /// How many videos are announced.
        videos: Option<u32>,
    },
    /// Something in an album.
    #[non_exhaustive]
    Item {
        /// The message that is the album's head.
        header: MessageRef<'a>,
    },
}
