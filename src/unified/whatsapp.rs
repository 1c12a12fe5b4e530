//! WhatsApp's own message objects, as several gateways pass them on.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::address::Address;
use super::content::{
    Ad, Album, Choice, ChoiceKind, ContactCard, Invitation, Location, Media, MediaKind, Order,
    Poll, Quote, Quoted, ReplyTo,
};
use super::filled;
use super::id::MessageRef;
use super::listing::{AddressList, Addresses, CardList, Contacts, OptionList, Options};
use super::message::{self, MessageKind};
use crate::event::Nested;
use crate::whatsapp::{
    self, AssociationType, Body, Content, ContextInfo, Kind, PollCreationMessage, ProtocolKind,
    TargetKey, View,
};
use crate::wire::List;
use crate::wire::json::{seek, text_of, value_at};

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

// ---- Acts, which are posted as messages ----------------------------------------

/// What a message does to another one, or to a chat.
pub(super) enum Act<'a> {
    Reaction {
        target: MessageRef<'a>,
        emoji: Option<Cow<'a, str>>,
        at: Option<DateTime<Utc>>,
    },
    EncryptedReaction {
        target: MessageRef<'a>,
    },
    Vote {
        poll: Option<MessageRef<'a>>,
        options: Option<Options<'a>>,
        at: Option<DateTime<Utc>>,
    },
    Edit {
        target: MessageRef<'a>,
        text: Option<Cow<'a, str>>,
        at: Option<DateTime<Utc>>,
    },
    EncryptedEdit {
        target: MessageRef<'a>,
    },
    Delete {
        target: MessageRef<'a>,
        author: Option<&'a str>,
    },
    Timer(Duration),
    /// Something that only this kind of gateway tells, in its word.
    Other {
        word: &'a str,
        target: Option<MessageRef<'a>>,
    },
}

