//! Members of the outermost object of a JSON text.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};

use super::error::Error;
use super::reader::{RawText, Reader};
use super::text::Name;

/// The value of a member, as far as one that identifies something can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Text(Cow<'a, str>),
    /// As it is spelled.
    Number(Cow<'a, str>),
    /// A boolean, an object, an array, or a text that no Rust text can hold.
    Other,
}

/// Why a member cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// The text is not one JSON object in UTF-8.
    Unreadable,
    /// The member appears more than once, so two readers may see two values.
    Repeated,
}

/// Some members of a JSON object.
#[derive(Debug)]
pub(crate) struct Outer<'a>(Vec<(&'static str, Found<'a>)>);

#[derive(Debug)]
enum Found<'a> {
    Nothing,
    Null,
    One(Value<'a>),
    Several,
}

/// A value of any length, which is put together when it is asked for.
#[derive(Debug)]
struct Value<'a> {
    raw: &'a str,
    scalar: OnceCell<Scalar<'a>>,
}

impl<'a> Outer<'a> {
    /// Reads these members of a JSON object in one pass, skipping everything else.
    pub(crate) fn read(json: &'a [u8], names: &[&'static str]) -> Result<Self, Unclear> {
        let text = crate::wire::text(json).map_err(|_| Unclear::Unreadable)?;
        scan(text, names).map(Self).map_err(|_| Unclear::Unreadable)
    }

    fn found(&self, name: &str) -> &Found<'a> {
        let found = self.0.iter().find(|(other, _)| *other == name);
        found.map_or(&Found::Nothing, |(_, found)| found)
    }

    /// The value of a member that was read; `None` when it is absent or null.
    pub(crate) fn value(&self, name: &str) -> Result<Option<&Scalar<'a>>, Unclear> {
        match self.found(name) {
            Found::Nothing | Found::Null => Ok(None),
            Found::One(value) => Ok(Some(value.scalar())),
            Found::Several => Err(Unclear::Repeated),
        }
    }

    /// Whether a member is there, whatever its value.
    pub(crate) fn has(&self, name: &str) -> bool {
        !matches!(self.found(name), Found::Nothing)
    }

    /// Whether a member is there and not null.
    pub(crate) fn says(&self, name: &str) -> bool {
        !matches!(self.found(name), Found::Nothing | Found::Null)
    }

    /// The text of a member that is one.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        match self.found(name) {
            Found::One(value) => match value.scalar() {
                Scalar::Text(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text of the first of these members that is there; `None` when that
    /// one is no text.
    pub(crate) fn first_text(&self, names: &[&str]) -> Option<&str> {
        self.text(names.iter().find(|name| self.says(name))?)
    }
}

impl<'a> Found<'a> {
    fn of(raw: &'a str) -> Self {
        match raw.starts_with('n') {
            true => Self::Null,
            false => Self::One(Value { raw, scalar: OnceCell::new() }),
        }
    }
}

impl<'a> Value<'a> {
    fn scalar(&self) -> &Scalar<'a> {
        self.scalar.get_or_init(|| match self.raw.bytes().next() {
            Some(b'"') => match serde_json::from_str(self.raw) {
                Ok(Name(text)) => Scalar::Text(text),
                Err(_) => Scalar::Other,
            },
            Some(b'-' | b'0'..=b'9') => Scalar::Number(Cow::Borrowed(self.raw)),
            _ => Scalar::Other,
        })
    }
}

