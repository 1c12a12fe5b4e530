//! Sizes, stacks, allocations, and what can be sent between threads.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::panic::UnwindSafe;

use serde::Serialize;
use serde_json::Value;
use zaphook::auth::{self, AccountTokens, Jwt, Mechanism, Networks, Proof, Refusal, TokenPlace};
use zaphook::event::Unreadable;
use zaphook::wire::Fault;
use zaphook::{
    Answer, Delivery, EazeWa, EnviaAi, Error, Evolution, Head, Jid, Key, RawJson, Receiver,
    Request, Secret, SecretError, SetAside, Stored, StoredError, Token, Tokens, UnknownEventName,
    Wawp, eazewa, enviaai, evolution, testing, wawp,
};

use crate::enviaai::receiver;
use crate::fixtures;
use crate::gateways::{self, ALL, secret};

#[test]
fn events_are_small() {
    for gateway in ALL {
        assert!(gateway.event_size <= 128, "{}: {}", gateway.name, gateway.event_size);
    }
}

#[test]
fn errors_are_small_and_errors() {
    fn check<E: StdError + Send + Sync + 'static>() {
        assert!(size_of::<E>() <= 64, "{}: {}", std::any::type_name::<E>(), size_of::<E>());
    }

    check::<Error>();
    check::<Refusal>();
    assert!(size_of::<Refusal>() <= 24 && size_of::<Mechanism>() <= 1);
    check::<Unreadable>();
    check::<SecretError>();
    check::<StoredError>();
    check::<UnknownEventName>();
    check::<auth::NetworkError>();
    check::<Fault>();
    check::<zaphook::zavu::ToolCallError>();
}

#[test]
fn everything_can_be_sent_and_shared() {
    fn shared<T: Debug + Send + Sync + UnwindSafe + 'static>() {}
    fn sendable<T: Debug + Send + Sync + 'static>() {}
    fn value<T: Clone + Debug + PartialEq + Serialize + Send + Sync + 'static>() {}

    // These hold closures and errors of the user's.
    sendable::<Receiver<EnviaAi>>();
    sendable::<zaphook::Consumer<Receiver<EnviaAi>, zaphook::MemoryStore>>();
    sendable::<zaphook::Tenants<EnviaAi>>();
    sendable::<zaphook::AnyReceiver>();
    sendable::<zaphook::AnyTenants>();
    sendable::<Answer>();
    sendable::<zaphook::Failure>();
    sendable::<zaphook::DeadLetter>();

    shared::<EazeWa>();
    shared::<Delivery<EazeWa>>();
    shared::<EnviaAi>();
    shared::<Delivery<EnviaAi>>();
    shared::<Secret>();
    shared::<Networks>();
    shared::<Token>();
    shared::<Tokens>();
    shared::<AccountTokens>();
    shared::<TokenPlace>();
    shared::<Jwt>();
    shared::<Proof>();
    shared::<SetAside>();
    value::<Stored>();
    value::<Key>();
    value::<Jid>();
    value::<RawJson>();
    value::<eazewa::Event>();
    value::<eazewa::Envelope>();
    value::<eazewa::Message>();
    value::<eazewa::PollVote>();
    value::<eazewa::Media>();
    value::<eazewa::ChangeState>();
    value::<enviaai::Event>();
    value::<enviaai::Envelope>();
    value::<enviaai::MessageReceived>();
    value::<enviaai::InstanceQrUpdated>();
    value::<enviaai::Webhook>();
    shared::<Evolution>();
    shared::<Delivery<Evolution>>();
    value::<evolution::Event>();
    value::<evolution::Envelope>();
    value::<evolution::Message>();
    value::<evolution::GroupParticipantsUpdate>();
    value::<evolution::TypebotSession>();
    shared::<evolution::EventName>();
    shared::<evolution::Deletion<'static>>();
    shared::<Wawp>();
    shared::<Delivery<Wawp>>();
    value::<wawp::Event>();
    value::<wawp::Envelope>();
    value::<wawp::Message>();
    value::<wawp::EngineTime>();
    value::<wawp::StateChange>();

    shared::<zaphook::Zavu>();
    shared::<zaphook::zavu::ToolCalls>();
    value::<zaphook::zavu::Event>();
    value::<zaphook::zavu::Envelope>();
    value::<zaphook::zavu::MessageInbound>();
    value::<zaphook::zavu::ToolCall>();
    value::<zaphook::zavu::WebhookV2>();
}

