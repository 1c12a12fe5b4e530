//! JSON objects as structs.

use serde::de::{Deserializer, Visitor};

/// Declares structs for JSON objects: the derives that all of them have,
/// `#[non_exhaustive]`, and what makes an `Option` optional on the wire
/// (absent and `null` alike, and not written when it is `None`). A field of type
/// `List<T>` may be absent too, and then is empty; `list::Present<T>` is a list
/// that may not. A field of any other type is required.
///
/// Unlike plain derived structs they are read from objects only: serde would
/// also fill a struct from a list, field by field.
macro_rules! object {
    ($(
        $(#[$meta:meta])*
        pub struct $Name:ident { $($fields:tt)* }
    )+) => {
        $($crate::wire::object::object! { @fields only [$(#[$meta])*] $Name [] $($fields)* })+
    };

    (@fields $kind:ident $metas:tt $Name:ident [$($done:tt)*]
        $(#[$attr:meta])* pub $field:ident: Option<Vec<$Type:ty>>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $Name [
            $($done)*
            $(#[$attr])*
            #[serde(
                default,
                deserialize_with = "crate::wire::list::array",
                skip_serializing_if = "Option::is_none"
            )]
            pub $field: Option<Vec<$Type>>,
        ] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $Name:ident [$($done:tt)*]
        $(#[$attr:meta])* pub $field:ident: Option<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $Name [
            $($done)*
            $(#[$attr])*
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub $field: Option<$Type>,
        ] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $Name:ident [$($done:tt)*]
        $(#[$attr:meta])* pub $field:ident: List<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $Name [
            $($done)*
            $(#[$attr])*
            #[serde(
                default,
                with = "crate::wire::rest::repeated",
                skip_serializing_if = "<[_]>::is_empty"
            )]
            pub $field: $crate::wire::List<$Type>,
        ] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $Name:ident [$($done:tt)*]
        $(#[$attr:meta])* pub $field:ident: $Type:ty,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $Name [
            $($done)*
            $(#[$attr])*
            pub $field: $Type,
        ] $($rest)* }
    };

    (@fields only [$(#[$meta:meta])*] $Name:ident [$($fields:tt)*]) => {
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $Name { $($fields)* }

        const _: () = {
            type Remote = $Name;

            // The derive's own functions are as public as what it is for.
            #[allow(dead_code, unreachable_pub, reason = "it only says what is read")]
            #[derive(::serde::Deserialize)]
            #[serde(remote = "Remote")]
            $(#[$meta])*
            struct Read { $($fields)* }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    Read::deserialize($crate::wire::object::ObjectOnly(deserializer))
                }
            }
        };
    };

    (@fields keeping [$(#[$meta:meta])*] $Name:ident [$($fields:tt)*]) => {
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
        $(#[$meta])*
        #[non_exhaustive]
        pub struct $Name {
            $($fields)*
            /// The raw members that have no field here.
            #[serde(flatten)]
            pub rest: $crate::wire::Rest,
        }

        const _: () = {
            type Remote = $Name;

            #[allow(dead_code, unreachable_pub, reason = "it only says what is read")]
            #[derive(::serde::Deserialize)]
            #[serde(remote = "Remote")]
            $(#[$meta])*
            struct Read {
                $($fields)*
                #[serde(skip)]
                rest: $crate::wire::Rest,
            }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let mut rest = $crate::wire::Rest::default();
                    let keeping = $crate::wire::rest::Keeping { deserializer, rest: &mut rest };
                    let mut object = Read::deserialize(keeping)?;
                    object.rest = rest;
                    Ok(object)
                }
            }
        };
    };
}

/// As `object!`, for objects whose further members are kept raw, in a
/// public field `rest`. All declared fields must have a default.
macro_rules! object_keeping_rest {
    ($(
        $(#[$meta:meta])*
        pub struct $Name:ident { $($fields:tt)* }
    )+) => {
        $($crate::wire::object::object! { @fields keeping [$(#[$meta])*] $Name [] $($fields)* })+
    };
}

pub(crate) use {object, object_keeping_rest};

/// A deserialiser that takes nothing but an object.
pub(crate) struct ObjectOnly<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for ObjectOnly<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier
        ignored_any
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    object! {
        /// A point.
        #[serde(rename_all = "camelCase")]
        pub struct Point {
            /// From the left.
            pub from_left: i64,
            /// A name.
            pub name: Option<String>,
        }
    }

    #[test]
    fn an_object_is_read_from_objects_only() {
        let read = |json| serde_json::from_str::<Point>(json);
        let point = Point { from_left: 1, name: None };
        assert_eq!(read(r#"{"fromLeft":1}"#).unwrap(), point);
        assert_eq!(read(r#"{"fromLeft":1,"name":null,"x":[]}"#).unwrap(), point);
        assert_eq!(serde_json::to_string(&point).unwrap(), r#"{"fromLeft":1}"#);
        for json in
            ["[1]", r#"[1,"a"]"#, "[]", "null", "1", r#"{"name":"a"}"#, r#"{"fromLeft":null}"#]
        {
            assert!(read(json).is_err(), "{json}");
        }
    }
}