impl<'a> Act<'a> {
    /// The act that a typed content is, if it is one.
    #[cfg(feature = "evolution")]
    pub(super) fn of_content(view: View<'a>) -> Option<Self> {
        let Some(body) = &view.outer.body else {
            // A group's key may come by itself.
            let key_only = view.outer.sender_key_distribution_message.is_some();
            let alone = key_only && view.outer.kind().is_none();
            let word = "senderKeyDistributionMessage";
            return alone.then_some(Self::Other { word, target: None });
        };
        let or_other = |act: Option<Self>, key: Option<&'a TargetKey>| {
            let target = key.and_then(target);
            act.unwrap_or(Self::Other { word: body.name(), target })
        };
        let told = |key: &'a Option<TargetKey>| key.as_ref().and_then(target);
        Some(match body {
            Body::Reaction(reaction) => {
                let emoji = reaction.text.as_deref().map(Cow::Borrowed);
                let act = told(&reaction.key).map(|target| Self::Reaction {
                    target,
                    emoji,
                    at: reaction.sender_timestamp_ms,
                });
                or_other(act, None)
            }
            Body::EncReaction(reaction) => {
                let target = told(&reaction.target_message_key);
                or_other(target.map(|target| Self::EncryptedReaction { target }), None)
            }
            Body::PollUpdate(update) => {
                let list = update.vote.as_ref().and_then(|vote| vote.selected_options.as_ref());
                let readable = view.chosen_options().is_some();
                Self::Vote {
                    poll: told(&update.poll_creation_message_key),
                    options: list.filter(|_| readable).map(|list| Options::of(list)),
                    at: update.sender_timestamp_ms,
                }
            }
            Body::SecretEncrypted(edit) => {
                let target = told(&edit.target_message_key);
                or_other(target.map(|target| Self::EncryptedEdit { target }), None)
            }
            Body::Protocol(act) => {
                let kind = act.kind.as_ref().or(act.type_name.as_ref());
                let target = told(&act.key);
                let edited = act.edited_message.as_ref().map(|nested| nested.raw().as_str());
                match (kind.map(|kind| &**kind), target) {
                    (Some(ProtocolKind::Revoke), Some(target)) => {
                        let author = act.key.as_ref().and_then(|key| key.participant.as_ref());
                        Self::Delete { target, author: author.map(|author| author.as_str()) }
                    }
                    (Some(ProtocolKind::MessageEdit) | None, Some(target))
                        if edited.is_some() || kind.is_some() =>
                    {
                        let text = edited.and_then(Said::of).and_then(Said::text);
                        Self::Edit { target, text, at: act.timestamp_ms }
                    }
                    (Some(ProtocolKind::EphemeralSetting), _) => {
                        let seconds = act.ephemeral_expiration.unwrap_or(0);
                        Self::Timer(Duration::from_secs(seconds.into()))
                    }
                    (kind, target) => {
                        let word = kind.and_then(ProtocolKind::as_str).unwrap_or(body.name());
                        Self::Other { word, target }
                    }
                }
            }
            Body::KeepInChat(keep) => or_other(None, keep.key.as_ref()),
            Body::EncComment(comment) => or_other(None, comment.target_message_key.as_ref()),
            Body::EncEventResponse(answer) => {
                or_other(None, answer.event_creation_message_key.as_ref())
            }
            Body::PollResultSnapshot(_) => or_other(None, None),
            body => {
                let edited = matches!(body, Body::Edited(_));
                let act = body.wrapped().and_then(|nested| Self::of_raw(nested.raw().as_str()));
                return match act {
                    None if edited => Some(or_other(None, None)),
                    act => act,
                };
            }
        })
    }

    /// The act that a content is that is not typed, in the protocol's spelling or
    /// in Go's. It is read in place.
    pub(super) fn of_raw(content: &'a str) -> Option<Self> {
        let said = Said::of(content)?;
        let raw = said.raw;
        let key = |member: &str| {
            let id = text_of(value_at(raw, &[member, "id"])?)?;
            match id {
                Cow::Borrowed(id) => MessageRef::filled(Some(id)),
                // No id has anything in it that JSON escapes.
                Cow::Owned(_) => None,
            }
        };
        let time = |member: &str| millis_of(value_at(raw, &[member])?);
        let other = Self::Other { word: said.name, target: None };
        Some(match said.name {
            "reactionMessage" => match key("key") {
                Some(target) => Self::Reaction {
                    target,
                    emoji: value_at(raw, &["text"]).and_then(text_of),
                    at: time("senderTimestampMs"),
                },
                None => other,
            },
            "encReactionMessage" => match key("targetMessageKey") {
                Some(target) => Self::EncryptedReaction { target },
                None => other,
            },
            // What was chosen is encrypted, but where a server opened it; and those
            // that do type their contents.
            "pollUpdateMessage" => Self::Vote {
                poll: key("pollCreationMessageKey"),
                options: None,
                at: time("senderTimestampMs"),
            },
            "secretEncryptedMessage" => match key("targetMessageKey") {
                Some(target) => Self::EncryptedEdit { target },
                None => other,
            },
            "protocolMessage" => {
                let kind = value_at(raw, &["type"]).and_then(protocol_kind);
                let edited = value_at(raw, &["editedMessage"]);
                match (kind, key("key")) {
                    (Some(ProtocolKind::Revoke), Some(target)) => {
                        let author = value_at(raw, &["key", "participant"]).and_then(text_of);
                        let author = match author {
                            Some(Cow::Borrowed(author)) if !author.is_empty() => Some(author),
                            _ => None,
                        };
                        Self::Delete { target, author }
                    }
                    (kind, Some(target))
                        if edited.is_some() || kind == Some(ProtocolKind::MessageEdit) =>
                    {
                        let text = edited.and_then(Said::of).and_then(Said::text);
                        Self::Edit { target, text, at: time("timestampMs") }
                    }
                    (Some(ProtocolKind::EphemeralSetting), _) => {
                        let seconds = value_at(raw, &["ephemeralExpiration"]);
                        let seconds = seconds.and_then(|text| text.parse().ok()).unwrap_or(0);
                        Self::Timer(Duration::from_secs(seconds))
                    }
                    (_, target) => Self::Other { word: said.name, target },
                }
            }
            "keepInChatMessage" => Self::Other { word: said.name, target: key("key") },
            "encCommentMessage" => Self::Other { word: said.name, target: key("targetMessageKey") },
            "encEventResponseMessage" => {
                Self::Other { word: said.name, target: key("eventCreationMessageKey") }
            }
            "pollResultSnapshotMessage" | "senderKeyDistributionMessage" => other,
            // An edit whose target cannot be told.
            _ if said.edited => Self::Other { word: "editedMessage", target: None },
            _ => return None,
        })
    }
}

