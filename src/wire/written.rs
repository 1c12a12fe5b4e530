//! The members of objects, written one after another.

use std::marker::PhantomData;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::member_name::{Names, Packed, text_of};
use super::object::Form;
use super::{List, Rest};

/// Writes a field: `write_field!(kind (attributes) members, value)`.
macro_rules! write_field {
    ($kind:ident ((rename = $name:tt)) $($to:tt)*) => {
        $crate::wire::written::write_field!($kind () $($to)*)
    };
    ($kind:ident ((rename = $name:tt, $($rest:tt)*)) $($to:tt)*) => {
        $crate::wire::written::write_field!($kind (($($rest)*)) $($to)*)
    };
    (optional ((with = $with:tt)) $members:expr, $value:expr) => {
        $crate::wire::written::write_as::<$crate::wire::object::form!($with), _, _>(
            $members, $value,
        )
    };
    (list () $members:expr, $value:expr) => {
        $crate::wire::written::write_list($members, $value)
    };
    (required $serde:tt $members:expr, $value:expr) => {
        $crate::wire::written::write($members, $value)
    };
    ($kind:ident () $members:expr, $value:expr) => {
        $crate::wire::written::write_optional($members, $value)
    };
}

pub(crate) use write_field;

/// An object whose fields are written in order.
///
/// The first error ends the writing and is returned by [`end`](Self::end). Returning it after each
/// field would be a good part of the code that the compiler has to check.
pub(crate) struct Written<M: SerializeMap> {
    map: M,
    names: Names,
    error: Option<M::Error>,
}

impl<M: SerializeMap> Written<M> {
    pub(crate) fn begin<S>(serializer: S, names: Packed) -> Result<Self, S::Error>
    where
        S: Serializer<SerializeMap = M, Error = M::Error>,
    {
        Ok(Self { map: serializer.serialize_map(None)?, names: names.names(), error: None })
    }

    /// Writes a member that is no field.
    pub(crate) fn entry<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        if self.error.is_none() {
            self.error = self.map.serialize_entry(name, value).err();
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &'static [u8], value: &T) {
        self.entry(text_of(name), value);
    }

    pub(crate) fn rest(&mut self, rest: &Rest) {
        if self.error.is_none() {
            self.error = rest.write(&mut self.map).err();
        }
    }

    pub(crate) fn end(self) -> Result<M::Ok, M::Error> {
        match self.error {
            Some(error) => Err(error),
            None => self.map.end(),
        }
    }
}

/// Writes a value that is always there.
#[inline(never)]
pub(crate) fn write<T: Serialize, M: SerializeMap>(members: &mut Written<M>, value: &T) {
    let name = members.names.pass();
    members.field(name, value);
}

/// Writes a value, if there is one.
#[inline(never)]
pub(crate) fn write_optional<T: Serialize, M: SerializeMap>(
    members: &mut Written<M>,
    value: &Option<T>,
) {
    let name = members.names.pass();
    if let Some(value) = value {
        members.field(name, value);
    }
}

/// Writes a list, unless it is empty.
#[inline(never)]
pub(crate) fn write_list<T: Serialize, M: SerializeMap>(members: &mut Written<M>, list: &List<T>) {
    let name = members.names.pass();
    if !list.is_empty() {
        members.field(name, list);
    }
}

/// Writes a value in a form of its own, if there is one.
#[inline(never)]
pub(crate) fn write_as<F: Form<Option<T>>, T: Serialize, M: SerializeMap>(
    members: &mut Written<M>,
    value: &Option<T>,
) {
    struct Formed<'a, F, T>(&'a T, PhantomData<F>);

    impl<F: Form<T>, T: Serialize> Serialize for Formed<'_, F, T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            F::write(self.0, serializer)
        }
    }

    let name = members.names.pass();
    if value.is_some() {
        members.field(name, &Formed::<F, _>(value, PhantomData));
    }
}
