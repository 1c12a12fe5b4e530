//! The JSON around an event.

use std::borrow::Cow;
use std::fmt::Debug;
use std::panic::{RefUnwindSafe, UnwindSafe};

use serde::de::{DeserializeOwned, MapAccess};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use super::Hint;
use super::aside::SetAside;
use super::catch_all::NameSource;
use super::held::Held;
use super::list::{EventSet, Wanted};
use super::route::{Layout, Parts, Route};
use super::unreadable::Unreadable;
use crate::wire::RawJson;

/// A gateway's envelope: what is parsed from and serialised to JSON text.
/// Implemented by the crate for every gateway's `Envelope`.
pub trait Envelope:
    Clone
    + Debug
    + PartialEq
    + Serialize
    + DeserializeOwned
    + Send
    + Sync
    + UnwindSafe
    + RefUnwindSafe
    + Sized
    + 'static
{
    /// The events it carries.
    type Event: EventSet;

    /// The members around the event; none of them is essential.
    #[doc(hidden)]
    type Head: DeserializeOwned + Default;

    #[doc(hidden)]
    const LAYOUT: Layout;

    /// Reads the members around the event, into a head that has none yet.
    #[doc(hidden)]
    fn read_head<'de, A: MapAccess<'de>>(
        head: &mut Self::Head,
        members: &mut A,
    ) -> Result<(), A::Error>;

    #[doc(hidden)]
    fn assemble(head: Self::Head, event: Self::Event, notes: Notes) -> Self;

    /// Parses the text of a body. One function per gateway, compiled with this
    /// crate: generic code would be compiled again in every crate that calls
    /// it.
    #[doc(hidden)]
    fn read(text: &str, hint: Hint<'_>, wanted: &Wanted) -> Result<Held<Self>, Unreadable>;

    /// Boxes it, in this crate.
    #[doc(hidden)]
    fn hold(self) -> Held<Self>;

    /// The event.
    fn event(&self) -> &Self::Event;

    /// The event, by value.
    fn into_event(self) -> Self::Event;

    #[doc(hidden)]
    fn notes(&self) -> &Notes;

    #[doc(hidden)]
    fn notes_mut(&mut self) -> &mut Notes;

    /// What names the event, and which value is its payload. The default: the
    /// layout's two members.
    #[doc(hidden)]
    fn route<'a>(parts: &Parts<'a>) -> Result<Route<'a>, Unreadable> {
        Route::by_layout(parts, &Self::LAYOUT)
    }
}

/// What parsing an envelope found out besides its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notes {
    pub(crate) name: ReceivedName,
    pub(crate) name_source: NameSource,
    /// Whether the name was in the member that the layout has for it.
    pub(crate) in_layout: bool,
    /// Whether the event is the whole body, without an envelope around it.
    pub(crate) whole: bool,
    pub(crate) set_aside: Vec<SetAside>,
    pub(crate) repaired: bool,
    /// Whether a time was read in another unit than its field's.
    pub(crate) rescaled: bool,
    /// The member that the event is known by and does not have, with its value.
    pub(crate) known_by: Option<Box<(&'static str, RawJson)>>,
}

impl Notes {
    /// The name, when nothing in the body says it.
    pub(crate) fn hint(&self) -> Option<&str> {
        (self.name_source == NameSource::Header).then(|| self.name.as_str())
    }

