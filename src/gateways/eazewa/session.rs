//! The session: how it starts, and how it ends.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use crate::wire::json::Name;
use crate::wire::object::object;
use crate::wire::open_enum::open_enum;
use crate::wire::scalar::integer;
use crate::wire::{LazyBytes, RawJson, Sensitive};

object! {
    /// A QR code to connect the session. Anyone who scans it controls the
    /// account, so `Debug` hides it.
    #[serde(rename_all = "camelCase")]
    #[doc(alias = "qr")]
    pub struct Qr {
        /// The content of the code.
        pub qr: Sensitive,
        /// The code as an image: `data:image/png;base64,…`.
        pub base64: Option<LazyBytes>,
    }
}

/// The payload, if any, of an event that is documented to have none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
#[non_exhaustive]
pub struct Undocumented {
    /// The payload; `None` when there is none, or `null`.
    pub data: Option<RawJson>,
}

/// WhatsApp Web is loading.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[doc(alias = "loading_screen")]
#[non_exhaustive]
pub struct LoadingScreen {
    /// The progress in per cent.
    #[serde(with = "integer", skip_serializing_if = "Option::is_none")]
    pub percent: Option<i64>,
    /// The text that it shows meanwhile: a string here, unlike in the events
    /// about messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

#[derive(Deserialize)]
#[serde(remote = "LoadingScreen")]
struct Progress {
    #[serde(default, with = "integer")]
    percent: Option<i64>,
    #[serde(default)]
    message: Option<String>,
}

impl Lax for LoadingScreen {
    fn of_object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
        Progress::deserialize(MapAccessDeserializer::new(map))
    }
}

impl<'de> Deserialize<'de> for LoadingScreen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_lax(deserializer)
    }
}

/// Declares a payload of at most one value: nothing at all, an object with the
/// value in one member, or the value alone. It is written back in its form.
macro_rules! remark {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $(#[$field_meta:meta])*
            pub $field:ident: Option<$Type:ty> = $wire:literal,
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $Name {
            $(#[$field_meta])*
            pub $field: Option<$Type>,
            form: Form,
        }

        impl Lax for $Name {
            fn of_object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error> {
                Ok(Self { $field: only_member(map, $wire)?, form: Form::Object })
            }

            fn of_text(text: &str) -> Option<Self> {
                Some(Self { $field: Some(text.into()), form: Form::Alone })
            }
        }

        impl<'de> Deserialize<'de> for $Name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_lax(deserializer)
            }
        }

        impl Serialize for $Name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match (self.form, &self.$field) {
                    (_, None) => serializer.serialize_none(),
                    (Form::Alone, Some(value)) => value.serialize(serializer),
                    (Form::Object, Some(value)) => {
                        let mut object = serializer.serialize_map(Some(1))?;
                        object.serialize_entry($wire, value)?;
                        object.end()
                    }
                }
            }
        }
    };
}

remark! {
    /// The session could not be authenticated. Documented without a payload.
    #[doc(alias = "auth_failure")]
    pub struct AuthFailure {
        /// The reason, as human-readable text.
        pub message: Option<String> = "message",
    }
}

remark! {
    /// The session is no longer connected. No page documents it; the shape is
    /// inferred.
    #[doc(alias = "disconnected")]
    pub struct Disconnected {
        /// The reason.
        pub reason: Option<DisconnectReason> = "reason",
    }
}

remark! {
    /// The state of the session's connection changed. No page documents it; the
    /// shape is inferred.
    #[doc(alias = "change_state")]
    pub struct ChangeState {
        /// The new state.
        pub state: Option<State> = "state",
    }
}

/// How a value came, for writing back; values are equal without it.
#[derive(Clone, Copy, Debug, Default)]
enum Form {
    #[default]
    Object,
    Alone,
}

impl PartialEq for Form {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A payload that may also be absent, `null`, an empty object or, as PHP writes
/// it, an empty list.
trait Lax: Default {
    fn of_object<'de, A: MapAccess<'de>>(map: A) -> Result<Self, A::Error>;

    /// From a text alone, where that has a meaning.
    fn of_text(_: &str) -> Option<Self> {
        None
    }
}

fn read_lax<'de, D: Deserializer<'de>, T: Lax>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_any(LaxVisitor(PhantomData))
}

struct LaxVisitor<T>(PhantomData<T>);

impl<'de, T: Lax> Visitor<'de> for LaxVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or nothing")
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        T::of_text(text).ok_or_else(|| E::invalid_type(Unexpected::Other("string"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::of_object(map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<T, A::Error> {
        match list.next_element::<IgnoredAny>()? {
            None => Ok(T::default()),
            Some(_) => Err(A::Error::invalid_type(Unexpected::Seq, &self)),
        }
    }
}

/// The one member of an object that is read.
fn only_member<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
    mut map: A,
    member: &'static str,
) -> Result<Option<T>, A::Error> {
    let mut value = None;
    while let Some(Name(name)) = map.next_key()? {
        if name != member {
            map.next_value::<IgnoredAny>()?;
        } else if value.is_none() {
            value = Some(map.next_value::<Option<T>>()?);
        } else {
            return Err(A::Error::duplicate_field(member));
        }
    }
    Ok(value.flatten())
}

open_enum! {
    /// Why a session is no longer connected. The reason may also be the name of
    /// its [`State`].
    pub enum DisconnectReason {
        /// The account was logged out.
        Logout = "LOGOUT",
        /// The page was left. Old versions only.
        Navigation = "NAVIGATION",
        /// None of the QR codes was scanned.
        MaxQrcodeRetries = "Max qrcode retries reached",
    }
}

impl DisconnectReason {
    /// The state, if the reason is the name of one.
    ///
    /// ```
    /// use zaphook::eazewa::{DisconnectReason, State};
    ///
    /// assert_eq!(DisconnectReason::from("CONFLICT").state(), Some(State::Conflict));
    /// assert_eq!(DisconnectReason::Logout.state(), None);
    /// ```
    pub fn state(&self) -> Option<State> {
        Some(State::from(self.as_str())).filter(State::is_known)
    }
}

open_enum! {
    /// The states of a session's connection.
    pub enum State {
        /// WhatsApp Web was opened elsewhere.
        Conflict = "CONFLICT",
        /// Connected.
        Connected = "CONNECTED",
        /// This version of WhatsApp Web is no longer served.
        DeprecatedVersion = "DEPRECATED_VERSION",
        /// Connecting.
        Opening = "OPENING",
        /// A device is being linked.
        Pairing = "PAIRING",
        /// A network proxy blocks the connection.
        Proxyblock = "PROXYBLOCK",
        /// The account was blocked under the terms of service for businesses.
        SmbTosBlock = "SMB_TOS_BLOCK",
        /// The phone cannot be reached.
        Timeout = "TIMEOUT",
        /// The account was blocked under the terms of service.
        TosBlock = "TOS_BLOCK",
        /// Not started.
        Unlaunched = "UNLAUNCHED",
        /// No device is linked.
        Unpaired = "UNPAIRED",
        /// No device is linked, and the QR code has expired.
        UnpairedIdle = "UNPAIRED_IDLE",
    }
}
