//! The list of Evolution API's events, and the JSON around them.

use super::calls::Call;
use super::chats::Chat;
use super::connection::{
    ConnectionUpdate, InstanceChange, NewJwt, QrcodeUpdated, StatusInstance,
};
use super::contacts::{Contact, PresenceUpdate};
use super::deleted::{Deletion, MessageDeleted};
use super::edited::MessageEdited;
use super::error_report::ErrorReport;
use super::go;
use super::groups::{Group, GroupParticipantsUpdate};
use super::history::MessagingHistorySet;
use super::labels::{LabelAssociation, LabelEdit};
use super::local_time::LocalTime;
use super::at_least_one::AtLeastOne;
use super::message::Message;
use super::names::{of_path, spellings};
use super::receipt::MessageUpdate;
use super::template::TemplateStatus;
use super::typebot::{ChamaAiAction, TypebotChangeStatus, TypebotStart};
use crate::event::{Envelope as _, NameSource, Parts, Route, Unreadable, envelope, events};
use crate::jid::Jid;
use crate::wire::scalar::{boolean, integer};
use crate::wire::{List, RawJson, Sensitive};

/// Makes both of one list: the events, and their names in all spellings. The
/// events in `without_envelope` have no name on the wire.
macro_rules! list {
    (
        $(#[$meta:meta])*
        pub enum $Event:ident {
            $(
                $(#[$doc:meta])*
                $wire:literal, $config:literal $(| $other:literal)* $(, $path:literal)?
                    => $Variant:ident($Payload:ty),
            )+
        }
        without_envelope {
            $(
                $(#[$bare_doc:meta])*
                $bare:literal => $Bare:ident($BarePayload:ty) $(: $nested:ident)?,
            )+
        }
    ) => {
        events! {
            $(#[$meta])*
            pub enum $Event {
                $( $(#[$doc])* $wire | $config $(| $other)* => $Variant($Payload), )+
                $( $(#[$bare_doc])* $bare => $Bare($BarePayload) $(: $nested)?, )+
            }
            names also: of_path,
        }

        spellings! { $( $wire, $config $(| $other)* $(, $path)? => $Variant, )+ }
    };
}

list! {
    /// What happened at an instance of Evolution API.
    ///
    /// The names are accepted in the spelling of the configuration as well
    /// (`MESSAGES_UPSERT`), as relays write them. What is posted without an
    /// envelope has no name; it is told by its form.
    pub enum Event {
        /// The server started. No version sends it, so its data are kept as
        /// they come.
        "application.startup", "APPLICATION_STARTUP", "application-startup"
            => ApplicationStartup(Option<RawJson>),
        /// There is a new QR code to connect the instance with, or there will
        /// be no more.
        "qrcode.updated", "QRCODE_UPDATED", "qrcode-updated"
            => QrcodeUpdated(Box<QrcodeUpdated>),
        /// The instance's connection to WhatsApp changed.
        "connection.update", "CONNECTION_UPDATE", "connection-update"
            => ConnectionUpdate(Box<ConnectionUpdate>),
        /// The instance was closed.
        "status.instance", "STATUS_INSTANCE", "status-instance"
            => StatusInstance(Box<StatusInstance>),
        /// An instance was created.
        "instance.create", "INSTANCE_CREATE", "instance-create"
            => InstanceCreate(Box<InstanceChange>),
        /// An instance was deleted.
        "instance.delete", "INSTANCE_DELETE", "instance-delete"
            => InstanceDelete(Box<InstanceChange>),
        /// The instance was removed. Its data are `null`; anything else is kept
        /// as it comes.
        "remove.instance", "REMOVE_INSTANCE", "remove-instance"
            => RemoveInstance(Option<RawJson>),
        /// The instance was logged out. Its data are `null`; anything else is
        /// kept as it comes.
        "logout.instance", "LOGOUT_INSTANCE", "logout-instance"
            => LogoutInstance(Option<RawJson>),
        /// A part of the history: messages from before the instance was
        /// connected.
        "messages.set", "MESSAGES_SET", "messages-set"
            => MessagesSet(List<Message>),
        /// Somebody wrote, the account itself included. The server sends one
        /// message at a time, some relays send lists of them.
        "messages.upsert", "MESSAGES_UPSERT", "messages-upsert"
            => MessagesUpsert(AtLeastOne<Message>),
        /// A message was edited; from 2.3.1 on also other things that WhatsApp
        /// says about a message or a chat. WhatsMiau may call it
        /// `messages.edit`.
        "messages.edited", "MESSAGES_EDITED" | "messages.edit", "messages-edited"
            => MessagesEdited(Box<MessageEdited>),
        /// Something became of a message.
        "messages.update", "MESSAGES_UPDATE", "messages-update"
            => MessagesUpdate(Box<MessageUpdate>),
        /// A message was deleted.
        "messages.delete", "MESSAGES_DELETE", "messages-delete"
            => MessagesDelete(Box<MessageDeleted>),
        /// A message was sent through the API.
        "send.message", "SEND_MESSAGE", "send-message"
            => SendMessage(Box<Message>),
        /// A message was edited through the API.
        "send.message.update", "SEND_MESSAGE_UPDATE", "send-message-update"
            => SendMessageUpdate(Box<MessageEdited>),
        /// The contacts. No version sends it.
        "contacts.set", "CONTACTS_SET", "contacts-set"
            => ContactsSet(List<Contact>),
        /// Contacts that are new.
        "contacts.upsert", "CONTACTS_UPSERT", "contacts-upsert"
            => ContactsUpsert(List<Contact>),
        /// Contacts that may have changed.
        "contacts.update", "CONTACTS_UPDATE", "contacts-update"
            => ContactsUpdate(List<Contact>),
        /// Somebody is there, is gone, or is writing.
        "presence.update", "PRESENCE_UPDATE", "presence-update"
            => PresenceUpdate(Box<PresenceUpdate>),
        /// The chats.
        "chats.set", "CHATS_SET", "chats-set"
            => ChatsSet(List<Chat>),
        /// Chats that are new or changed.
        "chats.upsert", "CHATS_UPSERT", "chats-upsert"
            => ChatsUpsert(List<Chat>),
        /// Chats that changed.
        "chats.update", "CHATS_UPDATE", "chats-update"
            => ChatsUpdate(List<Chat>),
        /// Chats that were deleted.
        "chats.delete", "CHATS_DELETE", "chats-delete"
            => ChatsDelete(List<Jid>),
        /// Groups that are new or known.
        "groups.upsert", "GROUPS_UPSERT", "groups-upsert"
            => GroupsUpsert(List<Group>),
        /// Groups that changed. It cannot be subscribed to: the server accepts
        /// the setting `GROUP_UPDATE` and looks for `GROUPS_UPDATE`.
        "groups.update", "GROUPS_UPDATE" | "GROUP_UPDATE", "groups-update"
            => GroupsUpdate(List<Group>),
        /// Members joined or left a group, or became admins or ceased to be.
        "group-participants.update", "GROUP_PARTICIPANTS_UPDATE", "group-participants-update"
            => GroupParticipantsUpdate(Box<GroupParticipantsUpdate>),
        /// A label is new, changed or deleted.
        "labels.edit", "LABELS_EDIT", "labels-edit"
            => LabelsEdit(Box<LabelEdit>),
        /// A label was put on a chat or taken off.
        "labels.association", "LABELS_ASSOCIATION", "labels-association"
            => LabelsAssociation(Box<LabelAssociation>),
        /// A call got to its next stage.
        "call", "CALL", "call"
            => Call(Box<Call>),
        /// A Typebot was started in a chat.
        "typebot.start", "TYPEBOT_START", "typebot-start"
            => TypebotStart(Box<TypebotStart>),
        /// A bot was opened, paused or closed in a chat.
        "typebot.change-status", "TYPEBOT_CHANGE_STATUS", "typebot-change-status"
            => TypebotChangeStatus(Box<TypebotChangeStatus>),
        /// The connection's credentials changed. No version sends it, so its
        /// data are kept as they come.
        "creds.update", "CREDS_UPDATE"
            => CredsUpdate(Option<RawJson>),
        /// The history has been handed over (2.4.0-rc).
        "messaging-history.set", "MESSAGING_HISTORY_SET", "messaging-history-set"
            => MessagingHistorySet(Box<MessagingHistorySet>),
        /// The instance's API token was renewed (1.x). The public
        /// documentation calls it `NEW_TOKEN`.
        "new.jwt", "NEW_JWT_TOKEN" | "NEW_TOKEN"
            => NewJwt(Box<NewJwt>),
        /// A Chama AI bot did something in a chat (1.5 to 1.8).
        "chama-ai.action", "CHAMA_AI_ACTION", "chama-ai-action"
            => ChamaAiAction(Box<ChamaAiAction>),
        /// A request to the server's API failed. It is switched on by two
        /// settings, `ERRORS` and `ERRORS_WEBHOOK`.
        "error", "ERRORS" | "ERRORS_WEBHOOK"
            => Error(Box<ErrorReport>),
    }
    without_envelope {
        /// Something became of a message of the Cloud channel: the data of
        /// `messages.update` alone, posted to the address given with the send.
        "cloud.message-status" => CloudMessageStatus(Box<MessageUpdate>),
        /// Meta decided about a message template of the Cloud channel: Meta's
        /// value alone, posted to the address stored with the template.
        "cloud.template-status" => CloudTemplateStatus(Box<TemplateStatus>),
        /// A body of Evolution Go, a product of its own: with an envelope of its
        /// own, and events of its own inside. The delivery's name is that of
        /// the event inside.
        "go" => Go(Box<go::Envelope>): nested,
    }
}

envelope! {
    /// What a delivery of Evolution API says: the event, at which instance, and
    /// where it was sent from.
    ///
    /// 2.x writes all of it, 1.x less; servers that imitate Evolution API leave
    /// out what is empty. Nothing of it is needed for the event to be read.
    pub struct Envelope {
        /// The instance's **name**. The report of an error has none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance: Option<String>,
        /// The URL that is configured for the instance, without the event that
        /// may be put behind it; without one, the global URL with the event
        /// behind it. It holds what the URL holds, tokens and passwords
        /// included, so `Debug` hides it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub destination: Option<Sensitive>,
        /// When the server made the event, by its own clock and in its own zone,
        /// whatever the text says of a zone. Not in 1.4 and before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub date_time: Option<LocalTime>,
        /// The address of the connected account, **not** of whoever wrote.
        /// Absent until the account has connected once, and always on the
        /// Cloud and Evolution channels.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub sender: Option<Jid>,
        /// The server's own address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub server_url: Option<String>,
        /// The instance's API token, where the server exposes it; the text
        /// `Apikey not found` where the instance has none. The global webhook
        /// of 1.x carries the key to the whole server here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub apikey: Option<Sensitive>,
        /// The key to the whole server, in the report of an error.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub api_key: Option<Sensitive>,
        /// Whether this is the last part of the history, with `messages.set`
        /// (2.3.7 and later).
        #[serde(
            rename = "isLatest",
            default,
            with = "boolean",
            skip_serializing_if = "Option::is_none"
        )]
        pub is_latest: Option<bool>,
        /// How much of the history is there, in per cent, with `messages.set`
        /// (2.3.7 and later); often not known.
        #[serde(default, with = "integer", skip_serializing_if = "Option::is_none")]
        pub progress: Option<i64>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "instance", "date_time"],
    route: route,
    adjust: adjust,
}

/// Tells what is posted without an envelope by its form. The value about a
/// template has an `event` of its own, which is a word of Meta's.
fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
    let has = |name: &str| parts.member(name).is_some();
    if !has("data") && !has("instance") {
        if has("message_template_id") || has("message_template_name") {
            return Ok(Route::whole("cloud.template-status", NameSource::Shape, parts));
        }
        if !has("event") && has("keyId") {
            return Ok(Route::whole("cloud.message-status", NameSource::Shape, parts));
        }
    }
    if go::Envelope::recognises(has)
        && let Some(name) = parts.text_of("event")
    {
        return Ok(Route::whole(name, NameSource::Body, parts).listed_as("go"));
    }
    Route::by_layout(parts, &Envelope::LAYOUT)
}

/// What was odd in a body of Evolution Go is told as that of any other.
fn adjust(envelope: &mut Envelope) {
    if let Event::Go(go) = &envelope.event {
        envelope.notes.set_aside.extend_from_slice(go.set_aside());
        envelope.notes.repaired |= go.is_repaired();
    }
}

impl Event {
    /// The message that the event is about, by its id at WhatsApp. One message
    /// has the same id in all its events, also where its chat's address
    /// changes. `None` for the events of several messages, and for all others.
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Self::MessagesUpsert(messages) => match &**messages {
                [message] => Some(&message.key.id),
                _ => None,
            },
            Self::SendMessage(message) => Some(&message.key.id),
            Self::MessagesUpdate(update) | Self::CloudMessageStatus(update) => update.message_id(),
            Self::MessagesEdited(edited) | Self::SendMessageUpdate(edited) => edited.message_id(),
            Self::MessagesDelete(deleted) => deleted.message_id(),
            Self::Go(go) => go.message_id(),
            _ => None,
        }
    }

    /// The deletion that the event tells of, if it does: `messages.delete` in
    /// both its shapes, and the deletions among `messages.edited`. From 2.3.1
    /// on, one deletion for everyone gives one event of each.
    ///
    /// A status `DELETED` in `messages.update` is none: servers 2.3.0 to 2.3.4
    /// write that for edits.
    pub fn deletion(&self) -> Option<Deletion<'_>> {
        match self {
            Self::MessagesDelete(deleted) => Deletion::of_deleted(deleted),
            Self::MessagesEdited(edited) => Deletion::of_edited(edited),
            _ => None,
        }
    }
}
