//! A message.

use std::any::Any;
use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::acts::Status;
use super::address::{Address, ChatKind};
use super::content::{Ad, Album, Choice, Invitation, Location, Media, Order, Poll, ReplyTo};
use super::id::{MessageRef, Origin};
use super::listing::{Addresses, Contacts};
use super::word::{Word, closed_words, words};

words! {
    /// What kind of message it is.
    pub enum MessageKind {
        /// Text.
        Text = "text",
        /// A picture.
        Image = "image",
        /// A video.
        Video = "video",
        /// A round video note.
        VideoNote = "video_note",
        /// Sound; with gateways that do not tell them apart also voice notes.
        Audio = "audio",
        /// A voice note.
        VoiceNote = "voice_note",
        /// A document.
        Document = "document",
        /// A sticker.
        Sticker = "sticker",
        /// A pack of stickers.
        StickerPack = "sticker_pack",
        /// A place.
        Location = "location",
        /// Where a person is, for some time.
        LiveLocation = "live_location",
        /// A contact card.
        Contact = "contact",
        /// Several contact cards.
        Contacts = "contacts",
        /// A poll.
        Poll = "poll",
        /// A list to choose from.
        List = "list",
        /// Buttons to choose from.
        Buttons = "buttons",
        /// A template that a business filled in.
        Template = "template",
        /// Text with a flow, a catalogue, cards or the like.
        Interactive = "interactive",
        /// A row was chosen.
        ListReply = "list_reply",
        /// A button was pressed.
        ButtonReply = "button_reply",
        /// A form was filled in.
        FormReply = "form_reply",
        /// An order.
        Order = "order",
        /// A product.
        Product = "product",
        /// A payment, or a request for one.
        Payment = "payment",
        /// A bill.
        Invoice = "invoice",
        /// An event with its time.
        Event = "event",
        /// A call was arranged.
        ScheduledCall = "scheduled_call",
        /// An invitation to a group.
        GroupInvite = "group_invite",
        /// An invitation to administer a channel.
        ChannelInvite = "channel_invite",
        /// A comment; [`reply_to`](Message::reply_to) is what it is about.
        Comment = "comment",
        /// The head of an album.
        Album = "album",
        /// A message was pinned, or no longer is.
        Pin = "pin",
        /// A call took place.
        CallLog = "call_log",
        /// WhatsApp shows it on the phone only.
        Withheld = "withheld",
        /// It could not be decrypted; the message may follow under the same id.
        Undecrypted = "undecrypted",
        /// A notice of WhatsApp's in the chat.
        Notice = "notice",
        /// Nothing that the gateway or this version can read.
        Unsupported = "unsupported",
    }
}

impl MessageKind<'_> {
    /// Whether a person can see it in a chat as content. Not so for the head of
    /// an album, pins, calls in the log, notices, and what could not be read.
    pub fn is_content(self) -> bool {
        !matches!(
            self,
            Self::Undecrypted
                | Self::Withheld
                | Self::Notice
                | Self::Pin
                | Self::Album
                | Self::CallLog
                | Self::Unsupported
                | Self::Other(_)
        )
    }
}

words! {
    /// By which channel a message came or goes.
    pub enum Channel {
        /// WhatsApp.
        WhatsApp = "whatsapp",
        /// WhatsApp by way of a linked phone (Zavu).
        WhatsAppAlt = "whatsapp_alt",
    }
}

impl Channel<'_> {
    /// Whether it is WhatsApp, by either way.
    pub fn is_whatsapp(self) -> bool {
        matches!(self, Self::WhatsApp | Self::WhatsAppAlt)
    }
}

closed_words! {
    /// Where a message of the account's own was written.
    pub enum Writer {
        /// Typed on a device.
        Device = "device",
        /// A program sent it through the gateway's API.
        Api = "api",
    }
}

/// A message that is now in a chat. Acts on a message (an edit, a deletion, a
/// reaction, a vote) are happenings of their own, also where the gateway posts
/// them as messages.
///
/// Its facts are methods: most are free, some read a part of the body when they
/// are asked for the first time.
pub struct Message<'a> {
    pub(super) head: Head<'a>,
    said: &'a dyn Said,
    cache: Cache,
}

