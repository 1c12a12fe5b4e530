//! Finding values in a JSON text, and leaving some of them out.
//!
//! The scanning itself is `serde_json`'s: a value is delimited as a raw value
//! and its place follows from where the slice lies.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::path::{Path, Segment};

/// The members of an object in the order of the text, repeated ones too.
#[derive(Debug)]
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The first member of that name.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.iter().find(|(member, _)| *member == name).map(|(_, value)| value)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(Name(name)) = map.next_key()? {
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

/// A text that is borrowed whenever the JSON allows it.
pub(crate) struct Name<'a>(pub(crate) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// The places of all values at a path: none when there is no such value,
/// several when a member on the way is repeated.
pub(crate) fn locate(text: &str, path: &Path) -> Vec<Range<usize>> {
    let mut values: Vec<&str> = vec![text];
    for segment in path.segments() {
        values = values.into_iter().flat_map(|value| inside(value, segment)).collect();
    }
    values
        .into_iter()
        .filter_map(|value| {
            // Both are slices of the same text.
            let start = value.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
            Some(start..start.checked_add(value.len())?)
        })
        .collect()
}

fn inside<'a>(value: &'a str, segment: &Segment) -> Vec<&'a str> {
    match segment {
        Segment::Member(name) => serde_json::from_str::<Members<'a>>(value)
            .map(|members| {
                let same = members.iter().filter(|(member, _)| member == name);
                same.map(|(_, value)| value.get()).collect()
            })
            .unwrap_or_default(),
        Segment::Element(index) => serde_json::from_str::<Vec<&'a RawValue>>(value)
            .ok()
            .and_then(|elements| elements.get(*index).map(|element| vec![element.get()]))
            .unwrap_or_default(),
    }
}

/// The text without the values at the given paths: members go with their
/// names, later elements move up. None of the paths may be the root.
pub(crate) fn without(text: &str, cuts: &[&[Segment]]) -> String {
    let mut rest = String::with_capacity(text.len());
    write_without(&mut rest, text, cuts);
    rest
}

fn write_without(out: &mut String, value: &str, cuts: &[&[Segment]]) {
    if cuts.is_empty() {
        out.push_str(value);
    } else if let Ok(members) = serde_json::from_str::<Members<'_>>(value) {
        let entries = members.iter().map(|(name, value)| {
            let quoted = serde_json::Value::from(name).to_string();
            (Segment::Member(name.to_owned()), Some(quoted), value.get())
        });
        write_entries(out, ('{', '}'), entries, cuts);
    } else if let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(value) {
        let entries = elements
            .iter()
            .enumerate()
            .map(|(index, value)| (Segment::Element(index), None, value.get()));
        write_entries(out, ('[', ']'), entries, cuts);
    } else {
        out.push_str(value);
    }
}

fn write_entries<'a>(
    out: &mut String,
    (open, close): (char, char),
    entries: impl Iterator<Item = (Segment, Option<String>, &'a str)>,
    cuts: &[&[Segment]],
) {
    out.push(open);
    let mut first = true;
    for (segment, name, value) in entries {
        let below: Vec<&[Segment]> = cuts
            .iter()
            .filter_map(|cut| cut.split_first())
            .filter(|(step, _)| **step == segment)
            .map(|(_, rest)| rest)
            .collect();
        if below.iter().any(|rest| rest.is_empty()) {
            continue;
        }
        if !first {
            out.push(',');
        }
        first = false;
        if let Some(name) = name {
            out.push_str(&name);
            out.push(':');
        }
        write_without(out, value, &below);
    }
    out.push(close);
}

/// Reads one text out of a JSON text by the member names that lead to it,
/// skipping everything else. `None` when it is not there, is not a text, or
/// when a member on the way is repeated, since then two readers may see two
/// values.
pub(crate) fn find_text<'de>(text: &'de str, names: &[&str]) -> Option<Cow<'de, str>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let found = Find(names).deserialize(&mut json).ok()?;
    json.end().ok()?;
    found
}

