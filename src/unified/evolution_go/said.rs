//! What a message says.

use std::borrow::Cow;
use std::time::Duration;

use super::address;
use crate::gateways::evolution::go::{self, QuotedMessage};
use crate::jid::Jid;
use crate::unified::content::{
    Ad, Album, Choice, Invitation, Location, Media, Order, Poll, Quote, Quoted, ReplyTo,
};
use crate::unified::id::MessageRef;
use crate::unified::listing::{Addresses, Contacts};
use crate::unified::message::{Cache, MessageKind, Said};
use crate::unified::whatsapp::{self, Opened};
use crate::whatsapp::{GoContent, View};

impl Quoted for GoContent {
    fn text(&self) -> Option<Cow<'_, str>> {
        let opened = Opened::of_nested(&self.nested())?;
        whatsapp::text(opened.view()?).map(|text| Cow::Owned(text.to_owned()))
    }
}

/// The content, typed; once for all that is asked.
pub(super) fn view<'s>(content: Option<&'s GoContent>, cache: &'s Cache) -> Option<View<'s>> {
    let opened: &Opened = cache.get(|| Opened::of_nested(&content?.nested()))?;
    opened.view()
}

/// The content in place, when it is not wrapped.
fn said(content: Option<&GoContent>) -> Option<whatsapp::Said<'_>> {
    whatsapp::Said::of(content?.raw().as_str()).filter(|said| !said.wrapped)
}

pub(super) fn kind<'s>(content: Option<&'s GoContent>, cache: &'s Cache) -> MessageKind<'s> {
    match said(content) {
        Some(said) => said.kind(),
        None => view(content, cache).map_or(MessageKind::Unsupported, whatsapp::kind),
    }
}

fn text<'s>(content: Option<&'s GoContent>, cache: &'s Cache) -> Option<&'s str> {
    // With escapes the typed content keeps the text.
    let in_place = said(content).filter(|said| said.has_plain_text() && !said.has_escapes());
    if let Some(said) = in_place {
        return match said.text() {
            Some(Cow::Borrowed(text)) => Some(text),
            _ => None,
        };
    }
    whatsapp::text(view(content, cache)?)
}

fn reply<'s>(
    quoted: Option<&'s QuotedMessage>,
    content: Option<&'s GoContent>,
    cache: &'s Cache,
    chat: &Jid,
) -> Option<ReplyTo<'s>> {
    let here = address(chat);
    let in_content = || whatsapp::reply_to(view(content, cache)?, here);
    let told = quoted.and_then(|quoted| {
        let id = MessageRef::filled(quoted.stanza_id.as_deref())?;
        let author = quoted.participant.as_ref().and_then(address);
        let quote =
            quoted.quoted_message.as_ref().map_or(Quote::None, |quoted| Quote::Asked(quoted));
        let kind = quoted
            .quoted_message
            .as_ref()
            .and_then(|quoted| whatsapp::Said::of(quoted.raw().as_str()).map(whatsapp::Said::kind));
        Some(ReplyTo { kind, ..ReplyTo::new(Some(id), author, quote) })
    });
    match told {
        // Only the content says where the quoted message is.
        Some(told) => {
            let chat = in_content().and_then(|reply| reply.chat);
            Some(ReplyTo { chat, ..told })
        }
        None => in_content(),
    }
}

/// Both events say it alike.
macro_rules! says {
    ($Type:ty, $quoted:ident) => {
        impl Said for $Type {
            whatsapp::by_content!(Flags::view:
                location choice poll order invitation media forwarded forward_count
                disappears_after album replaces ad contacts mentions
                mentioned_groups
            );

            fn kind<'s>(&'s self, cache: &'s Cache) -> MessageKind<'s> {
                if self.was_not_given() {
                    return MessageKind::Undecrypted;
                }
                kind(self.message.as_ref(), cache)
            }

            fn text<'s>(&'s self, cache: &'s Cache) -> Option<&'s str> {
                text(self.message.as_ref(), cache)
            }

            fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
                self.info.push_name.as_deref().map(Cow::Borrowed)
            }

            fn reply_to<'s>(&'s self, cache: &'s Cache) -> Option<ReplyTo<'s>> {
                let content = self.message.as_ref();
                reply(self.$quoted.as_ref(), content, cache, &self.info.chat)
            }

            fn view_once(&self, cache: &Cache) -> Option<bool> {
                let in_content = || whatsapp::view_once(view(self.message.as_ref(), cache)?);
                match self.flagged_view_once() {
                    Some(true) => Some(true),
                    flagged => in_content().or(flagged),
                }
            }

            fn disappears(&self, cache: &Cache) -> Option<bool> {
                let flagged = self.flagged_ephemeral();
                flagged.or_else(|| whatsapp::disappears(view(self.message.as_ref(), cache)?))
            }
        }
    };
}

/// What is next to the content.
trait Flags {
    /// The content, opened.
    fn view<'s>(&'s self, cache: &'s Cache) -> Option<View<'s>>;

    fn was_not_given(&self) -> bool {
        false
    }

    fn flagged_view_once(&self) -> Option<bool> {
        None
    }

    fn flagged_ephemeral(&self) -> Option<bool> {
        None
    }
}

impl Flags for go::Message {
    fn view<'s>(&'s self, cache: &'s Cache) -> Option<View<'s>> {
        view(self.message.as_ref(), cache)
    }

    fn was_not_given(&self) -> bool {
        self.is_withheld()
    }

    fn flagged_view_once(&self) -> Option<bool> {
        let flags = [self.is_view_once, self.is_view_once_v2, self.is_view_once_v2_extension];
        let set = flags.contains(&Some(true));
        flags.iter().any(Option::is_some).then_some(set)
    }

    fn flagged_ephemeral(&self) -> Option<bool> {
        self.is_ephemeral
    }
}

impl Flags for go::SendMessage {
    fn view<'s>(&'s self, cache: &'s Cache) -> Option<View<'s>> {
        view(self.message.as_ref(), cache)
    }
}

says!(go::Message, quoted);
says!(go::SendMessage, message_context_info);