/// What every gateway tells in fields.
#[derive(Clone, Copy)]
pub(crate) struct Head<'a> {
    pub(crate) origin: Origin<'a>,
    pub(crate) id: Option<MessageRef<'a>>,
    pub(crate) chat: Option<Address<'a>>,
    pub(crate) sender: Option<Address<'a>>,
    pub(crate) from_me: bool,
    pub(crate) written_by: Option<Writer>,
    /// Where the chat's address does not tell, or tells something else.
    pub(crate) chat_kind: ToldChatKind,
    pub(crate) channel: Channel<'a>,
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) status: Option<Status<'a>>,
    pub(crate) is_test: bool,
    pub(crate) is_history: bool,
}

/// How the kind of a chat is known.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "not every gateway needs each of them")]
pub(crate) enum ToldChatKind {
    /// By its address.
    ByAddress,
    /// As told.
    Told(Option<ChatKind>),
}

impl<'a> Head<'a> {
    pub(crate) fn new(origin: Origin<'a>, id: Option<MessageRef<'a>>) -> Self {
        Self {
            origin,
            id,
            chat: None,
            sender: None,
            from_me: false,
            written_by: None,
            chat_kind: ToldChatKind::ByAddress,
            channel: Channel::WhatsApp,
            at: None,
            status: None,
            is_test: false,
            is_history: false,
        }
    }
}

/// What was read on demand: at most one thing per message, which a gateway's own
/// file knows the type of.
pub(crate) struct Cache(OnceLock<Option<Box<dyn Any + Send + Sync>>>);

impl Cache {
    /// What is made at the first call, and is there from then on.
    #[allow(dead_code, reason = "not every gateway needs one")]
    pub(crate) fn get<T: Any + Send + Sync>(&self, make: impl FnOnce() -> Option<T>) -> Option<&T> {
        let made = self.0.get_or_init(|| make().map(|made| Box::new(made) as _));
        made.as_ref()?.downcast_ref()
    }
}

/// What a gateway's message says, in this vocabulary. What a gateway never tells
/// has its default.
pub(crate) trait Said: Sync {
    fn kind<'s>(&'s self, cache: &'s Cache) -> MessageKind<'s>;

    fn text<'s>(&'s self, cache: &'s Cache) -> Option<&'s str>;

    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        None
    }

    fn media<'s>(&'s self, _: &'s Cache) -> Option<Media<'s>> {
        None
    }

    fn transcript<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        None
    }

    fn location<'s>(&'s self, _: &'s Cache) -> Option<Location<'s>> {
        None
    }

    fn contacts<'s>(&'s self, _: &'s Cache) -> Contacts<'s> {
        Contacts::NONE
    }

    fn choice<'s>(&'s self, _: &'s Cache) -> Option<Choice<'s>> {
        None
    }

    fn poll<'s>(&'s self, _: &'s Cache) -> Option<Poll<'s>> {
        None
    }

    fn order<'s>(&'s self, _: &'s Cache) -> Option<Order<'s>> {
        None
    }

    fn invitation<'s>(&'s self, _: &'s Cache) -> Option<Invitation<'s>> {
        None
    }

    fn reply_to<'s>(&'s self, _: &'s Cache) -> Option<ReplyTo<'s>> {
        None
    }

    fn mentions<'s>(&'s self, _: &'s Cache) -> Addresses<'s> {
        Addresses::NONE
    }

    fn mentioned_groups<'s>(&'s self, _: &'s Cache) -> Addresses<'s> {
        Addresses::NONE
    }

    fn forwarded(&self, _: &Cache) -> Option<bool> {
        None
    }

    fn forward_count(&self, _: &Cache) -> Option<u32> {
        None
    }

    fn view_once(&self, _: &Cache) -> Option<bool> {
        None
    }

    fn disappears_after(&self, _: &Cache) -> Option<Duration> {
        None
    }

    fn disappears(&self, cache: &Cache) -> Option<bool> {
        self.disappears_after(cache).map(|_| true)
    }

    fn album<'s>(&'s self, _: &'s Cache) -> Option<Album<'s>> {
        None
    }

    fn replaces<'s>(&'s self, _: &'s Cache) -> Option<MessageRef<'s>> {
        None
    }

    fn ad<'s>(&'s self, _: &'s Cache) -> Option<Ad<'s>> {
        None
    }
}

impl<'a> Message<'a> {
    pub(crate) fn new(head: Head<'a>, said: &'a dyn Said) -> Self {
        Self { head, said, cache: Cache(OnceLock::new()) }
    }

