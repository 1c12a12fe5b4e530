//! The serialised form.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::Unified;
use super::acts::{Reaction, ReactionChange, Selected};
use super::address::{Address, ChatKind};
use super::around::{Group, GroupChange};
use super::happening::Happening;
use super::message::Message;
use super::session::ConnectionState;

/// The members of one happening, gathered before they are written: so what is
/// compiled again for every format is one loop.
#[derive(Default)]
struct Form<'a>(Vec<(&'static str, Value<'a>)>);

enum Value<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Integer(i64),
    Number(f64),
    List(Vec<Cow<'a, str>>),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::Number(number) => serializer.serialize_f64(*number),
            Self::List(texts) => {
                let mut list = serializer.serialize_seq(Some(texts.len()))?;
                for text in texts {
                    list.serialize_element(&**text)?;
                }
                list.end()
            }
        }
    }
}

impl Serialize for Form<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Serialize for Happening<'_> {
    /// As one flat object, of which what is not told is left out. Times are Unix
    /// seconds. Codes, links and images that open something are never written, nor
    /// what a deleted message said.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Form::of(self).serialize(serializer)
    }
}

impl Serialize for Unified<'_> {
    /// As its happening; as a list where there are several, as `null` where there
    /// is none.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let happenings: Vec<Happening<'_>> = self.happenings().collect();
        let forms: Vec<Form<'_>> = happenings.iter().map(Form::of).collect();
        match &*forms {
            [] => serializer.serialize_unit(),
            [form] => form.serialize(serializer),
            forms => forms.serialize(serializer),
        }
    }
}

impl<'a> Form<'a> {
    fn of(happening: &'a Happening<'_>) -> Self {
        let mut form = Self::default();
        form.text("kind", Some(happening.kind()));
        form.members(happening);
        form
    }

    fn members(&mut self, happening: &'a Happening<'_>) {
        match happening {
            Happening::Message(message) => self.message(message),
            Happening::Edit(edit) => {
                self.text("id", edit.id.map(|id| id.id));
                self.text("target", Some(edit.target.id));
                self.whereabouts(edit.chat, edit.sender);
                self.bool("from_me", Some(edit.from_me));
                self.chat_kind(edit.chat.and_then(|chat| chat.chat_kind()));
                self.text("text", edit.text.as_deref());
                self.unreadable(edit.unreadable);
                self.time(edit.at);
            }
            Happening::Delete(delete) => {
                self.text("target", delete.target.map(|target| target.id));
                self.whereabouts(delete.chat, delete.sender);
                self.bool("from_me", Some(delete.from_me));
                self.chat_kind(delete.chat.and_then(|chat| chat.chat_kind()));
                self.text("action", Some(delete.scope.as_str()));
                self.time(delete.at);
            }
            Happening::Reaction(reaction) => self.reaction(reaction),
            Happening::Receipt(receipt) => {
                self.text("target", Some(receipt.target.id));
                self.whereabouts(receipt.chat, receipt.by);
                self.bool("from_me", receipt.target_from_me);
                self.text("status", Some(receipt.status.word().as_text()));
                let error = receipt.error.as_ref();
                self.text("error_code", error.and_then(|error| error.code));
                self.text("error_text", error.and_then(|error| error.text));
                self.text("text", receipt.text);
                self.time(receipt.at);
            }
            Happening::PollVote(vote) => {
                self.text("id", vote.id.map(|id| id.id));
                self.text("target", vote.poll.map(|poll| poll.id));
                self.whereabouts(vote.chat, vote.voter);
                self.bool("from_me", Some(vote.from_me));
                self.chat_kind(vote.chat.and_then(|chat| chat.chat_kind()));
                match vote.selected {
                    Selected::Options(options) => {
                        self.list("selected", options.map(Cow::Borrowed).collect());
                    }
                    Selected::Unreadable => self.unreadable(true),
                }
                self.time(vote.at);
            }
            Happening::Presence(presence) => {
                self.whereabouts(presence.chat, presence.who);
                self.bool("from_me", presence.from_me.then_some(true));
                self.text("state", Some(presence.state.word().as_text()));
            }
            Happening::Call(call) => {
                self.text("id", Some(call.id));
                self.whereabouts(call.chat, call.caller);
                self.bool("from_me", call.from_me);
                self.text("state", Some(call.state.word().as_text()));
                self.text("reason", call.reason);
                self.seconds(call.duration);
                self.time(call.at);
            }
            Happening::Group(group) => self.group(group),
            Happening::Contact(contact) => {
                self.whereabouts(None, contact.who);
                self.text("sender_name", contact.name);
            }
            Happening::Chat(chat) => {
                self.whereabouts(chat.chat, None);
                self.text("action", Some(chat.change.word().as_text()));
                self.text("target", chat.first_message.map(|first| first.id));
                self.text("text", chat.first_text);
                self.seconds(chat.timer);
                self.time(chat.at);
            }
            Happening::Label(label) => {
                self.text("id", label.label);
                self.whereabouts(label.chat, None);
                self.text("target", label.message.map(|message| message.id));
                self.text("action", Some(label.change.word().as_text()));
                self.time(label.at);
            }
            Happening::Connection(connection) => {
                self.text("state", Some(connection.state.word().as_text()));
                let is_closed = connection.state == ConnectionState::Closed;
                self.bool("logged_out", is_closed.then_some(connection.logged_out));
                self.text("reason", connection.reason.map(|reason| reason.word().as_text()));
            }
            Happening::Pairing(pairing) => {
                self.text("state", Some(pairing.step.word().as_text()));
            }
            Happening::Template(template) => {
                self.text("id", template.id.as_deref());
                self.text("status", Some(template.status.word().as_text()));
                self.text("reason", template.reason);
            }
            Happening::Other(other) => {
                self.text("target", other.message.map(|message| message.id));
                self.whereabouts(other.chat, None);
            }
        }
    }

