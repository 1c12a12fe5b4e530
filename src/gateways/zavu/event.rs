//! The list of Zavu's events, and the JSON around them.

use chrono::{DateTime, Utc};

use super::call::Call;
use super::conversation::ConversationNew;
use super::invitation::InvitationStatusChanged;
use super::message::{Channel, MessageInbound, MessageStatus, OutboundMessage, Story};
use super::template::TemplateReview;
use super::unpublished::Unpublished;
use crate::event::{Envelope as _, NameSource, Parts, Route, Unreadable, envelope, events};
use crate::idempotency::Key;
use crate::wire::Id;
use crate::wire::time::millis;

events! {
    /// What happened at a sender of Zavu, or in a project.
    pub enum Event {
        /// Your message is queued.
        "message.queued" => MessageQueued(Box<OutboundMessage>),
        /// Your message was handed to its channel.
        "message.sent" => MessageSent(Box<OutboundMessage>),
        /// Your message reached the recipient's device.
        "message.delivered" => MessageDelivered(Box<OutboundMessage>),
        /// The recipient read your message. WhatsApp only.
        "message.read" => MessageRead(Box<OutboundMessage>),
        /// Your message could not be sent or delivered.
        "message.failed" => MessageFailed(Box<OutboundMessage>),
        /// Someone wrote to you.
        "message.inbound" => MessageInbound(Box<MessageInbound>),
        /// Someone posted a story. Despite its name, this is not the status of
        /// a message.
        "message.status" => Story(Box<Story>),
        /// Someone sent a message of a type that Zavu does not support. Its
        /// shape is not published.
        "message.unsupported" => MessageUnsupported(Unpublished),
        /// A reaction. Its shape is not published; today reactions come as
        /// `message.inbound` with the type `reaction`.
        "message.reaction" => MessageReaction(Unpublished),
        /// Someone wrote for the first time.
        "conversation.new" => ConversationNew(Box<ConversationNew>),
        /// The review result of a template. Its shape is not published.
        "template.status_changed" => TemplateStatusChanged(Unpublished),
        /// A template may be used. First generation; per project.
        "template.approved" => TemplateApproved(Box<TemplateReview>),
        /// A template may not be used. First generation; per project.
        "template.rejected" => TemplateRejected(Box<TemplateReview>),
        /// The status of a broadcast changed. Its shape is not published.
        "broadcast.status_changed" => BroadcastStatusChanged(Unpublished),
        /// The status of an invitation changed. Per project.
        "invitation.status_changed" => InvitationStatusChanged(Box<InvitationStatusChanged>),
        /// A call was started.
        ///
        /// [Its page](https://docs.zavu.dev/guides/voice-agents/webhooks)
        "call.initiated" => CallInitiated(Box<Call>),
        /// A call was answered.
        ///
        /// [Its page](https://docs.zavu.dev/guides/voice-agents/webhooks)
        "call.answered" => CallAnswered(Box<Call>),
        /// A call is over.
        ///
        /// [Its page](https://docs.zavu.dev/guides/voice-agents/webhooks)
        "call.completed" => CallCompleted(Box<Call>),
        /// A call failed.
        ///
        /// [Its page](https://docs.zavu.dev/guides/voice-agents/webhooks)
        "call.failed" => CallFailed(Box<Call>),
        /// A domain was verified. Per project; its shape is not published.
        "domain.verified" => DomainVerified(Unpublished),
        /// A domain could not be verified. Per project; its shape is not
        /// published.
        "domain.failed" => DomainFailed(Unpublished),
    }
}

envelope! {
    /// The envelope of a Zavu delivery: the event, the account, and when it was
    /// dispatched.
    #[serde(rename_all = "camelCase")]
    pub struct Envelope {
        /// The event's id, `evt_<digits>_<suffix>`: the same in every attempt
        /// to deliver it, but different if API v1 and v2 both deliver the
        /// event.
        pub id: Option<Id>,
        /// API v2: the channel, which is in `type` there. API v1 has the
        /// event's name in `type`, and this is `None`.
        #[serde(rename = "type")]
        pub transport: Option<Channel>,
        /// API v2: the event's name, if the body contains it. The member is not
        /// published; `event` is a guess.
        #[serde(rename = "event")]
        pub event_name: Option<String>,
        /// When Zavu dispatched the event. Unix milliseconds on the wire.
        #[serde(with = "millis")]
        pub timestamp: Option<DateTime<Utc>>,
        /// The sender (the Zavu account) it is about. Absent in events of a
        /// project, in the first generation, and in API v2.
        pub sender_id: Option<String>,
        /// The project.
        pub project_id: Option<String>,
        /// API v2: the address it comes from: a phone number, an email address,
        /// `@name`, a page's id. Absent in events of a project.
        pub from: Option<String>,
        /// API v2: the address it goes to, in the form of [`from`](Self::from),
        /// or `sms_oneway`.
        pub to: Option<String>,
    }

    name: "type",
    payload: "data" => Event,
    unique: ["type", "data", "id", "senderId", "projectId", "event"],
    elsewhere: "event" when |kind| Channel::from(kind).is_known(),
    route: route,
    adjust: adjust,
}

