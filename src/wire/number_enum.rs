//! Open enums over numbers.

use std::fmt;

/// Declares an open enum over numbers: named variants for the documented ones,
/// and a catch-all that keeps any other. It reads a number or decimal text,
/// and writes a number.
macro_rules! number_enum {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident {
            $( $(#[$doc:meta])* $Variant:ident = $number:literal, )+
        }
    ) => {
        $(#[$meta])*
        ///
        /// An open set: any other number is kept as received.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $( $(#[$doc])* #[doc = concat!("(`", $number, "`)")] $Variant, )+
            /// A number outside the documented set; see `as_i64()`.
            Other($crate::wire::OtherNumber),
        }

        impl $Name {
            /// The number on the wire.
            pub fn as_i64(&self) -> i64 {
                match self {
                    $( Self::$Variant => $number, )+
                    Self::Other(other) => other.0,
                }
            }

            /// Whether the number is one of the documented set.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<i64> for $Name {
            fn from(number: i64) -> Self {
                match number {
                    $( $number => Self::$Variant, )+
                    other => Self::Other($crate::wire::OtherNumber(other)),
                }
            }
        }

        impl ::serde::Serialize for $Name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $Name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let integer = $crate::wire::scalar::integer::Integer(::std::marker::PhantomData);
                deserializer.deserialize_any(integer).map(|number: i64| Self::from(number))
            }
        }
    };
}

pub(crate) use number_enum;

/// A number outside an open enum's known values.
///
/// Its field is private, so that no code can match on a number that a later
/// version gives a variant of its own; compare with `as_i64()` instead.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OtherNumber(pub(crate) i64);

impl fmt::Debug for OtherNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    number_enum! {
        /// How far a message got.
        pub enum Ack {
            /// Not sent.
            Error = -1,
            /// Read.
            Read = 3,
        }
    }

    #[test]
    fn known_and_other_numbers_survive_a_round_trip() {
        for (json, ack) in [("-1", Ack::Error), ("3", Ack::Read), ("9", Ack::from(9))] {
            let read: Ack = serde_json::from_str(json).unwrap();
            assert_eq!(read, ack, "{json}");
            assert_eq!(read.is_known(), json != "9", "{json}");
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(serde_json::from_str::<Ack>(&format!("{json:?}")).unwrap(), ack);
        }
        assert_eq!(Ack::from(9).as_i64(), 9);
        for json in ["1.5", r#""read""#, "null", "true", "{}"] {
            assert!(serde_json::from_str::<Ack>(json).is_err(), "{json}");
        }
    }
}
