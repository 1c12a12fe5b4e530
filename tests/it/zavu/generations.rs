//! Three generations of deliveries, told apart by themselves.

use bytes::Bytes;
use serde_json::{Value, json};
use zaphook::event::NameSource;
use zaphook::zavu::{Channel, Envelope, Event, MessageStatus};
use zaphook::{AnyReceiver, Delivery, Error, Head, Recognition, Request, Stored, Zavu, testing};

use super::{envelope, receive, receiver};
use crate::fixtures::{self, assert_written_back, with};
use crate::gateways::secret;

const EVENT_HEADER: &str = "X-Zavu-Event";

fn unnamed() -> Vec<(String, String)> {
    fixtures::all("zavu/unnamed")
}

/// A signed delivery whose event the header names so.
fn request(body: &str, names: &[&str]) -> http::Request<Bytes> {
    let mut request = testing::zavu(&secret(), body);
    request.headers_mut().remove(EVENT_HEADER);
    for name in names {
        request.headers_mut().append(EVENT_HEADER, name.parse().unwrap());
    }
    request
}

fn receive_named(body: &str, names: &[&str]) -> Result<Delivery<Zavu>, Error> {
    let request = request(body, names);
    let delivery = receiver().receive(&Request::from(&request));
    let any = AnyReceiver::from(receiver()).receive(&Request::from(&request));
    match (&delivery, any) {
        (Ok(delivery), Ok(any)) => assert_eq!(
            (any.name(), any.name_source(), any.key()),
            (delivery.name(), delivery.name_source(), delivery.key())
        ),
        (Err(error), Err(any)) => assert_eq!(*error, any),
        (one, other) => panic!("{one:?} {other:?}"),
    }
    delivery
}

fn name_of(fixture: &str) -> &str {
    fixture.strip_suffix(".unknown").unwrap_or(fixture)
}

#[test]
fn the_first_generation_has_no_sender_and_fewer_fields() {
    let Event::MessageQueued(queued) = super::event("message.queued.first") else { panic!() };
    assert_eq!((queued.message_id.as_str(), queued.template_id), ("msg_1001", None));
    let Event::MessageSent(sent) = super::event("message.sent.first") else { panic!() };
    assert_eq!(sent.status, Some(MessageStatus::Sending));
    let Event::MessageInbound(inbound) = super::event("message.inbound.first") else { panic!() };
    assert_eq!((inbound.status, inbound.message_type), (None, None));
    assert_eq!(envelope("message.inbound.first").sender_id, None);
}

#[test]
fn quirk_5_type_is_the_name_or_the_transport() {
    let v1 = envelope("message.delivered.plain");
    assert_eq!((v1.name(), &v1.transport), ("message.delivered", &None));

    let v2 = envelope("message.delivered.api_v2");
    assert_eq!((v2.name(), v2.name_source()), ("message.delivered", NameSource::Body));
    assert_eq!(v2.transport, Some(Channel::WhatsApp));
    assert_eq!(v2.event_name.as_deref(), Some("message.delivered"));
    assert_eq!(v2.from.as_deref(), Some("+5511888880001"));
    assert_eq!(v2.to.as_deref(), Some("+5511999990001"));
    assert_eq!(v2.sender_id, None);

    // The events of a project have no transport, and no addresses.
    let of_project = envelope("invitation.status_changed.api_v2");
    assert_eq!(of_project.name(), "invitation.status_changed");
    assert_eq!((of_project.transport, of_project.from, of_project.to), (None, None, None));

    // A transport that nobody knows yet is kept as well.
    let body = fixtures::text("zavu/message.delivered.api_v2.json");
    let body = with(&body, &["type"], Some(json!("rcs")));
    let report = receive(&body);
    assert_eq!((report.event.as_str(), report.recognition), ("message.delivered", "known"));
    assert_written_back("rcs", &body, &report.written, &[]);
    // And one that is none is set aside.
    let report = receive(&with(&body, &["type"], Some(json!(7))));
    assert_eq!((report.recognition, report.set_aside), ("known", vec!["type".to_owned()]));
}

