//! JSON objects as structs.
//!
//! They are read by what [`object`] writes for them, not by serde's derive, which makes a
//! visitor, an enum of fields and a variable per field for each: that was a third of the
//! crate's machine code and of the time to build it. Here a struct is read in place, by one
//! loop, and each value by a function that all fields of its type share.

use std::fmt;
use std::marker::PhantomData;
use std::mem;

use serde::de::{
    Deserialize, DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess,
    Visitor,
};

use super::Rest;

/// Declares structs for JSON objects: the derives that all of them have,
/// `#[non_exhaustive]`, and what makes an `Option` optional on the wire
/// (absent and `null` alike, and not written when it is `None`). A field of type
/// `List<T>` may be absent too, and then is empty; `list::Present<T>` is a list
/// that may not. A field of any other type is required.
///
/// They take the attributes of serde's derive that are told apart in [`name`](super::member_name),
/// [`read`] and [`form`].
macro_rules! object {
    ($(
        $(#[doc $($doc:tt)*])*
        $(#[serde(rename_all = $case:tt)] $(#[doc $($more:tt)*])*)?
        pub struct $Name:ident { $($fields:tt)* }
    )+) => {
        $($crate::wire::object::object! {
            @fields only
            [$(#[doc $($doc)*])* $(#[serde(rename_all = $case)] $(#[doc $($more)*])*)?]
            ($($case)?) $Name [] [] $($fields)*
        })+
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: Option<Vec<$Type:ty>>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])* $(#[serde $serde])?
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $field: Option<Vec<$Type>>,
        ] [$($read)* { $field array ($($serde)?) (Option<Vec<$Type>>) }] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: Option<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])* $(#[serde $serde])?
            #[serde(skip_serializing_if = "Option::is_none")]
            pub $field: Option<$Type>,
        ] [$($read)* { $field optional ($($serde)?) (Option<$Type>) }] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: List<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])* $(#[serde $serde])?
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            pub $field: $crate::wire::List<$Type>,
        ] [$($read)* { $field list ($($serde)?) ($crate::wire::List<$Type>) }] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: $Type:ty,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])* $(#[serde $serde])?
            pub $field: $Type,
        ] [$($read)* { $field required ($($serde)?) (Option<$Type>) }] $($rest)* }
    };

    (@fields only [$($metas:tt)*] $case:tt $Name:ident [$($fields:tt)*]
        [$({ $field:ident $kind:ident $serde:tt ($Place:ty) })*]
    ) => {
        #[derive(Clone, Debug, PartialEq, ::serde::Serialize)]
        $($metas)*
        #[non_exhaustive]
        pub struct $Name { $($fields)* }

        const _: () = {
            /// What has been read, until all that is required is there.
            #[derive(Default)]
            struct SoFar { $($field: $Place,)* }

            $crate::wire::object::object! { @set SoFar $case [] [$({ $field $kind $serde })*] }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let mut so_far = SoFar::default();
                    $crate::wire::object::fill(deserializer, &mut so_far)?;
                    Ok(Self { $($field: $crate::wire::object::taken!(
                        $kind so_far.$field, $crate::wire::member_name::name!($case $field $serde)
                    ),)* })
                }
            }
        };
    };

    (@fields keeping [$($metas:tt)*] $case:tt $Name:ident [$($fields:tt)*]
        [$({ $field:ident $kind:ident $serde:tt ($Place:ty) })*]
    ) => {
        #[derive(Clone, Debug, Default, PartialEq, ::serde::Serialize)]
        $($metas)*
        #[non_exhaustive]
        pub struct $Name {
            $($fields)*
            /// The raw members that have no field here.
            #[serde(flatten)]
            pub rest: $crate::wire::Rest,
        }

        const _: () = {
            $crate::wire::object::object! { @set $Name $case [
                fn rest(&mut self) -> Option<&mut $crate::wire::Rest> {
                    Some(&mut self.rest)
                }
            ] [$({ $field $kind $serde })*] }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let mut object = Self::default();
                    $crate::wire::object::fill(deserializer, &mut object)?;
                    Ok(object)
                }
            }
        };
    };

    (@set $Object:ident $case:tt [$($rest:tt)*] [$({ $field:ident $kind:ident $serde:tt })*]) => {
        impl $crate::wire::object::Object for $Object {
            const NAMES: &'static [&'static str] =
                &[$($crate::wire::member_name::name!($case $field $serde)),*];

            #[allow(unused_variables, reason = "there are objects without fields")]
            fn set<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                field: usize,
                map: &mut A,
            ) -> Result<(), A::Error> {
                #[allow(non_camel_case_types, reason = "they are fields")]
                enum Field { $($field),* }
                const FIELDS: &[Field] = &[$(Field::$field),*];

                match FIELDS.get(field) {
                    $(Some(Field::$field) => {
                        $crate::wire::object::read!($kind $serde &mut self.$field, map)
                    })*
                    _ => Ok(()),
                }
            }

            $($rest)*
        }
    };
}

