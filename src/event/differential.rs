//! The reader of this crate held against `serde_json`'s, with the path that
//! `serde_path_to_error` tells: over every fixture, mutated, the same value or
//! the same fault.

#![cfg(test)]

use std::fmt::Debug;
use std::fs;
use std::marker::PhantomData;
use std::path::Path as File;

use serde::Serialize;
use serde::de::{DeserializeOwned, DeserializeSeed};
use serde_json::Value;

use super::list::At;
use super::route::Parts;
use super::{Envelope, EventSet, two_step};
use crate::wire::json::{self, Fault, Misfit, Path, Segment};

/// By `serde_json`, with the fault read off its message.
fn by_serde_json<'de, S>(text: &'de str, seed: S) -> Result<S::Value, Fault>
where
    S: DeserializeSeed<'de>,
{
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut track = serde_path_to_error::Track::new();
    let read = seed.deserialize(serde_path_to_error::Deserializer::new(&mut reader, &mut track));
    let value = read.map_err(|error| fault(text, &track.path(), &error))?;
    reader.end().map_err(|_| Fault::unreadable(Path::root()))?;
    Ok(value)
}

fn fault(text: &str, path: &serde_path_to_error::Path, error: &serde_json::Error) -> Fault {
    use serde_path_to_error::Segment as Tracked;

    let path: Vec<Segment> = path
        .iter()
        .map_while(|segment| match segment {
            Tracked::Map { key } => Some(Segment::Member(key.clone())),
            Tracked::Seq { index } => Some(Segment::Element(*index)),
            Tracked::Enum { .. } | Tracked::Unknown => None,
        })
        .collect();
    let path = Path::from(path);
    let message = error.to_string();
    let named = |phrase: &str| {
        message.strip_prefix(phrase).and_then(|rest| rest.split('`').next()).map(str::to_owned)
    };
    if let Some(name) = named("missing field `") {
        return Fault::missing(path.member(&name));
    }
    if let Some(name) = named("duplicate field `") {
        return Fault::new(path.member(&name), Misfit::Repeated);
    }
    let expected = (error.is_data() && message.starts_with("invalid "))
        .then(|| message.rsplit_once(", expected "))
        .flatten()
        .map(|(_, rest)| rest.rsplit_once(" at line ").map_or(rest, |(expected, _)| expected));
    let Some(expected) = expected else { return Fault::new(path, Misfit::Unreadable) };
    let expected = if expected.starts_with("struct ") { "an object" } else { expected }.into();
    let first = json::locate(text, &path, &[]).first().and_then(|range| text.get(range.clone()));
    let found = json::kind(first.unwrap_or_default());
    Fault::new(path, Misfit::Unexpected { expected, found })
}

/// Small and the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let high = usize::try_from(self.0 >> 33).unwrap();
        high % bound.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// What is in the place of a value.
const ODD: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "7",
    "1.5",
    "-0",
    "1e3",
    "18446744073709551616",
    "123456789012345678901234567890",
    r#""""#,
    r#""x""#,
    r#""12""#,
    r#""\u00e9\n""#,
    r#""\ud83d""#,
    r#""\ud83d\ude00""#,
    r#""2026-02-01T12:30:00Z""#,
    "[]",
    "[[]]",
    "[0]",
    r#"["a",1,{}]"#,
    "{}",
    r#"{"a":1}"#,
    r#"{"0":1}"#,
    r#"{"0":"a","1":{}}"#,
    r#"{"1":1}"#,
    r#"{"id":"a"}"#,
    r#"{"low":1,"high":0,"unsigned":true}"#,
    r#"{"_serialized":"a"}"#,
    r#"{"\ud83d":1}"#,
    r#"{"$numberLong":"1"}"#,
    "[1,2",
    r#"{"a""#,
];

/// What a member is called.
const NAMES: &[&str] = &[
    "id",
    "x",
    "key",
    "type",
    "0",
    "data",
    "instance",
    "instanceId",
    "instanceName",
    "instanceToken",
    "session",
    r"\ud83d",
    "$serde_json::private::RawValue",
];

/// A body with a few of its values exchanged, gone, doubled, or a few of its
/// bytes.
fn mutated(body: &str, random: &mut Random) -> String {
    let mut text = body.to_owned();
    for _ in 0..=random.below(3) {
        let Some(at) = place(&text, random) else { break };
        let value = text[at.clone()].to_owned();
        let replaced = match random.below(8) {
            0 => format!("[{value}]"),
            1 => format!("{{\"0\":{value}}}"),
            2 => value.chars().take(value.chars().count() / 2).collect(),
            3 => format!("{value},{value}"),
            4 => format!("{value},\"{}\":{value}", random.pick(NAMES)),
            5 => {
                let renamed = format!("\"{}\":", *random.pick(NAMES));
                text = text.replacen("\"instance\":", &renamed, 1);
                continue;
            }
            _ => (*random.pick(ODD)).to_owned(),
        };
        text.replace_range(at, &replaced);
    }
    text
}

