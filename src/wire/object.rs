//! JSON objects as structs.
//!
//! They are read and written by what [`object`] makes for them, not by serde's derive, which
//! makes a visitor, an enum of fields and a variable per field for each, and a type for each
//! field with a form of its own: that was a third of the machine code for Evolution. Here a
//! struct is read in place, by one loop, and each value by a function that all fields of its
//! type share.

use std::fmt;
use std::marker::PhantomData;
use std::mem;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};
use serde::ser::{Serialize, Serializer};

use super::Rest;
use super::member_name::Packed;

/// Declares structs for JSON objects: the derives that all of them have,
/// `#[non_exhaustive]`, and what makes an `Option` optional on the wire
/// (absent and `null` alike, and not written when it is `None`). A field of type
/// `List<T>` may be absent too, and then is empty; `list::Present<T>` is a list
/// that may not. A field of any other type is required.
///
/// They take `rename_all` and `rename` as serde's derive does, and `with`, of the forms that
/// [`form`] has a line for.
macro_rules! object {
    ($(
        $(#[doc $($doc:tt)*])*
        $(#[serde(rename_all = $case:tt)] $(#[doc $($more:tt)*])*)?
        pub struct $Name:ident { $($fields:tt)* }
    )+) => {
        $($crate::wire::object::object! {
            @fields only
            [$(#[doc $($doc)*])* $($(#[doc $($more)*])*)?]
            ($($case)?) $Name [] [] $($fields)*
        })+
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: Option<Vec<$Type:ty>>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])*
            pub $field: Option<Vec<$Type>>,
        ] [$($read)* { $field array ($($serde)?) (Option<Vec<$Type>>) }] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: Option<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])*
            pub $field: Option<$Type>,
        ] [$($read)* { $field optional ($($serde)?) (Option<$Type>) }] $($rest)* }
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: List<$Type:ty>,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields $kind $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])*
            pub $field: $crate::wire::List<$Type>,
        ] [$($read)* { $field list ($($serde)?) ($crate::wire::List<$Type>) }] $($rest)* }
    };

    (@fields keeping $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: $Type:ty,
        $($rest:tt)*
    ) => {
        compile_error!("an object that keeps the rest has no required fields");
    };

    (@fields $kind:ident $metas:tt $case:tt $Name:ident [$($done:tt)*] [$($read:tt)*]
        $(#[doc $($doc:tt)*])* $(#[serde $serde:tt])? pub $field:ident: $Type:ty,
        $($rest:tt)*
    ) => {
        $crate::wire::object::object! { @fields requiring $metas $case $Name [
            $($done)*
            $(#[doc $($doc)*])*
            pub $field: $Type,
        ] [$($read)* { $field required ($($serde)?) (Option<$Type>) }] $($rest)* }
    };

    (@fields only $metas:tt $case:tt $Name:ident [$($fields:tt)*]
        [$({ $field:ident $kind:ident $serde:tt $Place:tt })*]
    ) => {
        $crate::wire::object::object! { @struct $metas $Name [$($fields)*] }

        const _: () = {
            $crate::wire::object::object! {
                @members $Name $Name $case [] [] [$({ $field $kind $serde })*]
            }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    $crate::wire::object::filled(
                        deserializer,
                        Self { $($field: ::core::default::Default::default()),* },
                    )
                }
            }
        };
    };

    (@fields requiring $metas:tt $case:tt $Name:ident [$($fields:tt)*]
        [$({ $field:ident $kind:ident $serde:tt ($Place:ty) })*]
    ) => {
        $crate::wire::object::object! { @struct $metas $Name [$($fields)*] }

        const _: () = {
            /// What has been read, until all that is required is there.
            struct SoFar { $($field: $Place),* }

            $crate::wire::object::object! {
                @members $Name SoFar $case [] [] [$({ $field $kind $serde })*]
            }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    let mut so_far = SoFar { $($field: ::core::default::Default::default()),* };
                    $crate::wire::object::fill(deserializer, &mut so_far)?;
                    let mut number = 0usize;
                    Ok(Self {
                        $($field: {
                            number = number.wrapping_add(1);
                            $crate::wire::object::taken!($kind SoFar so_far.$field, number)
                        }),*
                    })
                }
            }
        };
    };

    (@fields keeping [$($metas:tt)*] $case:tt $Name:ident [$($fields:tt)*]
        [$({ $field:ident $kind:ident $serde:tt $Place:tt })*]
    ) => {
        #[derive(Clone, Debug, Default, PartialEq)]
        $($metas)*
        #[non_exhaustive]
        pub struct $Name {
            $($fields)*
            /// The raw members that have no field here.
            pub rest: $crate::wire::Rest,
        }

        const _: () = {
            $crate::wire::object::object! {
                @members $Name $Name $case [rest] [
                    fn rest(&mut self) -> Option<&mut $crate::wire::Rest> {
                        Some(&mut self.rest)
                    }
                ] [$({ $field $kind $serde })*]
            }

            impl<'de> ::serde::Deserialize<'de> for $Name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    $crate::wire::object::filled(deserializer, Self::default())
                }
            }
        };
    };

    (@struct [$($metas:tt)*] $Name:ident [$($fields:tt)*]) => {
        #[derive(Clone, Debug, PartialEq)]
        $($metas)*
        #[non_exhaustive]
        pub struct $Name { $($fields)* }
    };

    (@members $Name:ident $Object:ident $case:tt [$($rest:ident)?] $rest_method:tt
        [$({ $field:ident $kind:ident $serde:tt })*]
    ) => {
        $crate::wire::object::object! {
            @read $Object $case $rest_method [$({ $field $kind $serde })*]
        }

        impl ::serde::Serialize for $Name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #[allow(unused_mut, reason = "there are objects without fields")]
                let mut members = $crate::wire::written::Written::begin(
                    serializer,
                    <$Object as $crate::wire::object::Object>::NAMES,
                )?;
                $($crate::wire::written::write_field!($kind $serde &mut members, &self.$field);)*
                $(members.rest(&self.$rest);)?
                members.end()
            }
        }
    };

    (@read $Object:ident $case:tt [$($rest_method:tt)*]
        [$({ $field:ident $kind:ident $serde:tt })*]
    ) => {
        const LISTED: &str = concat!($($crate::wire::member_name::listed!($field $serde)),*);
        static PACKED: [u8; LISTED.len() + 1] = $crate::wire::member_name::packed(
            LISTED,
            <[&str]>::len(&[$(stringify!($field)),*]),
            $crate::wire::member_name::case! $case,
        );

        impl $crate::wire::object::Object for $Object {
            const NAMES: $crate::wire::member_name::Packed =
                $crate::wire::member_name::Packed::new(&PACKED);

            #[allow(unused, reason = "there are objects without fields, and a last field")]
            fn set<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                mut field: usize,
                map: &mut A,
            ) -> Result<(), A::Error> {
                $(
                    if field == 0 {
                        return $crate::wire::object::read_field!(
                            $kind $serde &mut self.$field, map
                        );
                    }
                    field = field.wrapping_sub(1);
                )*
                Ok(())
            }

            $($rest_method)*
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
            [$(#[doc $($doc)*])* $($(#[doc $($more)*])*)?]
            ($($case)?) $Name [] [] $($fields)*
        })+
    };
}

