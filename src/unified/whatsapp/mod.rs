//! WhatsApp's own message objects, as several gateways pass them on.

mod acts;

use std::borrow::Cow;
use std::time::Duration;

use crate::event::Nested;
use crate::unified::address::Address;
use crate::unified::content::{
    Ad, Album, Choice, ChoiceKind, ContactCard, Invitation, Location, Media, MediaKind, Order,
    Poll, Quote, Quoted, ReplyTo,
};
use crate::unified::filled;
use crate::unified::id::MessageRef;
use crate::unified::listing::{AddressList, Addresses, CardList, Contacts, OptionList, Options};
use crate::unified::message::{self, MessageKind};
use crate::whatsapp::{
    self, AssociationType, Body, Content, ContextInfo, Kind, PollCreationMessage, TargetKey, View,
};
use crate::wire::List;

pub(super) use self::acts::{Act, Said};
#[cfg(feature = "evolution")]
pub(super) use self::acts::{edited_text, is_unreadable_edit};

/// A message object that was opened on demand: typed, and taken out of what it was
/// wrapped in.
pub(super) struct Opened {
    outer: Option<Content>,
    inner: Option<Content>,
    wrappers: Vec<Kind>,
}

impl Opened {
    /// One that is typed already, if there is a wrapper to take it out of.
    #[cfg(feature = "evolution")]
    pub(super) fn of_typed(outer: &Content) -> Self {
        let (inner, wrappers) = outer.unwrapped().into_inner();
        Self { outer: None, inner, wrappers }
    }

    /// One that is not typed yet.
    pub(super) fn of_nested(nested: &Nested<Content>) -> Option<Self> {
        let outer = nested.parse().ok()?;
        let (inner, wrappers) = outer.unwrapped().into_inner();
        Some(Self { outer: Some(outer), inner, wrappers })
    }

    /// What it says.
    #[cfg(feature = "evolution")]
    pub(super) fn around<'c>(&'c self, view: View<'c>) -> View<'c> {
        view.around(self.inner.as_ref(), &self.wrappers)
    }

    /// What it says, of one that was not typed before.
    pub(super) fn view(&self) -> Option<View<'_>> {
        let outer = self.outer.as_ref()?;
        Some(View::of(outer, None, None).around(self.inner.as_ref(), &self.wrappers))
    }
}

/// Whether a content is around another one.
#[cfg(feature = "evolution")]
pub(super) fn is_wrapped(content: &Content) -> bool {
    content.body.as_ref().is_some_and(|body| body.wrapped().is_some())
}

// ---- What a message says ------------------------------------------------------

