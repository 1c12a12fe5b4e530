//! The bodies under `tests/fixtures`, and what stands in a JSON text.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// The file of a fixture.
fn file(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(folder)
}

/// One fixture's exact text, by its path below `tests/fixtures`.
#[track_caller]
pub fn text(name: &str) -> String {
    let path = file(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// All fixtures of a folder, by name, in order: `(name, text)`. Files in
/// folders below it are not among them.
#[track_caller]
pub fn all(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = fs::read_dir(file(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    assert!(!found.is_empty(), "no fixtures in {folder}");
    found.sort();
    found
}

pub fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The leaves of a JSON value by their path: every text, number and boolean.
/// `null`, `[]`, `{}` and Go's zero time are none; a 64-bit integer in halves is
/// one number.
pub fn leaves(value: &Value) -> BTreeMap<String, Value> {
    fn walk(value: &Value, path: String, into: &mut BTreeMap<String, Value>) {
        match value {
            Value::Null => {}
            Value::String(text) if text == "0001-01-01T00:00:00Z" => {}
            Value::Object(members) if whole(members).is_some() => {
                into.insert(path, whole(members).unwrap());
            }
            Value::Object(members) => {
                for (name, value) in members {
                    walk(value, format!("{path}/{name}"), into);
                }
            }
            Value::Array(elements) => {
                for (index, value) in elements.iter().enumerate() {
                    walk(value, format!("{path}/{index}"), into);
                }
            }
            leaf => {
                into.insert(path, leaf.clone());
            }
        }
    }

    let mut into = BTreeMap::new();
    walk(value, String::new(), &mut into);
    into
}

/// The integer of `{low, high, unsigned}`.
fn whole(members: &serde_json::Map<String, Value>) -> Option<Value> {
    let half = |name: &str| members.get(name)?.as_i64();
    let unsigned = members.get("unsigned")?.as_bool()?;
    let (low, high) = (half("low")?, half("high")?);
    let bits = (high << 32) | (low & 0xFFFF_FFFF);
    let is_all = members.len() == 3;
    is_all.then(|| if unsigned { Value::from(bits.cast_unsigned()) } else { Value::from(bits) })
}

/// Whether two leaves are the same value: instants by instant, numbers by
/// value, also when one of them came as text; all else as it is.
pub fn same(left: &Value, right: &Value) -> bool {
    let instant = |value: &Value| {
        value.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok())
    };
    let integer = |value: &Value| match value {
        Value::Number(number) => number.to_string().parse::<i128>().ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let number = |value: &Value| {
        value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse::<f64>().ok()))
    };
    if left.is_number() || right.is_number() {
        let equal = match (integer(left), integer(right)) {
            (Some(left), Some(right)) => left == right,
            _ => number(left) == number(right),
        };
        return equal || same_time(number(left), number(right));
    }
    match (instant(left), instant(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}

/// Whether two numbers are one time, in seconds and in milliseconds.
fn same_time(left: Option<f64>, right: Option<f64>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    let (seconds, millis) = if left < right { (left, right) } else { (right, left) };
    let spoken_of = 1_230_768_000.0..4_102_444_800.0;
    spoken_of.contains(&seconds) && (seconds * 1000.0 - millis).abs() < 0.5
}

/// Asserts that every leaf of `body` is in `written`, but for the paths that
/// no documentation knows of.
#[track_caller]
pub fn assert_written_back(name: &str, body: &str, written: &str, undocumented: &[&str]) {
    let (body, written) = (leaves(&json(body)), leaves(&json(written)));
    for path in undocumented {
        assert!(body.contains_key(*path), "{name} has no {path}");
        assert!(!written.contains_key(*path), "{name}: {path} is documented after all");
    }
    for (path, value) in &body {
        if !undocumented.contains(&path.as_str()) {
            match written.get(path) {
                Some(again) => assert!(same(value, again), "{name}: {path}: {value} != {again}"),
                None => panic!("{name}: {path} is not written back"),
            }
        }
    }
    for path in written.keys() {
        assert!(body.contains_key(path), "{name}: {path} is made up");
    }
}

/// The body with the value at a path replaced, or taken out. Elements of a list
/// go by their number.
pub fn with(body: &str, path: &[&str], value: Option<Value>) -> String {
    let mut json = json(body);
    let (last, before) = path.split_last().unwrap();
    let parent = before.iter().fold(&mut json, |value, name| match value {
        Value::Array(elements) => &mut elements[name.parse::<usize>().unwrap()],
        value => &mut value[*name],
    });
    let members = parent.as_object_mut().unwrap();
    match value {
        Some(value) => members.insert((*last).to_owned(), value),
        None => members.remove(*last),
    };
    json.to_string()
}

/// A member's exact text.
pub fn raw(body: &str, member: &str) -> String {
    type Members<'a> = std::collections::HashMap<String, &'a serde_json::value::RawValue>;
    serde_json::from_str::<Members<'_>>(body).unwrap()[member].get().to_owned()
}
