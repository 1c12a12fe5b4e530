//! The names of events as types.

use std::fmt::{Debug, Display};
use std::hash::Hash;
use std::str::FromStr;

/// The names of a gateway's events, as its list declares them. Implemented by
/// the crate for every gateway's `EventName`.
///
/// `FromStr` accepts a documented name, in every spelling that the gateway
/// uses.
pub trait EventName:
    Copy + Debug + Display + Eq + Hash + Ord + FromStr<Err = UnknownEventName> + Send + Sync + 'static
{
    /// All names, in the order of the list.
    const ALL: &'static [Self];

    /// The name as in deliveries.
    fn as_str(self) -> &'static str;

    #[doc(hidden)]
    fn position(self) -> usize;
}

/// A string that is not one of the gateway's documented event names.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is not a documented event of this gateway")]
pub struct UnknownEventName {
    pub(crate) name: Box<str>,
}

/// Declares the names of a list of events.
macro_rules! event_names {
    (
        $Event:ident: $($(#[$doc:meta])* $name:literal => $Variant:ident,)+
        $(also: $also:path,)?
    ) => {
        #[doc = concat!("The name of an [`", stringify!($Event), "`]: a documented one.")]
        ///
        /// `FromStr` accepts every spelling that the gateway uses.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum EventName {
            $(
                #[doc = concat!("`", $name, "`:")]
                $(#[$doc])*
                $Variant,
            )+
        }

        impl EventName {
            /// All names, in the order of the list of events.
            pub const ALL: &'static [Self] = &[$(Self::$Variant),+];

            /// The name as in deliveries.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Variant => $name,)+
                }
            }
        }

        impl ::std::fmt::Display for EventName {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for EventName {
            type Err = $crate::event::UnknownEventName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let position = <$Event as $crate::event::EventSet>::position(text);
                let listed = position.and_then(|position| Self::ALL.get(position).copied());
                $(let listed = listed.or_else(|| $also(text));)?
                listed.ok_or_else(|| $crate::event::UnknownEventName { name: text.into() })
            }
        }

        impl $crate::event::EventName for EventName {
            const ALL: &'static [Self] = Self::ALL;

            fn as_str(self) -> &'static str {
                self.as_str()
            }

            fn position(self) -> usize {
                self as usize
            }
        }
    };
}

pub(crate) use event_names;
