//! The threats to parsing, by their numbers in the threat model: ordinary-test
//! parts, for every gateway.

use proptest::prelude::*;
use serde_json::{Value, json};
use zaphook::Gateway;

use crate::enviaai;
use crate::fixtures::{self, with};
use crate::gateways::{ALL, Report, Subject};
use crate::thorough;

#[track_caller]
fn receive(gateway: &Subject, body: &str) -> Report {
    (gateway.receive)(body.as_bytes()).unwrap_or_else(|error| panic!("{}: {error}", gateway.name))
}

fn message(gateway: &Subject) -> String {
    fixtures::text(gateway.message)
}

/// The body with a member put in at its start, as text.
fn with_member(body: &str, member: &str) -> String {
    let rest = body.trim_start().strip_prefix('{').unwrap();
    format!("{{{member},{rest}")
}

fn in_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn p1_depth_does_not_overflow_the_stack() {
    in_a_small_stack(|| {
        for gateway in ALL {
            let [_, payload] = gateway.members;
            let body = message(gateway);
            // The way is the same for all of them; one takes it at full length.
            let most = thorough::or(20_000, 100_000);
            let deepest = if gateway.name == "enviaai" { most } else { 5_000 };
            for depth in [126, 127, 128, deepest] {
                for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
                    let inner = if open == "[" { "" } else { "1" };
                    let deep = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));

                    let beside = receive(gateway, &with_member(&body, &format!(r#""x":{deep}"#)));
                    assert_eq!((beside.recognition, beside.set_aside.len()), ("known", 0));

                    let marked = with(&body, gateway.text, Some(json!("DEEP")));
                    let inside = receive(gateway, &marked.replace(r#""DEEP""#, &deep));
                    assert_eq!(inside.recognition, "known");
                    assert_eq!(inside.set_aside, [gateway.text.join(".")]);

                    let marked = with(&body, &[payload], Some(json!("DEEP")));
                    let whole = receive(gateway, &marked.replace(r#""DEEP""#, &deep));
                    assert_eq!(whole.recognition, "malformed");

                    let unended = &marked.replace(r#""DEEP""#, &open.repeat(depth));
                    let error = (gateway.receive)(unended.as_bytes()).unwrap_err();
                    assert_eq!(error.reason(), "not_json");
                }
            }
        }
    });
}

#[test]
fn p2_a_repeated_member_that_decides_is_refused_whatever_its_order() {
    for gateway in ALL {
        let body = message(gateway);
        for member in gateway.members {
            let other = match fixtures::json(&body)[member].clone() {
                Value::String(_) => json!("other"),
                _ => json!({}),
            };
            for other in [other, fixtures::json(&body)[member].clone()] {
                let first = with_member(&body, &format!(r#""{member}":{other}"#));
                let last = format!(
                    r#"{},"{member}":{other}}}"#,
                    body.trim_end().strip_suffix('}').unwrap()
                );
                for body in [first, last] {
                    let error = (gateway.receive)(body.as_bytes()).unwrap_err();
                    assert_eq!(error.reason(), "repeated_key", "{body}");
                }
            }
        }
        // What nobody reads may be there as often as it likes.
        let body = with_member(&with_member(&body, r#""x":1"#), r#""x":2"#);
        assert_eq!(receive(gateway, &body).recognition, "known");
    }
}

#[test]
fn p2_the_members_of_enviaai_that_decide() {
    let gateway = &enviaai::SUBJECT;
    let body = fixtures::text("enviaai/message.received.json");
    for member in ["event", "data", "timestamp", "eventId"] {
        let again = format!(r#""{member}":{}"#, fixtures::json(&body)[member]);
        let error = (gateway.receive)(with_member(&body, &again).as_bytes()).unwrap_err();
        assert_eq!(error.reason(), "repeated_key", "{member}");
    }
    // Inside the payload the event stays an event: what decides its identity
    // makes it malformed, anything else is set aside.
    for (field, malformed) in
        [("messageId", true), ("instanceId", true), ("from", true), ("type", false)]
    {
        let twice = body.replace(r#""data":{"#, &format!(r#""data":{{"{field}":"x","#));
        let report = receive(gateway, &twice);
        if malformed {
            assert_eq!(report.malformed, Some(format!("data.{field}")));
        } else {
            assert_eq!(report.set_aside, ["data.type", "data.type"]);
        }
    }
}

#[test]
fn p3_unpaired_surrogates_do_not_take_the_event() {
    for gateway in ALL {
        let body = message(gateway);
        let text = |escapes: &str| {
            let marked = with(&body, gateway.text, Some(json!("MARK")));
            receive(gateway, &marked.replace("MARK", escapes))
        };
        for (escapes, read) in [
            (r"\ud83d", "\u{fffd}"),
            (r"a\udc00b", "a\u{fffd}b"),
            (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
            (r"\\\ud83d", "\\\u{fffd}"),
        ] {
            let report = text(escapes);
            assert_eq!((report.recognition, report.repaired), ("known", true), "{escapes}");
            let written = fixtures::json(&report.written);
            let found = gateway.text.iter().fold(&written, |value, name| &value[*name]);
            assert_eq!(found, read, "{escapes}");
            // What came stays as it came.
            assert!(report.payload.unwrap().contains(escapes));
        }
        for (escapes, read) in [(r"\\ud83d", r"\ud83d"), (r"\ud83d\ude00", "\u{1f600}")] {
            let report = text(escapes);
            assert_eq!((report.recognition, report.repaired), ("known", false), "{escapes}");
            let written = fixtures::json(&report.written);
            let found = gateway.text.iter().fold(&written, |value, name| &value[*name]);
            assert_eq!(found, read, "{escapes}");
        }
        // In a name, in the payload or beside it, and in what nobody reads.
        for (member, repaired) in [(r#""\ud83d":1"#, true), (r#""x":"\ud83d""#, false)] {
            let report = receive(gateway, &with_member(&body, member));
            assert_eq!((report.recognition, report.repaired), ("known", repaired), "{member}");
            assert_eq!(report.payload.unwrap(), fixtures::raw(&body, gateway.members[1]));
        }
    }
    // In an id.
    let body =
        message(&enviaai::SUBJECT).replace("msg_8f2c44", "msg").replace("msg_8f2c41", r"msg\ud83d");
    let report = receive(&enviaai::SUBJECT, &body);
    // Two ids that are cut at the same place are not taken for one: the body
    // tells them apart.
    assert!(report.key.unwrap().starts_with("enviaai/message.received/body/"));
    assert_eq!(report.message_key, None);
    // A name that is cut on the way to the account does not hide it.
    let body = fixtures::text("enviaai/message.received.plain.json");
    let body = body.replace(r#""data":{"#, r#""\ud83d":1,"data":{"\ud83d":1,"#);
    assert_eq!(receive(&enviaai::SUBJECT, &body).account.as_deref(), Some("inst_4b7d"));
    let request = zaphook::Request::new(&[("", ""); 0], body.as_str());
    let account = zaphook::EnviaAi::peek(&request).account;
    assert_eq!(account.as_deref(), Some("inst_4b7d"));
}

#[test]
fn p4_invalid_utf_8_is_a_typed_error_always_the_same() {
    for gateway in ALL {
        let body = message(gateway);
        let places = [
            with(&body, gateway.text, Some(json!("MARK"))),
            with_member(&body, r#""x":"MARK""#),
            with_member(&body, r#""MARK":1"#),
        ];
        for place in places {
            for bytes in [&b"\xFF"[..], b"\xC3", b"\xED\xA0\x80", b"\xC0\xAF", b"\xF4\x90\x80\x80"]
            {
                let at = place.find("MARK").unwrap();
                let body = [&place.as_bytes()[..at], bytes, &place.as_bytes()[at + 4..]].concat();
                let first = (gateway.receive)(&body).unwrap_err();
                assert_eq!(first.reason(), "not_json");
                assert_eq!((gateway.receive)(&body), Err(first));
            }
        }
    }
}

/// Also what `serde_json`'s `arbitrary_precision` and `preserve_order` must
/// not change (P7): the gate runs all tests with both.
#[test]
fn p5_p7_numbers_of_any_form_are_read_or_set_aside() {
    let body = fixtures::text("enviaai/message.failed.json");
    let number = |raw: &str| {
        let marked = with(&body, &["data", "error", "retryAfter"], Some(json!("MARK")));
        receive(&enviaai::SUBJECT, &marked.replace(r#""MARK""#, raw))
    };
    for (raw, read) in [
        ("60", "60"),
        ("60.0", "60"),
        ("6e1", "60"),
        ("-0", "0"),
        (r#""60""#, "60"),
        ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
    ] {
        let report = number(raw);
        assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{raw}");
        assert!(report.written.contains(&format!(r#""retryAfter":{read}}}"#)), "{raw}");
    }
    for raw in
        ["60.5", "1e999", "-1e999", "9223372036854775808", "1e30", r#""""#, r#""1e3""#, "true"]
    {
        let report = number(raw);
        assert_eq!(
            (report.recognition, &report.set_aside[..]),
            ("known", &["data.error.retryAfter".to_owned()][..]),
            "{raw}"
        );
    }
    // What nobody reads may be any number.
    for gateway in ALL {
        for raw in ["1e999", "-1e-999", "123456789012345678901234567890", "0.1e1"] {
            let report =
                receive(gateway, &with_member(&message(gateway), &format!(r#""x":{raw}"#)));
            assert_eq!((report.recognition, report.set_aside.len()), ("known", 0), "{raw}");
        }
    }
}

proptest! {
    #[test]
    fn p6_no_number_in_a_time_panics(number in any::<i64>(), float in any::<f64>(), text in "[0-9TZ:.+-]{0,40}") {
        let body = fixtures::text("enviaai/message.received.plain.json");
        for odd in [json!(number), json!(float), json!(text)] {
            let report = receive(&enviaai::SUBJECT, &with(&body, &["data", "timestamp"], Some(odd)));
            prop_assert_eq!(report.recognition, "known");
        }
    }

    #[test]
    fn p8_an_unknown_event_is_an_event(name in ".*", payload in 0..8usize) {
        for gateway in ALL {
            prop_assume!(!gateway.names.contains(&name.as_str()));
            let payloads = [
                "null", "true", "-1.5e3", r#""text""#, "[]", r#"[1,{"a":null}]"#, "{}", r#"{"a":{"b":[]}}"#,
            ];
            let [event, data] = gateway.members;
            let body = format!(r#"{{"{event}":{},"{data}":{}}}"#, json!(name), payloads[payload]);
            let report = receive(gateway, &body);
            prop_assert_eq!((report.recognition, &report.event), ("unknown", &name));
            prop_assert_eq!(report.payload.as_deref(), Some(payloads[payload]));
            prop_assert_eq!(report.written, body);
        }
    }
}

#[test]
fn p6_extreme_times() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    for odd in [
        json!(i64::MAX),
        json!(i64::MIN),
        json!("+262143-12-31T23:59:59Z"),
        json!("-262144-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59.999999999-23:59"),
        json!("9999-12-31T23:59:59.999999999Z"),
        json!("0000-01-01T00:00:00+23:59"),
    ] {
        let report = receive(&enviaai::SUBJECT, &with(&body, &["timestamp"], Some(odd.clone())));
        assert_eq!(report.recognition, "known", "{odd}");
    }
}

#[test]
fn p9_every_fixture_is_one_event_from_either_end() {
    for gateway in ALL {
        let all = fixtures::all(gateway.name).into_iter();
        for (name, body) in all.step_by(thorough::or(3, 1)) {
            let whole = receive(gateway, &body);
            let json = fixtures::json(&body);
            let members: Vec<String> = json
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| format!(r#""{name}":{value}"#))
                .collect();
            for turn in [0, members.len() / 2] {
                for backwards in [false, true] {
                    let mut turned = members.clone();
                    turned.rotate_left(turn);
                    if backwards {
                        turned.reverse();
                    }
                    let report = receive(gateway, &format!("{{{}}}", turned.join(",")));
                    let [again, first] = [&report, &whole].map(|r| fixtures::json(&r.written));
                    assert_eq!((again, report.recognition), (first, whole.recognition), "{name}");
                }
            }
        }
    }
}

#[test]
fn p9_all_orders_of_the_envelope_are_one_event() {
    let body = fixtures::text("enviaai/message.received.json");
    let mut members: Vec<String> = fixtures::json(&body)
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| format!(r#""{name}":{value}"#))
        .collect();
    members.push(r#""x":{"event":"message.read","data":{}}"#.into());
    members.push(r#""y":[1,"data"]"#.into());
    assert_eq!(members.len(), 6);

    let whole = receive(&enviaai::SUBJECT, &body);
    let mut orders = 0;
    permute(&mut members, 0, &mut |members| {
        let report = receive(&enviaai::SUBJECT, &format!("{{{}}}", members.join(",")));
        assert_eq!((&report.written, &report.key), (&whole.written, &whole.key));
        orders += 1;
    });
    assert_eq!(orders, 720);
}

fn permute(members: &mut Vec<String>, from: usize, each: &mut impl FnMut(&[String])) {
    if from == members.len() {
        return each(members);
    }
    for other in from..members.len() {
        members.swap(from, other);
        permute(members, from + 1, each);
        members.swap(from, other);
    }
}

/// Every text once with its first letter as an escape, names included.
#[test]
fn p10_escapes_change_nothing() {
    for gateway in ALL {
        for (name, body) in fixtures::all(gateway.name) {
            let plain = receive(gateway, &body);
            let escaped = escape_first_letters(&body);
            assert_ne!(escaped, body);
            let report = receive(gateway, &escaped);
            assert_eq!(
                (report.recognition, report.set_aside.len()),
                (plain.recognition, 0),
                "{name}"
            );
            assert_eq!(report.event, plain.event, "{name}");
            let [written, expected] =
                [&report.written, &plain.written].map(|text| fixtures::json(text));
            assert_eq!(written, expected, "{name}");
            if !plain.key.as_ref().is_some_and(|key| key.contains("/body/")) {
                assert_eq!(report.key, plain.key, "{name}");
            }
        }
    }
}

fn escape_first_letters(body: &str) -> String {
    let mut escaped = String::new();
    let mut in_text = false;
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        escaped.push(character);
        match character {
            '\\' => escaped.extend(characters.next()),
            '"' => {
                in_text = !in_text;
                if in_text && characters.peek().is_some_and(char::is_ascii_alphanumeric) {
                    let letter = characters.next().unwrap();
                    escaped.push_str(&format!("\\u{:04x}", u32::from(letter)));
                }
            }
            _ => {}
        }
    }
    escaped
}

#[test]
fn p11_a_body_of_a_million_members_stays_small() {
    for gateway in ALL {
        let [_, payload] = gateway.members;
        // The way is the same for all of them; one takes it at full length.
        let longest = thorough::or(30_000, 1_000_000);
        let members = if gateway.name == "enviaai" { longest } else { 30_000 };
        let mut many = String::new();
        for index in 0..members {
            many.push_str(&format!(r#","k{index:07}":12345678"#));
        }
        let body = message(gateway);
        let beside = format!("{}{many}}}", body.trim_end().strip_suffix('}').unwrap());
        let inside = body.replacen(
            &format!(r#""{payload}":{{"#),
            &format!(r#""{payload}":{{{},"#, &many[1..]),
            1,
        );
        // Before the slow way all over it ends, the fast one has been tried.
        for (body, odd) in [(&beside, true), (&inside, false), (&inside, true)] {
            assert!(body.len() >= members * 16);
            // An odd value takes the slow way over all of it.
            let body = if odd { with_odd_text(gateway, body) } else { body.clone() };
            let mut recognition = None;
            let measured = allocation_counter::measure(|| {
                recognition = Some((gateway.parse)(body.as_bytes()));
            });
            assert_eq!(recognition, Some("known"));
            let most = u64::try_from(body.len()).unwrap() * 5;
            assert!(measured.bytes_max < most, "{} of {most}", measured.bytes_max);
        }
    }
}

/// Places for many values that take much more memory than text: elements of a list, or
/// members of an object.
const TINY: &[(&str, &[&str], &str, bool)] = &[
    ("evolution/chats.set.json", &["data"], "{}", true),
    ("evolution/contacts.set.json", &["data"], r#"{"id":""}"#, true),
    ("evolution/error.json", &["data", "message"], r#""""#, true),
    ("evolution/error.json", &["data", "message"], r#"[""]"#, true),
    ("evolution/group-participants.update.json", &["data", "participantsData"], "{}", true),
    ("evolution/messages.upsert.json", &["data", "message"], "0", false),
    ("evolution/presence.update.json", &["data", "presences"], "{}", false),
    ("eazewa/message.json", &["data", "message", "groupMentions"], "{}", true),
    ("eazewa/message.json", &["data", "message", "vCards"], "0", true),
    ("wawp/message.json", &["metadata"], r#""""#, false),
];

#[test]
fn p11_no_long_body_takes_more_than_ten_times_its_length() {
    const LENGTH: usize = 4_000_000;
    for (fixture, path, value, is_list) in TINY.iter().step_by(thorough::or(5, 1)) {
        let gateway = ALL.iter().find(|gateway| fixture.starts_with(gateway.name)).unwrap();
        let marked = with(&fixtures::text(fixture), path, Some(json!("FILLED")));
        let filled = if *is_list {
            format!("[{}]", vec![*value; LENGTH / (value.len() + 1)].join(","))
        } else {
            let members = (0..LENGTH / (value.len() + 10)).map(|k| format!(r#""{k:06}":{value}"#));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        };
        let body = marked.replacen(r#""FILLED""#, &filled, 1);
        let measured = allocation_counter::measure(|| {
            assert_ne!((gateway.parse)(body.as_bytes()), "unknown");
        });
        let times = measured.bytes_max / u64::try_from(body.len()).unwrap();
        assert!(times < 10, "{fixture} {path:?} {value}: {times} ×");
    }
}

/// The body with the text of its message made a list, as text.
fn with_odd_text(gateway: &Subject, body: &str) -> String {
    let text = gateway.text.last().unwrap();
    let (before, after) = body.split_once(&format!(r#""{text}":""#)).unwrap();
    let (_, after) = after.split_once('"').unwrap();
    format!(r#"{before}"{text}":[]{after}"#)
}

#[test]
fn p12_nothing_stands_around_the_json() {
    for gateway in ALL {
        let body = message(gateway);
        let body = body.trim();
        for bad in [
            format!("\u{feff}{body}"),
            format!("{body} x"),
            format!("{body}{body}"),
            format!("{body}\n{body}"),
            format!("{body},"),
            format!("{body}\0"),
            body[..body.len() - 1].to_owned(),
            format!("/**/{body}"),
            String::new(),
        ] {
            let error = (gateway.receive)(bad.as_bytes()).unwrap_err();
            assert_eq!((error.reason(), error.status().as_u16()), ("not_json", 200), "{bad}");
        }
        for good in [format!(" \r\n\t{body}\n "), body.replacen(':', " :\n", 1)] {
            assert!((gateway.receive)(good.as_bytes()).is_ok());
        }
    }
}