/// Where a value stands, whichever.
fn place(text: &str, random: &mut Random) -> Option<std::ops::Range<usize>> {
    let mut path = Path::root();
    let mut value: Value = serde_json::from_str(text).ok()?;
    loop {
        let (segment, inner) = match value {
            Value::Object(members) if !members.is_empty() => {
                let place = random.below(members.len());
                let (name, inner) = members.into_iter().nth(place)?;
                (Segment::Member(name), inner)
            }
            Value::Array(elements) if !elements.is_empty() => {
                let place = random.below(elements.len());
                (Segment::Element(place), elements.into_iter().nth(place)?)
            }
            _ => break,
        };
        path = Path::from([path.segments(), &[segment]].concat());
        value = inner;
        if random.below(4) == 0 {
            break;
        }
    }
    let places = json::locate(text, &path, &[]);
    (!places.is_empty()).then(|| random.pick(&places).clone())
}

struct Count {
    read: usize,
    faults: usize,
}

/// The same value, or the same fault. An unpaired surrogate `serde_json` may
/// meet in what is only passed on, or later: such a text is repaired, and read
/// again. And it may have made a float of a number that is only passed on.
fn agree<T: PartialEq + Serialize>(
    text: &str,
    ours: &Result<T, Fault>,
    theirs: &Result<T, Fault>,
) -> bool {
    if numbers_are_kept() && has_other_numbers(text) {
        return true;
    }
    let written = |value: &T| serde_json::to_value(value).unwrap();
    match (ours, theirs) {
        (Ok(ours), Ok(theirs)) => ours == theirs || written(ours) == written(theirs),
        (Err(ours), Err(theirs)) if ours == theirs => true,
        (Ok(_), Err(_)) | (Err(_), Err(_)) => json::repair(text).is_some(),
        (Err(_), Ok(_)) => false,
    }
}

/// Whether `serde_json` hands some numbers on as maps (`arbitrary_precision`):
/// then it is no measure for what is not an integer of 64 bits.
fn numbers_are_kept() -> bool {
    serde_json::from_str::<Value>("1e400").is_ok()
}

fn has_other_numbers(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    {
        rest = &rest[start..];
        let end = if let Some(text) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = text.find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else {
            let number = |letter: char| {
                letter.is_ascii_digit() || ['.', 'e', 'E', '+', '-'].contains(&letter)
            };
            let end = rest.find(|letter| !number(letter)).unwrap_or(rest.len());
            let number = &rest[..end];
            if number == "-0" || (number.parse::<u64>().is_err() && number.parse::<i64>().is_err())
            {
                return true;
            }
            end
        };
        rest = &rest[end..];
    }
    false
}

/// Reads one body's head and event in both ways.
fn body<E: Envelope>(text: &str, count: &mut Count)
where
    E::Head: Debug,
{
    // What the quick way says is what the other one says.
    if let (Some(quick), defined) = super::by_both_ways::<E>(text, None) {
        assert_eq!(Ok(quick), defined, "{text}");
    }
    // These names are ones of `serde_json`, which it does not take for others.
    if text.contains("$serde_json::private::") {
        return;
    }
    let Ok(members) = json::Members::of(text) else { return };
    let Ok(route) = E::route(&Parts { text, members, hint: None }) else { return };
    let position = E::Event::position(route.list_name());
    if let (Some(position), Some(payload)) = (position, route.payload()) {
        let seed = || At::<E::Event>::new(position);
        let ours = json::read_without(payload, &[], seed());
        let ours = ours.map_err(|error| error.into_fault(payload));
        let theirs = by_serde_json(payload, seed());
        count.read += 1;
        count.faults += usize::from(ours.is_err());
        assert!(agree(payload, &ours, &theirs), "{payload}\n{ours:?}\n{theirs:?}");
    }
    let seed = PhantomData::<E::Head>;
    let ours = json::read_without(text, &[], seed).map_err(|error| error.into_fault(text));
    let theirs = by_serde_json(text, seed);
    let shown = |head: Result<E::Head, Fault>| head.map(|head| format!("{head:?}"));
    let (ours, theirs) = (shown(ours), shown(theirs));
    assert!(agree(text, &ours, &theirs), "{text}\n{ours:?}\n{theirs:?}");
    // What is left once the odd values are gone reads as the same event.
    settled::<E>(text);
}