/// API v1 names the event in `type`; API v2 has the channel there, and the name
/// in `event` if anywhere in the body. Only a body that has the shape of an
/// event but names none takes its name from the header.
fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
    let layout = &Envelope::LAYOUT;
    let kind = parts.text_of(layout.name);
    if kind.as_deref().is_some_and(|kind| kind.contains('.')) {
        return Route::by_layout(parts, layout);
    }
    if let Some(name) = parts.text_of("event").filter(|name| !name.is_empty()) {
        return Ok(Route::named(name, NameSource::Body, parts, layout));
    }
    let is_channel = kind.as_deref().is_some_and(|kind| Channel::from(kind).is_known());
    // A tool call has no payload; with a sender's id it is API v1.
    let is_v2 = parts.member(layout.payload).is_some()
        && (is_channel || parts.member("senderId").is_none());
    match (parts.hint, kind) {
        (Some(name), kind) if is_v2 && kind.as_deref() != Some(name) => {
            Ok(Route::named(name, NameSource::Header, parts, layout))
        }
        (_, Some(_)) if !is_channel => Route::by_layout(parts, layout),
        _ => Err(Unreadable::no_event(layout.name)),
    }
}

/// The position of the name tells the generation.
fn adjust(envelope: &mut Envelope) {
    if envelope.notes.in_layout {
        envelope.transport = None;
    }
}

impl Envelope {
    /// The account: the sender's id, or the project's if there is none.
    pub(super) fn account(&self) -> Option<&str> {
        let is_odd = self.set_aside().iter().any(|aside| aside.path().is_member("senderId"));
        let project = self.project_id.as_deref().filter(|_| !is_odd);
        self.sender_id.as_deref().or(project)
    }

    /// Where the event's name was found. A name from the header is not covered
    /// by the signature, and only used if an API v2 body names no event.
    pub fn name_source(&self) -> NameSource {
        self.notes.name_source
    }

    /// A second key, equal for deliveries of API v1 and API v2 about the same
    /// event: made from the event's name, the message and its status. `None`
    /// for events without these.
    ///
    /// If webhooks of both are active, every event arrives twice, with
    /// different ids, and so with different [keys](crate::Delivery::key). In
    /// that case claim this key as well, in any store. It does not replace the
    /// key: if the name came from the header, this key contains an unsigned
    /// part.
    ///
    /// ```
    /// use zaphook::{Delivery, Zavu};
    ///
    /// let v1 = Delivery::<Zavu>::parse_trusted(
    ///     r#"{"id":"evt_1","type":"message.sent","senderId":"s","data":{"messageId":"m","status":"sent"}}"#,
    /// )?;
    /// let v2 = Delivery::<Zavu>::parse_trusted(
    ///     r#"{"id":"evt_2","type":"sms","event":"message.sent","data":{"messageId":"m","status":"sent"}}"#,
    /// )?;
    /// assert_ne!(v1.key(), v2.key());
    /// assert_eq!(v1.envelope().second_key(), v2.envelope().second_key());
    /// # Ok::<(), zaphook::Unreadable>(())
    /// ```
    pub fn second_key(&self) -> Option<Key> {
        let status = self.event.message_status()?;
        let parts = [self.event.name(), self.event.message_id()?, status];
        Key::new("zavu", parts.map(Some))
    }
}

impl Event {
    /// The message that the event is about. A message has the same id in all
    /// its events, including `conversation.new`.
    pub fn message_id(&self) -> Option<&str> {
        match self {
            Self::MessageInbound(message) => Some(&message.message_id),
            Self::ConversationNew(conversation) => Some(&conversation.first_message_id),
            other => other.outbound().map(|message| message.message_id.as_str()),
        }
    }

