//! Wawp and WAHA: every event, every field, every quirk.

mod answers;
mod fields;
mod proof;
mod quirks;
mod values;

use chrono::{DateTime, Utc};
use zaphook::wawp::{Envelope, Event};
use zaphook::{Gateway, Receiver, Recognition, Request, Wawp, testing};

use crate::fixtures::{self, assert_written_back};
use crate::gateways::{self, Report, Subject, secret};

pub const SUBJECT: Subject = Subject {
    name: Wawp::NAME,
    message: "wawp/message.webjs.json",
    text: &["payload", "body"],
    members: ["event", "payload"],
    receive: |body| gateways::receive(&receiver(), &testing::wawp(&secret(), body)),
    parse: gateways::parse::<Wawp>,
    shown: |body| gateways::shown(&receiver(), &testing::wawp(&secret(), body)),
    debug: gateways::debug::<Wawp>,
    event_size: size_of::<Event>(),
    names: Event::NAMES,
};

pub fn receiver() -> Receiver<Wawp> {
    Receiver::new(Wawp::signed(secret()))
}

fn text(fixture: &str) -> String {
    fixtures::text(&format!("wawp/{fixture}.json"))
}

#[track_caller]
fn receive(body: &str) -> Report {
    (SUBJECT.receive)(body.as_bytes()).unwrap()
}

#[track_caller]
fn envelope(fixture: &str) -> Envelope {
    let request = testing::wawp(&secret(), text(fixture));
    receiver().receive(&Request::from(&request)).unwrap().into_envelope()
}

#[track_caller]
fn event(fixture: &str) -> Event {
    envelope(fixture).event
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The catalogue of WAHA's documentation, and the two names that only Wawp's
/// overview has.
const CATALOGUE: [&str; 33] = [
    "session.status",
    "message",
    "message.any",
    "message.reaction",
    "message.ack",
    "message.ack.group",
    "message.waiting",
    "message.edited",
    "message.revoked",
    "group.v2.join",
    "group.v2.leave",
    "group.v2.update",
    "group.v2.participants",
    "group.v2.participants.join-request",
    "group.participants.update",
    "group.join",
    "group.leave",
    "presence.update",
    "poll.vote",
    "poll.vote.failed",
    "chat.archive",
    "call.received",
    "call.accepted",
    "call.rejected",
    "label.upsert",
    "label.deleted",
    "label.chat.added",
    "label.chat.deleted",
    "event.response",
    "event.response.failed",
    "engine.event",
    "state.change",
    "status.update",
];

#[test]
fn the_list_of_events_is_the_documented_one() {
    assert_eq!(Event::NAMES, CATALOGUE);
    let fixtures = fixtures::all("wawp");
    for name in CATALOGUE {
        assert!(fixtures.iter().any(|(fixture, _)| fixture == name), "{name} has no fixture");
    }
}

/// What is not written back.
fn undocumented(fixture: &str) -> &'static [&'static str] {
    match fixture {
        // Empty, so as good as absent.
        "session.status.empty_lid" => &["/me/lid"],
        // Zero is no time.
        "message.zero_time" => &["/payload/timestamp"],
        _ => &[],
    }
}

#[test]
fn every_fixture_is_typed_and_written_back_whole() {
    for (name, body) in fixtures::all("wawp") {
        let report = receive(&body);
        let recognition = if name.ends_with(".unknown") { "unknown" } else { "known" };
        assert_eq!((report.recognition, report.malformed), (recognition, None), "{name}");
        assert!(report.set_aside.is_empty() && !report.repaired, "{name}: {:?}", report.set_aside);
        let is_bare = name.starts_with("session.status.bare");
        assert_eq!(report.name_source, if is_bare { "shape" } else { "body" }, "{name}");
        let is_wawp = is_bare || body.contains(r#""session": "4B7D9C21E0AA""#);
        let account = if is_wawp { "4B7D9C21E0AA" } else { "default" };
        assert_eq!(report.account.as_deref(), Some(account), "{name}");
        assert_written_back(&name, &body, &report.written, undocumented(&name));
    }
}

#[test]
fn every_fixture_is_what_its_name_says() {
    for (name, body) in fixtures::all("wawp") {
        let named = fixtures::json(&body)["event"].as_str().unwrap_or("session.status").to_owned();
        assert!(name.starts_with(&named), "{name} is {named}");
        assert_eq!(envelope(&name).name(), named);
    }
}

#[test]
fn only_the_wanted_events_are_typed() {
    let calls_only = receiver().only([zaphook::wawp::EventName::CallReceived]);
    for (name, body) in fixtures::all("wawp") {
        let request = testing::wawp(&secret(), body.as_str());
        let delivery = calls_only.receive(&Request::from(&request)).unwrap();
        let expected = match name.as_str() {
            name if name.starts_with("call.received") => Recognition::Known,
            "message.pinned.unknown" => Recognition::Unknown,
            _ => Recognition::Skipped,
        };
        assert_eq!(delivery.recognition(), expected, "{name}");
        // What the bytes say does not depend on what was asked for.
        let whole = receive(&body);
        assert_eq!(delivery.key().map(|key| key.to_string()), whole.key, "{name}");
        assert_eq!(delivery.message_key().map(|key| key.to_string()), whole.message_key, "{name}");
        assert_eq!(delivery.account().map(|account| account.into_owned()), whole.account);
        assert_eq!(delivery.happened_at().map(|time| time.to_rfc3339()), whole.happened_at);
        if expected == Recognition::Skipped {
            let written = serde_json::to_string(delivery.envelope()).unwrap();
            // The payload is as it came.
            let around = undocumented(&name).iter().copied();
            let around: Vec<&str> = around.filter(|path| !path.starts_with("/payload")).collect();
            assert_written_back(&name, &body, &written, &around);
        }
    }
}
