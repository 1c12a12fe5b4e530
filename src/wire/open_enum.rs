//! Open enums over strings.

use std::fmt;

/// Text outside the known values of an open enum.
///
/// Its field is private, so that no code can match on a text that becomes a
/// variant in a later version; compare with `as_str()` instead.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OtherText(pub(crate) Box<str>);

impl fmt::Debug for OtherText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Declares an open enum: named variants for the documented texts, and a
/// catch-all that keeps any other text. Conversion never fails in either
/// direction.
///
/// After `enum as named` are variants whose texts the documentation's search
/// need not be told: they are called so themselves, or are empty.
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident {
            $( $(#[$doc:meta])* $Variant:ident = $text:literal, )+
        }
    ) => {
        $crate::wire::open_enum::open_enum! {
            $(#[$meta])*
            pub enum as named $Name {
                $( $(#[$doc])* #[doc(alias = $text)] $Variant = $text, )+
            }
        }
    };

    (
        $(#[$meta:meta])*
        pub enum as named $Name:ident {
            $( $(#[$doc:meta])* $Variant:ident = $text:literal, )+
        }
    ) => {
        $(#[$meta])*
        ///
        /// An open set: any other text is kept as received.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $( $(#[$doc])* $Variant, )+
            /// A text outside the documented set; see `as_str()`.
            Other($crate::wire::OtherText),
        }

        impl $Name {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$Variant => $text, )+
                    Self::Other(other) => &other.0,
                }
            }

            /// Whether the value is documented.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Other(_))
            }
        }

        impl From<&str> for $Name {
            fn from(text: &str) -> Self {
                match text {
                    $( $text => Self::$Variant, )+
                    other => Self::Other($crate::wire::OtherText(other.into())),
                }
            }
        }

        impl From<String> for $Name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::std::fmt::Display for $Name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl PartialEq<str> for $Name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $Name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl ::serde::Serialize for $Name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $Name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::wire::scalar::read_text(deserializer, |text| Self::from(text))
            }
        }
    };
}

pub(crate) use open_enum;

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    open_enum! {
        /// A colour.
        pub enum Colour {
            /// Red.
            Red = "red",
            /// Dark blue.
            DarkBlue = "dark_blue",
        }
    }

    #[test]
    fn known_and_other_texts_survive_a_round_trip() {
        for (json, known) in [(r#""red""#, true), (r#""dark_blue""#, true), (r#""Red""#, false)] {
            let colour: Colour = serde_json::from_str(json).unwrap();
            assert_eq!(colour.is_known(), known, "{json}");
            assert_eq!(serde_json::to_string(&colour).unwrap(), json);
        }
        assert_eq!(Colour::from("red"), Colour::Red);
        assert_eq!(Colour::from("teal"), "teal");
        assert_ne!(Colour::from("teal"), Colour::from("Teal"));
        assert_eq!(Colour::DarkBlue.to_string(), "dark_blue");
    }

    #[test]
    fn escapes_are_read_and_other_types_are_not() {
        assert_eq!(serde_json::from_str::<Colour>(r#""\u0072ed""#).unwrap(), Colour::Red);
        assert!(serde_json::from_str::<Colour>("1").is_err());
        assert!(serde_json::from_str::<Colour>("null").is_err());
    }
}
