//! The two ways of reading, over a schema made for it.

use std::cell::Cell;

use proptest::prelude::*;

use super::*;
use crate::wire::json::{Fault, Path};
use crate::wire::object::object;
use crate::wire::scalar::integer;
use crate::wire::{Misfit, RawJson};

object! {
    /// An order.
    pub struct Order {
        /// The order.
        pub id: String,
        /// A text.
        pub note: Option<String>,
        /// An integer.
        #[serde(with = "integer")]
        pub total: Option<i64>,
        /// An object.
        pub buyer: Option<Box<Person>>,
        /// A list.
        pub items: Option<Vec<Item>>,
        /// Anything.
        pub dump: Option<RawJson>,
    }

    /// A person.
    pub struct Person {
        /// Essential here.
        pub name: String,
        /// Another one.
        pub friend: Option<Friend>,
    }

    /// Another one.
    pub struct Friend {
        /// Essential here.
        pub name: String,
    }

    /// An item.
    pub struct Item {
        /// Essential here.
        pub sku: String,
        /// A text.
        pub label: Option<String>,
    }
}

events! {
    /// What happened in a shop.
    pub enum Event {
        /// Someone ordered.
        "order.placed" | "ORDER_PLACED" => OrderPlaced(Box<Order>),
        /// Several orders at once.
        "orders.imported" => OrdersImported(Vec<Order>),
    }
}

envelope! {
    /// The JSON around it.
    pub struct Envelope {
        /// The delivery.
        pub id: Option<String>,
        /// Its number.
        #[serde(with = "integer")]
        pub number: Option<i64>,
    }

    name: "event",
    payload: "data" => Event,
    unique: ["event", "data", "id"],
}

fn one_pass(text: &str) -> Option<Envelope> {
    super::one_pass::read(text, NO_HINT, &Wanted::ALL).ok().map(super::Held::take)
}

fn two_step(text: &str) -> Result<Envelope, Unreadable> {
    super::two_step::read(text, None, &Wanted::ALL, None)
}

/// Reads by both ways and holds them together.
#[track_caller]
fn read(text: &str) -> Envelope {
    let meaning = two_step(text).unwrap();
    if let Some(quick) = one_pass(text) {
        assert_eq!(quick, meaning);
    }
    assert_eq!(Envelope::parse_trusted(text.as_bytes()).unwrap(), meaning);
    meaning
}

#[track_caller]
fn order(envelope: &Envelope) -> &Order {
    match &envelope.event {
        Event::OrderPlaced(order) => order,
        other => panic!("{other:?}"),
    }
}