    /// Which message. `None` for Zavu's stories only.
    pub fn id(&self) -> Option<MessageRef<'a>> {
        self.head.id
    }

    /// The chat it is in.
    pub fn chat(&self) -> Option<Address<'a>> {
        self.head.chat
    }

    /// Who wrote it. `None` for the account's own messages, at every gateway
    /// ([`Unified::own`](super::Unified::own) is the account), and where only the
    /// chat is told.
    pub fn sender(&self) -> Option<Address<'a>> {
        self.head.sender
    }

    /// The name that the sender chose; with EnviaAI, which does not tell that
    /// one, the name in the account's address book. `None` for the account's own
    /// messages, and where the gateway fills in something that is no name.
    pub fn sender_name(&self) -> Option<Cow<'_, str>> {
        if self.head.from_me {
            return None;
        }
        self.said.sender_name(&self.cache).filter(|name| !name.is_empty())
    }

    /// Whether the account itself wrote it, on whatever device.
    pub fn is_from_me(&self) -> bool {
        self.head.from_me
    }

    /// Where the account wrote it. `None` for what others wrote, and where that
    /// is not told.
    pub fn written_by(&self) -> Option<Writer> {
        self.head.written_by
    }

    /// The kind of chat it is in. `None` where that is not told.
    pub fn chat_kind(&self) -> Option<ChatKind> {
        match self.head.chat_kind {
            ToldChatKind::ByAddress => self.head.chat?.chat_kind(),
            ToldChatKind::Told(kind) => kind,
        }
    }

    /// By which channel it came. Only Zavu has others than WhatsApp.
    pub fn channel(&self) -> Channel<'a> {
        self.head.channel
    }

    /// When it was written: to the second, with Zavu to the millisecond.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.head.at
    }

    /// Its delivery status when this was posted. No receipt: those are
    /// [`Receipt`](super::Receipt)s.
    pub fn status(&self) -> Option<Status<'a>> {
        self.head.status
    }

    /// What kind of message it is.
    pub fn kind(&self) -> MessageKind<'_> {
        self.said.kind(&self.cache)
    }

    /// What it says: the text; below a file the caption; the question of a poll;
    /// what the chosen row or button says; the text of an offer; the name of an
    /// event. Never a marker or a placeholder, a vCard, a thumbnail or an address.
    pub fn text(&self) -> Option<&str> {
        self.said.text(&self.cache).filter(|text| !text.is_empty())
    }

    /// The file that it holds.
    pub fn media(&self) -> Option<Media<'_>> {
        self.said.media(&self.cache)
    }

    /// What is said in a voice note, where the server writes it down.
    pub fn transcript(&self) -> Option<&str> {
        self.said.transcript(&self.cache).filter(|text| !text.is_empty())
    }

    /// The place that it names.
    pub fn location(&self) -> Option<Location<'_>> {
        self.said.location(&self.cache)
    }

    /// The contacts that it holds; none for other kinds.
    pub fn contacts(&self) -> Contacts<'_> {
        self.said.contacts(&self.cache)
    }

    /// What a person chose or pressed.
    pub fn choice(&self) -> Option<Choice<'_>> {
        self.said.choice(&self.cache)
    }

    /// The poll that it is.
    pub fn poll(&self) -> Option<Poll<'_>> {
        self.said.poll(&self.cache)
    }

    /// The order that it is.
    pub fn order(&self) -> Option<Order<'_>> {
        self.said.order(&self.cache)
    }

    /// The invitation that it is.
    pub fn invitation(&self) -> Option<Invitation<'_>> {
        self.said.invitation(&self.cache)
    }

    /// The message that it answers.
    pub fn reply_to(&self) -> Option<ReplyTo<'_>> {
        self.said.reply_to(&self.cache)
    }

    /// Who is mentioned in it, as written: often by LID.
    pub fn mentions(&self) -> Addresses<'_> {
        self.said.mentions(&self.cache)
    }

    /// Which groups are mentioned in it.
    pub fn mentioned_groups(&self) -> Addresses<'_> {
        self.said.mentioned_groups(&self.cache)
    }

    /// Whether it was forwarded.
    pub fn forwarded(&self) -> Option<bool> {
        self.said.forwarded(&self.cache)
    }

    /// How often it was forwarded; 127 means many times.
    pub fn forward_count(&self) -> Option<u32> {
        self.said.forward_count(&self.cache)
    }

    /// Whether it can be seen once only.
    pub fn view_once(&self) -> Option<bool> {
        self.said.view_once(&self.cache)
    }

    /// After how long it disappears. Never zero: a message that stays is `None`.
    pub fn disappears_after(&self) -> Option<Duration> {
        self.said.disappears_after(&self.cache).filter(|after| !after.is_zero())
    }

    /// Whether it disappears, also where it is not told after how long.
    pub fn disappears(&self) -> Option<bool> {
        self.said.disappears(&self.cache)
    }

    /// The album that it is the head of, or an item of.
    pub fn album(&self) -> Option<Album<'_>> {
        self.said.album(&self.cache)
    }

    /// The message that it replaces: it is the better copy of that photo or
    /// video, which WhatsApp sends after it under an id of its own. Skip messages
    /// that replace another one, and each photo is seen once.
    pub fn replaces(&self) -> Option<MessageRef<'_>> {
        self.said.replaces(&self.cache)
    }

    /// The advertisement that led to it.
    pub fn ad(&self) -> Option<Ad<'_>> {
        self.said.ad(&self.cache)
    }

    /// Whether it is a test of the gateway's, which nobody wrote (EnviaAI).
    pub fn is_test(&self) -> bool {
        self.head.is_test
    }

    /// Whether it is a part of the history that is handed over when an account
    /// connects (Evolution API's `messages.set`).
    pub fn is_history(&self) -> bool {
        self.head.is_history
    }

    /// Whether a person can see it in a chat as content; see
    /// [`MessageKind::is_content`].
    pub fn is_content(&self) -> bool {
        self.kind().is_content()
    }

    /// Whether a person wrote to the account just now: not the account itself,
    /// content, no test and no history, and neither a status post nor a channel.
    ///
    /// A message may have waited for a long time while the account was offline;
    /// no gateway says so. Its time does: [`at`](Self::at).
    pub fn is_incoming(&self) -> bool {
        let is_elsewhere = matches!(
            self.chat_kind(),
            Some(ChatKind::Status | ChatKind::Channel | ChatKind::Other)
        );
        let is_new = !self.head.from_me && !self.head.is_test && !self.head.is_history;
        is_new && !is_elsewhere && self.is_content()
    }

    /// Where an answer belongs: the chat; for a broadcast list or a status post
    /// the sender; for a channel nowhere.
    pub fn answer_to(&self) -> Option<Address<'a>> {
        match self.chat_kind() {
            Some(ChatKind::Channel) => None,
            Some(ChatKind::Status | ChatKind::BroadcastList) => self.head.sender,
            _ => self.head.chat,
        }
    }
}

