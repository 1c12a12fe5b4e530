//! What a message of Wawp or WAHA says.

use std::borrow::Cow;
use std::time::Duration;

use super::names_person;
use crate::gateways::wawp;
use crate::jid::Jid;
use crate::unified::address::Address;
use crate::unified::content::{
    Ad, Album, Choice, ChoiceKind, Invitation, Location, Media, MediaKind, MissingMedia, Order,
    Poll, Quote, ReplyTo,
};
use crate::unified::filled;
use crate::unified::id::MessageRef;
use crate::unified::listing::{Addresses, Contacts};
use crate::unified::message::{self, Cache, MessageKind, Said};
use crate::unified::whatsapp::{self, Opened};
use crate::whatsapp::View;
use crate::wire::json::{text_of, value_at};
use crate::wire::{List, RawJson};

/// What the engine's data say of a message, read once.
struct Engined {
    opened: Option<Opened>,
    /// WEBJS: its own word for the kind.
    word: Option<Box<str>>,
    mentioned: List<Jid>,
}

/// Everything from the engine's data, when something is asked that only they tell.
fn engined<'s>(message: &'s wawp::Message, cache: &'s Cache) -> Option<&'s Engined> {
    cache.get(|| {
        let data = message.engine_data.as_ref()?.as_str();
        let content = message.engine_content();
        let opened = content.and_then(|content| Opened::of_nested(&content.nested()));
        let word = value_at(data, &["type"]).and_then(text_of).map(Into::into);
        let is_web = opened.is_none();
        let mentioned = if is_web { message.mentioned() } else { Vec::new() };
        Some(Engined { opened, word, mentioned: mentioned.into() })
    })
}

pub(super) fn view<'s>(message: &'s wawp::Message, cache: &'s Cache) -> Option<View<'s>> {
    engined(message, cache)?.opened.as_ref()?.view()
}

/// Where the content of NOWEB's or GOWS's message begins, unchanged.
fn said(engine_data: &RawJson) -> Option<whatsapp::Said<'_>> {
    let data = engine_data.as_str();
    // The same member, in the spelling of either.
    whatsapp::Said::of(value_at(data, &["message"])?)
}

/// The engine's word for the kind, without typing anything.
fn told_kind(message: &wawp::Message) -> Option<MessageKind<'_>> {
    let data = message.engine_data.as_ref()?;
    if let Some(said) = said(data) {
        return Some(said.kind());
    }
    match text_of(value_at(data.as_str(), &["type"])?)? {
        Cow::Borrowed(word) => Some(web_kind(word)),
        Cow::Owned(_) => None,
    }
}

/// WhatsApp Web's words.
fn web_kind(word: &str) -> MessageKind<'_> {
    match word {
        "chat" => MessageKind::Text,
        "image" => MessageKind::Image,
        "video" => MessageKind::Video,
        "ptv" => MessageKind::VideoNote,
        "audio" => MessageKind::Audio,
        "ptt" => MessageKind::VoiceNote,
        "document" => MessageKind::Document,
        "sticker" => MessageKind::Sticker,
        "album" => MessageKind::Album,
        "location" => MessageKind::Location,
        "vcard" => MessageKind::Contact,
        "multi_vcard" => MessageKind::Contacts,
        "order" => MessageKind::Order,
        "product" => MessageKind::Product,
        "payment" => MessageKind::Payment,
        "groups_v4_invite" => MessageKind::GroupInvite,
        "list" => MessageKind::List,
        "list_response" => MessageKind::ListReply,
        "buttons_response" | "template_button_reply" => MessageKind::ButtonReply,
        "interactive" | "native_flow" => MessageKind::Interactive,
        "hsm" => MessageKind::Template,
        "poll_creation" => MessageKind::Poll,
        "scheduled_event_creation" => MessageKind::Event,
        "call_log" => MessageKind::CallLog,
        "ciphertext" => MessageKind::Undecrypted,
        "pinned_message" => MessageKind::Pin,
        "broadcast_notification"
        | "e2e_notification"
        | "gp2"
        | "group_notification"
        | "notification"
        | "notification_template"
        | "protocol"
        | "debug" => MessageKind::Notice,
        "revoked" | "reaction" | "oversized" | "unknown" => MessageKind::Unsupported,
        other => message::other(other),
    }
}

pub(super) fn kind(message: &wawp::Message) -> MessageKind<'_> {
    if let Some(place) = &message.location {
        let live = place.live == Some(true);
        return if live { MessageKind::LiveLocation } else { MessageKind::Location };
    }
    match message.v_cards.as_deref() {
        Some([_]) => return MessageKind::Contact,
        Some([_, _, ..]) => return MessageKind::Contacts,
        _ => {}
    }
    let told = || told_kind(message);
    if let Some(mimetype) = message.media.as_ref().and_then(|media| media.mimetype.as_deref()) {
        let plain = message::kind_of_mimetype(mimetype);
        // The engine tells stickers, voice notes and video notes apart.
        return match (plain, told()) {
            (
                _,
                Some(
                    kind @ (MessageKind::Sticker
                    | MessageKind::VoiceNote
                    | MessageKind::VideoNote
                    | MessageKind::Document),
                ),
            ) => kind,
            (plain, _) => plain,
        };
    }
    let by_body = || {
        let nothing = message.body.as_deref().is_none_or(str::is_empty);
        let has_file = message.has_media == Some(true);
        match (nothing, has_file) {
            (false, _) => MessageKind::Text,
            // Of what kind is not told.
            (true, true) => MessageKind::Document,
            (true, false) => MessageKind::Unsupported,
        }
    };
    told().unwrap_or_else(by_body)
}

