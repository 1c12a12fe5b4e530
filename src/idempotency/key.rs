//! Deduplication keys.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::wire::hex;

/// A deduplication key: deliveries with equal keys are the same event.
///
/// A key is the gateway, the account, the event name and the identity, joined
/// by `/`:
///
/// ```text
/// enviaai/inst_9/message.delivered/message/msg_4
/// ```
///
/// Separators and control characters inside a part are percent-encoded, so
/// different lists of parts never give the same key. A key longer than 200
/// bytes is replaced by `enviaai/#` and the SHA-256 of its parts. A key
/// contains nothing that is not in the body, so the same bytes have the same
/// key at any time and on any machine; the format does not change within a
/// major version.
///
/// Only the crate creates keys, from authenticated deliveries:
///
/// ```compile_fail
/// zaphook::Key::new("enviaai", [Some("inst_9"), Some("msg_4")]);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Box<str>);

/// The longest key in readable form, in bytes.
const LONGEST: usize = 200;

impl Key {
    /// Joins the parts. `None` when one of them is missing or empty, which
    /// would make one event of all that lack it; or when it was cut inside a
    /// character and repaired, which would make one of all that are cut there.
    pub(crate) fn new<'a>(
        gateway: &str,
        parts: impl IntoIterator<Item = Option<&'a str>>,
    ) -> Option<Self> {
        let parts: Vec<&str> = parts
            .into_iter()
            .map(|part| part.filter(|part| tells_apart(part)))
            .collect::<Option<_>>()?;
        let mut text = String::with_capacity(64);
        push_encoded(&mut text, gateway);
        for part in &parts {
            text.push('/');
            push_encoded(&mut text, part);
        }
        if text.len() > LONGEST {
            text.truncate(0);
            push_encoded(&mut text, gateway);
            text.push_str("/#");
            hex::push(&mut text, &digest(&parts));
        }
        Some(Self(text.into()))
    }

    /// The key of an entry of a queue, where nothing tells the event apart: this body
    /// as it was received at this moment. No gateway makes such a key.
    pub(crate) fn of_entry(kind: &str, received_at: DateTime<Utc>, body: &[u8]) -> Self {
        let mut text = String::with_capacity(100);
        push_encoded(&mut text, kind);
        text.push('/');
        text.push_str(&received_at.timestamp().to_string());
        text.push('.');
        text.push_str(&received_at.timestamp_subsec_nanos().to_string());
        text.push('/');
        text.push_str(&body_digest(body));
        Self(text.into())
    }

    /// A key that no gateway produces.
    #[cfg(feature = "testing")]
    pub(crate) fn of_test(text: &str) -> Self {
        let mut key = String::from("testing/");
        push_encoded(&mut key, text);
        Self(key.into())
    }

    /// The key as text: no control characters, at most 200 bytes. It is ASCII
    /// if the gateway's ids are.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn tells_apart(part: &str) -> bool {
    // Nearly all parts are ASCII, in which there is nothing to search for.
    !part.is_empty() && (part.is_ascii() || !part.contains(char::REPLACEMENT_CHARACTER))
}

/// The digest of a whole body, as a part of a key.
pub(crate) fn body_digest(body: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    hex::push(&mut text, &Sha256::digest(body));
    text
}

/// The parts, each with its length before it.
fn digest(parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new_with_prefix(b"zaphook key 1");
    for part in parts {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn push_encoded(text: &mut String, part: &str) {
    // As nearly all parts are.
    if part.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'/' | b'%' | b'#')) {
        return text.push_str(part);
    }
    for character in part.chars() {
        match character {
            '/' | '%' | '#' => push_percent(text, character),
            control if control.is_control() => push_percent(text, control),
            plain => text.push(plain),
        }
    }
}

fn push_percent(text: &mut String, character: char) {
    text.push('%');
    let mut bytes = [0; 4];
    hex::push(text, character.encode_utf8(&mut bytes).as_bytes());
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({:?})", self.0)
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn key(parts: &[&str]) -> Option<String> {
        Key::new("g", parts.iter().map(|part| Some(*part))).map(|key| key.as_str().to_owned())
    }

    #[test]
    fn parts_are_joined_readably() {
        let as_text = Key::new("g", [Some("a")]).unwrap();
        assert_eq!(AsRef::<str>::as_ref(&as_text), "g/a");
        assert_eq!(
            key(&["inst_1", "message.read", "5511@c.us"]).unwrap(),
            "g/inst_1/message.read/5511@c.us"
        );
        assert_eq!(
            key(&["a/b", "50%", "#", "x\u{0}\n\u{7f}"]).unwrap(),
            "g/a%2fb/50%25/%23/x%00%0a%7f"
        );
    }

    #[test]
    fn a_missing_part_means_no_key() {
        assert_eq!(Key::new("g", [Some("a"), None]), None);
        assert_eq!(key(&["a", "", "b"]), None);
        assert_eq!(key(&["a", "b\u{fffd}"]), None);
    }

    #[test]
    fn an_entry_is_known_by_its_moment_and_its_body() {
        let time = |nanos| DateTime::from_timestamp(1_764_000_000, nanos).unwrap();
        let key = Key::of_entry("entry", time(5), b"{}");
        let digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(key.as_str(), format!("entry/1764000000.5/{digest}"));
        for other in [
            Key::of_entry("entry", time(6), b"{}"),
            Key::of_entry("entry", time(5), b"[]"),
            Key::of_entry("unread", time(5), b"{}"),
        ] {
            assert_ne!(key, other);
        }
        let longest = Key::of_entry("unread", DateTime::<Utc>::MIN_UTC, b"");
        assert!(longest.as_str().len() <= LONGEST);
    }

    #[test]
    fn long_keys_are_hashed() {
        let longest = key(&[&"x".repeat(198)]).unwrap();
        assert_eq!(longest.len(), 200);
        let hashed = key(&[&"x".repeat(199)]).unwrap();
        assert_eq!(hashed.len(), 67);
        assert!(hashed.starts_with("g/#"));
        let long = "y".repeat(100);
        assert_ne!(key(&[&long, &long, "ab", "c"]), key(&[&long, &long, "a", "bc"]));
    }

    proptest! {
        #[test]
        fn distinct_parts_have_distinct_keys(
            lists in prop::collection::vec(prop::collection::vec("[ab/%#\u{0}\u{1f}é2f]{1,60}", 1..6), 2..40)
        ) {
            let mut seen = HashMap::new();
            for list in lists {
                let parts: Vec<&str> = list.iter().map(String::as_str).collect();
                let key = key(&parts).unwrap();
                prop_assert!(key.len() <= LONGEST);
                prop_assert!(!key.contains(char::is_control));
                if let Some(other) = seen.insert(key, list.clone()) {
                    prop_assert_eq!(other, list);
                }
            }
        }
    }
}
