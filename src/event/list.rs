//! The one list of a gateway's events.

use std::fmt::Debug;
use std::marker::PhantomData;

use serde::de::DeserializeSeed;
use serde::{Deserializer, Serialize};

use super::catch_all::{Malformed, Recognition, Skipped, Unknown};
use super::names::EventName;

/// A gateway's events, as its list declares them. Implemented by the crate
/// for every gateway's `Event`.
pub trait EventSet: Clone + Debug + PartialEq + Serialize + Send + Sync + Sized + 'static {
    /// The documented names, in the order of the list.
    const NAMES: &'static [&'static str];

    /// The documented names as a type: an `EventName` at every gateway.
    type Name: EventName;

    /// The event's name: the documented one if it is known, otherwise as
    /// received.
    fn name(&self) -> &str;

    /// Whether the event was recognised, and typed.
    fn recognition(&self) -> Recognition;

    /// Why the event could not be typed, if it could not.
    fn as_malformed(&self) -> Option<&Malformed>;

    #[doc(hidden)]
    fn position(name: &str) -> Option<usize>;

    #[doc(hidden)]
    fn deserialize_at<'de, D: Deserializer<'de>>(
        position: usize,
        payload: D,
    ) -> Result<Self, D::Error>;

    #[doc(hidden)]
    fn unknown(event: Unknown) -> Self;

    #[doc(hidden)]
    fn malformed(event: Malformed) -> Self;

    #[doc(hidden)]
    fn skipped(event: Skipped) -> Self;

    #[doc(hidden)]
    fn has_payload(&self) -> bool;
}

/// Whether the body of such an event has no payload member.
pub(crate) fn has_no_payload<E: EventSet>(event: &E) -> bool {
    !event.has_payload()
}

/// Reads the payload of the event at a position of the list.
pub(super) struct At<E>(usize, PhantomData<E>);

impl<E> At<E> {
    pub(super) fn new(position: usize) -> Self {
        Self(position, PhantomData)
    }
}

impl<E> Clone for At<E> {
    fn clone(&self) -> Self {
        Self::new(self.0)
    }
}

impl<'de, E: EventSet> DeserializeSeed<'de> for At<E> {
    type Value = E;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<E, D::Error> {
        E::deserialize_at(self.0, deserializer)
    }
}

/// Which events should be typed.
#[derive(Clone, Debug, Default)]
pub struct Wanted(Option<Box<[bool]>>);

impl Wanted {
    pub(crate) const ALL: Self = Self(None);

    /// Only the events of these names.
    pub(crate) fn only<N: EventName>(names: impl IntoIterator<Item = N>) -> Self {
        let mut wanted = vec![false; N::ALL.len()].into_boxed_slice();
        for name in names {
            if let Some(wanted) = wanted.get_mut(name.position()) {
                *wanted = true;
            }
        }
        Self(Some(wanted))
    }

    pub(crate) fn contains(&self, position: usize) -> bool {
        match &self.0 {
            None => true,
            Some(wanted) => wanted.get(position).copied().unwrap_or(false),
        }
    }
}