pub(super) fn kind(view: View<'_>) -> MessageKind<'_> {
    if view.wrappers.contains(&Kind::Comment) {
        return MessageKind::Comment;
    }
    match view.body() {
        Some(Body::Audio(audio)) if audio.ptt == Some(true) || audio.voice == Some(true) => {
            MessageKind::VoiceNote
        }
        Some(Body::Location(place)) if place.is_live == Some(true) => MessageKind::LiveLocation,
        Some(body) => by_kind(&body.kind()).unwrap_or_else(|| other_name(view)),
        // A content that is not in the list, or named beside the message only.
        None => match view.kind() {
            Some(kind) => by_kind(&kind).unwrap_or_else(|| other_name(view)),
            None => MessageKind::Unsupported,
        },
    }
}

/// The name of a content that has no kind here.
fn other_name(view: View<'_>) -> MessageKind<'_> {
    if let Some(body) = view.body() {
        return message::other(body.name());
    }
    let mut rest = view.content.rest.iter();
    let named = rest.find(|(name, raw)| Body::is_content(name) && raw.as_str() != "null");
    named.map_or(MessageKind::Unsupported, |(name, _)| message::other(name))
}

/// `None` for wrappers, acts, and names that are not in the list.
pub(super) fn by_kind(kind: &Kind) -> Option<MessageKind<'static>> {
    Some(match kind {
        Kind::Text | Kind::ExtendedText => MessageKind::Text,
        Kind::Image => MessageKind::Image,
        Kind::Audio => MessageKind::Audio,
        Kind::Video => MessageKind::Video,
        Kind::Document => MessageKind::Document,
        Kind::Sticker => MessageKind::Sticker,
        Kind::VideoNote => MessageKind::VideoNote,
        Kind::Location => MessageKind::Location,
        Kind::LiveLocation => MessageKind::LiveLocation,
        Kind::Contact | Kind::PostedContact => MessageKind::Contact,
        Kind::Contacts => MessageKind::Contacts,
        Kind::ListResponse => MessageKind::ListReply,
        Kind::ButtonsResponse | Kind::TemplateButtonReply => MessageKind::ButtonReply,
        Kind::InteractiveResponse => MessageKind::FormReply,
        Kind::List => MessageKind::List,
        Kind::Buttons => MessageKind::Buttons,
        Kind::Template => MessageKind::Template,
        Kind::Interactive => MessageKind::Interactive,
        Kind::PollCreation | Kind::PollCreationV2 | Kind::PollCreationV3 | Kind::PollCreationV5 => {
            MessageKind::Poll
        }
        Kind::StickerPack => MessageKind::StickerPack,
        Kind::Album => MessageKind::Album,
        Kind::Order => MessageKind::Order,
        Kind::Product => MessageKind::Product,
        Kind::GroupInvite => MessageKind::GroupInvite,
        Kind::NewsletterAdminInvite => MessageKind::ChannelInvite,
        Kind::Event => MessageKind::Event,
        Kind::PinInChat => MessageKind::Pin,
        Kind::CallLog => MessageKind::CallLog,
        Kind::ScheduledCallCreation => MessageKind::ScheduledCall,
        Kind::RequestPayment | Kind::SendPayment | Kind::PaymentInvite => MessageKind::Payment,
        Kind::Invoice => MessageKind::Invoice,
        Kind::RequestPhoneNumber => MessageKind::Unsupported,
        Kind::Placeholder => MessageKind::Withheld,
        _ => return None,
    })
}

pub(super) fn text(view: View<'_>) -> Option<&str> {
    view.text()
}

fn poll_of(body: &Body) -> Option<&PollCreationMessage> {
    match body {
        Body::PollCreation(poll)
        | Body::PollCreationV2(poll)
        | Body::PollCreationV3(poll)
        | Body::PollCreationV5(poll) => Some(poll),
        _ => None,
    }
}

pub(super) fn media(view: View<'_>) -> Option<Media<'_>> {
    let media = view.media()?;
    let kind = match media.kind {
        whatsapp::MediaKind::Image => MediaKind::Image,
        whatsapp::MediaKind::Video => MediaKind::Video,
        whatsapp::MediaKind::VideoNote => MediaKind::VideoNote,
        whatsapp::MediaKind::Audio => MediaKind::Audio,
        whatsapp::MediaKind::VoiceNote => MediaKind::VoiceNote,
        whatsapp::MediaKind::Document => MediaKind::Document,
        whatsapp::MediaKind::Sticker => MediaKind::Sticker,
    };
    let gif = match view.body() {
        Some(Body::Video(video) | Body::VideoNote(video)) => video.gif_playback,
        _ => None,
    };
    Some(Media {
        mimetype: media.mimetype,
        size: media.size,
        file_name: media.name,
        duration: media.duration,
        voice_note: Some(kind == MediaKind::VoiceNote),
        gif,
        inline: media.inline,
        url: media.stored_url,
        encrypted_url: media.url,
        id: media.meta_id,
        thumbnail: media.thumbnail,
        ..Media::new(kind)
    })
}

pub(super) fn location(view: View<'_>) -> Option<Location<'_>> {
    match view.body()? {
        Body::Location(place) => Some(Location {
            name: filled(&place.name),
            address: filled(&place.address),
            url: filled(&place.url),
            live: Some(place.is_live == Some(true)),
            ..Location::at(place.degrees_latitude, place.degrees_longitude)?
        }),
        Body::LiveLocation(place) => Some(Location {
            live: Some(true),
            ..Location::at(place.degrees_latitude, place.degrees_longitude)?
        }),
        _ => None,
    }
}

pub(super) fn contacts(view: View<'_>) -> Contacts<'_> {
    match view.body() {
        Some(Body::Contact(contact) | Body::PostedContact(contact)) => Contacts::of(&**contact),
        Some(Body::Contacts(contacts)) => Contacts::of(&contacts.contacts),
        _ => Contacts::NONE,
    }
}

impl CardList for whatsapp::ContactMessage {
    fn at(&self, place: usize) -> Option<ContactCard<'_>> {
        let vcard = self.vcard.as_deref().unwrap_or_default();
        let card = ContactCard::of_vcard(self.display_name.as_deref(), vcard);
        (place == 0).then_some(ContactCard { vcard: self.vcard.as_deref(), ..card })
    }
}

impl CardList for List<whatsapp::ContactMessage> {
    fn at(&self, place: usize) -> Option<ContactCard<'_>> {
        self.get(place)?.at(0)
    }
}

pub(super) fn choice(view: View<'_>) -> Option<Choice<'_>> {
    let choice = view.choice()?;
    let (of, form) = match view.body()? {
        Body::ListResponse(_) => (ChoiceKind::ListRow, None),
        Body::ButtonsResponse(_) => (ChoiceKind::Button, None),
        Body::TemplateButtonReply(_) => (ChoiceKind::TemplateButton, None),
        Body::InteractiveResponse(answer) => {
            let flow = answer.native_flow_response_message.as_ref();
            (ChoiceKind::Form, flow.and_then(|flow| flow.params_json.as_deref()))
        }
        _ => return None,
    };
    let (title, description) = (choice.title, choice.description);
    Some(Choice { id: choice.id, title, description, form, ..Choice::new(of) })
}

pub(super) fn poll(view: View<'_>) -> Option<Poll<'_>> {
    let poll = poll_of(view.body()?)?;
    let multiple = poll.selectable_options_count.map(|most| most != 1);
    Some(Poll::new(poll.name.as_deref(), Options::of(&poll.options), multiple))
}

impl OptionList for List<whatsapp::PollOption> {
    fn count(&self) -> usize {
        self.len()
    }

    fn name(&self, place: usize) -> Option<&str> {
        self.get(place)?.option_name.as_deref()
    }
}

pub(super) fn order(view: View<'_>) -> Option<Order<'_>> {
    let Body::Order(order) = view.body()? else { return None };
    Some(Order::new(order.order_id.as_deref()?, order.token.as_ref()))
}

pub(super) fn invitation(view: View<'_>) -> Option<Invitation<'_>> {
    match view.body()? {
        Body::GroupInvite(invite) => Some(Invitation::new(
            invite.group_jid.as_ref().map(|group| Address::whatsapp(group.as_str())),
            filled(&invite.group_name),
            invite.invite_code.as_ref(),
            invite.invite_expiration,
        )),
        Body::NewsletterAdminInvite(invite) => Some(Invitation::new(
            invite.newsletter_jid.as_ref().map(|channel| Address::whatsapp(channel.as_str())),
            filled(&invite.newsletter_name),
            None,
            invite.invite_expiration,
        )),
        _ => None,
    }
}

/// What it answers; of a comment, what that is about. `here` is the chat that it
/// is in.
pub(super) fn reply_to<'c>(view: View<'c>, here: Option<Address<'_>>) -> Option<ReplyTo<'c>> {
    let commented = match &view.outer.body {
        Some(Body::Comment(comment)) => comment.target_message_key.as_ref(),
        _ => None,
    };
    if let Some(id) = commented.and_then(target) {
        let author = commented.and_then(|key| key.participant.as_ref());
        let author = author.map(|author| Address::whatsapp(author.as_str()));
        return Some(ReplyTo::new(Some(id), author, Quote::None));
    }
    let quoted = view.quoted()?;
    let author = quoted.author.filter(|author| !author.as_str().is_empty());
    let elsewhere = quoted
        .chat
        .map(|chat| Address::whatsapp(chat.as_str()))
        .filter(|chat| !chat.as_sent().is_empty() && here.is_none_or(|here| !here.same(chat)));
    let quote = quoted.message.map_or(Quote::None, |message| Quote::Asked(message));
    Some(ReplyTo {
        chat: elsewhere,
        kind: quoted.message.and_then(|message| Said::of(message.raw().as_str())).map(Said::kind),
        ..ReplyTo::new(
            MessageRef::filled(quoted.id),
            author.map(|author| Address::whatsapp(author.as_str())),
            quote,
        )
    })
}

impl Quoted for Nested<Content> {
    fn text(&self) -> Option<Cow<'_, str>> {
        let opened = Opened::of_nested(self)?;
        text(opened.view()?).map(|text| Cow::Owned(text.to_owned()))
    }
}

pub(super) fn mentions(view: View<'_>) -> Addresses<'_> {
    Addresses::of_option(view.context_info().map(|context| &context.mentioned_jid as _))
}

pub(super) fn mentioned_groups(view: View<'_>) -> Addresses<'_> {
    Addresses::of_option(view.context_info().map(|context| &context.group_mentions as _))
}

impl AddressList for List<whatsapp::GroupMention> {
    fn at(&self, place: usize) -> Option<Address<'_>> {
        let group = self.get(place)?.group_jid.as_ref();
        Some(Address::whatsapp(group.map_or("", |group| group.as_str())))
    }
}

pub(super) fn forwarded(view: View<'_>) -> Option<bool> {
    view.context_info()?.is_forwarded
}

pub(super) fn forward_count(view: View<'_>) -> Option<u32> {
    view.context_info()?.forwarding_score
}

/// Told for what can be seen once at all.
pub(super) fn view_once(view: View<'_>) -> Option<bool> {
    let once = view.is_view_once();
    let can_be = matches!(
        view.body(),
        Some(Body::Image(_) | Body::Video(_) | Body::VideoNote(_) | Body::Audio(_))
    );
    (once || can_be).then_some(once)
}

pub(super) fn disappears_after(view: View<'_>) -> Option<Duration> {
    let seconds = view.context_info()?.expiration?;
    (seconds > 0).then(|| Duration::from_secs(seconds.into()))
}

pub(super) fn disappears(view: View<'_>) -> Option<bool> {
    let wrapped = view.wrappers.contains(&Kind::Ephemeral);
    (wrapped || disappears_after(view).is_some()).then_some(true)
}

/// The message that it belongs to, and how.
fn association(view: View<'_>) -> Option<(MessageRef<'_>, &AssociationType)> {
    let association = [view.content, view.outer].into_iter().find_map(|content| {
        content.message_context_info.as_deref()?.message_association.as_deref()
    })?;
    let kind = association.association_type.as_deref()?;
    Some((target(association.parent_message_key.as_ref()?)?, kind))
}

pub(super) fn album(view: View<'_>) -> Option<Album<'_>> {
    if let Some(Body::Album(album)) = view.body() {
        let (pictures, videos) = (album.expected_image_count, album.expected_video_count);
        return Some(Album::Header { pictures, videos });
    }
    let (header, kind) = association(view)?;
    (*kind == AssociationType::MediaAlbum).then_some(Album::Item { header })
}

pub(super) fn replaces(view: View<'_>) -> Option<MessageRef<'_>> {
    use AssociationType::{HdImageDualUpload, HdVideoDualUpload};
    let (first, kind) = association(view)?;
    matches!(kind, HdImageDualUpload | HdVideoDualUpload).then_some(first)
}

pub(super) fn ad(view: View<'_>) -> Option<Ad<'_>> {
    let ad = view.ad()?;
    let reply =
        view.context_info().and_then(|context: &ContextInfo| context.external_ad_reply.as_deref());
    // A preview of a link has the same form.
    let leads_here = ad.click_id.is_some() || ad.source_id.is_some() || ad.entry_point.is_some();
    leads_here.then_some(Ad {
        click_id: ad.click_id,
        source_id: ad.source_id,
        source_type: ad.source_type,
        source_url: ad.source_url,
        app: ad.app,
        entry_point: ad.entry_point,
        title: ad.title,
        body: reply.and_then(|reply| reply.body.as_deref()),
    })
}

pub(super) fn target(key: &TargetKey) -> Option<MessageRef<'_>> {
    MessageRef::filled(key.id.as_deref())
}

/// Those methods of [`Said`](super::message::Said) for which the content is all that
/// tells, by `$view(self, cache)`.
macro_rules! by_content {
    ($view:path: $($fact:ident)+) => {
        $( $crate::unified::whatsapp::by_content!(@$fact $view); )+
    };
    (@location $view:path) => {
        fn location<'s>(&'s self, cache: &'s Cache) -> Option<Location<'s>> {
            $crate::unified::whatsapp::location($view(self, cache)?)
        }
    };
    (@choice $view:path) => {
        fn choice<'s>(&'s self, cache: &'s Cache) -> Option<Choice<'s>> {
            $crate::unified::whatsapp::choice($view(self, cache)?)
        }
    };
    (@poll $view:path) => {
        fn poll<'s>(&'s self, cache: &'s Cache) -> Option<Poll<'s>> {
            $crate::unified::whatsapp::poll($view(self, cache)?)
        }
    };
    (@order $view:path) => {
        fn order<'s>(&'s self, cache: &'s Cache) -> Option<Order<'s>> {
            $crate::unified::whatsapp::order($view(self, cache)?)
        }
    };
    (@invitation $view:path) => {
        fn invitation<'s>(&'s self, cache: &'s Cache) -> Option<Invitation<'s>> {
            $crate::unified::whatsapp::invitation($view(self, cache)?)
        }
    };
    (@media $view:path) => {
        fn media<'s>(&'s self, cache: &'s Cache) -> Option<Media<'s>> {
            $crate::unified::whatsapp::media($view(self, cache)?)
        }
    };
    (@forwarded $view:path) => {
        fn forwarded(&self, cache: &Cache) -> Option<bool> {
            $crate::unified::whatsapp::forwarded($view(self, cache)?)
        }
    };
    (@forward_count $view:path) => {
        fn forward_count(&self, cache: &Cache) -> Option<u32> {
            $crate::unified::whatsapp::forward_count($view(self, cache)?)
        }
    };
    (@disappears_after $view:path) => {
        fn disappears_after(&self, cache: &Cache) -> Option<Duration> {
            $crate::unified::whatsapp::disappears_after($view(self, cache)?)
        }
    };
    (@disappears $view:path) => {
        fn disappears(&self, cache: &Cache) -> Option<bool> {
            $crate::unified::whatsapp::disappears($view(self, cache)?)
        }
    };
    (@album $view:path) => {
        fn album<'s>(&'s self, cache: &'s Cache) -> Option<Album<'s>> {
            $crate::unified::whatsapp::album($view(self, cache)?)
        }
    };
    (@replaces $view:path) => {
        fn replaces<'s>(&'s self, cache: &'s Cache) -> Option<MessageRef<'s>> {
            $crate::unified::whatsapp::replaces($view(self, cache)?)
        }
    };
    (@ad $view:path) => {
        fn ad<'s>(&'s self, cache: &'s Cache) -> Option<Ad<'s>> {
            $crate::unified::whatsapp::ad($view(self, cache)?)
        }
    };
    (@contacts $view:path) => {
        fn contacts<'s>(&'s self, cache: &'s Cache) -> Contacts<'s> {
            $view(self, cache).map_or(Contacts::NONE, $crate::unified::whatsapp::contacts)
        }
    };
    (@mentions $view:path) => {
        fn mentions<'s>(&'s self, cache: &'s Cache) -> Addresses<'s> {
            $view(self, cache).map_or(Addresses::NONE, $crate::unified::whatsapp::mentions)
        }
    };
    (@mentioned_groups $view:path) => {
        fn mentioned_groups<'s>(&'s self, cache: &'s Cache) -> Addresses<'s> {
            $view(self, cache).map_or(Addresses::NONE, $crate::unified::whatsapp::mentioned_groups)
        }
    };
}

pub(super) use by_content;