/// Reads the value of a field: `read_field!(kind (attributes) place, map)`.
macro_rules! read_field {
    ($kind:ident ((rename = $name:tt)) $($to:tt)*) => {
        $crate::wire::object::read_field!($kind () $($to)*)
    };
    ($kind:ident ((rename = $name:tt, $($rest:tt)*)) $($to:tt)*) => {
        $crate::wire::object::read_field!($kind (($($rest)*)) $($to)*)
    };
    ($kind:ident ((with = $with:tt)) $place:expr, $map:ident) => {
        $crate::wire::object::put::<$crate::wire::object::form!($with), _, _>($place, $map)
    };
    (optional () $place:expr, $map:ident) => {
        $crate::wire::object::put::<$crate::wire::object::Own, _, _>($place, $map)
    };
    (array () $place:expr, $map:ident) => {
        $crate::wire::object::put::<$crate::wire::list::Array, _, _>($place, $map)
    };
    (list () $place:expr, $map:ident) => {
        $crate::wire::object::put::<$crate::wire::list::Repeated, _, _>($place, $map)
    };
    (required () $place:expr, $map:ident) => {
        $crate::wire::object::put::<$crate::wire::object::Required, _, _>($place, $map)
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
    ("instance_id") => {
        instance_id::As
    };
    ("integer") => {
        integer::As
    };
    ("iso") => {
        iso::As
    };
    ("list::present") => {
        list::Required
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
    (required $Object:ident $place:expr, $number:expr) => {
        $crate::wire::object::required(
            $place,
            <$Object as $crate::wire::object::Object>::NAMES,
            $number,
        )?
    };
    ($kind:ident $Object:ident $place:expr, $number:expr) => {
        $place
    };
}

/// Declares a [`Form`]: `form_of!(As, Option<u64>, deserialize)`, and how it is written if that
/// is not how its type is.
macro_rules! form_of {
    (
        $Form:ident $(<$T:ident: $($bound:path),+>)?, $Type:ty, $read:path $(, $write:path)?
    ) => {
        pub(crate) struct $Form;

        impl $(<$T: $($bound +)+>)? $crate::wire::object::Form<$Type> for $Form {
            fn read<'de, D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<$Type, D::Error> {
                $read(deserializer)
            }

            $(fn write<S: ::serde::Serializer>(
                value: &$Type,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                $write(value, serializer)
            })?
        }
    };
}

pub(crate) use {form, form_of, object, object_keeping_rest, read_field, taken};

/// A struct that is read member by member.
pub(crate) trait Object {
    /// The names of the members that have a field.
    const NAMES: Packed;

    /// Reads the value of the member with this number, which comes next.
    fn set<'de, A: MapAccess<'de>>(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;

    /// Where the members go that have no field, if they go anywhere.
    fn rest(&mut self) -> Option<&mut Rest> {
        None
    }
}

/// Reads an object into a struct that is as it is by default. It takes objects only: serde's
/// derive would also fill a struct from a list, field by field.
pub(crate) fn fill<'de, D: Deserializer<'de>, T: Object>(
    deserializer: D,
    object: &mut T,
) -> Result<(), D::Error> {
    deserializer.deserialize_map(Members(object))
}

/// The same, for a struct in which nothing is required. What drops a half-filled one is then
/// compiled with this room, and not again with each gateway's.
pub(crate) fn filled<'de, D: Deserializer<'de>, T: Object>(
    deserializer: D,
    mut object: T,
) -> Result<T, D::Error> {
    fill(deserializer, &mut object)?;
    Ok(object)
}

struct Members<'a, T>(&'a mut T);

impl<'de, T: Object> Visitor<'de> for Members<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        fill_from(self.0, &mut map)
    }
}

