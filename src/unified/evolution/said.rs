//! What a message of Evolution API says.

use std::borrow::Cow;
use std::time::Duration;

use super::chat_of_key;
use crate::gateways::evolution::{self, PollVoters};
use crate::jid::Jid;
use crate::unified::content::{
    Ad, Album, Choice, ChoiceKind, Invitation, Location, Media, Order, Poll, ReplyTo,
};
use crate::unified::id::MessageRef;
use crate::unified::listing::{Addresses, Contacts};
use crate::unified::message::{Cache, MessageKind, Said};
use crate::unified::whatsapp::{self, Opened};
use crate::whatsapp::View;

pub(super) fn outer_view(message: &evolution::Message) -> Option<View<'_>> {
    let content = message.message.as_ref()?;
    let named = message.message_type.as_deref();
    // A vote that could not be decrypted is written as one for nothing.
    let votes = message.poll_updates.as_deref();
    let nobody = |option: &PollVoters| option.voters.as_deref().is_none_or(<[Jid]>::is_empty);
    let no_voter = votes.is_some_and(|votes| votes.iter().all(nobody));
    let view = View::of(content, message.context_info.as_deref(), named);
    Some(view.doubting_empty_vote(no_voter))
}

pub(super) fn view<'s>(message: &'s evolution::Message, cache: &'s Cache) -> Option<View<'s>> {
    let view = outer_view(message)?;
    if !whatsapp::is_wrapped(view.outer) {
        return Some(view);
    }
    let opened: Option<&Opened> = cache.get(|| Some(Opened::of_typed(view.outer)));
    Some(opened.map_or(view, |opened| opened.around(view)))
}

/// A tap on the Cloud channel, of which only the title is told.
fn is_tap(message: &evolution::Message) -> bool {
    matches!(message.message_type.as_deref(), Some("buttonMessage" | "interactiveMessage"))
        && outer_view(message)
            .is_some_and(|view| matches!(view.outer.body, Some(crate::whatsapp::Body::Text(_))))
}

impl Said for evolution::Message {
    whatsapp::by_content!(view:
        location poll order invitation media forwarded forward_count
        disappears_after disappears album replaces ad contacts mentions
        mentioned_groups
    );

    fn kind<'s>(&'s self, cache: &'s Cache) -> MessageKind<'s> {
        if is_tap(self) {
            return MessageKind::ButtonReply;
        }
        view(self, cache).map_or(MessageKind::Unsupported, whatsapp::kind)
    }

    fn text<'s>(&'s self, cache: &'s Cache) -> Option<&'s str> {
        whatsapp::text(view(self, cache)?)
    }

    /// Not what the server puts where it knows none.
    fn sender_name<'s>(&'s self, _: &'s Cache) -> Option<Cow<'s, str>> {
        let name = self.push_name.as_deref()?;
        let sender = self.key.sender();
        let is_stand_in = name == "Você"
            || self.key.sender_phone() == Some(name)
            || sender.is_some_and(|sender| sender.user() == Some(name) || sender == name);
        (!is_stand_in).then_some(Cow::Borrowed(name))
    }

    fn transcript<'s>(&'s self, cache: &'s Cache) -> Option<&'s str> {
        view(self, cache)?.transcript()
    }

    fn choice<'s>(&'s self, cache: &'s Cache) -> Option<Choice<'s>> {
        if is_tap(self) {
            let title = Said::text(self, cache);
            return Some(Choice { title, ..Choice::new(ChoiceKind::NotTold) });
        }
        whatsapp::choice(view(self, cache)?)
    }

    fn reply_to<'s>(&'s self, cache: &'s Cache) -> Option<ReplyTo<'s>> {
        whatsapp::reply_to(view(self, cache)?, chat_of_key(&self.key))
    }

    /// The Cloud channel never tells.
    fn view_once(&self, cache: &Cache) -> Option<bool> {
        let at_meta = self.key.id.starts_with("wamid.");
        whatsapp::view_once(view(self, cache)?).filter(|once| *once || !at_meta)
    }
}
