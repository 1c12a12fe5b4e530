//! Lists in every form that gateways use.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::{MapAccessDeserializer, StrDeserializer, StringDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::json::{LENGTH, LIST, NUMBERED};

/// A list that may come as a list, as a single element without a list, as an
/// object with numbered members (`{"0": …, "1": …}`), or as `null` for an empty
/// one.
///
/// It derefs to a slice. Lists are equal if their elements are; the form is
/// remembered for serialising.
#[derive(Clone)]
pub struct List<T> {
    elements: Vec<T>,
    form: Form,
}

#[derive(Clone, Copy, Default)]
enum Form {
    #[default]
    List,
    Single,
    Numbered,
}

impl<T> List<T> {
    /// The elements, by value.
    pub fn into_vec(self) -> Vec<T> {
        self.elements
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> From<Vec<T>> for List<T> {
    fn from(elements: Vec<T>) -> Self {
        Self { elements, form: Form::List }
    }
}

impl<T> FromIterator<T> for List<T> {
    fn from_iter<I: IntoIterator<Item = T>>(elements: I) -> Self {
        Vec::from_iter(elements).into()
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.elements.iter()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.elements
    }
}

impl<T: PartialEq> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.elements == other.elements
    }
}

impl<T: Eq> Eq for List<T> {}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.elements.fmt(f)
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.form, &*self.elements) {
            (Form::Single, [single]) => single.serialize(serializer),
            (Form::Numbered, elements) => {
                let mut map = serializer.serialize_map(Some(elements.len()))?;
                for (index, element) in elements.iter().enumerate() {
                    map.serialize_entry(&index, element)?;
                }
                map.end()
            }
            (_, elements) => serializer.collect_seq(elements),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(LIST, Elements(PhantomData))
    }
}

/// The type of a field that must be there, in structs declared with `object!`,
/// where a `List` may be absent. To be read by [`present`].
pub(crate) type Present<T> = List<T>;

/// A list that must be there: `null` is none.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<List<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<List<T>>::deserialize(deserializer)?;
    list.ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &"a list"))
}

struct Elements<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Elements<T> {
    fn single<D: Deserializer<'de>>(self, element: D) -> Result<List<T>, D::Error> {
        Ok(List { elements: vec![T::deserialize(element)?], form: Form::Single })
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Elements<T> {
    type Value = List<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    /// Anything but a list, as this crate's own reader tells it.
    fn visit_some<D: Deserializer<'de>>(self, element: D) -> Result<List<T>, D::Error> {
        self.single(element)
    }