/// Reads what is left of an object's members into a struct that is as it is by default.
#[inline]
pub(crate) fn fill_from<'de, T: Object, A: MapAccess<'de>>(
    object: &mut T,
    map: &mut A,
) -> Result<(), A::Error> {
    read_members(object, T::NAMES, map)
}

/// An [`Object`] of some type, to be read from members of this one.
trait ReadFrom<'de, A: MapAccess<'de>> {
    fn set(&mut self, field: usize, map: &mut A) -> Result<(), A::Error>;

    fn rest(&mut self) -> Option<&mut Rest>;
}

impl<'de, A: MapAccess<'de>, T: Object> ReadFrom<'de, A> for T {
    fn set(&mut self, field: usize, map: &mut A) -> Result<(), A::Error> {
        Object::set(self, field, map)
    }

    fn rest(&mut self) -> Option<&mut Rest> {
        Object::rest(self)
    }
}

/// Not generic over the object, so that all types share it.
#[inline(never)]
fn read_members<'de, A: MapAccess<'de>>(
    object: &mut dyn ReadFrom<'de, A>,
    names: Packed,
    map: &mut A,
) -> Result<(), A::Error> {
    let keeps = object.rest().is_some();
    let mut fields = Fields { names, next: 0, at: 0, seen: 0, keeps, unknown: String::new() };
    loop {
        match fields.next(map)? {
            END => {
                if keeps && let Some(rest) = object.rest() {
                    rest.end();
                }
                return Ok(());
            }
            UNKNOWN => fields.pass(map, object.rest())?,
            field => object.set(field, map)?,
        }
    }
}