fn placed(data: &str) -> String {
    format!(r#"{{"event":"order.placed","data":{data}}}"#)
}

fn aside(envelope: &Envelope) -> Vec<(String, String)> {
    let values = envelope.set_aside().iter();
    values.map(|value| (value.path().to_string(), value.raw().as_str().to_owned())).collect()
}

#[test]
fn the_usual_case_takes_one_pass() {
    let text = r#"{"event":"order.placed","id":"d1","data":{"id":"o1","total":"12"},"x":[{}]}"#;
    assert!(one_pass(text).is_some());
    let envelope = read(text);
    assert_eq!((envelope.name(), envelope.id.as_deref()), ("order.placed", Some("d1")));
    assert_eq!((order(&envelope).id.as_str(), order(&envelope).total), ("o1", Some(12)));
    assert!(envelope.set_aside().is_empty() && !envelope.is_repaired());
}

#[test]
fn the_order_of_members_does_not_matter() {
    let members = [
        r#""event":"order.placed""#,
        r#""data":{"id":"o1"}"#,
        r#""id":"d1""#,
        r#""x":[1,{"event":2}]"#,
    ];
    let expected = read(&format!("{{{}}}", members.join(",")));
    let mut seen = 0;
    for a in 0..4 {
        for b in (0..4).filter(|b| *b != a) {
            for c in (0..4).filter(|c| ![a, b].contains(c)) {
                let d = 6 - a - b - c;
                let text = [a, b, c, d].map(|index| members[index]).join(",");
                let text = format!("{{{text}}}");
                assert_eq!(read(&text), expected, "{text}");
                assert!(one_pass(&text).is_some(), "{text}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 24);
}

#[test]
fn another_spelling_of_a_name_is_kept_beside_it() {
    let text = r#"{"event":"ORDER_PLACED","data":{"id":"o1"}}"#;
    let envelope = read(text);
    assert_eq!((envelope.name(), envelope.event.name()), ("ORDER_PLACED", "order.placed"));
    assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
    assert_eq!(Event::NAMES, ["order.placed", "orders.imported"]);
}

#[test]
fn an_unknown_name_keeps_any_payload() {
    for payload in ["{}", r#"{"a":"\ud83d"}"#, "[1, 2]", "null", r#""x""#, "1e999", "-0.0", "true"]
    {
        let text = format!(r#"{{"event":"order.lost","data":{payload}}}"#);
        let envelope = read(&text);
        let Event::Unknown(event) = &envelope.event else { panic!("{envelope:?}") };
        assert_eq!((event.name(), event.payload().unwrap().as_str()), ("order.lost", payload));
        assert_eq!(envelope.event.recognition(), Recognition::Unknown);
        assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
    }
    let envelope = read(r#"{"event":""}"#);
    let Event::Unknown(event) = &envelope.event else { panic!("{envelope:?}") };
    assert_eq!((event.name(), event.payload()), ("", None));
    assert_eq!(serde_json::to_string(&envelope).unwrap(), r#"{"event":""}"#);
}

#[test]
fn odd_peripheral_values_are_set_aside() {
    let envelope = read(
        r#"{"number":[7],"event":"order.placed","data":{"note":{"a": 1},"id":"o1","total":"much",
            "buyer":{"friend":{"name":5}, "name":"Ana"},"items":[{"sku":"s0"},{"sku":"s1","label":1},
            {"sku":2},{"label":"x"},{"sku":"s4","label":"y"}]}}"#,
    );
    assert_eq!(
        aside(&envelope),
        [
            ("number", "[7]"),
            ("data.note", r#"{"a": 1}"#),
            ("data.total", r#""much""#),
            ("data.buyer.friend", r#"{"name":5}"#),
            ("data.items[1].label", "1"),
            ("data.items[2]", r#"{"sku":2}"#),
            ("data.items[3]", r#"{"label":"x"}"#),
        ]
        .map(|(path, raw)| (path.to_owned(), raw.to_owned()))
    );
    let order = order(&envelope);
    assert_eq!((order.id.as_str(), &order.note, order.total), ("o1", &None, None));
    assert_eq!(order.buyer.as_ref().unwrap().name, "Ana");
    let skus: Vec<&str> = order.items.iter().flatten().map(|item| item.sku.as_str()).collect();
    assert_eq!(skus, ["s0", "s1", "s4"]);
}

#[test]
fn elements_of_a_payload_that_is_a_list_are_set_aside_alone() {
    let envelope =
        read(r#"{"event":"orders.imported","data":[{"id":1},{"id":"b"},7,{"id":"d","note":[]}]}"#);
    let Event::OrdersImported(orders) = &envelope.event else { panic!("{envelope:?}") };
    assert_eq!(orders.iter().map(|order| order.id.as_str()).collect::<Vec<_>>(), ["b", "d"]);
    let paths: Vec<String> = aside(&envelope).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["data[0]", "data[2]", "data[3].note"]);
}

#[test]
fn what_is_essential_makes_the_event_malformed() {
    for (data, path, misfit) in [
        (r#"{"note":"x"}"#, "data.id", "missing"),
        (r#"{"id":null}"#, "data.id", "expected a string, found null"),
        (r#"{"note":[],"id":{"a":"MARK"}}"#, "data.id", "expected a string, found an object"),
        (r#"{"id":"a","id":"b"}"#, "data.id", "appears more than once"),
        (r#""MARK""#, "data", "expected an object, found a string"),
        ("null", "data", "expected an object, found null"),
    ] {
        let text = placed(data);
        let envelope = read(&text);
        let Event::Malformed(event) = &envelope.event else { panic!("{envelope:?}") };
        assert_eq!(event.path().to_string(), path, "{data}");
        assert_eq!(event.fault().misfit().to_string(), misfit, "{data}");
        assert_eq!(event.payload().unwrap().as_str(), data);
        assert!(!format!("{envelope:?} {}", event.fault()).contains("MARK"));
        assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
    }
    let envelope = read(r#"{"event":"order.placed"}"#);
    let Event::Malformed(event) = &envelope.event else { panic!("{envelope:?}") };
    assert_eq!((event.path().to_string().as_str(), event.payload()), ("data", None));
    assert_eq!(*event.fault().misfit(), Misfit::Missing);
}

#[test]
fn a_repeated_peripheral_member_is_set_aside_with_all_its_values() {
    let envelope = read(&placed(r#"{"note":"a","id":"o1","note":"b"}"#));
    assert_eq!(order(&envelope).note, None);
    assert_eq!(
        aside(&envelope),
        [("data.note", r#""a""#), ("data.note", r#""b""#)]
            .map(|(path, raw)| (path.to_owned(), raw.to_owned()))
    );
}

#[test]
fn a_repeated_member_that_decides_is_unreadable() {
    for (text, key) in [
        (r#"{"event":"order.placed","event":"orders.imported","data":{"id":"o"}}"#, "event"),
        (r#"{"event":"order.placed","data":{"id":"o"},"data":{"id":"p"}}"#, "data"),
        (r#"{"event":"order.placed","data":{"id":"o"},"id":"a","id":"a"}"#, "id"),
        (r#"{"\u0065vent":"order.placed","data":{"id":"o"},"event":"order.placed"}"#, "event"),
        (r#"{"data":{"id":"o"},"event":"x","data":null}"#, "data"),
    ] {
        assert!(one_pass(text).is_none(), "{text}");
        let error = two_step(text).unwrap_err();
        assert_eq!(error.reason(), UnreadableReason::RepeatedKey, "{text}");
        assert_eq!(error.to_string(), format!("repeated_key: `{key}` appears more than once"));
    }
    // Others may: the two numbers are both kept.
    let envelope = read(r#"{"event":"order.placed","data":{"id":"o"},"number":1,"number":2}"#);
    assert_eq!((envelope.number, envelope.set_aside().len()), (None, 2));
}

#[test]
fn nothing_that_names_the_event_is_unreadable() {
    for text in ["[]", "null", r#""x""#, "7", "{}", r#"{"event":7,"data":{}}"#, r#"{"event":null}"#]
    {
        let error = two_step(text).unwrap_err();
        assert_eq!(error.reason(), UnreadableReason::NoEvent, "{text}");
        assert!(one_pass(text).is_none());
    }
}

#[test]
fn what_is_not_json_says_where() {
    let not_json = |body: &[u8]| {
        let error = super::read::<Envelope>(body, NO_HINT, &Wanted::ALL).unwrap_err();
        assert_eq!(error.reason(), UnreadableReason::NotJson);
        error.to_string()
    };
    assert!(not_json(b"{\"event\":\n\"order.placed\",}").ends_with("line 2, column 16"));
    assert!(
        not_json(b"{\"event\":\n\"order.placed\",\"x\":\"\xFF\"}").ends_with("line 2, column 21")
    );
    assert!(not_json(b"\xEF\xBB\xBF{\"event\":\"x\"}").ends_with("line 1, column 1"));
    not_json(b"");
    not_json(b" ");
    not_json(b"{\"event\":\"x\"} {}");
    not_json(b"{\"event\":\"x\"} x");
    not_json(b"{\"event\":\"order.placed\",\"data\":{\"id\":\"o\"}}]");
    not_json(b"{\"event\":\"order.placed\",\"data\":{\"id\":\"\\u12\"}}");
}

#[test]
fn unpaired_surrogates_are_repaired_in_what_is_typed() {
    let envelope =
        read(&placed(r#"{"id":"o\ud83d","note":"\ude00!","dump":{"x":"\ud83d"},"total":{}}"#));
    let order = order(&envelope);
    assert_eq!((order.id.as_str(), order.note.as_deref()), ("o\u{fffd}", Some("\u{fffd}!")));
    assert!(envelope.is_repaired());
    assert_eq!(aside(&envelope), [("data.total".to_owned(), "{}".to_owned())]);

    // Nothing typed needs it: the dump stays as it is.
    let envelope = read(&placed(r#"{"id":"o1","dump":{"x":"\ud83d"}}"#));
    let Event::OrderPlaced(order) = &envelope.event else { panic!("{envelope:?}") };
    assert_eq!(order.dump.as_ref().unwrap().as_str(), r#"{"x":"\ud83d"}"#);
    assert!(!envelope.is_repaired());

    for text in [
        r#"{"event":"order.placed\ud83d","data":{}}"#,
        r#"{"\ud83d":1,"event":"order.placed\ud83d","data":{}}"#,
    ] {
        assert_eq!(read(text).name(), "order.placed\u{fffd}");
    }
    let envelope = read(r#"{"id":"\ud83d","event":"order.placed","data":{"\ud83d":1,"id":"o"}}"#);
    assert_eq!(envelope.id.as_deref(), Some("\u{fffd}"));
    assert_eq!(envelope.event.recognition(), Recognition::Known);
}

#[test]
fn what_is_set_aside_is_kept_as_it_came_though_repaired() {
    let envelope = read(&placed(r#"{"id":"\ud83d","total":"\ud83d"}"#));
    assert_eq!(aside(&envelope), [("data.total".to_owned(), r#""\ud83d""#.to_owned())]);
}

#[test]
fn many_odd_elements_take_their_list_and_no_more() {
    let items = |count: usize| {
        let items = vec![r#"{"sku":1}"#; count].join(",");
        read(&placed(&format!(r#"{{"id":"o1","note":"n","items":[{items},{{"sku":"good"}}]}}"#)))
    };
    let paths = |envelope: &Envelope| -> Vec<String> {
        aside(envelope).into_iter().map(|(path, _)| path).collect()
    };
    let envelope = items(16);
    assert_eq!(paths(&envelope).len(), 16);
    assert_eq!(order(&envelope).items.as_ref().unwrap().len(), 1);
    let envelope = items(17);
    assert_eq!(paths(&envelope), ["data.items"]);
    assert_eq!((&order(&envelope).items, order(&envelope).note.as_deref()), (&None, Some("n")));
}

#[test]
fn a_field_that_is_odd_in_many_elements_is_set_aside_in_all() {
    for count in [4, 5, 100, 2000] {
        let items: Vec<String> =
            (0..count).map(|index| format!(r#"{{"sku":"s{index}","label":{index}}}"#)).collect();
        let envelope = read(&placed(&format!(
            r#"{{"id":"o1","items":[{},{{"sku":"x","label":"fine"}}]}}"#,
            items.join(",")
        )));
        assert_eq!(order(&envelope).items.as_ref().unwrap().len(), count + 1);
        let aside = aside(&envelope);
        if count == 4 {
            assert_eq!(aside[3], ("data.items[3].label".into(), "3".into()));
            assert_eq!(aside.len(), 4);
        } else {
            assert_eq!(aside[4], ("data.items[*].label".into(), "4".into()));
            assert_eq!(aside.len(), count + 1);
        }
    }
    let orders = vec![r#"{"id":"o","note":7}"#; 100].join(",");
    let envelope = read(&format!(r#"{{"event":"orders.imported","data":[{orders}]}}"#));
    let Event::OrdersImported(orders) = &envelope.event else { panic!("{envelope:?}") };
    assert_eq!((orders.len(), envelope.set_aside().len()), (100, 100));
}

#[test]
fn a_head_with_too_much_that_is_odd_loses_it_and_no_more() {
    // A name that stops whoever reads the object that it is in.
    let text = placed(r#"{"id":"o1"}"#).replacen(
        '{',
        r#"{"$serde_json::private::Number":"1","id":"d\ud83d","number":[7],"x":1,"x":2,"#,
        1,
    );
    let envelope = read(&text);
    assert_eq!((envelope.id.as_deref(), envelope.number), (Some("d\u{fffd}"), None));
    assert_eq!(
        aside(&envelope),
        [("[\"$serde_json::private::Number\"]", "\"1\""), ("number", "[7]")]
            .map(|(path, raw)| (path.to_owned(), raw.to_owned()))
    );
    assert!(envelope.is_repaired());
}

#[test]
fn a_long_text_is_not_read_often() {
    // Twenty odd values would take twenty rounds; with much else to read there
    // is no time for it, and in a short text there is.
    let orders = |count: usize| {
        let odd = r#"{"id":"o","note":7,"buyer":7,"total":{}}"#;
        let fine = vec![r#"{"id":"o"}"#; count].join(",");
        read(&format!(r#"{{"event":"orders.imported","data":[{fine},{odd},{odd},{odd}]}}"#))
    };
    let Event::OrdersImported(typed) = orders(10).event else { panic!("nine places") };
    assert_eq!(typed.len(), 13);
    let long = orders(20_000);
    let Event::Malformed(event) = &long.event else { panic!("{:?}", long.set_aside()) };
    assert!(event.payload().unwrap().as_str().ends_with(r#""total":{}}]"#));
    // One odd value of a long text is set aside alone.
    let fine = vec![r#"{"sku":"s"}"#; 20_000].join(",");
    let one = read(&placed(&format!(r#"{{"id":"o","items":[{fine},{{"sku":"s","label":7}}]}}"#)));
    assert_eq!(aside(&one), [("data.items[20000].label".to_owned(), "7".to_owned())]);
    assert_eq!(order(&one).items.as_ref().unwrap().len(), 20_001);
}

/// Settles an order; how many times its length is read in all, without what is left
/// out, and how often.
fn settled(data: &str) -> (usize, usize, Result<super::aside::Settled<Order>, Fault>) {
    settled_as(data)
}

fn settled_as<T: serde::de::DeserializeOwned>(
    data: &str,
) -> (usize, usize, Result<super::aside::Settled<T>, Fault>) {
    let (read, times) = (Cell::new(0), Cell::new(0));
    let settled = super::aside::settle(data, &Path::root(), None, |text, left_out| {
        let out: usize = left_out.iter().map(std::ops::Range::len).sum();
        read.set(read.get() + text.len() - out);
        times.set(times.get() + 1);
        json::read_without(text, left_out, std::marker::PhantomData::<T>)
    });
    (read.get().div_ceil(data.len()), times.get(), settled)
}

fn paths<T>(settled: &super::aside::Settled<T>) -> Vec<String> {
    settled.set_aside.iter().map(|value| value.path().to_string()).collect()
}

#[test]
fn a_long_value_waits_until_all_is_settled_around_it() {
    let items = vec![r#"{"sku":"s"}"#; 20_000].join(",");
    let odd = r#""total":[],"note":7,"buyer":{"name":"a","friend":{"name":7}}"#;
    let (read, times, settled) = settled(&format!(r#"{{"id":"o",{odd},"items":[{items}]}}"#));
    let settled = settled.unwrap();
    assert_eq!(settled.value.items.as_ref().unwrap().len(), 20_000);
    assert_eq!(paths(&settled), ["total", "note", "buyer.friend"]);
    // The first time, and at the end.
    assert!(read <= 3 && times == 6, "{read} × in {times} rounds");
}

/// A text cut inside a character is repaired when something does not fit. All is read again
/// before anything is set aside only if that text itself was what did not fit.
#[test]
fn what_does_not_fit_is_not_read_again_for_the_repair_of_something_else() {
    let cut = r#""note":"\ud83d""#;
    let odd = r#""total":[]"#;
    for (members, rounds) in [(format!("{odd},{cut}"), 2), (format!("{cut},{odd}"), 3)] {
        let (_, times, settled) = settled(&format!(r#"{{"id":"o",{members}}}"#));
        let settled = settled.unwrap();
        assert!(settled.repaired && settled.value.note.as_deref() == Some("\u{fffd}"));
        assert_eq!((paths(&settled), times), (vec!["total".to_owned()], rounds), "{members}");
    }
}

#[test]
fn a_long_list_that_is_odd_at_once_is_set_aside_as_one() {
    let zeros = vec!["0"; 50_000].join(",");
    let (read, times, settled) = settled(&format!(r#"{{"items":[{zeros}],"id":"o","note":7}}"#));
    let settled = settled.unwrap();
    assert_eq!((&*settled.value.id, &settled.value.items), ("o", &None));
    assert_eq!(paths(&settled), ["items", "note"]);
    assert!(read <= 2 && times <= 4, "{read} × in {times} rounds");
}

#[test]
fn what_there_is_no_time_for_is_set_aside_unread() {
    // As dense as can be: read once, and then something is odd behind it.
    let zeros = vec!["0"; 50_000].join(",");
    let text = format!(r#"{{"dump":[{zeros}],"id":"o","total":{{}},"note":7}}"#);
    let (read, times, settled) = settled(&text);
    let settled = settled.unwrap();
    assert_eq!(&*settled.value.id, "o");
    let aside: Vec<_> =
        settled.set_aside.iter().map(|value| (value.path().to_string(), value.misfit())).collect();
    assert_eq!(aside.len(), 3);
    assert_eq!(aside[2], ("dump".to_owned(), &Misfit::Unread));
    assert_eq!(settled.set_aside[2].raw().as_str(), format!("[{zeros}]"));
    assert!(read <= 2 && times <= 4, "{read} × in {times} rounds");
    // The same with time for it.
    let text = text.replace(&zeros, &format!("\"{}\"", "a".repeat(100_000)));
    let settled = self::settled(&text).2.unwrap();
    assert!(settled.value.dump.is_some());
    assert_eq!(paths(&settled), ["total", "note"]);
}

#[test]
fn a_long_value_in_a_list_waits_as_well() {
    let items = vec![r#"{"sku":"s"}"#; 20_000].join(",");
    let odd = r#""total":[],"note":7,"buyer":{"name":"a","friend":{"name":7}}"#;
    let text = format!(r#"[{{"id":"o"}},{{"id":"o","items":[{items}],{odd}}},{{"id":"o",{odd}}}]"#);
    let (read, times, settled) = settled_as::<Vec<Order>>(&text);
    let settled = settled.unwrap();
    let items: Vec<_> =
        settled.value.iter().map(|order| order.items.as_ref().map(Vec::len)).collect();
    assert_eq!(items, [None, Some(20_000), None]);
    let odd = ["total", "note", "buyer.friend"];
    let odd = [1, 2].map(|number| odd.map(|name| format!("[{number}].{name}")));
    assert_eq!(paths(&settled), odd.concat());
    assert!(read <= 3 && times == 10, "{read} × in {times} rounds");
}

#[test]
fn a_field_that_is_odd_in_all_elements_is_so_in_long_ones() {
    let zeros = format!("[{}]", vec!["0"; 20_000].join(","));
    let long = format!(r#"{{"id":"o","note":{zeros}}}"#);
    for short in 0..8 {
        // Those that are short are settled while the long ones wait, which are no less odd.
        let short = vec![r#"{"id":"o","note":[0]}"#; short];
        let orders = [&*short, &[&*long; 5], &short].concat();
        let text = format!("[{}]", orders.join(","));
        let settled = settled_as::<Vec<Order>>(&text).2.unwrap();
        assert_eq!(settled.value.len(), orders.len());
        let aside: Vec<_> = settled.set_aside.iter().map(|value| value.raw().as_str()).collect();
        assert_eq!(aside.iter().filter(|aside| **aside == "[0]").count(), 2 * short.len());
        assert_eq!(aside.iter().filter(|aside| ***aside == zeros).count(), 5);
    }
}

#[test]
fn what_is_set_aside_does_not_overlap() {
    // A field that is odd in every element, the last of which there is no time for.
    let odd = r#"{"id":"o","note":[0]}"#;
    let dense = vec![r#""":0"#; 20_000].join(",");
    let last = format!(r#"{{"id":"o","note":[1],{dense},"total":[],"buyer":7}}"#);
    let text = format!("[{},{last}]", [odd; 5].join(","));
    let settled = settled_as::<Vec<Order>>(&text).2.unwrap();
    assert_eq!(settled.value.len(), 5);
    let aside: Vec<_> = settled.set_aside.iter().map(|value| value.raw().as_str()).collect();
    assert_eq!(aside, ["[0]", "[0]", "[0]", "[0]", "[0]", &*last]);
}

#[test]
fn looking_for_odd_values_is_paid_for() {
    // None of these is an order. Each is looked for in the whole text.
    let rounds = |count: usize| {
        let orders: Vec<_> = (0..count).map(|number| format!(r#""{number}":{{}}"#)).collect();
        let text = format!("{{{}}}", orders.join(","));
        let times = Cell::new(0);
        let settled = super::aside::settle(&text, &Path::root(), None, |text, left_out| {
            times.set(times.get() + 1);
            json::read_without(text, left_out, std::marker::PhantomData::<crate::wire::List<Order>>)
        });
        assert!(settled.is_err());
        times.get()
    };
    assert_eq!(rounds(100), 33);
    assert_eq!(rounds(10_000), 7);
}

#[test]
fn a_long_value_that_is_essential_is_read() {
    let id = "o".repeat(100_000);
    let (_, _, settled) = settled(&format!(r#"{{"total":[],"id":"{id}","note":7}}"#));
    let settled = settled.unwrap();
    assert_eq!(settled.value.id, id);
    assert_eq!(paths(&settled), ["total", "note"]);
    // And when it does not fit, there is no order.
    let ids = vec!["0"; 50_000].join(",");
    let fault = self::settled(&format!(r#"{{"total":[],"id":[{ids}],"note":7}}"#)).2.err().unwrap();
    assert_eq!(fault.path().to_string(), "id");
}

#[test]
fn what_makes_no_sense_without_a_long_value_waits_for_it() {
    // The buyer is nobody without a name.
    let name = "n".repeat(100_000);
    let (_, _, settled) = settled(&format!(
        r#"{{"id":"o","total":[],"buyer":{{"name":"{name}","friend":{{"name":"{name}"}}}},"note":7}}"#
    ));
    let settled = settled.unwrap();
    let buyer = settled.value.buyer.as_ref().unwrap();
    assert_eq!((&buyer.name, &buyer.friend.as_ref().unwrap().name), (&name, &name));
    assert_eq!(paths(&settled), ["total", "note"]);
}

#[test]
fn many_odd_values_of_a_long_list_are_one() {
    // Each of them set aside alone would take ten times their text.
    let items = vec![r#"{"sku":"","label":0}"#; 20_000].join(",");
    let (_, _, settled) = settled(&format!(r#"{{"id":"o","items":[{items}]}}"#));
    assert_eq!(paths(&settled.unwrap()), ["items"]);
}

#[test]
fn both_ways_agree_on_long_bodies() {
    let dense = vec!["0"; 50_000].join(",");
    let items = vec![r#"{"sku":"s"}"#; 10_000].join(",");
    let text = "a".repeat(100_000);
    for data in [
        format!(r#"{{"id":"o","total":[],"items":[{items}],"note":"{text}"}}"#),
        format!(r#"{{"items":[{items},{{"sku":7}}],"id":"o"}}"#),
        format!(r#"{{"id":"o","note":"{text}\ud83d","dump":[{items}],"total":true}}"#),
    ] {
        read(&placed(&data));
        read(&format!(r#"{{"data":{data},"event":"order.placed"}}"#));
    }
    // What was found out the quick way spares a reading, and time is all that it
    // changes: what there was no time for is set aside.
    let body = placed(&format!(r#"{{"dump":[{dense}],"id":"o","total":{{}}}}"#));
    let envelope = Envelope::parse_trusted(body.as_bytes()).unwrap();
    assert_eq!(aside(&envelope).len(), 2);
    assert_eq!(order(&envelope).id, "o");
}

#[test]
fn setting_aside_ends() {
    // A list in every element of a list, all of them odd.
    let items = vec![r#"{"sku":1}"#; 31].join(",");
    let orders = vec![format!(r#"{{"id":"o","items":[{items}]}}"#); 31].join(",");
    let envelope = read(&format!(r#"{{"event":"orders.imported","data":[{orders}]}}"#));
    assert!(matches!(envelope.event, Event::Malformed(_) | Event::OrdersImported(_)));
}

#[test]
fn nothing_behind_a_cut_name_is_lost() {
    let envelope = read(&placed(r#"{"id":"o1","total":[],"\ud83d":1,"note":"kept","buyer":7}"#));
    assert_eq!(order(&envelope).note.as_deref(), Some("kept"));
    let paths: Vec<String> = aside(&envelope).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["data.total", "data.buyer"]);
    assert!(envelope.is_repaired());
    let envelope = read(&placed(r#"{"total":[],"\ud83d":1,"id":"o1"}"#));
    assert_eq!(envelope.event.recognition(), Recognition::Known);
    // In the head alone.
    let envelope = read(r#"{"id":"\ud83d","event":"order.placed","data":{"id":"o1"}}"#);
    assert!(envelope.is_repaired());
}

#[test]
fn depth_is_an_error_and_never_a_crash() {
    let run = move || {
        for depth in [127, 128, 100_000] {
            let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            for text in [
                format!(r#"{{"event":"order.placed","x":{deep},"data":{{"id":"o1"}}}}"#),
                placed(&format!(r#"{{"id":"o1","x":{deep},"dump":{deep}}}"#)),
                placed(&format!(r#"{{"id":"o1","note":{deep}}}"#)),
                format!(r#"{{"event":"order.placed","id":{deep},"data":{{"id":"o1"}}}}"#),
            ] {
                assert_eq!(read(&text).event.recognition(), Recognition::Known, "{depth}");
            }
            assert_eq!(read(&placed(&deep)).event.recognition(), Recognition::Malformed);
        }
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn only_what_is_wanted_is_typed() {
    let imports = Wanted::only([EventName::ALL[1]]);
    for text in [
        r#"{"event":"order.placed","data":{"id": 1}}"#,
        r#"{"data":{"id": 1},"event":"order.placed"}"#,
    ] {
        let quick: Envelope = super::one_pass::read(text, NO_HINT, &imports).ok().unwrap().take();
        assert_eq!(super::two_step::read::<Envelope>(text, None, &imports, None).unwrap(), quick);
        let Event::Skipped(event) = &quick.event else { panic!("{quick:?}") };
        assert_eq!(
            (event.name(), event.payload().unwrap().as_str()),
            ("order.placed", r#"{"id": 1}"#)
        );
    }
    let text = r#"{"event":"orders.imported","data":[]}"#;
    let envelope: Envelope = super::read_as(text, NO_HINT, &imports).unwrap().take();
    assert_eq!(envelope.event.recognition(), Recognition::Known);
}

#[test]
fn the_envelope_is_read_from_and_written_to_json_text() {
    let text = r#"{"event":"order.placed","id":"d1","data":{"id":"o1","items":[{"sku":"s"}]}}"#;
    let envelope: Envelope = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&envelope).unwrap(), text);
    let list: Vec<Envelope> = serde_json::from_str(&format!("[{text},{text}]")).unwrap();
    assert_eq!(list, [envelope.clone(), envelope]);
    let error = serde_json::from_str::<Envelope>(r#"{"data":{}}"#).unwrap_err();
    assert!(error.to_string().starts_with("no_event: "), "{error}");
}

fn json_value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1e999".to_owned()),
        Just("-12".to_owned()),
        Just("1.5".to_owned()),
        Just(r#""order.placed""#.to_owned()),
        Just(r#""\ud83d\\ud83d""#.to_owned()),
        "[a-z0-9 é\\PC]{0,6}".prop_map(|text| serde_json::to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let name = prop_oneof![
            4 => prop::sample::select(vec![
                "id", "note", "total", "buyer", "items", "dump", "name", "friend", "sku", "label",
            ]).prop_map(str::to_owned),
            1 => "[a-z]{1,3}",
            1 => Just(r"\ud83d".to_owned()),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|values| format!("[{}]", values.join(", "))),
            prop::collection::vec((name, inner), 0..6).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!(r#""{name}": {value}"#)).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn body() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        6 => Just(r#""order.placed""#.to_owned()),
        3 => Just(r#""orders.imported""#.to_owned()),
        1 => Just(r#""order\u002eplaced""#.to_owned()),
        1 => Just(r#""other""#.to_owned()),
        1 => json_value(),
    ];
    let order = (json_value(), json_value(), json_value(), json_value()).prop_map(
        |(note, total, buyer, items)| {
            format!(
                r#"{{"id":"o1","note":{note},"total":{total},"buyer":{buyer},"items":{items}}}"#
            )
        },
    );
    let data = prop_oneof![3 => order, 2 => json_value()];
    let member = |key: &'static str, value: String| format!(r#""{key}":{value}"#);
    (name, data, json_value(), json_value(), json_value(), any::<u8>())
        .prop_map(move |(name, data, id, number, extra, keep)| {
            let members = [
                Some(member("event", name.clone())),
                (keep % 16 != 0).then(|| member("data", data)),
                (keep & 1 == 0).then(|| member("id", id)),
                (keep & 2 == 0).then(|| member("number", number)),
                (keep & 4 == 0).then(|| member("extra", extra)),
                (keep % 32 == 9).then(|| member("event", name)),
            ];
            members.into_iter().flatten().collect::<Vec<_>>()
        })
        .prop_shuffle()
        .prop_map(|members| format!("{{{}}}", members.join(",")))
}

/// Every documented member of an order is typed, or set aside.
fn assert_nothing_is_lost(text: &str, envelope: &Envelope) {
    use crate::wire::json::{Members, repair};

    let Event::OrderPlaced(_) = &envelope.event else { return };
    let text = repair(text).unwrap_or_else(|| text.to_owned());
    let written = serde_json::to_string(envelope).unwrap();
    let [sent, written] =
        [&text, &written].map(|text| Members::of(text).unwrap().get("data").unwrap().to_owned());
    let (sent, written) = (Members::of(&sent).unwrap(), Members::of(&written).unwrap());
    for (name, value) in sent.iter() {
        let documented = ["id", "note", "total", "buyer", "items", "dump"].contains(&&*name);
        if documented && value != "null" && written.get(&name).is_none() {
            let path = format!("data.{name}");
            let aside = envelope.set_aside().iter().map(|value| value.path().to_string());
            assert!(aside.into_iter().any(|kept| kept == path), "{path} is lost: {text}");
        }
    }
}

/// Whether all is tried that is repetitive, or a sample of it: as in `tests/it/thorough.rs`.
pub(super) fn is_thorough() -> bool {
    std::env::var_os("ZAPHOOK_THOROUGH").is_some_and(|value| value == "1")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if is_thorough() { 2000 } else { 500 }))]

    /// One pass never says anything else than two steps.
    #[test]
    fn one_pass_is_two_steps(text in body()) {
        if let Some(quick) = one_pass(&text) {
            prop_assert_eq!(Ok(quick), two_step(&text));
        }
        // Whatever it is, its JSON is kept: the event is typed, or raw.
        if let Ok(envelope) = two_step(&text) {
            assert_nothing_is_lost(&text, &envelope);
            let again = serde_json::to_string(&envelope).unwrap();
            if envelope.set_aside().is_empty() && !envelope.is_repaired() {
                prop_assert_eq!(two_step(&again), Ok(envelope));
            }
        }
    }
}
