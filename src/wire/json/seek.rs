//! Looking for a value where it stands, without reading what comes after it.

use std::borrow::Cow;

use serde::de::MapAccess;

use super::reader::{RawText, Reader};
use super::text::Name;

/// The first member of an object whose name is wanted, with its value as JSON.
/// Nothing is read behind it, and nothing is allocated but for names with escapes.
pub(crate) fn seek<'de>(
    text: &'de str,
    wanted: &mut dyn FnMut(&str) -> bool,
) -> Option<(Cow<'de, str>, &'de str)> {
    let mut reader = Reader::new(text);
    let mut members = reader.members()?;
    while let Some(Name(name)) = members.next_key().ok()? {
        let RawText(raw) = members.next_value().ok()?;
        if wanted(&name) {
            return Some((name, raw));
        }
    }
    None
}

/// The value at a path of member names, in whatever case they are written; `null`
/// is none.
pub(crate) fn value_at<'de>(text: &'de str, path: &[&str]) -> Option<&'de str> {
    let inside = path.iter().try_fold(text, |text, step| {
        Some(seek(text, &mut |name| name.eq_ignore_ascii_case(step))?.1)
    })?;
    (inside != "null").then_some(inside)
}

/// The text that a JSON value is. It borrows, unless there are escapes in it.
pub(crate) fn text_of(value: &str) -> Option<Cow<'_, str>> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    if !inside.contains('\\') {
        return Some(Cow::Borrowed(inside));
    }
    super::read_ours(value).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_where_it_stands() {
        let json = r#"{"a":{"x":[1,{"b":2}]},"B":{"ID":"7","n":null},"c":"\u00e9","d":tru"#;
        assert_eq!(value_at(json, &["b", "id"]), Some(r#""7""#));
        assert_eq!(value_at(json, &["b", "n"]), None);
        assert_eq!(value_at(json, &["a", "x"]), Some(r#"[1,{"b":2}]"#));
        assert_eq!(value_at(json, &["a", "y"]), None);
        assert_eq!(value_at(json, &["c"]).and_then(text_of).as_deref(), Some("é"));
        assert_eq!(value_at("[]", &["a"]), None);
        assert_eq!(text_of("7"), None);
        assert!(matches!(text_of(r#""7""#), Some(Cow::Borrowed("7"))));
    }

    #[test]
    fn nothing_is_read_behind_it() {
        let json = format!(r#"{{"a":{{"b":"x"}},"c":{}"#, "[".repeat(1000));
        assert_eq!(value_at(&json, &["a", "b"]), Some(r#""x""#));
    }
}
