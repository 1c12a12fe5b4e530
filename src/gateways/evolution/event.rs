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

/// Generates both from one list: the events, and their names in all spellings.
/// The events in `without_envelope` have no name on the wire.
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
    /// Names are also accepted in the spelling of the configuration
    /// (`MESSAGES_UPSERT`), which relays use. Bodies without an envelope have
    /// no name; they are recognised by their shape.
    pub enum Event {
        /// The server started. No version sends it, so its data are kept raw.
        "application.startup", "APPLICATION_STARTUP", "application-startup"
            => ApplicationStartup(Option<RawJson>),
        /// There is a new QR code to connect the instance, or the limit of QR
        /// codes is reached.
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
        /// raw.
        "remove.instance", "REMOVE_INSTANCE", "remove-instance"
            => RemoveInstance(Option<RawJson>),
        /// The instance was logged out. Its data are `null`; anything else is
        /// kept raw.
        "logout.instance", "LOGOUT_INSTANCE", "logout-instance"
            => LogoutInstance(Option<RawJson>),
        /// A part of the history: messages from before the instance was
        /// connected.
        "messages.set", "MESSAGES_SET", "messages-set"
            => MessagesSet(List<Message>),
        /// Someone wrote a message, possibly the account itself. The server
        /// sends one message at a time; some relays send lists.
        "messages.upsert", "MESSAGES_UPSERT", "messages-upsert"
            => MessagesUpsert(AtLeastOne<Message>),
        /// A message was edited; from 2.3.1 on also other things that WhatsApp
        /// reports about a message or a chat. WhatsMiau may call it
        /// `messages.edit`.
        "messages.edited", "MESSAGES_EDITED" | "messages.edit", "messages-edited"
            => MessagesEdited(Box<MessageEdited>),
        /// The status of a message changed.
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
        /// All contacts. No version sends it.
        "contacts.set", "CONTACTS_SET", "contacts-set"
            => ContactsSet(List<Contact>),
        /// Contacts that are new.
        "contacts.upsert", "CONTACTS_UPSERT", "contacts-upsert"
            => ContactsUpsert(List<Contact>),
        /// Contacts that may have changed.
        "contacts.update", "CONTACTS_UPDATE", "contacts-update"
            => ContactsUpdate(List<Contact>),
        /// Someone is online, offline or typing.
        "presence.update", "PRESENCE_UPDATE", "presence-update"
            => PresenceUpdate(Box<PresenceUpdate>),
        /// All chats.
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
        /// Groups that changed. You cannot subscribe to it: the server accepts
        /// the setting `GROUP_UPDATE` but checks for `GROUPS_UPDATE`.
        "groups.update", "GROUPS_UPDATE" | "GROUP_UPDATE", "groups-update"
            => GroupsUpdate(List<Group>),
        /// Members joined or left a group, were made admins, or no longer are.
        "group-participants.update", "GROUP_PARTICIPANTS_UPDATE", "group-participants-update"
            => GroupParticipantsUpdate(Box<GroupParticipantsUpdate>),
        /// A label was created, changed or deleted.
        "labels.edit", "LABELS_EDIT", "labels-edit"
            => LabelsEdit(Box<LabelEdit>),
        /// A label was added to or removed from a chat.
        "labels.association", "LABELS_ASSOCIATION", "labels-association"
            => LabelsAssociation(Box<LabelAssociation>),
        /// A call reached its next stage.
        "call", "CALL", "call"
            => Call(Box<Call>),
        /// A Typebot was started in a chat.
        "typebot.start", "TYPEBOT_START", "typebot-start"
            => TypebotStart(Box<TypebotStart>),
        /// A bot was opened, paused or closed in a chat.
        "typebot.change-status", "TYPEBOT_CHANGE_STATUS", "typebot-change-status"
            => TypebotChangeStatus(Box<TypebotChangeStatus>),
        /// The connection's credentials changed. No version sends it, so its
        /// data are kept raw.
        "creds.update", "CREDS_UPDATE"
            => CredsUpdate(Option<RawJson>),
        /// The history has been synced (2.4.0-rc).
        "messaging-history.set", "MESSAGING_HISTORY_SET", "messaging-history-set"
            => MessagingHistorySet(Box<MessagingHistorySet>),
        /// The instance's API token was renewed (1.x). The public
        /// documentation calls it `NEW_TOKEN`.
        "new.jwt", "NEW_JWT_TOKEN" | "NEW_TOKEN"
            => NewJwt(Box<NewJwt>),
        /// A Chama AI bot did something in a chat (1.5 to 1.8).
        "chama-ai.action", "CHAMA_AI_ACTION", "chama-ai-action"
            => ChamaAiAction(Box<ChamaAiAction>),
        /// A request to the server's API failed. Enabled by two settings,
        /// `ERRORS` and `ERRORS_WEBHOOK`.
        "error", "ERRORS" | "ERRORS_WEBHOOK"
            => Error(Box<ErrorReport>),
    }
    without_envelope {
        /// The status of a message of the Cloud channel changed: the data of
        /// `messages.update` alone, posted to the URL given when sending.
        "cloud.message-status" => CloudMessageStatus(Box<MessageUpdate>),
        /// Meta reviewed a message template of the Cloud channel: Meta's value
        /// alone, posted to the URL stored with the template.
        "cloud.template-status" => CloudTemplateStatus(Box<TemplateStatus>),
        /// A body of Evolution Go, a separate product, with its own envelope
        /// and its own events inside. The delivery's name is that of the event
        /// inside.
        "go" => Go(Box<go::Envelope>): nested,
    }
}

