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
///
/// A text may have a member for every six bytes, so what is kept of each is small: where it
/// ends, from which it is read again when it is asked for, and a part of its name, so that
/// the others are not.
pub(crate) struct Members<'a> {
    text: &'a str,
    ends: Vec<usize>,
    outlines: Vec<u16>,
}

impl<'a> Members<'a> {
    /// The members of a text that is one JSON object.
    pub(crate) fn of(text: &'a str) -> Result<Self, serde_json::Error> {
        let mut json = serde_json::Deserializer::from_str(text);
        let members = json.deserialize_map(Object(text))?;
        json.end()?;
        Ok(members)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Cow<'a, str>, &'a str)> {
        (0..self.ends.len()).filter_map(|index| self.member(index))
    }

    /// The values of this name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let outline = outline(name);
        let all = self.outlines.iter().enumerate();
        let alike = all.filter(move |(_, other)| **other == outline);
        let members = alike.filter_map(|(index, _)| self.member(index));
        members.filter(move |(member, _)| member == name).map(|(_, value)| value)
    }

    /// The first value of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    fn member(&self, index: usize) -> Option<(Cow<'a, str>, &'a str)> {
        let end = *self.ends.get(index)?;
        let start = index.checked_sub(1).and_then(|before| self.ends.get(before));
        // What comes before the name is a brace or a comma, and white space.
        let member = self.text.get(start.copied().unwrap_or_default()..end)?;
        let member = member.get(member.find('"')?..)?;
        let mut read = serde_json::Deserializer::from_str(member).into_iter();
        let Name(name) = read.next()?.ok()?;
        let behind = member.get(read.byte_offset()..)?.trim_ascii_start();
        Some((name, behind.strip_prefix(':')?.trim_ascii_start()))
    }
}

/// What is compared before the names themselves: two that differ in it are not the same.
fn outline(name: &str) -> u16 {
    let bytes = name.as_bytes();
    let last = bytes.last().copied().unwrap_or_default();
    let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    u16::from_le_bytes([last, length])
}

struct Object<'a>(&'a str);

impl<'a> Visitor<'a> for Object<'a> {
    type Value = Members<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<Members<'a>, A::Error> {
        let Self(text) = self;
        let (mut ends, mut outlines) = (Vec::new(), Vec::new());
        while let Some(Name(name)) = map.next_key()? {
            let value = map.next_value::<&RawValue>()?.get();
            let start = value.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
            ends.push(start.wrapping_add(value.len()));
            outlines.push(outline(&name));
        }
        Ok(Members { text, ends, outlines })
    }
}

impl fmt::Debug for Members<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Members({})", self.ends.len())
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
    fn members_are_read_again_where_they_stand() {
        let text = " {\n\"a\" : [1, {\"a\": 2}] ,\t\"b\":\"x\\\"\",\"\\u0061\\\"\":-1.50,\"\":null , \"a\":{}, \"c\":\":\"\r}";
        let members = Members::of(text).unwrap();
        let all: Vec<_> = members.iter().collect();
        let all: Vec<_> = all.iter().map(|(name, value)| (&**name, *value)).collect();
        let rest =
            [("b", r#""x\"""#), ("a\"", "-1.50"), ("", "null"), ("a", "{}"), ("c", r#"":""#)];
        assert_eq!(all, [&[("a", r#"[1, {"a": 2}]"#)], &rest[..]].concat());
        assert_eq!(members.all("a").collect::<Vec<_>>(), [r#"[1, {"a": 2}]"#, "{}"]);
        assert_eq!(members.get("a\""), Some("-1.50"));
        assert_eq!(
            (members.get(""), members.get("z"), members.get("d")),
            (Some("null"), None, None)
        );
        let long = "x".repeat(300);
        let text = format!(r#"{{"{long}y":1,"z{long}":2,"{long}":3}}"#);
        assert_eq!(Members::of(&text).unwrap().get(&long), Some("3"));
        assert!(Members::of("{}").unwrap().iter().next().is_none());
        for text in ["", "[]", "{} {}", r#"{"a":1"#, r#"{"\ud83d":1}"#] {
            assert!(Members::of(text).is_err(), "{text}");
        }
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
