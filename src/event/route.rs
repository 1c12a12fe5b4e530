//! Which members of a body say what it is.

use std::borrow::Cow;

use super::catch_all::NameSource;
use super::unreadable::Unreadable;
use crate::wire::json::{self, Members};
use crate::wire::member_name::Packed;

/// The members of a body that decide what it is.
#[derive(Debug)]
pub struct Layout {
    /// The member that names the event.
    pub(crate) name: &'static str,
    /// The member that holds the payload.
    pub(crate) payload: &'static str,
    /// The members around it that have a field.
    pub(crate) head: Packed,
    /// The members used for routing or for the key; none may be repeated.
    pub(crate) unique: &'static [&'static str],
    /// Where else the event may be named.
    pub(crate) elsewhere: Option<Elsewhere>,
    /// Members with which the body may be something else altogether: what it is
    /// then is for the gateway's `route` to say.
    pub(crate) undecided: &'static [&'static str],
}

/// Where the event is named when the name's own member holds something else.
/// The gateway's `route` has to agree: this is what the quick way knows of it.
#[derive(Debug)]
pub(crate) struct Elsewhere {
    /// The member that names the event; without it, the hint does.
    pub(crate) name: &'static str,
    /// Whether a text in the name's own member is that other thing.
    pub(crate) when: fn(&str) -> bool,
}

/// A body taken apart, before it is known what it says.
#[derive(Debug)]
pub struct Parts<'a> {
    pub(crate) text: &'a str,
    pub(crate) members: Members<'a>,
    /// A name from outside the body, which nothing vouches for.
    pub(crate) hint: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The value of a member; the first one where there are several.
    pub(crate) fn member(&self, name: &str) -> Option<&'a str> {
        self.members.get(name)
    }

    /// The text of a member that is one, repaired if need be.
    pub(crate) fn text_of(&self, name: &str) -> Option<Cow<'a, str>> {
        self.member(name).and_then(text)
    }
}

/// What names an event, and which value of the body is its payload.
#[derive(Debug)]
pub struct Route<'a> {
    pub(super) name: Cow<'a, str>,
    /// The list's name for it where that is another one.
    pub(super) listed_as: Option<&'static str>,
    pub(super) source: NameSource,
    /// Whether the name is in the layout's own member.
    pub(super) in_layout: bool,
    pub(super) payload: Payload<'a>,
    /// The members any of which tells what a body without an envelope is.
    pub(super) known_by: &'static [&'static str],
}

/// The value that is the payload.
#[derive(Clone, Copy, Debug)]
pub(super) enum Payload<'a> {
    Member(Option<&'a str>),
    Whole(&'a str),
}

impl<'a> Route<'a> {
    /// The usual case: one member is the name, another the payload.
    pub(crate) fn by_layout(parts: &Parts<'a>, layout: &Layout) -> Result<Self, Unreadable> {
        let name = parts.text_of(layout.name).ok_or(Unreadable::no_event(layout.name))?;
        let route = Self::named(name, NameSource::Body, parts, layout);
        Ok(Self { in_layout: true, ..route })
    }

    /// Another thing than the layout's member names it; the payload is where
    /// it always is.
    pub(crate) fn named(
        name: impl Into<Cow<'a, str>>,
        source: NameSource,
        parts: &Parts<'a>,
        layout: &Layout,
    ) -> Self {
        Self::new(name.into(), source, Payload::Member(parts.member(layout.payload)))
    }

    /// The whole body is the payload: there is no envelope around it.
    pub(crate) fn whole(
        name: impl Into<Cow<'a, str>>,
        source: NameSource,
        parts: &Parts<'a>,
    ) -> Self {
        Self::new(name.into(), source, Payload::Whole(parts.text))
    }

    fn new(name: Cow<'a, str>, source: NameSource, payload: Payload<'a>) -> Self {
        Self { name, listed_as: None, source, in_layout: false, payload, known_by: &[] }
    }

    /// To be typed as the event that the list calls so, by whatever name it
    /// came.
    #[must_use]
    pub(crate) fn listed_as(self, name: &'static str) -> Self {
        Self { listed_as: Some(name), ..self }
    }

    /// Known by the presence of one of these members: one is written back even when the
    /// event has the value of none.
    #[must_use]
    pub(crate) fn known_by(self, members: &'static [&'static str]) -> Self {
        Self { known_by: members, ..self }
    }

    /// The name that picks the event from the list.
    pub(super) fn list_name(&self) -> &str {
        self.listed_as.unwrap_or(&self.name)
    }

    /// The payload's text; `None` when there is none.
    pub(crate) fn payload(&self) -> Option<&'a str> {
        match self.payload {
            Payload::Member(raw) => raw,
            Payload::Whole(text) => Some(text),
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self.payload, Payload::Whole(_))
    }
}