impl Clone for Message<'_> {
    fn clone(&self) -> Self {
        Self::new(self.head, self.said)
    }
}

impl fmt::Debug for Message<'_> {
    /// Shows no text of the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("id", &self.head.id.map(|id| id.id))
            .field("chat", &self.head.chat)
            .field("sender", &self.head.sender)
            .field("from_me", &self.head.from_me)
            .field("kind", &self.kind())
            .finish_non_exhaustive()
    }
}

/// A kind by the media type of its file.
#[allow(dead_code, reason = "not every gateway needs it")]
pub(crate) fn kind_of_mimetype(mimetype: &str) -> MessageKind<'static> {
    kind_of_media(super::content::kind_of_mimetype(mimetype))
}

/// A message that is a file is of the file's kind.
pub(crate) fn kind_of_media(kind: super::content::MediaKind) -> MessageKind<'static> {
    use super::content::MediaKind;
    match kind {
        MediaKind::Image => MessageKind::Image,
        MediaKind::Video => MessageKind::Video,
        MediaKind::VideoNote => MessageKind::VideoNote,
        MediaKind::Audio => MessageKind::Audio,
        MediaKind::VoiceNote => MessageKind::VoiceNote,
        MediaKind::Document => MessageKind::Document,
        MediaKind::Sticker => MessageKind::Sticker,
    }
}

/// The kind of file that a message of this kind holds.
#[allow(dead_code, reason = "not every gateway needs it")]
pub(crate) fn media_of_kind(kind: MessageKind<'_>) -> Option<super::content::MediaKind> {
    use super::content::MediaKind;
    Some(match kind {
        MessageKind::Image => MediaKind::Image,
        MessageKind::Video => MediaKind::Video,
        MessageKind::VideoNote => MediaKind::VideoNote,
        MessageKind::Audio => MediaKind::Audio,
        MessageKind::VoiceNote => MediaKind::VoiceNote,
        MessageKind::Document => MediaKind::Document,
        MessageKind::Sticker => MediaKind::Sticker,
        _ => return None,
    })
}

/// A word that is not of this vocabulary.
#[allow(dead_code, reason = "not every gateway needs it")]
pub(crate) fn other(word: &str) -> MessageKind<'_> {
    MessageKind::Other(Word::Text(word))
}