/// The event that odd values were set aside of is the one that `serde_json`
/// reads without them.
fn settled<E: Envelope>(text: &str) {
    let Ok(envelope) = two_step::read::<E>(text, None, &super::Wanted::ALL, None) else { return };
    let aside = &envelope.notes().set_aside;
    if aside.is_empty() || envelope.notes().repaired || envelope.event().as_malformed().is_some() {
        return;
    }
    // A `Value` has its members in another order, and by the first one it is
    // known whether they are numbered.
    if text.contains(r#""0":"#) {
        return;
    }
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return };
    // From behind, so that elements keep their places.
    let mut paths: Vec<&Path> = aside.iter().map(super::SetAside::path).collect();
    if paths.iter().any(|path| path.segments().contains(&Segment::EveryElement)) {
        return;
    }
    paths.sort_by_key(|path| {
        path.segments()
            .iter()
            .map(|step| match step {
                Segment::Element(index) => *index,
                _ => 0,
            })
            .collect::<Vec<_>>()
    });
    for path in paths.into_iter().rev() {
        if !remove(&mut value, path.segments()) {
            return;
        }
    }
    // Repeated members are one in a `Value`.
    let left = value.to_string();
    let Ok(again) = two_step::read::<E>(&left, None, &super::Wanted::ALL, None) else { return };
    // What is known by its shape may have lost it.
    let same_name = again.event().name() == envelope.event().name();
    if same_name && again.notes().set_aside.is_empty() {
        let events =
            [envelope.event(), again.event()].map(|event| serde_json::to_value(event).unwrap());
        assert_eq!(events[0], events[1], "{text}");
    }
}

fn remove(value: &mut Value, path: &[Segment]) -> bool {
    match (value, path) {
        (Value::Object(members), [Segment::Member(name)]) => members.remove(name).is_some(),
        (Value::Array(elements), [Segment::Element(index)]) if *index < elements.len() => {
            elements.remove(*index);
            true
        }
        (Value::Object(members), [Segment::Member(name), inside @ ..]) => {
            members.get_mut(name).is_some_and(|value| remove(value, inside))
        }
        (Value::Array(elements), [Segment::Element(index), inside @ ..]) => {
            elements.get_mut(*index).is_some_and(|value| remove(value, inside))
        }
        _ => false,
    }
}

/// Reads a value of a type in both ways.
fn value<T: DeserializeOwned + PartialEq + Serialize + Debug>(text: &str, count: &mut Count) {
    // These names are ones of `serde_json`, which it does not take for others.
    if text.contains("$serde_json::private::") {
        return;
    }
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return;
    }
    let ours = json::read_without(text, &[], PhantomData::<T>);
    let ours = ours.map_err(|error| error.into_fault(text));
    let theirs = by_serde_json(text, PhantomData::<T>);
    count.read += 1;
    count.faults += usize::from(ours.is_err());
    assert!(agree(text, &ours, &theirs), "{text}\n{ours:?}\n{theirs:?}");
}

fn every_fixture(folder: &str, times: usize, compare: impl Fn(&str, &mut Count)) {
    let path = File::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder);
    let mut files: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let mut count = Count { read: 0, faults: 0 };
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let mut random = Random(0x5EED ^ u64::try_from(text.len()).unwrap());
        compare(&text, &mut count);
        for _ in 0..times {
            compare(&mutated(&text, &mut random), &mut count);
        }
    }
    println!("{folder}: {} read, {} of them with a fault", count.read, count.faults);
    // Enough of either to mean something.
    assert!(count.faults > times && count.read > count.faults, "{} {}", count.read, count.faults);
}

fn all(times: usize) {
    #[cfg(feature = "eazewa")]
    every_fixture("eazewa", times, body::<crate::eazewa::Envelope>);
    #[cfg(feature = "enviaai")]
    every_fixture("enviaai", times, body::<crate::enviaai::Envelope>);
    #[cfg(feature = "evolution")]
    {
        every_fixture("evolution", times, body::<crate::evolution::Envelope>);
        every_fixture("evolution/go", times, body::<crate::evolution::go::Envelope>);
        every_fixture("evolution/content", times, value::<crate::whatsapp::Content>);
    }
    #[cfg(feature = "wawp")]
    every_fixture("wawp", times, body::<crate::wawp::Envelope>);
    #[cfg(feature = "zavu")]
    every_fixture("zavu", times, body::<crate::zavu::Envelope>);
}

#[test]
fn both_readers_agree_on_mutated_fixtures() {
    all(if super::tests::is_thorough() { 10 } else { 5 });
}

#[test]
#[ignore = "needs a minute"]
fn both_readers_agree_on_many_mutated_fixtures() {
    all(500);
}