/// The fields of a struct, to be found by the names of members.
struct Fields {
    names: Packed,
    /// The field behind the last one that was found.
    next: usize,
    /// Where its name begins.
    at: usize,
    /// A bit for each field that was there.
    seen: u64,
    /// Whether a name that no field has is kept.
    keeps: bool,
    /// That name, until its value is read.
    unknown: String,
}

/// Instead of a field's number: there is no further member, no field has its name, or the last
/// one that was found has been there before. As numbers they are returned in a register, which
/// an enum is not.
const END: usize = usize::MAX;
const UNKNOWN: usize = usize::MAX - 1;
const AGAIN: usize = usize::MAX - 2;

impl Fields {
    /// The number of the field that the next member has.
    #[inline]
    fn next<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<usize, A::Error> {
        // It is told here, where the path to it does not have its name yet.
        match map.next_key_seed(&mut *self)? {
            Some(AGAIN) => Err(self.again()),
            field => Ok(field.unwrap_or(END)),
        }
    }

    /// Passes over a member that has no field.
    #[inline(never)]
    fn pass<'de, A: MapAccess<'de>>(
        &mut self,
        map: &mut A,
        rest: Option<&mut Rest>,
    ) -> Result<(), A::Error> {
        match rest {
            Some(rest) => rest.push(&self.unknown, map.next_value()?),
            None => map.next_value::<IgnoredAny>().map(drop),
        }
    }

    /// The number of the field that has this name, and where the name ends.
    #[inline(never)]
    fn search(&self, name: &[u8]) -> Option<(usize, usize)> {
        let behind = self.names.find(self.next..self.names.lengths.len(), self.at, name);
        behind.or_else(|| self.names.find(0..self.next, 0, name))
    }

    #[cold]
    fn unknown(&mut self, name: &str) -> usize {
        if self.keeps {
            self.unknown.clear();
            self.unknown.push_str(name);
        }
        UNKNOWN
    }

    #[cold]
    fn again<E: Error>(&self) -> E {
        let length = self.next.checked_sub(1).and_then(|field| self.names.lengths.get(field));
        let start = self.at.saturating_sub(length.copied().map_or(0, usize::from));
        let name = self.names.text.get(start..self.at).unwrap_or_default();
        E::duplicate_field(str::from_utf8(name).unwrap_or_default())
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
        let name_bytes = name.as_bytes();
        let (field, end) = match self.names.is(self.next, self.at, name_bytes) {
            Some(end) => (self.next, end),
            None => match self.search(name_bytes) {
                Some(found) => found,
                None => return Ok(self.unknown(name)),
            },
        };
        (self.next, self.at) = (field.wrapping_add(1), end);
        let bit = 1u64.wrapping_shl(field as u32);
        if self.seen & bit != 0 {
            return Ok(AGAIN);
        }
        self.seen |= bit;
        Ok(field)
    }
}

/// A way to read and write a value that is not its type's own.
pub(crate) trait Form<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error>;

    fn write<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Serialize,
    {
        value.serialize(serializer)
    }
}

/// Reads the next value into a field that has not been read yet.
///
/// It still has its default, `None` or an empty list, which owns nothing. Forgetting that
/// keeps the code that drops the field out of every instance.
#[inline(never)]
pub(crate) fn put<'de, F, T, A>(place: &mut T, map: &mut A) -> Result<(), A::Error>
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

/// The form that a type has of its own.
pub(crate) struct Own;

impl<T: DeserializeOwned> Form<T> for Own {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// A value that must be there: `null` is one only for types that read it as one.
pub(crate) struct Required;

impl<T: DeserializeOwned> Form<Option<T>> for Required {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }
}

/// The value of the field with this number, counted from one.
pub(crate) fn required<T, E: Error>(
    place: Option<T>,
    names: Packed,
    number: usize,
) -> Result<T, E> {
    #[cold]
    fn missing<E: Error>(names: Packed, number: usize) -> E {
        E::missing_field(names.iter().take(number).last().unwrap_or_default())
    }

    place.ok_or_else(|| missing(names, number))
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