#[test]
fn a_body_that_names_no_event_has_its_name_from_the_header() {
    for (fixture, body) in unnamed() {
        let name = name_of(&fixture);
        let delivery = receive_named(&body, &[name]).unwrap();
        let expected = if name == fixture { Recognition::Known } else { Recognition::Unknown };
        assert_eq!((delivery.name(), delivery.recognition()), (name, expected), "{fixture}");
        assert_eq!(delivery.name_source(), NameSource::Header);
        assert_eq!(delivery.account().as_deref(), Some("prj_77aa"));
        let written = serde_json::to_string(delivery.envelope()).unwrap();
        assert_written_back(&fixture, &body, &written, &[]);
        assert_eq!(delivery.payload().unwrap().as_str(), fixtures::raw(&body, "data"));

        // It goes through a queue with its name.
        let stored = serde_json::to_string(&delivery.to_stored()).unwrap();
        let stored: Stored = serde_json::from_str(&stored).unwrap();
        let again = stored.parse_trusted::<Zavu>().unwrap();
        assert_eq!(again.envelope(), delivery.envelope());
        assert_eq!((again.key(), again.name_source()), (delivery.key(), NameSource::Header));

        // Nothing else tells it.
        for names in [&[][..], &[name, name], &["", name], &[""], &[" "]] {
            let error = receive_named(&body, names).unwrap_err();
            assert_eq!((error.reason(), error.status().as_u16()), ("no_event", 200), "{names:?}");
        }
        let error = receive_named(&body, &[&"n".repeat(129)]).unwrap_err();
        assert_eq!(error.reason(), "no_event");
        assert!(Delivery::<Zavu>::parse_trusted(body).is_err());
    }
}

/// The header is outside every signature.
#[test]
fn a_name_from_the_header_is_no_part_of_the_key() {
    for (fixture, body) in unnamed() {
        let delivery = receive_named(&body, &[name_of(&fixture)]).unwrap();
        let other = receive_named(&body, &["message.failed"]).unwrap();
        assert_eq!(delivery.key(), other.key());
        let id = &fixtures::json(&body)["id"];
        let key = format!("zavu/prj_77aa/event/{}", id.as_str().unwrap());
        assert_eq!(delivery.key().unwrap().as_str(), key);

        let anonymous = with(&body, &["id"], None);
        let keys = ["message.read", "message.failed"]
            .map(|name| receive_named(&anonymous, &[name]).unwrap().key().unwrap());
        assert_eq!(keys[0], keys[1]);
        assert!(keys[0].as_str().starts_with("zavu/body/"), "{}", keys[0]);
    }
}

#[test]
fn a_header_never_overrides_the_body() {
    for (name, body) in fixtures::all("zavu") {
        let whole = receive(&body);
        for header in [&["message.failed"][..], &["message.read", "x"], &["nonsense"], &[]] {
            let delivery = receive_named(&body, header).unwrap();
            assert_eq!(delivery.name(), whole.event, "{name}");
            assert_eq!(delivery.name_source(), NameSource::Body, "{name}");
            assert_eq!(serde_json::to_string(delivery.envelope()).unwrap(), whole.written);
        }
    }
    // Neither where the API's first version has an event without a dot,
    let body = r#"{"id":"e","type":"ping","senderId":"s","data":{}}"#;
    let delivery = receive_named(body, &["message.failed"]).unwrap();
    assert_eq!((delivery.name(), delivery.name_source()), ("ping", NameSource::Body));
    let body = r#"{"id":"e","type":"ping","data":{}}"#;
    for names in [&["ping"][..], &[]] {
        let delivery = receive_named(body, names).unwrap();
        assert_eq!((delivery.name(), delivery.name_source()), ("ping", NameSource::Body));
        assert_eq!(delivery.envelope().transport, None);
    }
    // nor where nothing is an event.
    for body in ["{}", r#"{"id":"e"}"#, r#"{"type":"sms"}"#, r#"{"tool":"t","arguments":{}}"#] {
        assert_eq!(receive_named(body, &["message.read"]).unwrap_err().reason(), "no_event");
    }
}

#[test]
fn the_name_in_the_body_is_text_that_says_something() {
    let body = fixtures::text("zavu/message.delivered.api_v2.json");
    for nothing in [None, Some(Value::Null), Some(json!("")), Some(json!(7)), Some(json!({}))] {
        let body = with(&body, &["event"], nothing);
        assert_eq!(receive_named(&body, &[]).unwrap_err().reason(), "no_event");
        let delivery = receive_named(&body, &["message.delivered"]).unwrap();
        assert_eq!(delivery.name_source(), NameSource::Header);
        assert_eq!(delivery.recognition(), Recognition::Known);
    }
    let other = with(&body, &["event"], Some(json!("campaign.paused")));
    let delivery = receive_named(&other, &["message.delivered"]).unwrap();
    assert_eq!(
        (delivery.name(), delivery.recognition()),
        ("campaign.paused", Recognition::Unknown)
    );
    assert_eq!(delivery.name_source(), NameSource::Body);
}