struct Find<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Find<'_> {
    type Value = Option<Cow<'de, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Find<'_> {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let Some((wanted, inner)) = self.0.split_first() else {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(None);
        };
        let mut found = None;
        while let Some(Name(name)) = map.next_key()? {
            if name != *wanted {
                map.next_value::<IgnoredAny>()?;
            } else if found.is_none() {
                found = Some(map.next_value_seed(Find(inner))?);
            } else {
                return Err(serde::de::Error::custom("repeated member"));
            }
        }
        Ok(found.flatten())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then_some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(self.0.is_empty().then(|| Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(steps: &[&str]) -> Path {
        let mut path = Path::root();
        for step in steps {
            path = path.member(step);
        }
        for segment in path.segments_mut() {
            if let Segment::Member(name) = segment {
                if let Ok(index) = name.parse() {
                    *segment = Segment::Element(index);
                }
            }
        }
        path
    }

    #[test]
    fn values_are_found_and_cut() {
        let text = r#" {"a": {"b": [1, {"c": "x"}, 3]}, "d\u0065": null, "a2": 2} "#;
        for (steps, value, rest) in [
            (&["a", "b", "1", "c"][..], r#""x""#, r#"{"a":{"b":[1,{},3]},"de":null,"a2":2}"#),
            (&["a", "b", "0"], "1", r#"{"a":{"b":[{"c": "x"},3]},"de":null,"a2":2}"#),
            (&["a", "b", "2"], "3", r#"{"a":{"b":[1,{"c": "x"}]},"de":null,"a2":2}"#),
            (&["de"], "null", r#"{"a":{"b": [1, {"c": "x"}, 3]},"a2":2}"#),
            (&["a"], r#"{"b": [1, {"c": "x"}, 3]}"#, r#"{"de":null,"a2":2}"#),
        ] {
            let path = path(steps);
            let found = locate(text, &path);
            assert_eq!(found.len(), 1, "{path}");
            assert_eq!(&text[found[0].clone()], value, "{path}");
            assert_eq!(without(text, &[path.segments()]), rest, "{path}");
        }
        let (c, d) = (path(&["a", "b", "1", "c"]), path(&["a", "b", "2"]));
        assert_eq!(
            without(text, &[c.segments(), d.segments()]),
            r#"{"a":{"b":[1,{}]},"de":null,"a2":2}"#
        );
    }

    #[test]
    fn repeated_members_are_found_and_cut_together() {
        let (text, a) = (r#"{"a":1,"b":2,"a":3}"#, path(&["a"]));
        let found = locate(text, &a);
        assert_eq!(found.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(without(text, &[a.segments()]), r#"{"b":2}"#);
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for steps in [&["x"][..], &["a", "x"], &["b", "9"], &["b", "x"], &["c", "0"]] {
            assert_eq!(locate(r#"{"a":1,"b":[1],"c":{}}"#, &path(steps)), [], "{steps:?}");
        }
    }

    #[test]
    fn a_text_is_found_by_its_names() {
        let find = |text| find_text(text, &["data", "id"]);
        assert_eq!(find(r#"{"x":[{"data":1}],"data":{"y":"\ud83d","id":"7"}}"#).unwrap(), "7");
        assert_eq!(find(r#"{"data":{"\u0069d":"\u0037"},"z":1e999}"#).unwrap(), "7");
        for text in [
            "",
            "7",
            "[]",
            "null",
            r#"{"data":null}"#,
            r#"{"data":"7"}"#,
            r#"{"data":["7"]}"#,
            r#"{"data":{"id":7}}"#,
            r#"{"data":{"id":true}}"#,
            r#"{"data":{"id":{"id":"7"}}}"#,
            r#"{"data":{"id":"7","id":"8"}}"#,
            r#"{"data":{"id":"7"},"data":{}}"#,
            r#"{"data":{"id":"7"}"#,
            r#"{"data":{"id":"7"}} x"#,
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
