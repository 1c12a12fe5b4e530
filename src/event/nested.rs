//! Objects within payloads that are typed on demand.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error, Unexpected};
use serde::ser::{Serialize, Serializer};

use super::aside::{SetAside, settle};
use crate::wire::RawJson;
use crate::wire::json::{self, Fault, Path};

/// An object kept as JSON and typed on demand: a quoted, wrapped or parent
/// message.
///
/// However deeply messages are nested, parsing the outermost one uses no stack
/// for the others. Two values are equal when their JSON text is; serialising
/// writes the JSON as received. `Debug` shows only the size.
pub struct Nested<T> {
    raw: RawJson,
    typed: PhantomData<fn() -> T>,
}

impl<T> Nested<T> {
    /// The raw JSON.
    pub fn raw(&self) -> &RawJson {
        &self.raw
    }

    /// The raw JSON, by value.
    pub fn into_raw(self) -> RawJson {
        self.raw
    }
}

/// What a [`Nested`] can hold: a type of this crate that is parsed on demand.
pub trait ReadNested: Sized {
    /// Reads it, in this crate: what is generic is compiled again in every
    /// crate that calls it.
    #[doc(hidden)]
    fn read_nested(text: &str) -> Result<(Self, Vec<SetAside>), Fault>;
}

/// Lets types be in a [`Nested`].
macro_rules! nested {
    ($($Type:ty),+) => {
        $(impl $crate::event::ReadNested for $Type {
            #[inline(never)]
            fn read_nested(
                text: &str,
            ) -> Result<(Self, Vec<$crate::event::SetAside>), $crate::wire::Fault> {
                $crate::event::read_nested(text)
            }
        })+
    };
}

pub(crate) use nested;

#[inline]
pub(crate) fn read_nested<T: DeserializeOwned>(text: &str) -> Result<(T, Vec<SetAside>), Fault> {
    let settled = settle(text, &Path::root(), None, |text, left_out| {
        json::read_without(text, left_out, PhantomData::<T>)
    })?;
    Ok((settled.value, settled.set_aside))
}

impl<T: ReadNested> Nested<T> {
    /// The object, typed by the same rules as an event: values that do not have
    /// the documented shape are left out where they are not essential.
    ///
    /// # Errors
    ///
    /// The fault of an essential value; its path starts at this object.
    pub fn parse(&self) -> Result<T, Fault> {
        self.parse_keeping().map(|(value, _)| value)
    }

    /// As [`parse`](Self::parse), with the values that were left out.
    ///
    /// # Errors
    ///
    /// As for [`parse`](Self::parse).
    pub fn parse_keeping(&self) -> Result<(T, Vec<SetAside>), Fault> {
        T::read_nested(self.raw.as_str())
    }
}

impl<T> From<RawJson> for Nested<T> {
    fn from(raw: RawJson) -> Self {
        Self { raw, typed: PhantomData }
    }
}

impl<T> Clone for Nested<T> {
    fn clone(&self) -> Self {
        self.raw.clone().into()
    }
}

impl<T> PartialEq for Nested<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl<T> Eq for Nested<T> {}

impl<T> fmt::Debug for Nested<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nested({} bytes)", self.raw.as_str().len())
    }
}

impl<T> Serialize for Nested<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Nested<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawJson::deserialize(deserializer)?;
        match raw.as_str().starts_with('{') {
            true => Ok(raw.into()),
            false => Err(D::Error::invalid_type(Unexpected::Other("no object"), &"an object")),
        }
    }
}

#[cfg(test)]
#[expect(unreachable_pub, reason = "the macro is made for public types")]
mod tests {
    use super::*;
    use crate::wire::object::object;

    object! {
        /// A message that may quote another.
        pub struct Message {
            /// Its text.
            pub body: String,
            /// A size.
            pub size: Option<u32>,
            /// What it quotes.
            pub quoted: Option<Nested<Message>>,
        }
    }

    nested!(Message);

    #[test]
    fn it_is_typed_on_demand_and_written_back_as_it_came() {
        let json = r#"{"body":"a","quoted":{ "body" : "b", "size": "large", "more": 1}}"#;
        let message: Message = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&message).unwrap(), json);
        let (quoted, set_aside) = message.quoted.as_ref().unwrap().parse_keeping().unwrap();
        assert_eq!((quoted.body.as_str(), quoted.size), ("b", None));
        assert_eq!(set_aside[0].path().to_string(), "size");
        assert_eq!(format!("{:?}", message.quoted.unwrap()), "Nested(43 bytes)");

        let odd: Message = serde_json::from_str(r#"{"body":"a","quoted":{"size":1}}"#).unwrap();
        let fault = odd.quoted.unwrap().parse().unwrap_err();
        assert_eq!(fault.path().to_string(), "body");
        for json in ["1", r#""a""#, "[]"] {
            let json = format!(r#"{{"body":"a","quoted":{json}}}"#);
            assert!(serde_json::from_str::<Message>(&json).is_err(), "{json}");
        }
    }

    #[test]
    fn depth_costs_no_stack() {
        let depth = 1_000;
        let json = format!(
            "{}{}{}",
            r#"{"body":"a","quoted":"#.repeat(depth),
            r#"{"body":"z"}"#,
            "}".repeat(depth)
        );
        let read = move || {
            let mut message: Message = serde_json::from_str(&json).unwrap();
            while let Some(quoted) = message.quoted.take() {
                message = quoted.parse().unwrap();
            }
            message.body
        };
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(read).unwrap();
        assert_eq!(thread.join().unwrap(), "z");
    }
}