/// By number or by name.
fn protocol_kind(value: &str) -> Option<ProtocolKind> {
    match value.parse::<i64>() {
        Ok(number) => Some(ProtocolKind::from(number)),
        Err(_) => Some(ProtocolKind::from(&*text_of(value)?)),
    }
}

/// Milliseconds, as number or text.
fn millis_of(value: &str) -> Option<DateTime<Utc>> {
    let number = value.trim_matches('"').parse().ok()?;
    DateTime::from_timestamp_millis(number)
}

/// A content that is not typed: its name and its value where they stand, taken out
/// of what they are wrapped in.
#[derive(Clone, Copy)]
pub(super) struct Said<'a> {
    pub(super) name: &'a str,
    pub(super) raw: &'a str,
    /// Whether it was inside an edit.
    edited: bool,
    /// Whether it was wrapped in anything.
    pub(super) wrapped: bool,
}

impl<'a> Said<'a> {
    pub(super) fn of(content: &'a str) -> Option<Self> {
        // As deep as typed contents are opened.
        let (mut text, mut edited, mut wrapped) = (content, false, false);
        for _ in 0..64 {
            let listed = seek(text, &mut |name| Body::wraps(name).is_some());
            let found = listed.filter(|(_, raw)| *raw != "null");
            let found = found.or_else(|| {
                seek(text, &mut |name| {
                    Body::is_content(name) || name == "senderKeyDistributionMessage"
                })
            });
            let (Cow::Borrowed(name), raw) = found? else { return None };
            let inside = match Body::wraps(name) {
                // A comment is a message, and what is in it is what it says.
                Some(true) => value_at(raw, &["message"]).filter(|inside| inside.starts_with('{')),
                _ => None,
            };
            let Some(inside) = inside else { return Some(Self { name, raw, edited, wrapped }) };
            (text, edited, wrapped) = (inside, edited || name == "editedMessage", true);
        }
        None
    }

    pub(super) fn kind(self) -> MessageKind<'a> {
        // An unknown name would have to be copied.
        let listed = Body::wraps(self.name).is_some();
        let kind = listed.then(|| by_kind(&Kind::from(self.name))).flatten();
        let is = |member: &str| value_at(self.raw, &[member]) == Some("true");
        match kind {
            Some(MessageKind::Audio) if is("ptt") => MessageKind::VoiceNote,
            Some(MessageKind::Location) if is("isLive") => MessageKind::LiveLocation,
            Some(kind) => kind,
            None => message::other(self.name),
        }
    }

    /// Whether its text can be read in place; else what it says is to be
    /// asked of the typed content.
    pub(super) fn has_plain_text(self) -> bool {
        matches!(
            self.name,
            "conversation"
                | "extendedTextMessage"
                | "imageMessage"
                | "videoMessage"
                | "ptvMessage"
                | "documentMessage"
        )
    }

    /// The text of a text, or the caption of a file.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        text_of(self.text_value()?)
    }

    /// As it is in the JSON.
    fn text_value(self) -> Option<&'a str> {
        match self.name {
            "conversation" => Some(self.raw),
            "extendedTextMessage" => value_at(self.raw, &["text"]),
            _ => value_at(self.raw, &["caption"]),
        }
    }

    /// Whether the text has escapes in it, so that reading it makes a copy.
    #[cfg(feature = "evolution")]
    pub(super) fn has_escapes(self) -> bool {
        self.text_value().is_some_and(|value| value.contains('\\'))
    }
}

/// Whether it is an edit that nobody here can read.
#[cfg(feature = "evolution")]
pub(super) fn is_unreadable_edit(content: &Content) -> bool {
    let act = Act::of_content(View::of(content, None, None));
    matches!(act, Some(Act::EncryptedEdit { .. }))
}

/// What an edited message says now, of a typed content.
#[cfg(feature = "evolution")]
pub(super) fn edited_text<'a>(content: &'a Content) -> Option<Cow<'a, str>> {
    let nested = content.body.as_ref().and_then(|body| match body {
        Body::Protocol(act) => act.edited_message.as_ref(),
        body => body.wrapped(),
    });
    let told = match nested {
        Some(nested) => match Act::of_raw(nested.raw().as_str()) {
            Some(Act::Edit { text, .. }) => text,
            _ => Said::of(nested.raw().as_str()).and_then(Said::text),
        },
        None => text(View::of(content, None, None)).map(Cow::Borrowed),
    };
    told.filter(|text| !text.is_empty())
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
