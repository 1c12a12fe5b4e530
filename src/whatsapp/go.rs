//! Message content in Go's spelling: Evolution Go and WAHA's engine GOWS.
//!
//! Go's names are the protocol's with abbreviations in capitals, so the
//! protocol's can be had from them. Where a message holds one of several
//! things, Go has an object more: `{"InteractiveMessage": {"NativeFlowMessage":
//! …}}` is used where others have `{"nativeFlowMessage": …}`.
//!
//! The same struct cannot read both spellings by itself: a value that is set
//! aside is found by the one name that its field has. So the text is respelled
//! first, and only when someone asks.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Unexpected};
use serde::ser::{Serialize, Serializer};

use super::Content;
use crate::event::Nested;
use crate::wire::{Fault, RawJson};

/// A message object in Go's spelling: kept raw, typed on demand.
///
/// Two values are equal when their JSON text is; serialising writes the JSON as
/// received. `Debug` shows only the size.
///
/// ```
/// use zaphook::whatsapp::GoContent;
///
/// let message: GoContent = serde_json::from_str(
///     r#"{"imageMessage": {"URL": "https://mmg.whatsapp.net/v/1.enc", "fileLength": 98127}}"#,
/// )?;
/// let content = message.content()?;
/// assert_eq!(content.unwrapped().media().and_then(|media| media.size), Some(98127));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct GoContent(RawJson);

impl GoContent {
    /// Of an object; nothing else is a message.
    pub(crate) fn of(raw: RawJson) -> Option<Self> {
        raw.as_str().starts_with('{').then_some(Self(raw))
    }

    /// The raw JSON.
    pub fn raw(&self) -> &RawJson {
        &self.0
    }

    /// The message, typed. Values that do not have the documented shape are
    /// left out; [`nested`](Self::nested) reports which.
    ///
    /// # Errors
    ///
    /// When it cannot be typed at all. The path is in the protocol's own
    /// spelling.
    pub fn content(&self) -> Result<Content, Fault> {
        self.nested().parse()
    }

    /// The message in the protocol's own spelling, not yet typed.
    pub fn nested(&self) -> Nested<Content> {
        let respelled = respell(self.0.as_str()).and_then(|text| RawJson::from_text(&text));
        // Anything that is not JSON cannot have got here.
        Nested::from(respelled.unwrap_or_else(|| self.0.clone()))
    }
}

impl fmt::Debug for GoContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GoContent({} bytes)", self.0.as_str().len())
    }
}

impl Serialize for GoContent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for GoContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        Self::of(raw)
            .ok_or_else(|| D::Error::invalid_type(Unexpected::Other("no object"), &"an object"))
    }
}

/// An object or array that has begun and not ended.
enum Open {
    /// An object, and whether a member has been written.
    Object(bool),
    /// An array, and whether an element has been written.
    Array(bool),
    /// An object that only says which of several things its one member is: the
    /// member belongs to the object around it.
    OneOf,
}

/// A JSON text with the names of its members in the protocol's spelling.
///
/// However deep the text is, it costs no stack.
fn respell(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut open: Vec<Open> = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_ascii_start();
        let Some(first) = rest.bytes().next() else { return open.is_empty().then_some(out) };
        if let (b'}' | b']' | b',', Some(_)) = (first, open.last()) {
            match first {
                b',' => {}
                _ => match open.pop()? {
                    Open::Object(_) => out.push('}'),
                    Open::Array(_) => out.push(']'),
                    Open::OneOf => {}
                },
            }
            rest = rest.get(1..)?;
            continue;
        }
        if let Some(Open::Object(_) | Open::OneOf) = open.last() {
            let (name, after) = token(rest)?;
            let after = after.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
            let inside = matches!(open.last(), Some(Open::OneOf));
            if !inside && is_one_of(name) {
                if let Some(after) = after.strip_prefix("null") {
                    rest = after;
                    continue;
                }
                if let Some(after) = after.strip_prefix('{') {
                    open.push(Open::OneOf);
                    rest = after;
                    continue;
                }
            }
            separate(&mut out, &mut open);
            out.push_str(&respelled(name));
            out.push(':');
            rest = after;
        } else {
            separate(&mut out, &mut open);
        }
        // Now at a value.
        match rest.bytes().next()? {
            b'{' => {
                out.push('{');
                open.push(Open::Object(false));
                rest = rest.get(1..)?;
            }
            b'[' => {
                out.push('[');
                open.push(Open::Array(false));
                rest = rest.get(1..)?;
            }
            _ => {
                let (scalar, after) = token(rest)?;
                out.push_str(scalar);
                rest = after;
            }
        }
    }
}

/// Writes a comma if something comes before in the object or array.
fn separate(out: &mut String, open: &mut [Open]) {
    let real = open.iter_mut().rev().find_map(|open| match open {
        Open::Object(written) | Open::Array(written) => Some(written),
        Open::OneOf => None,
    });
    if let Some(written) = real {
        if *written {
            out.push(',');
        }
        *written = true;
    }
}

/// A text with its quotes, or any other scalar, and what comes after it.
fn token(text: &str) -> Option<(&str, &str)> {
    let Some(inside) = text.strip_prefix('"') else {
        let end = text.find([',', '}', ']', ' ', '\n', '\r', '\t']).unwrap_or(text.len());
        return text.split_at_checked(end);
    };
    let mut escaped = false;
    let end = inside.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    // Both quotes.
    text.split_at_checked(end.checked_add(2)?)
}