    /// What is not this crate's own way of reading: the form has to be found
    /// out on the way.
    fn visit_newtype_struct<D: Deserializer<'de>>(self, list: D) -> Result<List<T>, D::Error> {
        list.deserialize_any(self)
    }

    /// There is nothing.
    fn visit_unit<E: Error>(self) -> Result<List<T>, E> {
        Ok(List::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let told = list.size_hint().filter(|hint| hint & LENGTH != 0);
        let is_numbered = told.is_some_and(|hint| hint & NUMBERED != 0);
        let form = if is_numbered { Form::Numbered } else { Form::List };
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            if elements.len() == elements.capacity() {
                let read = told.and(list.size_hint()).map(|hint| hint & !(LENGTH | NUMBERED));
                let more = room(elements.len(), size_of::<T>(), read);
                elements.reserve_exact(more.ok_or_else(|| too_large(elements.len()))?);
            }
            elements.push(element);
        }
        Ok(List { elements, form })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<List<T>, A::Error> {
        let Some(first) = map.next_key::<String>()? else {
            return Ok(List { elements: Vec::new(), form: Form::Numbered });
        };
        if first.parse::<usize>().is_err() {
            return self.single(MapAccessDeserializer::new(Begun { first: Some(first), map }));
        }
        // Numbered by whatever counts from zero; the numbers are in order
        // then, since JavaScript and PHP keep it.
        let mut elements = vec![map.next_value()?];
        while let Some(number) = map.next_key::<String>()? {
            if number.parse() != Ok(elements.len()) {
                return Err(A::Error::custom("numbered members out of order"));
            }
            elements.push(map.next_value()?);
        }
        match first.parse() {
            Ok(0_usize) => Ok(List { elements, form: Form::Numbered }),
            _ => Err(A::Error::custom("numbered members out of order")),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<List<T>, E> {
        self.single(StrDeserializer::new(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<List<T>, E> {
        self.single(StringDeserializer::new(text))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<List<T>, E> {
        self.single(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<List<T>, E> {
        self.single(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<List<T>, E> {
        self.single(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<List<T>, E> {
        self.single(value.into_deserializer())
    }
}

/// What a list may take in any case, in bytes, and how many times the length of
/// its text.
const ROOM: usize = 16 * 1024 * 1024;
const TIMES: usize = 5;

/// For how many more elements there may be room, of which so many have been read
/// from so many bytes; `None` when they take too much. Text is cheap: `{}` is two
/// bytes, and the struct that it is read as may be a thousand.
fn room(count: usize, size: usize, read: Option<usize>) -> Option<usize> {
    let more = match count.saturating_mul(size) {
        0 => 4,
        // A large one grows by less: when it moves it is there twice.
        bytes if bytes > ROOM => count.div_euclid(4),
        _ => count,
    };
    let bytes = count.saturating_add(more).saturating_mul(size);
    let most = read.map_or(usize::MAX, |read| read.saturating_mul(TIMES).max(ROOM));
    (bytes <= most).then_some(more)
}

#[cold]
fn too_large<E: Error>(count: usize) -> E {
    E::invalid_length(count, &"fewer elements for their length")
}

/// A map whose first name has been read already.
struct Begun<A> {
    first: Option<String>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Begun<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(first) => seed.deserialize(StringDeserializer::new(first)).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    use super::*;
    use crate::wire::RawJson;
    use crate::wire::object::object;

    object! {
        /// A point.
        pub struct Point {
            /// From the left.
            pub x: i64,
            /// Whatever.
            pub raw: Option<RawJson>,
        }
    }

    #[track_caller]
    fn read<T: serde::de::DeserializeOwned>(json: &str) -> List<T> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn every_form_is_the_same_list_and_written_back_as_it_came() {
        let lists =
            [r#"[{"x":1,"raw":{ "a":1}},{"x":2}]"#, r#"{"0":{"x":1,"raw":{ "a":1}},"1":{"x":2}}"#];
        let [list, numbered] = lists.map(read::<Point>);
        assert_eq!(list, numbered);
        assert_eq!(list.len(), 2);
        assert_eq!(list[1].x, 2);
        for (json, list) in lists.iter().zip([list, numbered]) {
            assert_eq!(serde_json::to_string(&list).unwrap(), *json);
        }
        let json = r#"{"x":1,"raw":{ "a":1}}"#;
        let single = read::<Point>(json);
        assert_eq!(single, read(&format!("[{json}]")));
        assert_eq!(serde_json::to_string(&single).unwrap(), json);
        for json in ["[]", "{}"] {
            assert!(read::<Point>(json).is_empty());
            assert_eq!(serde_json::to_string(&read::<Point>(json)).unwrap(), json);
        }
    }

    #[test]
    fn scalars_stand_alone_as_well() {
        for json in [r#""a@lid""#, r#"["a@lid"]"#, r#"{"0":"a@lid"}"#] {
            let list: List<crate::jid::Jid> = read(json);
            assert_eq!(list.iter().map(AsRef::as_ref).collect::<Vec<&str>>(), ["a@lid"], "{json}");
            assert_eq!(serde_json::to_string(&list).unwrap(), json);
        }
        assert_eq!(read::<u32>("7").into_vec(), [7]);
        assert_eq!(read::<f64>(r#"{"0":1,"1":2.5}"#).into_vec(), [1.0, 2.5]);
        assert_eq!(read::<bool>("true").into_vec(), [true]);
    }

    #[test]
    fn an_element_that_does_not_fit_is_an_error_with_its_path() {
        for (json, path) in [
            (r#"[{"x":1},{"x":"a"}]"#, "[1].x"),
            (r#"{"0":{"x":1},"1":{"x":"a"}}"#, "1.x"),
            (r#"{"x":"a"}"#, "x"),
        ] {
            let mut text = serde_json::Deserializer::from_str(json);
            let error = serde_path_to_error::deserialize::<_, List<Point>>(&mut text).unwrap_err();
            assert_eq!(error.path().to_string(), path, "{json}");
        }
        for json in [r#"{"1":{"x":1}}"#, r#"{"0":{"x":1},"2":{"x":1}}"#, r#"{"0":{"x":1},"x":1}"#] {
            assert!(serde_json::from_str::<List<Point>>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_list_that_takes_much_more_than_its_text_does_not_fit() {
        use super::super::json::read_repaired;

        // Nothing in the text, and much in memory.
        type Large = [Option<[u64; 16]>; 2];
        let size = size_of::<Large>();
        let list = |element: &str, count: usize| {
            let text = format!("[{}]", vec![element; count].join(","));
            read_repaired::<List<Large>>(&text).map(|list| list.len())
        };
        let many = 2 * ROOM / size;
        assert_eq!(list("[null,null]", many / 4), Ok(many / 4));
        let fault = list("[null,null]", many).unwrap_err();
        assert_eq!(fault.to_string(), "expected fewer elements for their length, found an array");
        // As long a text as it takes memory is right, of whatever length.
        let spaced = format!("[null,null{}]", " ".repeat(size));
        assert_eq!(list(&spaced, many), Ok(many));
        // Other readers tell no length.
        let text = format!("[{}]", vec!["[null,null]"; many].join(","));
        assert_eq!(read::<Large>(&text).len(), many);
    }

    #[test]
    fn null_is_an_empty_list_but_where_one_must_be_there() {
        assert!(serde_json::from_str::<List<Point>>("null").unwrap().is_empty());
        let mut null = serde_json::Deserializer::from_str("null");
        assert!(present::<_, Point>(&mut null).is_err());
    }
}