/// As `object!`, for objects whose further members are kept raw, in a
/// public field `rest`. All declared fields must have a default.
macro_rules! object_keeping_rest {
    ($(
        $(#[doc $($doc:tt)*])*
        $(#[serde(rename_all = $case:tt)] $(#[doc $($more:tt)*])*)?
        pub struct $Name:ident { $($fields:tt)* }
    )+) => {
        $($crate::wire::object::object! {
            @fields keeping
            [$(#[doc $($doc)*])* $(#[serde(rename_all = $case)] $(#[doc $($more)*])*)?]
            ($($case)?) $Name [] [] $($fields)*
        })+
    };
}

/// Reads the value of a field: `read!(kind (attributes) place, map)`.
macro_rules! read {
    ($kind:ident ((rename = $name:tt)) $($to:tt)*) => {
        $crate::wire::object::read!($kind () $($to)*)
    };
    ($kind:ident ((rename = $name:tt, $($rest:tt)*)) $($to:tt)*) => {
        $crate::wire::object::read!($kind (($($rest)*)) $($to)*)
    };
    ($kind:ident ((deserialize_with = $with:tt, serialize_with = $other:tt)) $($to:tt)*) => {
        $crate::wire::object::read!($kind ((with = $with)) $($to)*)
    };
    ($kind:ident ((deserialize_with = $with:tt)) $($to:tt)*) => {
        $crate::wire::object::read!($kind ((with = $with)) $($to)*)
    };
    (optional () $place:expr, $map:ident) => { $crate::wire::object::put($place, $map) };
    (optional ((with = $with:tt)) $place:expr, $map:ident) => {
        $crate::wire::object::put_as::<$crate::wire::object::form!($with), _, _>($place, $map)
    };
    (array () $place:expr, $map:ident) => {
        $crate::wire::object::put_as::<$crate::wire::list::Array, _, _>($place, $map)
    };
    (list () $place:expr, $map:ident) => {
        $crate::wire::object::put_as::<$crate::wire::list::Repeated, _, _>($place, $map)
    };
    (required () $place:expr, $map:ident) => {
        $crate::wire::object::put_as::<$crate::wire::object::Required, _, _>($place, $map)
    };
    (required ((with = "list::present")) $place:expr, $map:ident) => {
        $crate::wire::object::put_as::<$crate::wire::list::Required, _, _>($place, $map)
    };
}

/// The [`Form`] that a function or module which serde's derive is told of stands for.
macro_rules! form {
    ("boolean") => {
        boolean::As
    };
    ("by_address") => {
        by_address::As
    };
    ("filled") => {
        filled::As
    };
    ("integer") => {
        integer::As
    };
    ("iso") => {
        iso::As
    };
    ("millis") => {
        millis::As
    };
    ("millis::exactly") => {
        millis::Exactly
    };
    ("number") => {
        number::As
    };
    ("seconds") => {
        seconds::As
    };
    ("crate::wire::scalar::boolean") => {
        $crate::wire::scalar::boolean::As
    };
    ("crate::wire::time::seconds") => {
        $crate::wire::time::seconds::As
    };
}

/// What a field is in a struct that is complete.
macro_rules! taken {
    (required $place:expr, $name:expr) => {
        $crate::wire::object::required($place, $name)?
    };
    ($kind:ident $place:expr, $name:expr) => {
        $place
    };
}

/// Declares a [`Form`]: `form_of!(As, Option<u64>, deserialize)`.
macro_rules! form_of {
    ($Form:ident $(<$T:ident: $($bound:path),+>)?, $Type:ty, $read:path) => {
        pub(crate) struct $Form;

        impl $(<$T: $($bound +)+>)? $crate::wire::object::Form<$Type> for $Form {
            fn read<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<$Type, D::Error> {
                $read(deserializer)
            }
        }
    };
}

pub(crate) use {form, form_of, object, object_keeping_rest, read, taken};

/// A struct that is read member by member.
pub(crate) trait Object {
    /// The names of the members that have a field.
    const NAMES: &'static [&'static str];

    /// Reads the value of the member with this number, which comes next.
    fn set<'de, A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;

    /// Where the members go that have no field, if they go anywhere.
    fn rest(&mut self) -> Option<&mut Rest> {
        None
    }
}

/// Reads an object into a struct that is as it is by default. It takes objects only: serde's
/// derive would also fill a struct from a list, field by field.
pub(crate) fn fill<'de, D: Deserializer<'de>>(
    deserializer: D,
    object: &mut impl Object,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Members(object))
}

struct Members<'a, T>(&'a mut T);

impl<'de, T: Object> Visitor<'de> for Members<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        const { assert!(T::NAMES.len() <= 64, "seen has as many bits") };
        let keeps = self.0.rest().is_some();
        let mut fields = Fields { names: T::NAMES, next: 0, seen: 0, keeps, unknown: None };
        loop {
            match fields.next(&mut map)? {
                END => return Ok(()),
                UNKNOWN => fields.pass(&mut map, self.0.rest())?,
                field => self.0.set(field, &mut map)?,
            }
        }
    }
}