/// The text of a value that is one, repaired if need be.
fn text(raw: &str) -> Option<Cow<'_, str>> {
    if let Ok(json::Name(name)) = serde_json::from_str(raw) {
        return Some(name);
    }
    serde_json::from_str::<String>(&json::repair(raw)?).ok().map(Cow::Owned)
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use super::*;
    use crate::event::{Envelope as _, Wanted, envelope, events};
    use crate::wire::object::object;

    object! {
        /// A payload.
        pub struct Order {
            /// The order.
            pub id: String,
        }

        /// A body without an envelope.
        pub struct Status {
            /// The word.
            pub status: String,
            /// Whatever.
            pub more: Option<u32>,
        }
    }

    events! {
        /// What happened.
        pub enum Event {
            /// Someone ordered.
            "order.placed" => OrderPlaced(Order),
            /// A bare status.
            "status" => Status(Status),
        }
    }

    envelope! {
        /// `type` names the event, or else the way it came.
        pub struct Envelope {
            /// The way it came.
            #[serde(rename = "type")]
            pub way: Option<String>,
        }

        name: "type",
        payload: "data" => Event,
        unique: ["type", "data"],
        route: route,
        adjust: adjust,
    }

    fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
        let layout = &Envelope::LAYOUT;
        if parts.member("status").is_some() && parts.member("data").is_none() {
            let name = parts.text_of("called");
            let source = if name.is_some() { NameSource::Body } else { NameSource::Shape };
            let route = Route::whole(name.unwrap_or("status".into()), source, parts);
            return Ok(route.listed_as("status"));
        }
        match (parts.text_of("type"), parts.hint) {
            (Some(name), _) if name.contains('.') => Route::by_layout(parts, layout),
            (_, Some(hint)) => Ok(Route::named(hint, NameSource::Header, parts, layout)),
            (_, None) => Err(Unreadable::no_event("type")),
        }
    }

    fn adjust(envelope: &mut Envelope) {
        if envelope.notes.in_layout {
            envelope.way = None;
        }
    }

    fn read(text: &str, hint: Option<&str>) -> Result<Envelope, Unreadable> {
        crate::event::read(text.as_bytes(), &|| hint, &Wanted::ALL).map(crate::event::Held::take)
    }

    #[test]
    fn a_name_from_outside_is_not_written_into_the_body() {
        let json = r#"{"type":"carrier pigeon","data":{"id":"o1"}}"#;
        let envelope = read(json, Some("order.placed")).unwrap();
        assert_eq!(
            (envelope.name(), envelope.way.as_deref()),
            ("order.placed", Some("carrier pigeon"))
        );
        assert_eq!(envelope.notes().name_source, NameSource::Header);
        assert!(matches!(envelope.event, Event::OrderPlaced(_)));
        assert_eq!(serde_json::to_string(&envelope).unwrap(), json);
        assert!(read(json, None).is_err());

        let json = r#"{"type":"order.placed","data":{"id":"o1"}}"#;
        for json in [json, r#"{"data":{"id":"o1"},"type":"order.placed","data2":"\ud83d"}"#] {
            let envelope = read(json, Some("order.lost")).unwrap();
            assert_eq!((envelope.name(), &envelope.way), ("order.placed", &None));
            assert_eq!(envelope.notes().hint(), None);
        }
        assert_eq!(serde_json::to_string(&read(json, None).unwrap()).unwrap(), json);
    }

    #[test]
    fn a_body_may_be_the_payload_itself() {
        let json = r#"{"status":"closed","more":1}"#;
        let envelope = read(json, None).unwrap();
        assert_eq!((envelope.name(), envelope.notes().name_source), ("status", NameSource::Shape));
        assert!(matches!(&envelope.event, Event::Status(status) if status.status == "closed"));
        assert_eq!(serde_json::to_string(&envelope).unwrap(), json);
        let at = crate::event::payload_at::<Envelope>(json, None).unwrap();
        assert_eq!(&json[at], json);

        let named = read(r#"{"called":"Status","status":"closed"}"#, None).unwrap();
        assert_eq!((named.name(), named.event.name()), ("Status", "status"));
        assert_eq!(named.notes().name_source, NameSource::Body);

        let odd = read(r#"{"status":"closed","more":"x"}"#, None).unwrap();
        assert_eq!(odd.set_aside()[0].path().to_string(), "more");
        let malformed = read(r#"{"status":1}"#, None).unwrap();
        assert!(
            matches!(&malformed.event, Event::Malformed(event) if event.path().to_string() == "status")
        );
    }
}
