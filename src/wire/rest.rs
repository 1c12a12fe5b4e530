//! Members of an object that have no field.

use std::fmt;

use serde::de::Error;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::RawJson;
use super::list::push;
use super::room;

/// The raw members of an object that have no field in this version, in their
/// original order. It also contains a repeated member, and one that came next
/// to another of its kind.
///
/// Equality compares names and texts, in any order. `Debug` shows only how many
/// there are, since they may contain message text and keys.
#[derive(Clone, Default)]
pub struct Rest(Option<Box<Members>>);

/// Behind a pointer, since most objects have none.
#[derive(Clone, Default)]
struct Members {
    /// One name after another.
    names: String,
    list: Vec<Member>,
}

#[derive(Clone)]
struct Member {
    /// Where its name ends.
    end: usize,
    raw: RawJson,
}

impl PartialEq for Rest {
    fn eq(&self, other: &Self) -> bool {
        fn sorted(rest: &Rest) -> Vec<(&str, &str)> {
            let mut members: Vec<_> = rest.iter().map(|(name, raw)| (name, raw.as_str())).collect();
            members.sort_unstable();
            members
        }
        self.len() == other.len() && (self.iter().eq(other.iter()) || sorted(self) == sorted(other))
    }
}

impl Rest {
    /// Every member, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawJson)> {
        let members = self.0.as_deref();
        let (names, list) = members.map_or(("", &[][..]), |all| (&*all.names, &*all.list));
        let mut start = 0;
        list.iter().map(move |member| {
            let name = names.get(start..member.end).unwrap_or_default();
            start = member.end;
            (name, &member.raw)
        })
    }

    /// The first member with this name.
    pub fn get(&self, name: &str) -> Option<&RawJson> {
        self.iter().find(|(member, _)| *member == name).map(|(_, raw)| raw)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |members| members.list.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// # Errors
    ///
    /// When there are too many of them for the text.
    pub(crate) fn push<E: Error>(&mut self, name: &str, raw: RawJson) -> Result<(), E> {
        let Members { names, list } = &mut **self.0.get_or_insert_default();
        if names.capacity().saturating_sub(names.len()) < name.len() {
            // By a quarter: many names should not take twice the room that they need.
            names.reserve_exact(names.len().div_euclid(4).max(name.len()).max(16));
        }
        names.push_str(name);
        push(list, Member { end: names.len(), raw })
    }

    /// There are no more of them.
    pub(crate) fn end(&mut self) {
        if let Some(members) = &mut self.0 {
            room::give_back(&mut members.list);
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
        write!(f, "Rest({} members)", self.len())
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
            let mut rest = Rest::default();
            for (name, json) in members {
                let raw = serde_json::from_str(json).unwrap();
                rest.push::<serde_json::Error>(name, raw).unwrap();
            }
            rest
        };
        let one = rest(&[("a", "1"), ("b", "2"), ("a", "3")]);
        assert_eq!(one, rest(&[("a", "3"), ("a", "1"), ("b", "2")]));
        for other in [&[("a", "1"), ("b", "2")][..], &[("a", "1"), ("b", "2"), ("a", "1")]] {
            assert_ne!(one, rest(other));
        }
        // Names are kept one after another, and where each ends.
        let names = rest(&[("", "1"), ("é", "2"), ("ab", "3"), ("c", "4")]);
        let read: Vec<_> = names.iter().map(|(name, raw)| (name, raw.as_str())).collect();
        assert_eq!(read, [("", "1"), ("é", "2"), ("ab", "3"), ("c", "4")]);
        assert_ne!(names, rest(&[("", "1"), ("é", "2"), ("a", "3"), ("bc", "4")]));
        assert_eq!(names.clone(), names);
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
    fn many_leave_room_for_what_comes_behind_them() {
        let members: Vec<_> = (1000..4000).map(|number| format!("\"{number}\":0")).collect();
        let text = format!(r#"[{{{}}},{{"names":["a"]}}]"#, members.join(","));
        let points: Vec<Point> = crate::wire::json::read_ours(&text).unwrap();
        assert_eq!((points[0].rest.len(), points[1].names.len()), (3000, 1));
    }

    #[test]
    fn an_absent_list_is_an_empty_one() {
        for json in ["{}", r#"{"names":null}"#, r#"{"names":[]}"#] {
            assert_eq!(read(json), Point::default(), "{json}");
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), "{}");
        }
        let named = read(r#"{"names":["a"]}"#);
        assert_eq!((named.names.len(), named.rest.is_empty()), (1, true));
        assert_eq!(serde_json::to_string(&named).unwrap(), r#"{"names":["a"]}"#);
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
