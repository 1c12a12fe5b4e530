//! Raw JSON.

use std::fmt;

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, EnumAccess, Error, MapAccess, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use super::json::{self, Fault};

/// JSON text kept exactly as received: engine dumps, free-form objects, and
/// whatever could not be typed.
///
/// Equality compares the text. `Debug` shows only the size, since dumps contain
/// message text and keys. It can be deserialised from and serialised to JSON
/// text (`serde_json`), not other formats.
///
/// ```
/// use zaphook::RawJson;
///
/// let raw: RawJson = serde_json::from_str(r#"{"n": 1.50}"#)?;
/// assert_eq!(raw.as_str(), r#"{"n": 1.50}"#);
///
/// let value: serde_json::Value = raw.parse()?;
/// assert_eq!(value["n"], 1.5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RawJson(Box<str>);

impl RawJson {
    /// The JSON text, without surrounding white space.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Deserialises the JSON as a type of your own. Escapes of unpaired
    /// surrogates, which a Rust string cannot contain, become U+FFFD; numbers
    /// are read as `u64`, `i64` or the nearest `f64`.
    ///
    /// # Errors
    ///
    /// When the JSON does not have the shape of `T`. The error contains the
    /// path, in the member names of the JSON, and no value.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        json::read_repaired(self.as_str())
    }

    /// As [`parse`](Self::parse), a type of this crate.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        json::read_ours(self.as_str())
    }

    /// A text that may be JSON; what is not JSON gives `None`.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str::<&RawValue>(text).ok().map(Self::from)
    }

    /// The text of a value that is known to be one, as it was delimited.
    pub(crate) fn of_value(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<&RawValue> for RawJson {
    fn from(raw: &RawValue) -> Self {
        Self::of_value(raw.get())
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(raw: Box<RawValue>) -> Self {
        Self(raw.into())
    }
}

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.0).map_err(S::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(json::RAW, Raw)
    }
}

struct Raw;

impl<'de> Visitor<'de> for Raw {
    type Value = RawJson;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, text: A) -> Result<RawJson, A::Error> {
        text.variant().map(|(text, _)| RawJson::of_value(text))
    }

    /// What is not this crate's own way of reading: `serde_json` keeps raw
    /// values itself, serde's own buffers do not.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<RawJson, D::Error> {
        Box::<RawValue>::deserialize(MaybeBuffered(value)).map(RawJson::from)
    }

    /// An object that someone has begun to read.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawJson, A::Error> {
        let members = OwnedMembers::read_all(map, usize::MAX)?;
        let json = members.and_then(|members| members.join());
        json.ok_or_else(|| A::Error::custom("not an object"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<RawJson, E> {
        scalar(text)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<RawJson, E> {
        scalar(&value)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<RawJson, E> {
        scalar(&number)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<RawJson, E> {
        scalar(&number)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<RawJson, E> {
        scalar(&number)
    }
}

/// A scalar that has been read already, written again.
fn scalar<T: Serialize + ?Sized, E: Error>(value: &T) -> Result<RawJson, E> {
    serde_json::to_string(value).map(|json| RawJson(json.into())).map_err(E::custom)
}

/// The members of an object, in their order, each value as its JSON text.
pub(crate) struct OwnedMembers(Vec<(String, RawJson)>);

impl OwnedMembers {
    /// `None` when there are more than so many, and for what is a map to serde
    /// only: with `arbitrary_precision` switched on somewhere in the graph, a
    /// number comes as a map of one.
    pub(crate) fn read_all<'de, A: MapAccess<'de>>(
        mut map: A,
        most: usize,
    ) -> Result<Option<Self>, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if members.len() == most || name.starts_with(json::RESERVED) {
                return Ok(None);
            }
            members.push((name, map.next_value()?));
        }
        Ok(Some(Self(members)))
    }

    /// The member of this name, when it has the shape of `T`. Where a name
    /// appears twice the last one counts, as in JavaScript.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        self.last(name)?.read().ok()
    }

    /// The text in the member of this name; a whole number counts as its
    /// digits, since PHP likes to make numbers of them.
    pub(crate) fn read_text(&self, name: &str) -> Option<String> {
        let raw = self.last(name)?;
        raw.read().ok().or_else(|| {
            let digits = raw.as_str();
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.to_owned())
        })
    }

    fn last(&self, name: &str) -> Option<&RawJson> {
        self.0.iter().rev().find(|(member, _)| member == name).map(|(_, raw)| raw)
    }

    /// The object as JSON, to be written back: the same names in the same
    /// order, each value unchanged.
    pub(crate) fn join(&self) -> Option<RawJson> {
        let mut json = String::from("{");
        for (name, raw) in &self.0 {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&serde_json::to_string(name).ok()?);
            json.push(':');
            json.push_str(raw.as_str());
        }
        json.push('}');
        Some(RawJson(json.into()))
    }
}

/// Hands `RawValue`'s request through, and answers it itself where the
/// deserializer does not know it.
struct MaybeBuffered<D>(D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for MaybeBuffered<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_newtype_struct(name, RawVisitor { name, visitor })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        option unit unit_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct RawVisitor<V> {
    name: &'static str,
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for RawVisitor<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(map)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        let json = serde_json::Value::deserialize(inner)?.to_string();
        self.visitor.visit_map(MapDeserializer::new(std::iter::once((self.name, json))))
    }
}
