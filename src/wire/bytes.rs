//! Bytes in every form that JSON senders use, decoded on demand.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::de::{
    Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
};
use serde::ser::{Serialize, Serializer};

use super::json::Name;
use super::raw::RawJson;

/// Bytes as received: one exact copy of their JSON text, decoded on demand.
///
/// The forms: base64 text (either alphabet, with or without padding, also after
/// `data:…;base64,`), a list of numbers, an object with numbered members
/// (`{"0": 137, "1": 80}`), and Node's `{"type": "Buffer", "data": …}`. Two
/// values are equal when their bytes are. `Debug` shows only the size.
///
/// ```
/// use zaphook::wire::LazyBytes;
///
/// let text: LazyBytes = serde_json::from_str(r#""iVBO""#)?;
/// let numbered: LazyBytes = serde_json::from_str(r#"{"0": 137, "1": 80, "2": 78}"#)?;
/// assert_eq!(text.decode()?, [137, 80, 78]);
/// assert_eq!(text, numbered);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct LazyBytes(RawJson);

impl LazyBytes {
    /// The bytes.
    ///
    /// # Errors
    ///
    /// When the text is not base64, or a number is not a byte.
    pub fn decode(&self) -> Result<Vec<u8>, BytesError> {
        serde_json::from_str(self.0.as_str())
            .map(|Decoded(bytes)| bytes)
            .map_err(|_| BytesError(()))
    }

    /// The base64 text, without the prefix of a data URL; `None` for the other
    /// forms. It borrows, unless the JSON contains escapes.
    pub fn as_base64(&self) -> Option<Cow<'_, str>> {
        let Name(text) = serde_json::from_str(self.0.as_str()).ok()?;
        Some(match text {
            Cow::Borrowed(text) => Cow::Borrowed(after_data_url(text)),
            Cow::Owned(text) => Cow::Owned(after_data_url(&text).to_owned()),
        })
    }

    /// Whether there are no bytes.
    pub fn is_empty(&self) -> bool {
        self.0
            .as_str()
            .bytes()
            .all(|byte| br#"{}[]" "#.contains(&byte) || byte.is_ascii_whitespace())
    }

    /// The raw JSON.
    pub fn raw(&self) -> &RawJson {
        &self.0
    }
}

/// Bytes that cannot be decoded; [`LazyBytes::raw`] still has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("neither base64 nor a list of bytes")]
pub struct BytesError(());

impl PartialEq for LazyBytes {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || matches!((self.decode(), other.decode()), (Ok(a), Ok(b)) if a == b)
    }
}

impl fmt::Debug for LazyBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LazyBytes({} bytes of JSON)", self.0.as_str().len())
    }
}

impl Serialize for LazyBytes {
    /// Writes the raw JSON.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for LazyBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        match raw.as_str().as_bytes().first() {
            Some(b'"' | b'{' | b'[') => Ok(Self(raw)),
            _ => Err(D::Error::invalid_type(Unexpected::Other("scalar"), &"bytes")),
        }
    }
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

fn after_data_url(text: &str) -> &str {
    match text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")) {
        Some((_, base64)) => base64,
        None => text,
    }
}

struct Decoded(Vec<u8>);

impl<'de> Deserialize<'de> for Decoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyForm).map(Self)
    }
}

struct AnyForm;

impl<'de> Visitor<'de> for AnyForm {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
        let base64 = after_data_url(text);
        let engine = if base64.contains(['-', '_']) { URL_SAFE } else { STANDARD };
        engine.decode(base64).map_err(|_| E::custom("not base64"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(byte) = list.next_element()? {
            bytes.push(byte);
        }
        Ok(bytes)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<u8>, A::Error> {
        let mut bytes = Vec::new();
        while let Some(Name(name)) = map.next_key()? {
            match &*name {
                "type" => drop(map.next_value::<IgnoredAny>()?),
                "data" => bytes = map.next_value::<Decoded>()?.0,
                number if number.parse() == Ok(bytes.len()) => bytes.push(map.next_value()?),
                _ => return Err(A::Error::custom("not a numbered byte")),
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> LazyBytes {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_form_is_the_same_bytes_and_written_back_as_it_came() {
        let forms = [
            r#""+/8A""#,
            r#""-_8A""#,
            r#""+\/8A""#,
            r#""data:image/png;base64,+/8A""#,
            "[251, 255, 0]",
            r#"{"0":251,"1":255,"2":0}"#,
            r#"{"type":"Buffer","data":[251,255,0]}"#,
            r#"{"data":"+/8A","type":"Buffer"}"#,
        ];
        for json in forms {
            let bytes = read(json);
            assert_eq!(bytes.decode().unwrap(), [251, 255, 0], "{json}");
            assert_eq!(bytes, read(forms[0]), "{json}");
            assert_eq!(serde_json::to_string(&bytes).unwrap(), json);
            assert!(!bytes.is_empty(), "{json}");
        }
        assert_eq!(read(forms[3]).as_base64().unwrap(), "+/8A");
        assert_eq!(read(forms[2]).as_base64().unwrap(), "+/8A");
        assert_eq!(read(forms[4]).as_base64(), None);
        for json in [r#""""#, "{}", "[]"] {
            assert!(read(json).is_empty(), "{json}");
            assert_eq!(read(json).decode().unwrap(), [0; 0], "{json}");
        }
        for json in [r#""QQ==""#, r#""QQ""#, r#""QR""#] {
            assert_eq!(read(json).decode().unwrap(), b"A", "{json}");
        }
    }

    #[test]
    fn what_cannot_be_decoded_is_kept() {
        for json in
            [r#""a b""#, r#""A""#, "[256]", "[-1]", r#"{"1":1}"#, r#"{"0":"a"}"#, r#"{"x":1}"#]
        {
            let bytes = read(json);
            assert!(bytes.decode().is_err(), "{json}");
            assert_eq!(bytes.raw().as_str(), json);
            assert_ne!(bytes, read("[]"));
        }
        for json in ["1", "true", "null"] {
            assert!(serde_json::from_str::<LazyBytes>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn debug_shows_the_size_only() {
        assert_eq!(format!("{:?}", read(r#""MARK""#)), "LazyBytes(6 bytes of JSON)");
    }
}