    /// The status of the message that the event is about. An incoming message
    /// is `received` even if the body does not say so.
    fn message_status(&self) -> Option<&str> {
        match self {
            Self::MessageInbound(message) => {
                Some(message.status.as_ref().unwrap_or(&MessageStatus::Received).as_str())
            }
            other => other.outbound()?.status.as_ref().map(MessageStatus::as_str),
        }
    }

    /// The outbound message that the event is about: one of `message.queued`,
    /// `sent`, `delivered`, `read` and `failed`.
    pub fn outbound(&self) -> Option<&OutboundMessage> {
        match self {
            Self::MessageQueued(message)
            | Self::MessageSent(message)
            | Self::MessageDelivered(message)
            | Self::MessageRead(message)
            | Self::MessageFailed(message) => Some(message),
            _ => None,
        }
    }

    /// The call that the event is about: one of `call.initiated`, `answered`,
    /// `completed` and `failed`.
    pub fn call(&self) -> Option<&Call> {
        match self {
            Self::CallInitiated(call)
            | Self::CallAnswered(call)
            | Self::CallCompleted(call)
            | Self::CallFailed(call) => Some(call),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::event::by_both_ways;

    const TYPES: &[&str] =
        &["message.sent", "message.read", "message.lost", "whatsapp", r"what\u0073app", "fax", ""];

    fn word() -> impl Strategy<Value = String> {
        prop_oneof![
            8 => prop::sample::select(TYPES).prop_map(|text| format!("\"{text}\"")),
            1 => prop::sample::select(vec!["null", "7", "{}"]).prop_map(str::to_owned),
        ]
    }

    fn body() -> impl Strategy<Value = String> {
        let member = |(name, value): (&str, String)| format!("\"{name}\":{value}");
        let data = prop::sample::select(vec![r#"{"messageId":"m","status":"sent"}"#, "{}", "null"]);
        let members = (
            prop::option::weighted(0.9, word().prop_map(move |value| member(("type", value)))),
            prop::option::of(word().prop_map(move |value| member(("event", value)))),
            prop::option::weighted(
                0.9,
                data.prop_map(move |value| member(("data", value.to_owned()))),
            ),
            prop::option::of(Just(r#""senderId":"s""#.to_owned())),
            prop::option::weighted(0.1, word().prop_map(move |value| member(("event", value)))),
            prop::option::weighted(0.1, word().prop_map(move |value| member(("type", value)))),
        );
        members
            .prop_map(|(a, b, c, d, e, f)| {
                [a, b, c, d, e, f].into_iter().flatten().collect::<Vec<_>>()
            })
            .prop_shuffle()
            .prop_map(|members| format!("{{{}}}", members.join(",")))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// The quick way knows the generations by the layout, the other by
        /// `route`; they agree.
        #[test]
        fn both_ways_tell_the_generations_alike(
            body in body(),
            hint in prop::option::of(prop::sample::select(TYPES)),
        ) {
            let (quick, meaning) = by_both_ways::<Envelope>(&body, hint);
            if let Some(quick) = quick {
                prop_assert_eq!(Ok(quick), meaning);
            }
        }
    }

    #[test]
    fn every_generation_takes_the_quick_way() {
        let data = r#""data":{"messageId":"m","status":"sent"}"#;
        for (names, hint, name, source) in [
            (r#""type":"message.sent""#, None, "message.sent", NameSource::Body),
            (r#""type":"sms","event":"message.sent""#, None, "message.sent", NameSource::Body),
            (r#""event":"message.sent","type":"sms""#, None, "message.sent", NameSource::Body),
            (
                r#""type":"sms","event":"message.sent""#,
                Some("message.read"),
                "message.sent",
                NameSource::Body,
            ),
            (r#""type":"sms""#, Some("message.read"), "message.read", NameSource::Header),
        ] {
            for body in [format!("{{{names},{data}}}"), format!("{{{data},{names}}}")] {
                let (quick, meaning) = by_both_ways::<Envelope>(&body, hint);
                let quick = quick.expect(&body);
                assert_eq!((quick.name(), quick.name_source()), (name, source), "{body}");
                assert_eq!(Ok(quick), meaning, "{body}");
            }
        }
    }
}