    fn message(&mut self, message: &'a Message<'_>) {
        self.text("type", Some(message.kind().word().as_text()));
        self.text("id", message.id().map(|id| id.id));
        self.whereabouts(message.chat(), message.sender());
        self.text("sender_name", message.sender_name());
        self.bool("from_me", Some(message.is_from_me()));
        self.chat_kind(message.chat_kind());
        self.text("text", message.text());
        self.time(message.at());
        if let Some(media) = message.media() {
            self.text("media_mimetype", media.mimetype);
            self.integer("media_bytes", media.size.and_then(|size| i64::try_from(size).ok()));
            self.text("file_name", media.file_name);
            self.seconds(media.duration);
            self.bool("voice_note", media.voice_note.filter(|_| is_sound(&media)));
            self.bool("view_once", message.view_once());
        } else {
            self.bool("view_once", message.view_once().filter(|once| *once));
        }
        if let Some(location) = message.location() {
            self.number("latitude", location.latitude);
            self.number("longitude", location.longitude);
        }
        if let Some(reply) = message.reply_to() {
            let author = reply.author.map(|author| Cow::Owned(author.as_sent().to_owned()));
            self.text("reply_to", reply.id.map(|id| Cow::Owned(id.id.to_owned())));
            self.text("quoted_sender", author);
            self.text("quoted_text", reply.text().map(|text| Cow::Owned(text.into_owned())));
        }
        let mentions: Vec<_> = message
            .mentions()
            .chain(message.mentioned_groups())
            .map(|mentioned| Cow::Borrowed(mentioned.as_sent()))
            .collect();
        if !mentions.is_empty() {
            self.list("mentions", mentions);
        }
        self.text("choice_id", message.choice().and_then(|choice| choice.id));
        if let Some(ad) = message.ad() {
            self.text("ad_click_id", ad.click_id);
            self.text("ad_source_id", ad.source_id);
        }
        self.bool("forwarded", message.forwarded().filter(|forwarded| *forwarded));
        self.text("transcript", message.transcript());
    }

