//! Members of an object that have no field.

use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::RawJson;
use super::json::Name;
use super::list::too_large;
use super::room;

/// The raw members of an object that have no field in this version, in their
/// original order. It also contains a repeated member, and one that came next
/// to another of its kind.
///
/// Equality compares names and texts, in any order. `Debug` shows only how many
/// there are, since they may contain message text and keys.
#[derive(Clone, Default)]
pub struct Rest(Vec<(Box<str>, RawJson)>);

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        fn sorted(rest: &Rest) -> Vec<(&str, &str)> {
            let members = rest.0.iter().map(|(name, raw)| (&**name, raw.as_str()));
            let mut members: Vec<_> = members.collect();
            members.sort_unstable();
            members
        }
        self.0 == other.0 || self.0.len() == other.0.len() && sorted(self) == sorted(other)
    }
}

impl Rest {
    /// Every member, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        self.0.iter().map(|(name, raw)| (&**name, raw))
    }

    /// The first member with this name.
    pub fn get(&self, name: &str) -> Option<&RawJson> {
        self.iter().find(|(member, _)| *member == name).map(|(_, raw)| raw)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// # Errors
    ///
    /// When there are too many of them for the text.
    pub(crate) fn push<E: Error>(&mut self, name: &str, raw: RawJson) -> Result<(), E> {
        match room::push(&mut self.0, (name.into(), raw)) {
            true => Ok(()),
            false => Err(too_large(self.0.len())),
        }
    }

    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        self.iter().try_for_each(|(name, raw)| map.serialize_entry(name, raw))
    }
}

/// An object of these members.
impl Serialize for Rest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.write(&mut map)?;
        map.end()
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rest({} members)", self.0.len())
    }
}

/// A deserialiser of a struct that keeps the members that the struct has no
/// field for. In one pass, and without buffering the others, as flattening
/// would.
pub(crate) struct Keeping<'a, D> {
    pub(crate) deserializer: D,
    pub(crate) rest: &'a mut Rest,
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Keeping<'_, D> {
    type Error = D::Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Self { deserializer, rest } = self;
        deserializer.deserialize_map(Sorted { fields: Fields::new(fields), rest, inner: visitor })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserializer.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// The fields of a struct, to be found by the names of members.
struct Fields {
    names: &'static [&'static str],
    /// The field behind the last one that was found.
    next: usize,
}

impl Fields {
    fn new(names: &'static [&'static str]) -> Self {
        Self { names, next: 0 }
    }

    /// The number of the field of that name, by which the struct knows it as
    /// well: numbers take less code than names.
    fn find(&mut self, name: &str) -> Option<u64> {
        // Members mostly come in the order of the fields.
        let (before, behind) = self.names.split_at_checked(self.next).unwrap_or_default();
        let place = |names: &[&str]| names.iter().position(|field| *field == name);
        let found = place(behind).map(|place| place.saturating_add(before.len()));
        let field = found.or_else(|| place(before))?;
        self.next = field.saturating_add(1);
        u64::try_from(field).ok()
    }
}

/// The members of a map, of which those without a field go into the rest.
struct Sorted<'a, I> {
    fields: Fields,
    rest: &'a mut Rest,
    inner: I,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Sorted<'_, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let Self { fields, rest, inner } = self;
        inner.visit_map(Sorted { fields, rest, inner: map })
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Sorted<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.next_field()? {
            Some(field) => seed.deserialize(field.into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.inner.next_value_seed(seed)
    }
}

impl<'de, A: MapAccess<'de>> Sorted<'_, A> {
    /// The number of the field that the next member has which has one.
    #[inline(never)]
    fn next_field(&mut self) -> Result<Option<u64>, A::Error> {
        while let Some(Name(name)) = self.inner.next_key()? {
            if let Some(field) = self.fields.find(&name) {
                return Ok(Some(field));
            }
            let raw = self.inner.next_value()?;
            self.rest.push(&name, raw)?;
        }
        Ok(None)
    }
}