/// Declares a gateway's event enum from its list of wire names: the variants,
/// the names, also as a type (`EventName`), the dispatch and the table in the
/// documentation.
///
/// A line is `"wire.name" => Variant(Payload)`, with a doc comment; further
/// spellings of the name follow it after `|`.
///
/// A payload that is an envelope of its own has `: nested` after it: how far
/// the event was recognised is then what holds for the one inside.
///
/// After the list `names also: …` takes a function that knows further
/// spellings of a name.
///
/// After `enum as named` the variants are called as the names are, which the
/// documentation's search need not be told.
macro_rules! events {
    (@recognition $payload:ident) => { $crate::event::Recognition::Known };
    (@recognition $payload:ident nested) => {
        $crate::event::EventSet::recognition($crate::event::Envelope::event(&**$payload))
    };
    (@malformed $payload:ident) => { None };
    (@malformed $payload:ident nested) => {
        $crate::event::EventSet::as_malformed($crate::event::Envelope::event(&**$payload))
    };

    (
        $(#[$meta:meta])*
        pub enum $Event:ident {
            $(
                $(#[$doc:meta])*
                $name:literal $(| $alias:literal)* => $Variant:ident($Payload:ty) $(: $nested:ident)?,
            )+
        }
        $(names also: $also:path,)?
    ) => {
        $crate::event::events! {
            @listed
            $(#[$meta])*
            pub enum $Event {
                $(
                    $(#[$doc])*
                    #[doc(alias = $name)]
                    $name $(| $alias)* => $Variant($Payload) $(: $nested)?,
                )+
            }
            $(names also: $also,)?
        }
    };

    (
        $(#[$meta:meta])*
        pub enum as named $Event:ident { $($list:tt)+ }
    ) => {
        $crate::event::events! { @listed $(#[$meta])* pub enum $Event { $($list)+ } }
    };

    (
        @listed
        $(#[$meta:meta])*
        pub enum $Event:ident {
            $(
                $(#[$doc:meta])*
                $name:literal $(| $alias:literal)* => $Variant:ident($Payload:ty) $(: $nested:ident)?,
            )+
        }
        $(names also: $also:path,)?
    ) => {
        $(#[$meta])*
        ///
        /// | event | variant |
        /// |---|---|
        $(#[doc = concat!(
            "| `", $name, "` | [`", stringify!($Variant), "`](Self::", stringify!($Variant), ") |"
        )])+
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $Event {
            $(
                #[doc = concat!("`", $name, "`:")]
                $(#[$doc])*
                $Variant($Payload),
            )+
            /// An event whose name this version does not know, with its
            /// payload.
            Unknown(Box<$crate::event::Unknown>),
            /// An event whose name is known but whose payload could not be
            /// typed, with the position of the fault and the payload.
            Malformed(Box<$crate::event::Malformed>),
            /// A known event that [`Receiver::only`](crate::Receiver::only)
            /// leaves out, with its payload.
            Skipped(Box<$crate::event::Skipped>),
        }

        impl $Event {
            /// The documented names, in the order of the list.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The event's name: the documented one if it is known, otherwise
            /// as received.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$Variant(_) => $name,)+
                    Self::Unknown(event) => event.name(),
                    Self::Malformed(event) => event.name(),
                    Self::Skipped(event) => event.name(),
                }
            }

            /// Whether the event was recognised, and typed.
            pub fn recognition(&self) -> $crate::event::Recognition {
                match self {
                    $(Self::$Variant(_payload) => {
                        $crate::event::events!(@recognition _payload $($nested)?)
                    })+
                    Self::Unknown(_) => $crate::event::Recognition::Unknown,
                    Self::Malformed(_) => $crate::event::Recognition::Malformed,
                    Self::Skipped(_) => $crate::event::Recognition::Skipped,
                }
            }
        }

        impl ::serde::Serialize for $Event {
            /// Writes the payload; the name is in the envelope.
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    $(Self::$Variant(payload) => payload.serialize(serializer),)+
                    Self::Unknown(event) => event.serialize(serializer),
                    Self::Malformed(event) => event.serialize(serializer),
                    Self::Skipped(event) => event.serialize(serializer),
                }
            }
        }

        $crate::event::event_names! {
            $Event: $($(#[$doc])* $name => $Variant,)+
            $(also: $also,)?
        }

        const _: () = {
            use $crate::event::{EventSet, Malformed, Recognition, Skipped, Unknown};

            impl EventSet for $Event {
                const NAMES: &'static [&'static str] = $Event::NAMES;

                type Name = EventName;

                fn name(&self) -> &str {
                    self.name()
                }

                fn recognition(&self) -> Recognition {
                    self.recognition()
                }

                fn as_malformed(&self) -> Option<&Malformed> {
                    match self {
                        $(Self::$Variant(_payload) => {
                            $crate::event::events!(@malformed _payload $($nested)?)
                        })+
                        Self::Malformed(event) => Some(event),
                        Self::Unknown(_) | Self::Skipped(_) => None,
                    }
                }

                fn position(name: &str) -> Option<usize> {
                    match name {
                        $($name $(| $alias)* => Some(EventName::$Variant as usize),)+
                        _ => None,
                    }
                }

                fn deserialize_at<'de, D: ::serde::Deserializer<'de>>(
                    position: usize,
                    payload: D,
                ) -> Result<Self, D::Error> {
                    $(
                        if position == EventName::$Variant as usize {
                            return <$Payload as ::serde::Deserialize>::deserialize(payload)
                                .map(Self::$Variant);
                        }
                    )+
                    Err(::serde::de::Error::custom("no such event"))
                }

                fn unknown(event: Unknown) -> Self {
                    Self::Unknown(Box::new(event))
                }

                fn malformed(event: Malformed) -> Self {
                    Self::Malformed(Box::new(event))
                }

                fn skipped(event: Skipped) -> Self {
                    Self::Skipped(Box::new(event))
                }

                fn has_payload(&self) -> bool {
                    match self {
                        Self::Unknown(event) => event.payload().is_some(),
                        Self::Malformed(event) => event.payload().is_some(),
                        Self::Skipped(event) => event.payload().is_some(),
                        _ => true,
                    }
                }
            }
        };
    };
}

pub(crate) use events;