fn scan<'a>(
    text: &'a str,
    names: &[&'static str],
) -> Result<Vec<(&'static str, Found<'a>)>, Error> {
    struct Sought<'n>(&'n [&'static str]);

    impl<'de> Visitor<'de> for Sought<'_> {
        type Value = Vec<(&'static str, Found<'de>)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all: Vec<_> = self.0.iter().map(|name| (*name, Found::Nothing)).collect();
            while let Some(Name(name)) = map.next_key()? {
                let RawText(raw) = map.next_value()?;
                if let Some((_, found)) = all.iter_mut().find(|(other, _)| *other == name) {
                    *found = match found {
                        Found::Nothing => Found::of(raw),
                        _ => Found::Several,
                    };
                }
            }
            Ok(all)
        }
    }

    // An unpaired surrogate may be in another member's name.
    let mut json = Reader::lossy(text);
    let found = json.deserialize_map(Sought(names))?;
    json.end()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sole_member<'a>(json: &'a [u8], name: &'static str) -> Result<Option<Scalar<'a>>, Unclear> {
        let outer = Outer::read(json, &[name, "not there"])?;
        assert_eq!(outer.value("not there"), Ok(None));
        outer.value(name).map(Option::<&Scalar<'_>>::cloned)
    }

    #[test]
    fn one_member_is_read() {
        let text = |text: &'static str| Ok(Some(Scalar::Text(text.into())));
        let number = |text: &'static str| Ok(Some(Scalar::Number(text.into())));
        for (json, value) in [
            (r#"{"id":"7"}"#, text("7")),
            (r#" {"x":{"id":"8"},"id" : "7" , "y":[1,{"id":9}]} "#, text("7")),
            (r#"{"\u0069d":"\u0037"}"#, text("7")),
            (r#"{"id":""}"#, text("")),
            (r#"{"x":1e999,"y":"\ud83d","id":"7"}"#, text("7")),
            (r#"{"\ud83d":1,"id":"7"}"#, text("7")),
            (r#"{"\ud83d":1,"id":7}"#, number("7")),
            (r#"{"id":7}"#, number("7")),
            (r#"{"id":-7.50e1}"#, number("-7.50e1")),
            (r#"{"id":123456789012345678901234567890}"#, number("123456789012345678901234567890")),
            (r#"{"id":null}"#, Ok(None)),
            (r#"{"Id":"7","id ":"7"}"#, Ok(None)),
            ("{}", Ok(None)),
            (r#"{"id":true}"#, Ok(Some(Scalar::Other))),
            (r#"{"id":["7"]}"#, Ok(Some(Scalar::Other))),
            (r#"{"id":{"id":"7"}}"#, Ok(Some(Scalar::Other))),
            (r#"{"id":"\ud83d"}"#, Ok(Some(Scalar::Other))),
            (r#"{"id":"7","id":"7"}"#, Err(Unclear::Repeated)),
            (r#"{"id":"7","x":1,"\u0069d":null}"#, Err(Unclear::Repeated)),
            (r#"{"id":null,"id":"7"}"#, Err(Unclear::Repeated)),
            ("", Err(Unclear::Unreadable)),
            ("null", Err(Unclear::Unreadable)),
            (r#""id""#, Err(Unclear::Unreadable)),
            (r#"[{"id":"7"}]"#, Err(Unclear::Unreadable)),
            (r#"{"id":"7""#, Err(Unclear::Unreadable)),
            (r#"{"id":"7"}{"#, Err(Unclear::Unreadable)),
            ("\u{feff}{\"id\":\"7\"}", Err(Unclear::Unreadable)),
        ] {
            assert_eq!(sole_member(json.as_bytes(), "id"), value, "{json}");
        }
        assert_eq!(sole_member(b"{\"id\":\"7\",\"x\":\"\xFF\"}", "id"), Err(Unclear::Unreadable));
    }

    #[test]
    fn several_members_are_read_at_once() {
        let json = r#"{"a":1,"b":"x","c":null,"d":"y","d":"y","e":{"b":"z"},"\ud83d":0}"#;
        for json in [json, &json.replace(r#","\ud83d":0"#, "")] {
            let outer = Outer::read(json.as_bytes(), &["a", "b", "c", "d", "f"]).unwrap();
            assert_eq!(outer.value("a"), Ok(Some(&Scalar::Number("1".into()))));
            assert_eq!((outer.text("a"), outer.text("b")), (None, Some("x")));
            assert_eq!((outer.value("c"), outer.has("c"), outer.has("f")), (Ok(None), true, false));
            assert_eq!(outer.value("d"), Err(Unclear::Repeated));
            assert_eq!(outer.first_text(&["f", "c", "b", "a"]), Some("x"));
            assert_eq!(outer.first_text(&["f", "a", "b"]), None);
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let deep = format!(r#"{{"x":{}{},"id":"7"}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(sole_member(deep.as_bytes(), "id"), Ok(Some(Scalar::Text("7".into()))));
    }
}