/// Fields that come once for each element: absent, `null` and an empty list
/// alike, and not written when there is none.
pub(crate) mod repeated {
    use super::{Deserialize, Deserializer, Serialize, Serializer};
    use crate::wire::List;

    pub(crate) fn deserialize<'de, D, T>(deserializer: D) -> Result<List<T>, D::Error>
    where
        D: Deserializer<'de>,
        T: Deserialize<'de>,
    {
        Option::deserialize(deserializer).map(Option::unwrap_or_default)
    }

    pub(crate) fn serialize<S: Serializer, T: Serialize>(
        list: &List<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        list.serialize(serializer)
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    use crate::wire::object::object_keeping_rest;
    use crate::wire::scalar::boolean;

    object_keeping_rest! {
        /// A point.
        #[serde(rename_all = "camelCase")]
        pub struct Point {
            /// From the left.
            pub from_left: Option<i64>,
            /// Whether it is one.
            #[serde(with = "boolean")]
            pub is: Option<bool>,
            /// Names.
            pub names: List<String>,
        }
    }

    #[track_caller]
    fn read(json: &str) -> Point {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn the_order_of_members_does_not_matter() {
        use super::Rest;
        let rest = |members: &[(&str, &str)]| {
            let raw = |text: &str| serde_json::from_str(text).unwrap();
            Rest(members.iter().map(|(name, json)| ((*name).into(), raw(json))).collect())
        };
        let one = rest(&[("a", "1"), ("b", "2"), ("a", "3")]);
        assert_eq!(one, rest(&[("a", "3"), ("a", "1"), ("b", "2")]));
        for other in [&[("a", "1"), ("b", "2")][..], &[("a", "1"), ("b", "2"), ("a", "1")]] {
            assert_ne!(one, rest(other));
        }
    }

    #[test]
    fn members_without_a_field_are_kept_and_written_back() {
        let json = r#"{"a":[1.50],"fromLeft":1,"b":{ "c":null},"is":true,"\u0064":1}"#;
        let point = read(json);
        assert_eq!((point.from_left, point.is), (Some(1), Some(true)));
        let rest: Vec<_> = point.rest.iter().map(|(name, raw)| (name, raw.as_str())).collect();
        assert_eq!(rest, [("a", "[1.50]"), ("b", r#"{ "c":null}"#), ("d", "1")]);
        assert_eq!((point.rest.len(), point.rest.is_empty()), (3, false));
        assert_eq!(point.rest.get("d").unwrap().as_str(), "1");
        assert!(point.rest.get("is").is_none());
        let written = serde_json::to_string(&point).unwrap();
        assert_eq!(written, r#"{"fromLeft":1,"is":true,"a":[1.50],"b":{ "c":null},"d":1}"#);
        assert_eq!(read(&written), point);
        assert_ne!(read("{}"), read(r#"{"a":1}"#));
        assert_eq!(format!("{:?}", point.rest), "Rest(3 members)");
    }

    #[test]
    fn an_absent_list_is_an_empty_one() {
        for json in ["{}", r#"{"names":null}"#, r#"{"names":[]}"#] {
            assert_eq!(read(json), Point::default(), "{json}");
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), "{}");
        }
        assert_eq!(read(r#"{"names":["a"]}"#).names.len(), 1);
    }

    #[test]
    fn what_does_not_fit_is_an_error_with_its_path() {
        for (json, path) in
            [(r#"{"a":1,"is":[]}"#, "is"), (r#"{"a":1,"names":["a",1]}"#, "names[1]"), ("[]", ".")]
        {
            let mut text = serde_json::Deserializer::from_str(json);
            let error = serde_path_to_error::deserialize::<_, Point>(&mut text).unwrap_err();
            assert_eq!(error.path().to_string(), path, "{json}");
        }
        assert!(serde_json::from_str::<Point>(r#"{"is":true,"is":true}"#).is_err());
    }
}
