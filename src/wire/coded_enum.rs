//! Enums whose values are sent as a number or as a name.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use super::scalar::integer::Integer;

/// A value of an open enum that is sent as a number or as a name.
///
/// It derefs to the enum. Two are equal when their values are; the form is
/// remembered for serialising.
#[derive(Clone)]
pub struct Coded<T> {
    value: T,
    by_name: bool,
}

/// An enum whose values have a number and a name. Implemented by the crate
/// for its own.
pub trait CodedValue: PartialEq + fmt::Debug + Sized {
    #[doc(hidden)]
    fn number(&self) -> Option<i64>;
    #[doc(hidden)]
    fn name(&self) -> Option<&str>;
    #[doc(hidden)]
    fn of_number(number: i64) -> Self;
    #[doc(hidden)]
    fn of_name(name: &str) -> Self;
}

impl<T> Coded<T> {
    /// The value, by value.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Coded<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Coded<T> {
    /// Serialises as a number.
    fn from(value: T) -> Self {
        Self { value, by_name: false }
    }
}

impl<T: PartialEq> PartialEq for Coded<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Coded<T> {}

impl<T: PartialEq> PartialEq<T> for Coded<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}

impl<T: fmt::Debug> fmt::Debug for Coded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

impl<T: CodedValue> Serialize for Coded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.value.number(), self.value.name()) {
            (Some(number), None) => serializer.serialize_i64(number),
            (Some(number), Some(_)) if !self.by_name => serializer.serialize_i64(number),
            (_, Some(name)) => serializer.serialize_str(name),
            (None, None) => serializer.serialize_none(),
        }
    }
}

impl<'de, T: CodedValue> Deserialize<'de> for Coded<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NumberOrName(PhantomData))
    }
}

struct NumberOrName<T>(PhantomData<T>);

impl<T: CodedValue> NumberOrName<T> {
    fn number<E>(number: Result<i64, E>) -> Result<Coded<T>, E> {
        Ok(Coded { value: T::of_number(number?), by_name: false })
    }
}

impl<'de, T: CodedValue> Visitor<'de> for NumberOrName<T> {
    type Value = Coded<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a name")
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Coded<T>, E> {
        Self::number(Ok(number))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Coded<T>, E> {
        Self::number(Integer(PhantomData).visit_u64(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Coded<T>, E> {
        Self::number(Integer(PhantomData).visit_f64(number))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Coded<T>, A::Error> {
        Self::number(Integer(PhantomData).visit_map(map))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Coded<T>, E> {
        Ok(Coded { value: T::of_name(name), by_name: true })
    }
}

/// A number or a name outside the known values of an open enum.
///
/// Its field is private, so that no code can match on a value that becomes a
/// variant in a later version; compare with `as_i64()` or `as_str()` instead.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherCode(Code);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Code {
    Number(i64),
    Name(Box<str>),
}

impl OtherCode {
    pub(crate) fn number(number: i64) -> Self {
        Self(Code::Number(number))
    }

    pub(crate) fn name(name: &str) -> Self {
        Self(Code::Name(name.into()))
    }

    /// The number, if it came as one.
    pub fn as_i64(&self) -> Option<i64> {
        match self.0 {
            Code::Number(number) => Some(number),
            Code::Name(_) => None,
        }
    }

    /// The name, if it came as one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Code::Number(_) => None,
            Code::Name(name) => Some(name),
        }
    }
}

impl fmt::Debug for OtherCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Code::Number(number) => number.fmt(f),
            Code::Name(name) => fmt::Debug::fmt(name, f),
        }
    }
}

/// Declares an open enum whose values come by number or by name, as protocol
/// enums do: `Variant = 1 "NAME"`. Fields are of type [`Coded`], which
/// remembers which of the two it was.
macro_rules! coded_enum {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident {
            $( $(#[$doc:meta])* $Variant:ident = $number:literal $name:literal, )+
        }
    ) => {
        $(#[$meta])*
        ///
        /// An open set, by number or by name: any other value is kept as
        /// received.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $(
                $(#[$doc])*
                #[doc = concat!("(`", $number, "`, `", $name, "`)")]
                #[doc(alias = $name)]
                $Variant,
            )+
            /// A number or a name outside the documented set.
            Other($crate::wire::OtherCode),
        }

        impl $Name {
            /// The number on the wire; `None` for an unknown name.
            pub fn as_i64(&self) -> Option<i64> {
                match self {
                    $( Self::$Variant => Some($number), )+
                    Self::Other(other) => other.as_i64(),
                }
            }

            /// The name on the wire; `None` for an unknown number.
            pub fn as_str(&self) -> Option<&str> {
                match self {
                    $( Self::$Variant => Some($name), )+
                    Self::Other(other) => other.as_str(),
                }
            }

            /// Whether the value is documented.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<i64> for $Name {
            fn from(number: i64) -> Self {
                match number {
                    $( $number => Self::$Variant, )+
                    other => Self::Other($crate::wire::OtherCode::number(other)),
                }
            }
        }

        impl From<&str> for $Name {
            fn from(name: &str) -> Self {
                match name {
                    $( $name => Self::$Variant, )+
                    other => Self::Other($crate::wire::OtherCode::name(other)),
                }
            }
        }

        impl $crate::wire::CodedValue for $Name {
            fn number(&self) -> Option<i64> {
                self.as_i64()
            }

            fn name(&self) -> Option<&str> {
                self.as_str()
            }

            fn of_number(number: i64) -> Self {
                Self::from(number)
            }

            fn of_name(name: &str) -> Self {
                Self::from(name)
            }
        }
    };
}

pub(crate) use coded_enum;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    use super::Coded;
    use crate::wire::json;

    coded_enum! {
        /// What a list is for.
        pub enum ListType {
            /// Nothing.
            Unknown = 0 "UNKNOWN",
            /// Choosing one.
            SingleSelect = 1 "SINGLE_SELECT",
        }
    }

    #[test]
    fn a_number_and_its_name_are_equal_and_written_back_as_they_came() {
        let read = |json: &str| serde_json::from_str::<Coded<ListType>>(json).unwrap();
        assert_eq!(read("1"), read(r#""SINGLE_SELECT""#));
        assert_eq!(read("1"), ListType::SingleSelect);
        assert!(read("0").is_known() && !read("7").is_known() && !read(r#""x""#).is_known());
        assert_ne!(read("7"), read(r#""7""#));
        assert_eq!(read("7").as_i64(), Some(7));
        assert_eq!(read(r#""x""#).as_str(), Some("x"));
        for json in ["1", "0", "7", "-3", r#""SINGLE_SELECT""#, r#""x""#, r#""7""#] {
            assert_eq!(serde_json::to_string(&read(json)).unwrap(), json);
        }
        assert_ne!(read("1"), ListType::Unknown);
        let error = json::read_repaired::<Coded<ListType>>("null").unwrap_err();
        assert_eq!(error.to_string(), "expected a number or a name, found null");
        for json in ["1.5", "true", "null", "[]", "{}"] {
            assert!(serde_json::from_str::<Coded<ListType>>(json).is_err(), "{json}");
        }
    }
}
