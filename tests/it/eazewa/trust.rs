//! What must not be shown, and what must not panic.

use proptest::prelude::*;
use serde_json::{Value, json};
use zaphook::auth::TokenPlace;
use zaphook::{Delivery, EazeWa, Receiver, Request, testing};

use super::fields::FIELDS;
use super::{SUBJECT, TOKEN, at, receive, text, tokens};
use crate::thorough;

const MARK: &str = "MARK7f3a";

/// Every field of every object, of another type and with marks in it: neither
/// what is set aside nor what is malformed shows them.
#[test]
fn p14_odd_values_inside_objects_are_not_shown() {
    let mut turn = 0;
    for (name, pointer, essential, optional) in FIELDS {
        let body = text(name);
        for field in essential.iter().chain(*optional) {
            let trap = format!("x\", expected {MARK}`{MARK}` at line {MARK}");
            let odd = [json!({MARK: MARK}), json!([[MARK]]), json!([MARK]), json!(trap)];
            turn += 1;
            for odd in thorough::in_turn(odd, turn) {
                let body = at(&body, &format!("{pointer}/{field}"), Some(odd));
                let shown = (SUBJECT.shown)(body.as_bytes());
                assert!(!shown.contains(MARK), "{name}{pointer}/{field}: {shown}");
            }
        }
    }
}

/// What opens something is hidden in the event itself, which shows all other
/// text.
#[test]
fn codes_keys_dumps_and_media_are_hidden() {
    let delivery = Delivery::<EazeWa>::parse_trusted(text("message")).unwrap();
    let shown = format!("{:?} {:#?}", delivery.envelope(), delivery.event());
    assert!(shown.contains("Olá! Ainda há mesas"), "{shown}");
    for hidden in [
        "AAECAwQF",
        "Q2w3E4r5T6y7U8i9",
        "AR6x0rDerT0kEnExampLe",
        "/9j/4AAQ",
        "Bia Exemplo\"",
        "Até amanhã",
        "[200, 201",
        "200,201",
    ] {
        assert!(text("message").contains(hidden) || hidden.starts_with('['), "{hidden}");
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    let qr = Delivery::<EazeWa>::parse_trusted(text("qr")).unwrap();
    let shown = format!("{:?} {:?} {qr:?} {:?}", qr.envelope(), qr.event(), qr.key());
    for hidden in ["Zm9v", "iVBOR", "base64,"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
    let code = Delivery::<EazeWa>::parse_trusted(text("code.unknown")).unwrap();
    assert!(!format!("{:?}", code.event()).contains("ABCD1234"));
}

#[test]
fn no_policy_and_no_request_shows_a_token() {
    let policy = EazeWa::per_instance(TokenPlace::path(), tokens(&[("33", &[TOKEN])]));
    let receiver = Receiver::new(policy.clone());
    let request = testing::eazewa(TOKEN, text("message.plain"));
    let request = Request::from(&request);
    let delivery = receiver.receive(&request).unwrap();
    for shown in [
        format!("{policy:?} {policy:#?} {receiver:?}"),
        format!("{request:?} {request:#?}"),
        format!("{delivery:?} {:?} {:?}", delivery.proof(), delivery.to_stored()),
    ] {
        assert!(!shown.contains("9f2c51b7"), "{shown}");
    }
}

/// Where a number is read: a fixture, and a place in it.
const NUMBERS: [(&str, &str); 8] = [
    ("message.plain", "/data/message/timestamp"),
    ("message_edit", "/data/message/latestEditSenderTimestampMs"),
    ("message_reaction", "/data/reaction/timestamp"),
    ("message_ack", "/data/acknowledged"),
    ("vote_update", "/data/vote/interractedAtTs"),
    ("loading_screen", "/data/percent"),
    ("message", "/data/message/location/latitude"),
    ("message", "/data/media/filesize"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn p6_no_number_in_a_time_or_an_ack_panics(
        number in any::<i64>(),
        float in any::<f64>(),
        digits in "-?[0-9.eE+]{0,40}",
        place in 0..NUMBERS.len(),
    ) {
        let (fixture, pointer) = NUMBERS[place];
        let body = text(fixture);
        for odd in [json!(number), json!(float), json!(digits)] {
            let report = receive(&at(&body, pointer, Some(odd)));
            prop_assert_eq!(report.recognition, "known");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever stands in the place of a life-cycle event's payload.
    #[test]
    fn p8_any_payload_gives_an_event(text in ".{0,20}", number in any::<i32>()) {
        for name in zaphook::eazewa::Event::NAMES {
            for payload in [json!(text), json!(number), json!([number]), json!({ &text: number })] {
                let body = json!({"event": name, "instanceId": "33", "data": payload});
                let report = receive(&body.to_string());
                prop_assert!(["known", "malformed"].contains(&report.recognition));
                let payload: Value = serde_json::from_str(&report.payload.unwrap()).unwrap();
                prop_assert_eq!(&payload, &body["data"]);
            }
        }
    }
}
