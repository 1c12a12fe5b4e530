//! How a body of Evolution Go stands among Evolution's own events.

use serde_json::Value;

use super::{Envelope as GoEnvelope, Event as GoEvent};
use crate::event::{
    Envelope as _, NameSource, Parts, Recognition, Route, Unreadable, Wanted, envelope, events,
};
use crate::wire::RawJson;

events! {
    /// Events of which one is a whole body.
    pub enum Event {
        /// An ordinary event.
        "call" => Call(RawJson),
        /// A body of Evolution Go.
        "go" => Go(Box<GoEnvelope>),
    }
}

envelope! {
    /// An envelope.
    pub struct Envelope {
        /// Whose it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub instance: Option<String>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "instance"],
    route: route,
    adjust: adjust,
}

fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
    if GoEnvelope::recognises(|name| parts.member(name).is_some())
        && let Some(name) = parts.text_of("event")
    {
        return Ok(Route::whole(name, NameSource::Body, parts).listed_as("go"));
    }
    Route::by_layout(parts, &Envelope::LAYOUT)
}

fn adjust(envelope: &mut Envelope) {
    if let Event::Go(go) = &envelope.event {
        envelope.notes.set_aside.extend_from_slice(go.set_aside());
        envelope.notes.repaired |= go.is_repaired();
    }
}

fn parse(body: &str) -> Envelope {
    crate::event::read_text(body, None, &Wanted::ALL).unwrap()
}

const BODY: &str = r#"{"data":{"Info":{"Chat":"5511999990001@s.whatsapp.net","ID":"3EB0","PushName":"Ana"},"Message":{"conversation":"Oi"}},"event":"Message","instanceId":"i1","instanceName":"cantina","instanceToken":"t1"}"#;

#[test]
fn it_is_known_by_its_members_and_names_itself() {
    let envelope = parse(BODY);
    assert_eq!(envelope.name(), "Message");
    assert_eq!(envelope.event.recognition(), Recognition::Known);
    let Event::Go(go) = &envelope.event else { panic!() };
    let GoEvent::Message(message) = &go.event else { panic!() };
    assert_eq!(message.info.id, "3EB0");
    assert_eq!(go.instance_token.as_ref().unwrap().expose(), "t1");
    let written = serde_json::to_string(&envelope).unwrap();
    let [before, after] = [BODY, &written].map(|json| serde_json::from_str::<Value>(json).unwrap());
    assert_eq!(before, after);
    assert_eq!(parse(&written), envelope);
}

#[test]
fn what_was_odd_in_it_is_told_outside() {
    let odd = parse(&BODY.replace(r#""PushName":"Ana""#, r#""PushName":["\ud83d"]"#));
    assert_eq!(odd.set_aside()[0].path().to_string(), "data.Info.PushName");
    let cut = parse(&BODY.replace("Ana", r"a\ud83d"));
    assert!(cut.is_repaired() && cut.set_aside().is_empty());
    let Event::Go(go) = cut.event else { panic!() };
    let GoEvent::Message(message) = go.event else { panic!() };
    assert_eq!(message.info.push_name.as_deref(), Some("a\u{fffd}"));
}

#[test]
fn what_is_not_its_is_left_to_the_others() {
    let call = parse(r#"{"event":"call","instance":"cantina","data":{},"instanceId":"i1"}"#);
    assert!(matches!(call.event, Event::Call(_)));
    let call = parse(r#"{"event":"call","data":{}}"#);
    assert!(matches!(call.event, Event::Call(_)));
}

#[test]
fn unknown_and_malformed_stay_told_apart_within() {
    let unknown = parse(&BODY.replace(r#""event":"Message""#, r#""event":"UserAbout""#));
    let Event::Go(go) = &unknown.event else { panic!() };
    assert_eq!((unknown.name(), go.event.recognition()), ("UserAbout", Recognition::Unknown));
    let malformed = parse(&BODY.replace(r#""ID":"3EB0","#, ""));
    let Event::Go(go) = malformed.event else { panic!() };
    let GoEvent::Malformed(malformed) = go.event else { panic!() };
    assert_eq!(malformed.path().to_string(), "data.Info");
}