    fn reaction(&mut self, reaction: &'a Reaction<'_>) {
        self.text("id", reaction.id.map(|id| id.id));
        self.text("target", Some(reaction.target.id));
        self.whereabouts(reaction.chat, reaction.sender);
        self.bool("from_me", Some(reaction.from_me));
        self.chat_kind(reaction.chat.and_then(|chat| chat.chat_kind()));
        let action = match &reaction.change {
            ReactionChange::Set(emoji) => {
                self.text("text", Some(&**emoji));
                "set"
            }
            ReactionChange::Removed => "removed",
            ReactionChange::Unreadable => {
                self.unreadable(true);
                "unreadable"
            }
        };
        self.text("action", Some(action));
        self.time(reaction.at);
    }

    fn group(&mut self, group: &'a Group<'_>) {
        self.whereabouts(group.group, group.by);
        self.text("action", Some(group.change.word().as_text()));
        match group.change {
            GroupChange::Subject(text) => self.text("text", Some(text)),
            GroupChange::Description(text) => self.text("text", text),
            GroupChange::OnlyAdminsWrite(on)
            | GroupChange::OnlyAdminsEdit(on)
            | GroupChange::JoinNeedsApproval(on)
            | GroupChange::MembersMayAdd(on) => self.bool("on", Some(on)),
            GroupChange::Timer(after) => self.seconds(Some(after)),
            _ => {}
        }
        if let Some(members) = group.change.members() {
            let whom = members.map(|member| Cow::Borrowed(member.address.as_sent()));
            self.list("participants", whom.collect());
        }
        self.time(group.at);
    }

    fn whereabouts(&mut self, chat: Option<Address<'a>>, who: Option<Address<'a>>) {
        self.text("chat", chat.map(|chat| chat.as_sent()));
        self.text("sender", who.map(|who| who.as_sent()));
        self.text("sender_phone", who.and_then(|who| who.phone()));
        let lid = who.and_then(|who| who.lid()).map(|lid| match (lid.user(), lid.device()) {
            // Who it is does not depend on the device.
            (Some(user), Some(_)) => Cow::Owned([user, "@lid"].concat()),
            _ => Cow::Borrowed(lid.as_str()),
        });
        self.text("sender_lid", lid);
    }

    fn chat_kind(&mut self, kind: Option<ChatKind>) {
        let Some(kind) = kind else { return };
        self.bool("is_group", Some(kind == ChatKind::Group));
        self.bool("is_status", Some(kind == ChatKind::Status));
    }

    fn unreadable(&mut self, unreadable: bool) {
        self.bool("readable", unreadable.then_some(false));
    }

    fn time(&mut self, at: Option<DateTime<Utc>>) {
        self.integer("timestamp", at.map(|at| at.timestamp()));
    }

    fn seconds(&mut self, duration: Option<Duration>) {
        let seconds = duration.and_then(|duration| i64::try_from(duration.as_secs()).ok());
        self.integer("seconds", seconds);
    }

    fn text(&mut self, name: &'static str, text: Option<impl Into<Cow<'a, str>>>) {
        if let Some(text) = text {
            self.0.push((name, Value::Text(text.into())));
        }
    }

    fn bool(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.0.push((name, Value::Bool(value)));
        }
    }

    fn integer(&mut self, name: &'static str, number: Option<i64>) {
        if let Some(number) = number {
            self.0.push((name, Value::Integer(number)));
        }
    }

    fn number(&mut self, name: &'static str, number: f64) {
        self.0.push((name, Value::Number(number)));
    }

    fn list(&mut self, name: &'static str, texts: Vec<Cow<'a, str>>) {
        self.0.push((name, Value::List(texts)));
    }
}

/// Only sound can be a voice note.
fn is_sound(media: &super::content::Media<'_>) -> bool {
    use super::content::MediaKind::{Audio, VoiceNote};
    matches!(media.kind, Audio | VoiceNote)
}
