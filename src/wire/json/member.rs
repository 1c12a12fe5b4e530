//! One member of the outermost object of a JSON text.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::text::Name;

/// The value of a member, as far as one that identifies something can be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Scalar<'a> {
    Text(Cow<'a, str>),
    /// As it is spelled.
    Number(Cow<'a, str>),
    /// A boolean, an object, an array, or a text that no Rust text can hold.
    Other,
}

/// Why a member cannot be told.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// The text is not one JSON object in UTF-8.
    Unreadable,
    /// The member stands there more than once, so two readers may see two
    /// values.
    Repeated,
}

/// Reads one member of a JSON object, skipping everything else; `None` when it
/// is absent or null.
pub(crate) fn sole_member<'a>(json: &'a [u8], name: &str) -> Result<Option<Scalar<'a>>, Unclear> {
    let text = crate::wire::text(json).map_err(|_| Unclear::Unreadable)?;
    if let Ok(found) = scan(text, name) {
        return found.value();
    }
    // An unpaired surrogate may stand in another member's name.
    let repaired = super::repair(text).ok_or(Unclear::Unreadable)?;
    let found = scan(&repaired, name).map_err(|_| Unclear::Unreadable)?;
    Ok(found.value()?.map(|value| match value {
        Scalar::Text(text) => Scalar::Text(Cow::Owned(text.into_owned())),
        Scalar::Number(number) => Scalar::Number(Cow::Owned(number.into_owned())),
        Scalar::Other => Scalar::Other,
    }))
}

enum Found<'a> {
    None,
    One(&'a RawValue),
    Several,
}

impl<'a> Found<'a> {
    fn value(self) -> Result<Option<Scalar<'a>>, Unclear> {
        let raw = match self {
            Self::None => return Ok(None),
            Self::One(raw) => raw.get(),
            Self::Several => return Err(Unclear::Repeated),
        };
        Ok(match raw.bytes().next() {
            Some(b'n') => None,
            Some(b'"') => Some(match serde_json::from_str(raw) {
                Ok(Name(text)) => Scalar::Text(text),
                Err(_) => Scalar::Other,
            }),
            Some(b'-' | b'0'..=b'9') => Some(Scalar::Number(Cow::Borrowed(raw))),
            _ => Some(Scalar::Other),
        })
    }
}

fn scan<'a>(text: &'a str, name: &str) -> Result<Found<'a>, serde_json::Error> {
    struct Sole<'a>(&'a str);

    impl<'de> Visitor<'de> for Sole<'_> {
        type Value = Found<'de>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut found = Found::None;
            while let Some(Name(name)) = map.next_key()? {
                if name != self.0 {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
                let value = map.next_value()?;
                found = match found {
                    Found::None => Found::One(value),
                    Found::One(_) | Found::Several => Found::Several,
                };
            }
            Ok(found)
        }
    }

    let mut json = serde_json::Deserializer::from_str(text);
    let found = json.deserialize_map(Sole(name))?;
    json.end()?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn depth_costs_no_stack() {
        let deep = format!(r#"{{"x":{}{},"id":"7"}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(sole_member(deep.as_bytes(), "id"), Ok(Some(Scalar::Text("7".into()))));
    }
}
