//! Lists in every form that gateways use.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::value::{MapAccessDeserializer, StrDeserializer, StringDeserializer};
use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess,
    Unexpected, Visitor,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::json::{LIST, NUMBERED};
use super::object::form_of;
use super::room;

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
            (Form::Single, [single]) if !is_written_empty(single) => single.serialize(serializer),
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

/// Whether it is written `{}`, which read again is an empty list: as when it came as an
/// object of which no member is known.
fn is_written_empty<T: Serialize>(element: &T) -> bool {
    serde_json::to_string(element).is_ok_and(|text| text == "{}")
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(LIST, Elements(PhantomData))
    }
}

/// The type of a field that must be there, in structs declared with `object!`,
/// where a `List` may be absent. To be read `with = "list::present"`.
pub(crate) type Present<T> = List<T>;

form_of!(Required<T: DeserializeOwned>, Option<List<T>>, required);

/// A list that must be there: `null` is none.
fn required<'de, D, T>(deserializer: D) -> Result<Option<List<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let list = Option::<List<T>>::deserialize(deserializer)?;
    list.map(Some).ok_or_else(|| D::Error::invalid_type(Unexpected::Unit, &"a list"))
}

form_of!(Repeated<T: DeserializeOwned>, List<T>, repeated);

/// Fields that come once for each element: absent, `null` and an empty list alike.
fn repeated<'de, D, T>(deserializer: D) -> Result<List<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
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
        let is_numbered = list.size_hint().is_some_and(|hint| hint & NUMBERED != 0);
        let form = if is_numbered { Form::Numbered } else { Form::List };
        let elements = elements(&mut list)?;
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
        self.single(Scalar::new(Unexpected::Str(text)))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<List<T>, E> {
        self.single(Scalar::new(Unexpected::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<List<T>, E> {
        self.single(Scalar::new(Unexpected::Signed(value)))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<List<T>, E> {
        self.single(Scalar::new(Unexpected::Unsigned(value)))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<List<T>, E> {
        self.single(Scalar::new(Unexpected::Float(value)))
    }
}

/// A scalar that has already been read, as serde's enum of them. One deserialiser for all:
/// each that is used here is another copy of every element's code.
struct Scalar<'a, E>(Unexpected<'a>, PhantomData<E>);

impl<'a, E> Scalar<'a, E> {
    fn new(value: Unexpected<'a>) -> Self {
        Self(value, PhantomData)
    }
}

impl<'de, E: Error> Deserializer<'de> for Scalar<'_, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.0 {
            Unexpected::Str(text) => visitor.visit_str(text),
            Unexpected::Bool(value) => visitor.visit_bool(value),
            Unexpected::Signed(value) => visitor.visit_i64(value),
            Unexpected::Unsigned(value) => visitor.visit_u64(value),
            Unexpected::Float(value) => visitor.visit_f64(value),
            other => Err(E::invalid_type(other, &visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        match self.0 {
            Unexpected::Str(text) => visitor.visit_enum(StrDeserializer::new(text)),
            other => Err(E::invalid_type(other, &visitor)),
        }
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// All elements, if there is room for them.
fn elements<'de, A: SeqAccess<'de>, T: Deserialize<'de>>(list: &mut A) -> Result<Vec<T>, A::Error> {
    let mut elements = Vec::new();
    while let Some(element) = list.next_element()? {
        push(&mut elements, element)?;
    }
    room::give_back(&mut elements);
    Ok(elements)
}

/// Adds an element, if there is room for it.
#[inline]
pub(crate) fn push<T, E: Error>(elements: &mut Vec<T>, element: T) -> Result<(), E> {
    if !room::reserve_one(elements) {
        return Err(too_large(elements.len()));
    }
    elements.push(element);
    Ok(())
}

/// Reads a list, in any of its forms, onto the end of another; only this crate's reader gives it.
pub(crate) struct Onto<'a, T>(pub(crate) &'a mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Onto<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, list: D) -> Result<(), D::Error> {
        list.deserialize_newtype_struct(LIST, self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Onto<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_some<D: Deserializer<'de>>(self, element: D) -> Result<(), D::Error> {
        push(self.0, T::deserialize(element)?)
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) = list.next_element()? {
            push(self.0, element)?;
        }
        Ok(())
    }
}

#[cold]
pub(crate) fn too_large<E: Error>(count: usize) -> E {
    E::invalid_length(count, &"fewer of them for their length")
}

form_of!(Array<T: DeserializeOwned>, Option<Vec<T>>, array);

/// A field that is an array and nothing else, and may be absent or `null`.
fn array<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Array<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for Array<T> {
        type Value = Option<Vec<T>>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a sequence")
        }

        fn visit_none<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, array: D) -> Result<Self::Value, D::Error> {
            array.deserialize_seq(self)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            elements(&mut list).map(Some)
        }
    }

    deserializer.deserialize_option(Array(PhantomData))
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
    use serde::de::IntoDeserializer;
    use serde::de::value::F64Deserializer;

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
        assert_eq!(read::<i64>("-7").into_vec(), [-7]);
        // As text it is no float with every feature of `serde_json`.
        let float: F64Deserializer<serde::de::value::Error> = 2.5.into_deserializer();
        assert_eq!(List::<f64>::deserialize(float).unwrap().into_vec(), [2.5]);
        assert_eq!(read::<f64>(r#"{"0":1,"1":2.5}"#).into_vec(), [1.0, 2.5]);
        assert_eq!(read::<bool>("true").into_vec(), [true]);
    }

    #[test]
    fn a_list_has_its_elements() {
        let list: List<u8> = [1, 2].into_iter().collect();
        assert_ne!(list, List::from(vec![1]));
        assert_ne!(list, List::from(vec![2, 1]));
        assert_eq!((&list).into_iter().collect::<Vec<_>>(), [&1, &2]);
        assert_eq!(list.into_iter().collect::<Vec<_>>(), [1, 2]);
        // A reader that knows how many there are makes no numbered members of it.
        let list: List<u8> = serde_json::from_value(serde_json::json!([1, 2])).unwrap();
        assert_eq!(serde_json::to_string(&list).unwrap(), "[1,2]");
    }

    #[test]
    fn errors_say_what_was_expected() {
        #[derive(Debug, serde::Deserialize)]
        struct Holder {
            #[serde(default, deserialize_with = "array")]
            array: Option<Vec<u8>>,
        }
        use super::super::json::read_repaired;
        let read = |json: &str| read_repaired::<Holder>(json).map(|holder| holder.array);
        assert_eq!(read(r#"{"array":[1]}"#), Ok(Some(vec![1])));
        assert_eq!(read(r#"{"array":null}"#), Ok(None));
        let fault = read(r#"{"array":{"0":1}}"#).unwrap_err();
        assert_eq!(fault.to_string(), "array: expected a sequence, found an object");
        let fault = read_repaired::<Point>("[]").unwrap_err();
        assert_eq!(fault.to_string(), "expected an object, found an array");
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
        // Nothing in the text, and much in memory: 272 bytes for 12 of text.
        type Large = [Option<[u64; 16]>; 2];
        let size = size_of::<Large>();
        let list = |element: &str, count: usize| {
            let text = format!("[{}]", vec![element; count].join(","));
            read_repaired::<List<Large>>(&text).map(|list| list.len())
        };
        assert_eq!(list("[null,null]", 30), Ok(30));
        // The same in a short text and in a long one.
        for many in [500, 50_000] {
            let fault = list("[null,null]", many).unwrap_err();
            let expected = "expected fewer of them for their length, found an array";
            assert_eq!(fault.to_string(), expected);
            // As long a text as it takes memory is right, of whatever length.
            let spaced = format!("[null,null{}]", " ".repeat(size));
            assert_eq!(list(&spaced, many), Ok(many));
            // Lists in a list take from the same room.
            let short = format!("[{}]", vec!["[null,null]"; 64].join(","));
            let lists = vec![short; many / 32].join(",");
            let fault = read_repaired::<Vec<List<Large>>>(&format!("[{lists}]")).unwrap_err();
            assert!(fault.to_string().ends_with(expected), "{fault}");
            // Other readers know of no room.
            let text = format!("[{}]", vec!["[null,null]"; many].join(","));
            assert_eq!(read::<Large>(&text).len(), many);
        }
    }

    #[test]
    fn an_array_is_an_array_or_nothing() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Holder {
            #[serde(default, deserialize_with = "super::array")]
            items: Option<Vec<u8>>,
        }

        let read = |json: &str| serde_json::from_str::<Holder>(json).map(|holder| holder.items);
        for json in ["{}", r#"{"items":null}"#] {
            assert_eq!(read(json).unwrap(), None);
        }
        assert_eq!(read(r#"{"items":[1,2]}"#).unwrap(), Some(vec![1, 2]));
        for json in [r#"{"items":1}"#, r#"{"items":{"0":1}}"#, r#"{"items":[1,"a"]}"#] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_single_element_of_which_nothing_is_known_stays_one() {
        crate::wire::object::object! {
            pub struct Known {
                pub x: Option<u8>,
            }
        }
        for (json, written) in [
            (r#"{"x":1}"#, r#"{"x":1}"#),
            (r#"{"y":1}"#, "[{}]"),
            (r#"{"x":null}"#, "[{}]"),
            (r#"[{"y":1}]"#, "[{}]"),
            (r#"{"0":{"y":1}}"#, r#"{"0":{}}"#),
            ("{}", "{}"),
        ] {
            let list = read::<Known>(json);
            assert_eq!(serde_json::to_string(&list).unwrap(), written, "{json}");
            assert_eq!(read::<Known>(written), list, "{json}");
        }
    }

    #[test]
    fn null_is_an_empty_list_but_where_one_must_be_there() {
        assert!(serde_json::from_str::<List<Point>>("null").unwrap().is_empty());
        let mut null = serde_json::Deserializer::from_str("null");
        assert!(required::<_, Point>(&mut null).is_err());
    }
}
