use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::wire::json::{Fault, read_ours, read_repaired, read_without};
use crate::wire::{List, RawJson};

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let mut reader = Reader::<Anyones>::of(text);
    let value = T::deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| error.into_fault(text))
}

#[derive(Debug, PartialEq, serde::Deserialize)]
enum Kind {
    Alone,
    Of(u8),
    Pair(u8, String),
    Named { a: Option<bool> },
}

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Newtype(i64);

#[derive(Debug, PartialEq, serde::Deserialize)]
struct Two {
    a: u8,
    b: u8,
}

/// Whatever a type asks for, it gets what `serde_json` gives.
#[track_caller]
fn same<T: DeserializeOwned + PartialEq + fmt::Debug>(texts: &[&str]) {
    for text in texts {
        assert_eq!(read::<T>(text).ok(), serde_json::from_str::<T>(text).ok(), "{text}");
    }
}

#[test]
fn every_type_is_read_as_serde_json_reads_it() {
    same::<Value>(&[
        r#"{"a":[1,-2,true,null,"\u00e9"],"b":{}}"#,
        "18446744073709551615",
        "-9223372036854775808",
        "[1,]",
        "[,]",
        "[,1]",
        "{,}",
        r#"{,"a":1}"#,
        r#"{"a":1,}"#,
        r#"{"a" 1}"#,
        "[1 2]",
        "",
        "nul",
        "1 1",
        "01",
    ]);
    same::<Kind>(&[
        r#""Alone""#,
        r#"{"Alone":null}"#,
        r#"{"Of":7}"#,
        r#""Of""#,
        r#"{"Pair":[1,"a"]}"#,
        r#"{"Named":{"a":true}}"#,
        r#"{"Named":{"a":true},"Alone":null}"#,
        r#""None""#,
        "7",
        "{}",
    ]);
    same::<BTreeMap<u8, Newtype>>(&[r#"{"1":2}"#, r#"{"x":2}"#, r#"{"256":2}"#]);
    // None of this crate's own types is one.
    assert!(read_ours::<Newtype>("7").is_err() && read_repaired::<Newtype>("7").is_ok());
    same::<BTreeMap<bool, ()>>(&[r#"{"true":null}"#, r#"{"1":null}"#]);
    same::<BTreeMap<Option<String>, Kind>>(&[r#"{"a":"Alone"}"#]);
    same::<(u8, char, Option<f32>)>(&[r#"[1,"a",null]"#, r#"[1,"ab",null]"#, "[1]"]);
    same::<Two>(&[r#"{"a":1,"b":2}"#, "[1,2]", "[1]", "7"]);
    same::<bool>(&["true", "false", "falsy", "1", "null"]);
    same::<std::ffi::CString>(&["[97,98]", r#""ab""#, "7"]);
    same::<i128>(&["-170141183460469231731687303715884105728", "1.5", "7"]);
    same::<u128>(&["340282366920938463463374607431768211455", "-1"]);
    same::<Vec<u8>>(&["[1,2]", "[256]", r#""ab""#]);
    same::<f64>(&["0.1", "1.5", "-0", "-0.0", "1e3", "1e-7", "2.5e300", "-1", "1e999"]);
}

#[test]
fn lists_in_every_form_are_told_apart() {
    same::<List<u8>>(&[
        "[1,2]",
        "[]",
        "null",
        "7",
        r#""7""#,
        "{}",
        r#"{"0":1}"#,
        r#"{"0":1,"1":2}"#,
        r#"{"0":1,"2":2}"#,
        r#"{"1":1}"#,
        r#"{"1":1,"2":2}"#,
        r#"{"0":1,"0":2}"#,
        r#"{"0":1,"a":2}"#,
        r#"{"a":1}"#,
    ]);
    same::<List<BTreeMap<String, u8>>>(&[
        r#"{"a":1}"#,
        r#"{"a":1,"0":2}"#,
        r#"{"0":{"a":1},"1":{"b":2}}"#,
        r#"[{"a":1},{}]"#,
    ]);
    for text in ["[1,2]", "[]", "7", "{}", r#"{"0":1,"1":2}"#] {
        let list = read::<List<u8>>(text).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), text);
    }
    // Elements that are kept raw are the text, in each form.
    for text in ["1.50", "[1.50]", r#"{"0":1.50}"#, r#"{"a":1.50}"#] {
        let list = read::<List<RawJson>>(text).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(serde_json::to_string(&list).unwrap(), text);
    }
}

#[test]
fn a_text_without_escapes_is_borrowed() {
    let text = r#"["plain","\u0070lain"]"#;
    let read = |text| read_without(text, &[], PhantomData::<&str>);
    assert_eq!(read(r#""plain""#).ok(), Some("plain"));
    assert!(read(r#""\u0070lain""#).is_err());
    assert_eq!(super::super::place_of(text, 1), Some(1..8));
    assert_eq!(super::super::place_of(text, 9), Some(9..21));
    assert_eq!(super::super::place_of(text, 8), None);
    assert_eq!(super::super::place_of(text, 99), None);
}

#[test]
fn a_fault_says_where_and_never_what() {
    type Nested = BTreeMap<String, Vec<BTreeMap<String, u8>>>;
    for (text, fault) in [
        (r#"{"a":[{"b":1},{"b":"MARK"}]}"#, "a[1].b: expected u8, found a string"),
        (r#"{"a":[{"b":300}]}"#, "a[0].b: expected u8, found a number"),
        (r#"{"a":[{"b":1e999}]}"#, "a[0].b: not readable"),
        (r#"{"a":["MARK"]}"#, "a[0]: expected a map, found a string"),
        (r#"{"\u0061":1}"#, "a: expected a sequence, found a number"),
        // What there is not is not of another type.
        (r#"{"a":1e999}"#, "a: not readable"),
        (r#"{"a":"\x"}"#, "a: not readable"),
        (r#"["MARK"]"#, "expected a map, found an array"),
        (r#"{"a":[{"b":"\ud83d"}]}"#, "a[0].b: not readable"),
        (r#"{"a":[]} MARK"#, "not readable"),
    ] {
        assert_eq!(read::<Nested>(text).unwrap_err().to_string(), fault, "{text}");
    }
}

#[test]
fn names_that_are_serde_jsons_own_are_no_names() {
    for name in ["$serde_json::private::RawValue", "\\u0024serde_json::private::Number"] {
        let text = format!(r#"{{"a":{{"{name}":"[1]"}}}}"#);
        assert_eq!(read::<Value>(&text).unwrap_err().to_string(), "a: not readable");
    }
}

#[test]
fn depth_has_a_limit_where_it_costs_stack() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read::<Value>(&deep(128)).is_ok());
    assert!(read::<Value>(&deep(129)).is_err());
    assert!(read::<serde::de::IgnoredAny>(&deep(100_000)).is_ok());
}

#[test]
fn an_element_of_the_outermost_list_is_all_that_is_looked_for() {
    let stopped = |text, path: &[Segment]| {
        let mut reader = Reader::new(text);
        let mut found = Vec::new();
        reader.locate(path, &mut found).unwrap();
        (found.len(), reader.at)
    };
    assert_eq!(stopped("[1,{},[2]]", &[Segment::Element(1)]), (1, 5));
    let name = Segment::Member("a".into());
    assert_eq!(stopped(r#"[{"a":1},{}]"#, &[Segment::Element(0), name.clone()]), (1, 8));
    // There may be more behind these.
    let whole = r#"{"a":[1],"a":[2]}"#;
    assert_eq!(stopped(whole, &[name, Segment::Element(0)]), (2, whole.len()));
    assert_eq!(stopped("[1,2]", &[Segment::EveryElement]), (2, 5));
}
