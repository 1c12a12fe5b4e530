use std::collections::BTreeMap;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;
use crate::wire::json::{Fault, read_without};

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    read_without(text, &[], PhantomData::<T>).map_err(|error| error.into_fault(text))
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
        "{,}",
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
    same::<BTreeMap<bool, ()>>(&[r#"{"true":null}"#, r#"{"1":null}"#]);
    same::<BTreeMap<Option<String>, Kind>>(&[r#"{"a":"Alone"}"#]);
    same::<(u8, char, Option<f32>)>(&[r#"[1,"a",null]"#, r#"[1,"ab",null]"#, "[1]"]);
    same::<i128>(&["-170141183460469231731687303715884105728", "1.5", "7"]);
    same::<u128>(&["340282366920938463463374607431768211455", "-1"]);
    same::<Vec<u8>>(&["[1,2]", "[256]", r#""ab""#]);
    same::<f64>(&["0.1", "1.5", "-0", "-0.0", "1e3", "1e-7", "2.5e300", "-1", "1e999"]);
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