/// Whether a name, with its quotes, is one that Go gives to a choice of
/// several: it alone begins with a single capital letter.
fn is_one_of(name: &str) -> bool {
    let mut letters = name.bytes().skip(1);
    matches!((letters.next(), letters.next()), (Some(b'A'..=b'Z'), Some(b'a'..=b'z')))
}

/// A name in the protocol's spelling: of several capitals in a row only the
/// first stays one, and the last where a word begins with it; none at the
/// beginning.
fn respelled(name: &str) -> String {
    let mut letters = name.chars().peekable();
    let mut out = String::with_capacity(name.len());
    let (mut at_start, mut in_run) = (true, false);
    while let Some(letter) = letters.next() {
        let begins_word = letters.peek().is_some_and(char::is_ascii_lowercase);
        let stays = !at_start && (!in_run || begins_word);
        out.push(if stays { letter } else { letter.to_ascii_lowercase() });
        in_run = letter.is_ascii_uppercase();
        at_start = letter == '"' || (at_start && in_run && !begins_next(&mut letters));
    }
    out
}

/// Whether the next letter is a capital that begins a word.
fn begins_next(letters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut ahead = letters.clone();
    let capital = ahead.next().is_some_and(|letter| letter.is_ascii_uppercase());
    capital && ahead.next().is_some_and(|letter| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_respelled() {
        for (go, protocol) in [
            ("URL", "url"),
            ("ID", "id"),
            ("PTT", "ptt"),
            ("JPEGThumbnail", "jpegThumbnail"),
            ("PNGThumbnail", "pngThumbnail"),
            ("fileSHA256", "fileSha256"),
            ("fileEncSHA256", "fileEncSha256"),
            ("stanzaID", "stanzaId"),
            ("mentionedJID", "mentionedJid"),
            ("remoteJID", "remoteJid"),
            ("senderTimestampMS", "senderTimestampMs"),
            ("buttonParamsJSON", "buttonParamsJson"),
            ("encIV", "encIv"),
            ("thumbnailURL", "thumbnailUrl"),
            ("URLMetadata", "urlMetadata"),
            ("NativeFlowMessage", "nativeFlowMessage"),
            ("botJIDOfGroup", "botJidOfGroup"),
            ("conversation", "conversation"),
            ("viewOnceMessageV2Extension", "viewOnceMessageV2Extension"),
            ("pollCreationMessageV3", "pollCreationMessageV3"),
            ("inviteLinkGroupTypeV2", "inviteLinkGroupTypeV2"),
            ("amount1000", "amount1000"),
            ("callLogMesssage", "callLogMesssage"),
            ("degreesClockwiseFromMagneticNorth", "degreesClockwiseFromMagneticNorth"),
            ("", ""),
        ] {
            assert_eq!(respelled(&format!("{go:?}")), format!("{protocol:?}"), "{go}");
        }
    }

    #[test]
    fn texts_are_respelled_and_choices_opened() {
        for (go, protocol) in [
            (
                r#"{ "URL" : "URL\"ID" , "ID":[ {"ID":1}, 2 ,null] }"#,
                r#"{"url":"URL\"ID","id":[{"id":1},2,null]}"#,
            ),
            (
                r#"{"a":{"InteractiveMessage":{"NativeFlowMessage":{"ID":1}},"b":2}}"#,
                r#"{"a":{"nativeFlowMessage":{"id":1},"b":2}}"#,
            ),
            (
                r#"{"a":1,"InteractiveMessage":{"NativeFlowMessage":{"ID":1}}}"#,
                r#"{"a":1,"nativeFlowMessage":{"id":1}}"#,
            ),
            (r#"{"Format":null,"a":1}"#, r#"{"a":1}"#),
            (r#"{"a":1,"Format":null}"#, r#"{"a":1}"#),
            (r#"{"Title":{"HydratedTitleText":"x"}}"#, r#"{"hydratedTitleText":"x"}"#),
            (r#"{"Title":"x"}"#, r#"{"title":"x"}"#),
            (r#"{"a":"\\","B":"\\\"","c":{},"d":[]}"#, r#"{"a":"\\","b":"\\\"","c":{},"d":[]}"#),
            (r#"{"a":-1.5e3,"b":true}"#, r#"{"a":-1.5e3,"b":true}"#),
        ] {
            assert_eq!(respell(go).unwrap(), protocol, "{go}");
            assert!(RawJson::from_text(&respell(go).unwrap()).is_some());
        }
        let deep = format!("{}{}", r#"{"ID":["#.repeat(50_000), "]}".repeat(50_000));
        assert_eq!(respell(&deep).unwrap().len(), deep.len());
    }

    proptest::proptest! {
        /// Whatever JSON it is, it stays JSON, with the same values.
        #[test]
        fn values_stay(texts in proptest::collection::vec(".*", 1..6), number in proptest::num::i64::ANY) {
            let mut value = serde_json::json!({"n": number});
            for text in &texts {
                value = serde_json::json!({"a": value, "b": [text, null], "c": {"d": text}});
            }
            for json in [value.to_string(), format!("{value:#}")] {
                let again = respell(&json).unwrap();
                proptest::prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&again).unwrap(), &value);
            }
        }
    }
}