#[test]
fn every_fixture_is_received_in_a_small_stack() {
    let run = || {
        for gateway in ALL {
            for (name, body) in fixtures::all(gateway.name) {
                (gateway.receive)(body.as_bytes())
                    .unwrap_or_else(|error| panic!("{name}: {error}"));
                let odd = body.replace("\"inst_4b7d\"", "{\"odd\":[1,2,3]}");
                let _ = (gateway.receive)(odd.as_bytes());
            }
        }
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn verifying_allocates_nothing() {
    let body = fixtures::text(crate::enviaai::SUBJECT.message);
    let rotated = Receiver::new(EnviaAi::signed([Secret::new("whs_new").unwrap(), secret()]));
    let request = testing::enviaai(&secret(), body);
    let request = Request::from(&request);
    let bad = testing::enviaai(&Secret::new("whs_other").unwrap(), "{}");
    let bad = Request::from(&bad);
    let token = || Token::new("0123456789abcdef").unwrap();
    let tokens = Receiver::new(
        EnviaAi::by(zaphook::auth::Path::new([token(), token()]))
            .and(zaphook::auth::Query::new("t", token())),
    );
    let uri = Head::new(&[("", ""); 0]).uri("/hook/0123456789abcdef?t=0123456789abcdef");

    let pairs = [("X-EnviaAI-Signature", EnviaAi::sign(&secret(), b"{}"))];
    let pairs = Request::new(&pairs, "{}");

    let measured = allocation_counter::measure(|| {
        assert!(rotated.authenticate(&request).is_ok());
        assert!(rotated.authenticate(&pairs).is_ok());
        assert!(rotated.authenticate(&bad).is_err());
        assert!(rotated.screen(request.head()).is_ok());
        assert!(tokens.screen(&uri).is_ok());
    });
    assert_eq!(measured.count_total, 0);
    // The counter counts.
    assert_ne!(allocation_counter::measure(|| drop(request.body().to_vec())).count_total, 0);
}

/// One for each text that is kept, one for the boxed event; nothing for the
/// envelope, the name, the times or what is not read.
#[test]
fn receiving_allocates_what_is_kept() {
    let body = fixtures::text("enviaai/message.received.plain.json");
    let request = testing::enviaai(&secret(), body);
    let request = Request::from(&request);
    let receiver = receiver();
    let mut delivery = None;
    let measured = allocation_counter::measure(|| delivery = receiver.receive(&request).ok());
    assert!(delivery.is_some());
    // messageId, instanceId, chatId, from, content, contactName; the event, and
    // the envelope behind its pointer.
    assert_eq!(measured.count_total, 8);

    // A skipped event is one raw payload.
    let receiver = receiver.only([zaphook::enviaai::EventName::MessageRead]);
    let measured = allocation_counter::measure(|| delivery = receiver.receive(&request).ok());
    assert!(measured.count_total <= 3, "{}", measured.count_total);
}

/// In a short body each value of a repeated member is set aside alone. In a long one that is
/// nothing else the whole text is, once, and the other members are still read.
#[test]
fn a_member_that_is_repeated_all_over_takes_little_memory() {
    for (times, set_aside, at_most) in [(1_000, 1_000, 40), (200_000, 1, 10)] {
        let repeated = r#""timestamp":"x","#.repeat(times);
        let body = format!(r#"{{"id":"evt_1",{repeated}"type":"call.initiated","data":{{}}}}"#);
        let size = u64::try_from(body.len()).unwrap();
        let body = bytes::Bytes::from(body);
        let mut delivery = None;
        let measured = allocation_counter::measure(|| {
            delivery = zaphook::Delivery::<zaphook::Zavu>::parse_trusted(body.clone()).ok();
        });
        let delivery = delivery.unwrap();
        assert_eq!(delivery.envelope().id.as_ref().unwrap().as_str(), "evt_1");
        let of_head = delivery.set_aside().iter().filter(|value| {
            value.raw().as_str() == r#""x""# || value.raw().as_str().len() == body.len()
        });
        assert_eq!(of_head.count(), set_aside);
        assert!(measured.bytes_max < size * at_most, "{} of {size}", measured.bytes_max);
    }
}

/// Bodies of hardly anything but members of a few bytes: odd ones and ones that nothing is
/// known of, with the same name and each with its own.
#[test]
fn tiny_members_take_little_memory() {
    let own = |value: &str| -> String {
        (0..50_000).map(|name| format!(r#""{name:x}":{value},"#)).collect()
    };
    let metadata: String = (0..40).map(|name| format!(r#""{name}":0,"#)).collect();
    let odd = format!(r#""metadata":{{{metadata}"x":0}},"#);
    let all_over = ["me", "sender", "x"].map(|name| format!(r#""{name}":0,"#).repeat(50_000));
    let each_its_own = [own("0"), own(r#""\ud83d""#), odd + &own("0")];
    for members in all_over.into_iter().chain(each_its_own) {
        for gateway in ALL {
            let body = fixtures::text(gateway.message).replacen('{', &format!("{{{members}"), 1);
            let body = bytes::Bytes::from(body);
            let size = u64::try_from(body.len()).unwrap();
            let measured = allocation_counter::measure(|| {
                (gateway.parse)(&body);
            });
            let (start, most) = (&members[..12], measured.bytes_max);
            assert!(most < size * 10, "{} {start}: {most} of {size}", gateway.name);
        }
    }
}

/// The places of all lists in a value, or of all objects in it, as JSON Pointers.
fn places(value: &Value, path: &str, is_wanted: fn(&Value) -> bool, found: &mut Vec<String>) {
    found.extend(is_wanted(value).then(|| path.to_owned()));
    let members: Vec<(String, &Value)> = match value {
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(at, element)| (at.to_string(), element)).collect()
        }
        Value::Object(members) => {
            let name = |name: &str| name.replace('~', "~0").replace('/', "~1");
            members.iter().map(|(member, value)| (name(member), value)).collect()
        }
        _ => return,
    };
    let below = |(step, value): &(String, &Value)| {
        places(value, &format!("{path}/{step}"), is_wanted, found);
    };
    members.iter().for_each(below);
}

/// A fixture, and the gateway that it is of.
fn fixture_of(path: &str) -> (&'static gateways::Subject, Value) {
    let gateway = ALL.iter().find(|gateway| path.starts_with(gateway.name)).unwrap();
    (gateway, fixtures::json(&fixtures::text(path)))
}

/// The lists of all fixtures, each kind once.
fn each_list(test: impl FnMut(&gateways::Subject, &str, &Value, &str)) {
    each_place(|value| value.as_array().is_some_and(|elements| !elements.is_empty()), test);
}

fn each_place(
    is_wanted: fn(&Value) -> bool,
    mut test: impl FnMut(&gateways::Subject, &str, &Value, &str),
) {
    let mut seen = std::collections::BTreeSet::new();
    for gateway in ALL {
        for (name, body) in fixtures::all(gateway.name) {
            let whole: Value = fixtures::json(&body);
            let mut found = Vec::new();
            places(&whole, "", is_wanted, &mut found);
            for path in found {
                let of = path.replace(|char: char| char.is_ascii_digit(), "");
                if seen.insert((gateway.name, of)) {
                    test(gateway, &name, &whole, &path);
                }
            }
        }
    }
}

/// Lists of what has the shortest text, most of which is no element that is expected there.
#[test]
fn short_bodies_of_dense_lists_take_little_memory() {
    each_list(|gateway, name, whole, path| {
        let mut body = whole.clone();
        *body.pointer_mut(path).unwrap() = "@".into();
        let body = body.to_string();
        for element in [r#""""#, r#""a""#, "{}", r#"{"id":""}"#, "[]"] {
            for size in [4_000, 8_000, 20_000, 100_000] {
                let elements = vec![element; size / (element.len() + 1)].join(",");
                let body = body.replacen("\"@\"", &format!("[{elements}]"), 1);
                let body = bytes::Bytes::from(body);
                let size = u64::try_from(body.len()).unwrap();
                let measured = allocation_counter::measure(|| {
                    (gateway.parse)(&body);
                });
                let most = measured.bytes_max;
                assert!(most < size * 10, "{name} {path} {element}: {most} of {size}");
            }
        }
    });
}

/// Objects of members that are as short as members with a name of their own can be, where
/// objects are expected; alone, with something odd beside them, and with a text cut inside a
/// character, for which the body is there a second time, repaired.
#[test]
fn short_bodies_of_dense_objects_take_little_memory() {
    each_place(Value::is_object, |gateway, name, whole, path| {
        let Some((parent, _)) = path.rsplit_once('/') else { return };
        let mut dense = whole.clone();
        *dense.pointer_mut(path).unwrap() = "@".into();
        let mut beside = dense.clone();
        let siblings = beside.pointer_mut(parent).unwrap().as_object_mut();
        let siblings = siblings.filter(|_| !parent.is_empty());
        for (_, sibling) in
            siblings.into_iter().flatten().filter(|(_, sibling)| *sibling != "@").take(3)
        {
            *sibling = serde_json::json!([7]);
        }
        let beside = beside.to_string();
        let cut = beside.replace("[7]", r#""\ud83d""#);
        let alone = ["0", "[]", r#""""#, "{}"].map(|value| (dense.to_string(), value));
        let beside = [(beside.clone(), "0"), (beside, "[]"), (cut, "0")];
        for (body, value) in alone.into_iter().chain(beside) {
            for size in [4_000, 20_000, 100_000] {
                let members = (0..).map(|number| format!("\"{number}\":{value}"));
                let members: Vec<_> = members.take(size / (value.len() + 8)).collect();
                let members = format!("{{{}}}", members.join(","));
                let body = bytes::Bytes::from(body.replacen("\"@\"", &members, 1));
                let size = u64::try_from(body.len()).unwrap();
                let measured = allocation_counter::measure(|| {
                    (gateway.parse)(&body);
                });
                let most = measured.bytes_max;
                assert!(most < size * 10, "{name} {path} {value}: {most} of {size}");
            }
        }
    });
}

/// Every list of a fixture is read when it is made long of its shortest element: no list that
/// a gateway may send takes more memory than there is room for.
#[test]
fn long_lists_of_real_elements_are_read() {
    each_list(|gateway, name, whole, path| {
        let before = (gateway.receive)(whole.to_string().as_bytes()).unwrap();
        for size in [500, 1_000, 2_000, 4_000, 8_000, 20_000, 100_000, 400_000] {
            let mut long = whole.clone();
            let list = long.pointer_mut(path).unwrap().as_array_mut().unwrap();
            let length = |element: &Value| element.to_string().len();
            let shortest = list.iter().min_by_key(|element| length(element)).unwrap().clone();
            *list = vec![shortest.clone(); size / (length(&shortest) + 1)];
            let report = (gateway.receive)(long.to_string().as_bytes()).unwrap();
            let read = |report: &gateways::Report| (report.recognition, report.set_aside.clone());
            assert_eq!(read(&report), read(&before), "{name} {path} {size}");
        }
    });
}

/// Maps too, which take more for each entry than lists do.
#[test]
fn short_bodies_of_many_entries_are_read() {
    let maps = [
        (
            "evolution/presence.update.json",
            "/data/presences",
            r#"{"lastKnownPresence":"available"}"#,
        ),
        ("wawp/message.json", "/metadata", r#""a""#),
    ];
    for (path, place, value) in maps {
        let (gateway, whole) = fixture_of(path);
        for count in [1, 20, 60, 400, 4_000] {
            let mut body = whole.clone();
            let entries = (0..count).map(|number| {
                let address = format!("{}@s.whatsapp.net", 5_511_999_990_000_u64 + number);
                (address, fixtures::json(value))
            });
            *body.pointer_mut(place).unwrap() = entries.collect::<serde_json::Map<_, _>>().into();
            let report = (gateway.receive)(body.to_string().as_bytes()).unwrap();
            assert_eq!(report.set_aside, [] as [&str; 0], "{path}: {count}");
        }
    }
}

/// With something odd around it a payload is read alone, of which the text is shorter than that
/// of the body. Few messages are many times as large as their text.
#[test]
fn few_messages_are_read_beside_something_odd() {
    let (gateway, whole) = fixture_of("evolution/messages.upsert.list.json");
    for count in 1..20 {
        let mut body = whole.clone();
        body["data"] = vec![body["data"][0].clone(); count].into();
        body["sender"] = serde_json::json!([7]);
        let report = (gateway.receive)(body.to_string().as_bytes()).unwrap();
        assert_eq!((report.recognition, &*report.set_aside), ("known", &["sender".to_owned()][..]));
    }
}

/// Texts of an error are nearly all that there is room for, and others come behind them.
#[test]
fn many_texts_leave_room_for_others() {
    let (gateway, whole) = fixture_of("evolution/error.nested.json");
    for count in 1_000..1_400 {
        let mut body = whole.clone();
        body["data"]["message"] = vec!["aaaaa"; count].into();
        let report = (gateway.receive)(body.to_string().as_bytes()).unwrap();
        assert_eq!(report.set_aside, [] as [&str; 0], "{count}");
    }
}

/// Frameworks move a handler's future about; a large one costs more than the
/// work, and stack.
#[test]
fn the_future_of_a_delivery_is_small() {
    let receiver = crate::enviaai::receiver().with_store(zaphook::MemoryStore::new());
    let request = zaphook::Request::new(&[("", ""); 0], "{}");
    let size = size_of_val(&receiver.handle(&request, |_| async { Ok(()) }));
    assert!(size <= 2560, "{size}");
}