/// The fields of a struct, to be found by the names of members.
struct Fields {
    names: &'static [&'static str],
    /// The field behind the last one that was found.
    next: usize,
    /// A bit for each field that was there.
    seen: u64,
    /// Whether a name is kept that no field has.
    keeps: bool,
    /// It.
    unknown: Option<Box<str>>,
}

/// Instead of a field's number: there is no further member, or none has its name. As numbers
/// they are returned in a register, which an enum is not.
const END: usize = usize::MAX;
const UNKNOWN: usize = usize::MAX - 1;

impl Fields {
    /// The number of the field that the next member has.
    #[inline(never)]
    fn next<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<usize, A::Error> {
        map.next_key_seed(self).map(|field| field.unwrap_or(END))
    }

    /// Passes over a member that has no field.
    #[inline(never)]
    fn pass<'de, A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
        rest: Option<&mut Rest>,
    ) -> Result<(), A::Error> {
        match (rest, self.unknown.take()) {
            (Some(rest), Some(name)) => rest.push(name, map.next_value()?),
            _ => map.next_value::<IgnoredAny>().map(drop),
        }
    }

    #[inline(never)]
    fn search(&self, name: &str) -> Option<usize> {
        let (before, behind) = self.names.split_at_checked(self.next).unwrap_or_default();
        let place = |names: &[&str]| names.iter().position(|field| *field == name);
        place(behind).map(|place| place.saturating_add(before.len())).or_else(|| place(before))
    }

    #[cold]
    fn unknown(&mut self, name: &str) -> usize {
        self.unknown = self.keeps.then(|| name.into());
        UNKNOWN
    }

    #[cold]
    fn again<E: Error>(&self, field: usize) -> E {
        E::duplicate_field(self.names.get(field).copied().unwrap_or_default())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Fields {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for &mut Fields {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        // Members mostly come in the order of the fields.
        let field = match self.names.get(self.next) {
            Some(next) if *next == name => self.next,
            _ => match self.search(name) {
                Some(field) => field,
                None => return Ok(self.unknown(name)),
            },
        };
        self.next = field.wrapping_add(1);
        let bit = 1u64.wrapping_shl(field as u32);
        if self.seen & bit != 0 {
            return Err(self.again(field));
        }
        self.seen |= bit;
        Ok(field)
    }
}

/// A way to read a value that is not its type's own.
pub(crate) trait Form<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;
}

/// Reads the next value to where nothing has been put yet.
///
/// What is there is what is there by default, which has nothing to drop; so no field's way of
/// being dropped is written out here.
#[inline(never)]
pub(crate) fn put<'de, T, A>(place: &mut T, map: &mut A) -> Result<(), A::Error>
where
    T: Deserialize<'de>,
    A: MapAccess<'de>,
{
    mem::forget(mem::replace(place, map.next_value()?));
    Ok(())
}

/// The same, in a form of its own.
#[inline(never)]
pub(crate) fn put_as<'de, F, T, A>(place: &mut T, map: &mut A) -> Result<(), A::Error>
where
    F: Form<T>,
    A: MapAccess<'de>,
{
    struct Seed<F, T>(PhantomData<(F, T)>);

    impl<'de, F: Form<T>, T> DeserializeSeed<'de> for Seed<F, T> {
        type Value = T;

        fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
            F::read(deserializer)
        }
    }

    mem::forget(mem::replace(place, map.next_value_seed(Seed::<F, T>(PhantomData))?));
    Ok(())
}

/// A value that must be there: `null` is one only for types that read it as one.
pub(crate) struct Required;

impl<T: DeserializeOwned> Form<Option<T>> for Required {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

pub(crate) fn required<T, E: Error>(place: Option<T>, name: &'static str) -> Result<T, E> {
    place.ok_or_else(|| E::missing_field(name))
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