#[test]
fn members_that_decide_stand_there_once() {
    let body = fixtures::text("zavu/message.delivered.api_v2.json");
    let body = with(&body, &["senderId"], Some(json!("snd_1")));
    for member in ["type", "event", "data", "id", "senderId", "projectId"] {
        let value = &fixtures::json(&body)[member];
        let twice = format!(r#"{{"{member}":{value},{}"#, body.strip_prefix('{').unwrap());
        assert_eq!(receive_named(&twice, &[]).unwrap_err().reason(), "repeated_key", "{member}");
    }
}

#[test]
fn quirk_9_a_new_conversation_comes_as_two_events_about_one_message() {
    let new = receive(&fixtures::text("zavu/conversation.new.json"));
    let message = receive(&fixtures::text("zavu/message.inbound.plain.json"));
    assert_ne!(new.key, message.key);
    assert_eq!(new.message_key, message.message_key);
    assert_eq!(
        message.message_key.as_deref(),
        Some("zavu/message/jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a")
    );
}

#[test]
fn quirk_10_v1_and_v2_of_one_happening_have_a_second_key_in_common() {
    let second = |envelope: &Envelope| envelope.second_key().map(|key| key.to_string());
    for event in ["message.inbound", "message.delivered"] {
        let v1 = envelope(&format!("{event}.plain"));
        let v2 = envelope(&format!("{event}.api_v2"));
        assert_ne!(v1.id, v2.id);
        assert_eq!(second(&v1), second(&v2), "{event}");
    }
    assert_eq!(
        second(&envelope("message.delivered.plain")).unwrap(),
        "zavu/message.delivered/jd7f3k2m9n4p5q6r7s8t9v0w1x2y3z4a/delivered"
    );
    // What comes in is `received`, also where an older body does not say so.
    assert_eq!(
        second(&envelope("message.inbound.first")).unwrap(),
        "zavu/message.inbound/msg_1002/received"
    );
    // Also where the header names it.
    let body = fixtures::text("zavu/unnamed/message.inbound.json");
    let unnamed = receive_named(&body, &["message.inbound"]).unwrap();
    assert_eq!(second(unnamed.envelope()), second(&envelope("message.inbound.plain")));

    // One for each state of a message, none for what is no message.
    let states = ["queued", "sent", "delivered", "read", "failed"]
        .map(|state| second(&envelope(&format!("message.{state}"))).unwrap());
    for (place, state) in states.iter().enumerate() {
        assert!(!states[..place].contains(state), "{state}");
    }
    for other in ["call.completed", "conversation.new", "message.status", "message.pinned.unknown"]
    {
        assert_eq!(second(&envelope(other)), None, "{other}");
    }
    let body = fixtures::text("zavu/message.delivered.plain.json");
    let stateless = with(&body, &["data", "status"], None);
    let stateless: Envelope = serde_json::from_str(&stateless).unwrap();
    assert_eq!(second(&stateless), None);
}

#[test]
fn quirk_11_what_is_sent_again_has_the_same_key() {
    let body = fixtures::text("zavu/message.inbound.plain.json");
    let head = [("X-Zavu-Signature", "")];
    let trusted = Delivery::<Zavu>::parse_trusted(body.as_str()).unwrap();
    let later = request(&body, &["x"]);
    let later = Head::new(later.headers()).received_at(chrono::Utc::now()).with_body(body.as_str());
    let again = receiver().receive(&later).unwrap();
    assert_eq!(again.key(), trusted.key());
    assert_eq!(trusted.key().unwrap().as_str(), "zavu/snd_5e1f/event/evt_1705312515123_k00f");
    assert!(receiver().receive(&Request::new(&head, body)).is_err());
}

#[test]
fn quirk_12_unknown_events_are_answered_with_200() {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    for body in [
        fixtures::text("zavu/message.pinned.unknown.json"),
        r#"{"id":"e","type":"sms","data":{}}"#.into(),
    ] {
        let request = request(&body, &[]);
        let request = Request::from(&request);
        let receiver = receiver().with_store(zaphook::MemoryStore::new());
        let handling = pin!(receiver.handle(&request, |_| async { Ok(()) }));
        let Poll::Ready(answer) = handling.poll(&mut Context::from_waker(Waker::noop())) else {
            panic!()
        };
        assert_eq!(answer.status(), 200, "{answer:?}");
    }
}