impl Said for wawp::Message {
    whatsapp::by_content!(view:
        poll order invitation forwarded forward_count disappears_after disappears
        replaces ad mentioned_groups
    );

    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        kind(self)
    }

    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        self.text()
    }

    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        self.sender_name()
    }

    fn media<'s>(&'s self, cache: &'s Cache) -> Option<Media<'s>> {
        if self.media.is_none() && self.has_media != Some(true) {
            return None;
        }
        let kind = message::media_of_kind(kind(self)).unwrap_or(MediaKind::Document);
        let media = match view(self, cache).and_then(whatsapp::media) {
            Some(told) => Media {
                duration: told.duration,
                voice_note: told.voice_note,
                gif: told.gif,
                ..Media::new(kind)
            },
            None => {
                let by_word = engined(self, cache).and_then(|data| data.word.as_deref());
                let voice_note = by_word.map(|word| word == "ptt");
                Media { voice_note, ..Media::new(kind) }
            }
        };
        let Some(file) = &self.media else {
            return Some(Media { missing: Some(MissingMedia::NotIncluded), ..media });
        };
        let url = file.url.as_deref().or(self.media_url.as_deref());
        let failed = file.error.as_ref().map(|_| {
            let details = file.error_details().unwrap_or(Cow::Borrowed(""));
            MissingMedia::Failed(details)
        });
        Some(Media {
            mimetype: file.mimetype.as_deref(),
            file_name: file.filename.as_deref(),
            url,
            missing: failed,
            ..media
        })
    }

    fn location<'s>(&'s self, _: &'s Cache) -> Option<Location<'s>> {
        let place = self.location.as_ref()?;
        Some(Location {
            name: filled(&place.name),
            address: filled(&place.address),
            url: filled(&place.url),
            live: place.live,
            ..Location::at(place.latitude, place.longitude)?
        })
    }

    fn contacts<'s>(&'s self, _: &'s Cache) -> Contacts<'s> {
        Contacts::of_option(self.v_cards.as_ref().map(|cards| cards as _))
    }

    fn choice<'s>(&'s self, cache: &'s Cache) -> Option<Choice<'s>> {
        if let Some(choice) = view(self, cache).and_then(whatsapp::choice) {
            return Some(choice);
        }
        let data = self.engine_data.as_ref()?.as_str();
        let text = |path: &[&str]| text_of(value_at(data, path)?).filter(|text| !text.is_empty());
        let (of, id) = match kind(self) {
            MessageKind::ListReply => {
                let nested = || text(&["listResponse", "singleSelectReply", "selectedRowId"]);
                (ChoiceKind::ListRow, text(&["selectedRowId"]).or_else(nested))
            }
            MessageKind::ButtonReply => {
                let id = text(&["selectedButtonId"]).or_else(|| text(&["selectedId"]));
                (ChoiceKind::Button, id)
            }
            _ => return None,
        };
        Some(Choice { id, title: filled(&self.body), ..Choice::new(of) })
    }

    fn reply_to<'s>(&'s self, cache: &'s Cache) -> Option<ReplyTo<'s>> {
        let reply = self.reply_to.as_ref()?;
        let author = reply.participant.as_ref().map(Jid::view);
        let author = author.filter(|author| names_person(*author));
        let quote = match filled(&reply.body) {
            Some(text) => Quote::Told(Cow::Borrowed(text)),
            None => Quote::None,
        };
        let here = self.chat().map(Address::of);
        let engine = view(self, cache).and_then(|view| whatsapp::reply_to(view, here));
        Some(ReplyTo {
            chat: engine.and_then(|engine| engine.chat),
            ..ReplyTo::new(
                reply.id.as_ref().map(MessageRef::serialized),
                author.map(Address::of),
                quote,
            )
        })
    }

    fn mentions<'s>(&'s self, cache: &'s Cache) -> Addresses<'s> {
        let Some(data) = engined(self, cache) else { return Addresses::NONE };
        match data.opened.as_ref().and_then(Opened::view) {
            Some(view) => whatsapp::mentions(view),
            None => Addresses::of(&data.mentioned),
        }
    }

    /// Never told by the message itself; the engine's data say when it is so.
    fn view_once(&self, cache: &Cache) -> Option<bool> {
        whatsapp::view_once(view(self, cache)?).filter(|once| *once)
    }

    fn album<'s>(&'s self, cache: &'s Cache) -> Option<Album<'s>> {
        let by_engine = view(self, cache).and_then(whatsapp::album);
        let is_head = || kind(self) == MessageKind::Album;
        by_engine.or_else(|| is_head().then_some(Album::Header { pictures: None, videos: None }))
    }
}

/// A message that could not be decrypted, or not yet.
pub(super) struct Waiting;

impl Said for Waiting {
    fn kind<'s>(&'s self, _: &'s Cache) -> MessageKind<'s> {
        MessageKind::Undecrypted
    }

    fn text<'s>(&'s self, _: &'s Cache) -> Option<&'s str> {
        None
    }
}
