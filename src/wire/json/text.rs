//! Finding values in a JSON text.
//!
//! Members are taken apart by `serde_json`, as raw values.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::path::Path;
use super::reader::Reader;

/// The members of an object in the order of the text, repeated ones too.
#[derive(Debug)]
pub(crate) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (&**name, *value))
    }

    /// The first member with this name.
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
/// several when a member on the way is repeated. One pass, whatever the path,
/// over whatever is not at these places.
pub(crate) fn locate(text: &str, path: &Path, left_out: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // What cannot be taken apart has no such value behind it.
    let _ = Reader::without(text, left_out).locate(path.segments(), &mut found);
    found
}

/// The place of the value that begins there.
pub(crate) fn place_of(text: &str, start: usize) -> Option<Range<usize>> {
    let value = Reader::new(text.get(start..)?).skip().ok()?;
    Some(start..start.checked_add(value.len())?)
}

/// Reads one text out of a JSON text by the member names that lead to it,
/// skipping everything else. `None` when it is not there, is not a text, or
/// when a member on the way is repeated, since then two readers may see two
/// values.
pub(crate) fn find_text<'de>(text: &'de str, names: &[&str]) -> Option<Cow<'de, str>> {
    // An unpaired surrogate may be in a name on the way, or in the text itself.
    let mut json = Reader::lossy(text);
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
    use std::marker::PhantomData;

    use super::*;
    use crate::wire::json::Segment;

    fn path(steps: &[&str]) -> Path {
        let mut path = Path::root();
        for step in steps {
            path = path.member(step);
        }
        let segments = path.segments().iter().cloned().map(|segment| match &segment {
            Segment::Member(name) => name.parse().map_or(segment, Segment::Element),
            _ => segment,
        });
        Path::from(segments.collect::<Vec<_>>())
    }

    #[test]
    fn values_are_found_and_left_out() {
        let text = r#" {"a": {"b": [1, {"c": "x"}, 3]}, "d\u0065": null, "a2": 2} "#;
        for (steps, value, rest) in [
            (&["a", "b", "1", "c"][..], r#""x""#, r#"{"a":{"b":[1,{},3]},"a2":2,"de":null}"#),
            (&["a", "b", "0"], "1", r#"{"a":{"b":[{"c":"x"},3]},"a2":2,"de":null}"#),
            (&["a", "b", "2"], "3", r#"{"a":{"b":[1,{"c":"x"}]},"a2":2,"de":null}"#),
            (&["de"], "null", r#"{"a":{"b":[1,{"c":"x"},3]},"a2":2}"#),
            (&["a"], r#"{"b": [1, {"c": "x"}, 3]}"#, r#"{"a2":2,"de":null}"#),
        ] {
            let path = path(steps);
            let found = locate(text, &path, &[]);
            assert_eq!(found.len(), 1, "{path}");
            assert_eq!(&text[found[0].clone()], value, "{path}");
            assert_eq!(without(text, &[&path]), rest, "{path}");
        }
        let (c, d) = (path(&["a", "b", "1", "c"]), path(&["a", "b", "2"]));
        assert_eq!(without(text, &[&c, &d]), r#"{"a":{"b":[1,{}]},"a2":2,"de":null}"#);
    }

    /// What a reader sees that leaves values out, with its members in order.
    fn without(text: &str, paths: &[&Path]) -> String {
        let mut places: Vec<Range<usize>> =
            paths.iter().flat_map(|path| locate(text, path, &[])).collect();
        places.sort_unstable_by_key(|place| place.start);
        let value = PhantomData::<std::collections::BTreeMap<String, serde_json::Value>>;
        let value = super::super::read_without(text, &places, value).unwrap();
        serde_json::to_string(&value).unwrap()
    }

    #[test]
    fn repeated_members_are_found_and_left_out_together() {
        let (text, a) = (r#"{"a":1,"b":2,"a":3}"#, path(&["a"]));
        let found = locate(text, &a, &[]);
        assert_eq!(found.iter().map(|at| &text[at.clone()]).collect::<Vec<_>>(), ["1", "3"]);
        assert_eq!(without(text, &[&a]), r#"{"b":2}"#);
    }

    #[test]
    fn a_field_is_left_out_in_every_element() {
        let every = path(&["a", "0", "b"]).in_every_element();
        assert_eq!(every.to_string(), "a[*].b");
        assert_eq!(every.innermost_list(), Some(path(&["a"])));
        assert_eq!(path(&["a", "b"]).innermost_list(), None);
        let text = r#"{"a":[{"b":1,"c":2},{"b":3},4,{"c":5}]}"#;
        assert_eq!(without(text, &[&every]), r#"{"a":[{"c":2},{},4,{"c":5}]}"#);
        assert_eq!(locate(text, &every, &[]).len(), 2);
    }

    #[test]
    fn members_are_those_of_the_text() {
        let members: Members<'_> = serde_json::from_str(r#"{"a":1,"b":[2],"a":3}"#).unwrap();
        let all: Vec<_> = members.iter().map(|(name, raw)| (name, raw.get())).collect();
        assert_eq!(all, [("a", "1"), ("b", "[2]"), ("a", "3")]);
        let get = |name| members.get(name).map(serde_json::value::RawValue::get);
        assert_eq!((get("a"), get("b"), get("c")), (Some("1"), Some("[2]"), None));
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        for steps in [&["x"][..], &["a", "x"], &["b", "9"], &["b", "x"], &["c", "0"]] {
            assert_eq!(locate(r#"{"a":1,"b":[1],"c":{}}"#, &path(steps), &[]), [], "{steps:?}");
        }
    }

    #[test]
    fn a_text_is_found_by_its_names() {
        let find = |text| find_text(text, &["data", "id"]);
        assert_eq!(find(r#"{"x":[{"data":1}],"data":{"y":"\ud83d","id":"7"}}"#).unwrap(), "7");
        assert_eq!(find(r#"{"data":{"\u0069d":"\u0037"},"z":1e999}"#).unwrap(), "7");
        assert_eq!(find(r#"{"\ud83d":1,"data":{"\ud83d":1,"id":"7"}}"#).unwrap(), "7");
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