envelope! {
    /// The envelope of an Evolution API delivery: the event, its instance, and
    /// the server that sent it.
    ///
    /// 2.x sends all of it, 1.x less; compatible servers leave out what is
    /// empty. None of it is needed to parse the event.
    pub struct Envelope {
        /// The instance's **name**. Error reports have none.
        pub instance: Option<String>,
        /// The URL configured for the instance, without the event name that may
        /// be appended to it; if there is none, the global URL with the event
        /// name appended. It contains whatever the URL contains, including
        /// tokens and passwords, so `Debug` hides it.
        pub destination: Option<Sensitive>,
        /// When the server created the event, by its own clock and in its own
        /// time zone, whatever time zone the text claims. Not in 1.4 and
        /// before.
        pub date_time: Option<LocalTime>,
        /// The address of the connected account (`sender`), **not** of the person
        /// who wrote. Absent until the account has connected once, and always on
        /// the Cloud and Evolution channels.
        #[serde(rename = "sender")]
        pub account_jid: Option<Jid>,
        /// The server's own address.
        pub server_url: Option<String>,
        /// The instance's API token, if the server exposes it; the string
        /// `Apikey not found` if the instance has none. The global webhook of
        /// 1.x has the API key of the whole server here.
        pub apikey: Option<Sensitive>,
        /// The API key of the whole server, in error reports.
        pub api_key: Option<Sensitive>,
        /// Whether this is the last part of the history, with `messages.set`
        /// (2.3.7 and later).
        #[serde(rename = "isLatest", with = "boolean")]
        pub is_latest: Option<bool>,
        /// The progress of the history sync in per cent, with `messages.set`
        /// (2.3.7 and later); often unknown.
        #[serde(with = "integer")]
        pub progress: Option<i64>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "instance", "date_time"],
    undecided: ["instanceToken", "instanceId", "instanceName"],
    route: route,
    adjust: adjust,
}

/// Recognises bodies without an envelope by their shape. The value about a
/// template has an `event` of its own, which is a word of Meta's.
fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
    let has = |name: &str| parts.member(name).is_some();
    // `null` is as good as absent, and not written back.
    let says = |name: &str| parts.member(name).is_some_and(|value| value != "null");
    let whole = |name, members| {
        Ok(Route::whole(name, NameSource::Shape, parts).known_by(members))
    };
    if !has("data") && !says("instance") {
        const TEMPLATE: &[&str] = &["message_template_id", "message_template_name"];
        if TEMPLATE.iter().any(|name| has(name)) {
            return whole("cloud.template-status", TEMPLATE);
        }
        if !has("event") && has("keyId") {
            return whole("cloud.message-status", &["keyId"]);
        }
    }
    if go::Envelope::recognises(says)
        && let Some(name) = parts.text_of("event")
    {
        let route = Route::whole(name, NameSource::Body, parts).listed_as("go");
        return Ok(route.known_by(go::Envelope::INSTANCE));
    }
    Route::by_layout(parts, &Envelope::LAYOUT)
}

/// What was set aside in a body of Evolution Go is reported like that of any
/// other.
fn adjust(envelope: &mut Envelope) {
    if let Event::Go(go) = &envelope.event {
        envelope.notes.set_aside.extend_from_slice(go.set_aside());
        envelope.notes.repaired |= go.is_repaired();
    }
}

impl Event {
    /// The WhatsApp id of the message that the event is about. A message has
    /// the same id in all its events, even if its chat's address changes.
    /// `None` for events about several messages, and for all others.
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

    /// The deletion that the event reports, if any: `messages.delete` in both
    /// its shapes, and the deletions among `messages.edited`. From 2.3.1 on, a
    /// deletion for everyone causes one event of each.
    ///
    /// A status `DELETED` in `messages.update` does not count: servers 2.3.0 to
    /// 2.3.4 send it for edits.
    pub fn deletion(&self) -> Option<Deletion<'_>> {
        match self {
            Self::MessagesDelete(deleted) => Deletion::of_deleted(deleted),
            Self::MessagesEdited(edited) => Deletion::of_edited(edited),
            _ => None,
        }
    }
}