    /// Writes an event that is the whole body, with the member that it is known by.
    pub(crate) fn serialize_whole<E: Serialize, S: Serializer>(
        &self,
        event: &E,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let Some((name, value)) = self.known_by.as_deref() else {
            return event.serialize(serializer);
        };
        let written = serde_json::to_string(event).map_err(S::Error::custom)?;
        let value = value.as_str();
        let written = match written.strip_prefix('{') {
            Some("}") => format!(r#"{{"{name}":{value}}}"#),
            Some(others) => format!(r#"{{"{name}":{value},{others}"#),
            None => written,
        };
        RawJson::of_value(&written).serialize(serializer)
    }
}

/// The name of an event as it stood in the body; borrowed when it is the
/// documented spelling.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ReceivedName(Cow<'static, str>);

impl ReceivedName {
    pub(crate) fn new<E: EventSet>(name: &str, position: Option<usize>) -> Self {
        let documented = position.and_then(|position| E::NAMES.get(position).copied());
        Self(match documented {
            Some(documented) if documented == name => Cow::Borrowed(documented),
            _ => Cow::Owned(name.to_owned()),
        })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Declares a gateway's envelope: its fields, which are optional and declared as those of
/// `object!`, which member names the event and which one holds it, and which members may not
/// be repeated.
///
/// Where that is not all, `elsewhere` is where the event is named when the
/// name's own member holds something else ([`Elsewhere`](super::Elsewhere)),
/// `undecided` are members that leave it to `route` what a body is,
/// `route` names a function that says what a body is (as
/// [`Envelope::route`]), and `adjust` one that has the last word on an envelope
/// (`fn(&mut Envelope)`).
macro_rules! envelope {
    (
        $(#[doc = $doc:literal])*
        $(#[serde(rename_all = $case:tt)])?
        pub struct $Envelope:ident {
            $(
                $(#[doc = $field_doc:literal])*
                $(#[serde $serde:tt])?
                pub $field:ident: Option<$Type:ty>,
            )*
        }

        name: $name:literal,
        payload: $payload:literal => $Event:ty,
        unique: [$($unique:literal),+ $(,)?],
        $(elsewhere: $elsewhere:literal when $when:expr,)?
        $(undecided: [$($undecided:literal),+ $(,)?],)?
        $(route: $route:path,)?
        $(adjust: $adjust:path,)?
    ) => {
        #[derive(Clone, Debug, PartialEq)]
        $(#[doc = $doc])*
        #[non_exhaustive]
        pub struct $Envelope {
            notes: $crate::event::Notes,
            $( $(#[doc = $field_doc])* pub $field: Option<$Type>, )*
            /// What happened.
            pub event: $Event,
        }

        // The schemas that this crate tests itself with use parts of it.
        #[cfg_attr(test, allow(dead_code))]
        impl $Envelope {
            /// Parses a body that is already known to be authentic: from a
            /// queue, a log, a test.
            ///
            /// # Errors
            ///
            /// When it is not JSON, names no event, or repeats a member that
            /// decides what it is.
            pub fn parse_trusted(body: &[u8]) -> Result<Self, $crate::Unreadable> {
                $crate::event::parse_trusted(body)
            }

            /// The event's name as received.
            pub fn name(&self) -> &str {
                self.notes.name.as_str()
            }

            /// The values that did not have the documented shape and were
            /// left out of the typed event.
            pub fn set_aside(&self) -> &[$crate::event::SetAside] {
                &self.notes.set_aside
            }

            /// Whether texts cut inside a character (unpaired surrogates)
            /// were repaired with U+FFFD in what is typed.
            pub fn is_repaired(&self) -> bool {
                self.notes.repaired
            }

            /// Whether a time was given in milliseconds instead of seconds, or
            /// the other way round, and was read as meant.
            pub fn has_rescaled_times(&self) -> bool {
                self.notes.rescaled
            }
        }

        const _: () = {
            use $crate::event::{Layout, Notes};

            /// The members around the event.
            #[derive(Debug, Default)]
            pub struct Head { $( $field: Option<$Type>, )* }

            $crate::wire::object::object! {
                @read Head ($($case)?) [] [$({ $field optional ($($serde)?) })*]
            }

            impl<'de> ::serde::Deserialize<'de> for Head {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> Result<Self, D::Error> {
                    $crate::wire::object::filled(deserializer, Self::default())
                }
            }

            impl ::serde::Serialize for $Envelope {
                fn serialize<S: ::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> Result<S::Ok, S::Error> {
                    if self.notes.whole {
                        return self.notes.serialize_whole(&self.event, serializer);
                    }
                    let mut members = $crate::wire::written::Written::begin(
                        serializer,
                        <Head as $crate::wire::object::Object>::NAMES,
                    )?;
                    if self.notes.in_layout {
                        members.entry($name, self.name());
                    }
                    $($crate::wire::written::write_field!(
                        optional ($($serde)?) &mut members, &self.$field
                    );)*
                    if !$crate::event::has_no_payload(&self.event) {
                        members.entry($payload, &self.event);
                    }
                    members.end()
                }
            }

            impl $crate::event::Envelope for $Envelope {
                type Event = $Event;
                type Head = Head;

                const LAYOUT: Layout = Layout {
                    name: $name,
                    payload: $payload,
                    head: <Head as $crate::wire::object::Object>::NAMES,
                    unique: &[$($unique),+],
                    elsewhere: {
                        #[allow(unused_variables, reason = "most name it in one place")]
                        let elsewhere: Option<$crate::event::Elsewhere> = None;
                        $(
                            let elsewhere = Some($crate::event::Elsewhere {
                                name: $elsewhere,
                                when: $when,
                            });
                        )?
                        elsewhere
                    },
                    undecided: &[$($($undecided),+)?],
                };

                fn read_head<'de, A: ::serde::de::MapAccess<'de>>(
                    head: &mut Head,
                    members: &mut A,
                ) -> Result<(), A::Error> {
                    $crate::wire::object::fill_from(head, members)
                }

                fn assemble(head: Head, event: $Event, notes: Notes) -> Self {
                    #[allow(unused_mut)]
                    let mut envelope = Self { notes, $( $field: head.$field, )* event };
                    $( $adjust(&mut envelope); )?
                    envelope
                }

                #[inline(never)]
                fn read(
                    text: &str,
                    hint: $crate::event::Hint<'_>,
                    wanted: &$crate::event::Wanted,
                ) -> Result<$crate::event::Held<Self>, $crate::Unreadable> {
                    $crate::event::read_as(text, hint, wanted)
                }

                #[inline(never)]
                fn hold(self) -> $crate::event::Held<Self> {
                    $crate::event::Held::new(self)
                }

                $(
                    fn route<'a>(
                        parts: &$crate::event::Parts<'a>,
                    ) -> Result<$crate::event::Route<'a>, $crate::Unreadable> {
                        $route(parts)
                    }
                )?

                fn event(&self) -> &$Event {
                    &self.event
                }

                fn into_event(self) -> $Event {
                    self.event
                }

                fn notes(&self) -> &Notes {
                    &self.notes
                }

                fn notes_mut(&mut self) -> &mut Notes {
                    &mut self.notes
                }
            }
        };

        impl<'de> ::serde::Deserialize<'de> for $Envelope {
            /// From JSON text (`serde_json`), by the same rules as
            /// [`parse_trusted`](Self::parse_trusted).
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let raw = <$crate::RawJson as ::serde::Deserialize>::deserialize(deserializer)?;
                <Self as $crate::event::Envelope>::read(
                    raw.as_str(),
                    $crate::event::NO_HINT,
                    &$crate::event::Wanted::ALL,
                )
                    .map($crate::event::Held::take)
                    .map_err(::serde::de::Error::custom)
            }
        }
    };
}

pub(crate) use envelope;
