//! The three spellings of an event's name.

use std::fmt;

/// Declares the event names from the one list.
macro_rules! event_names {
    ($(
        $(#[$doc:meta])*
        $wire:literal, $config:literal $(| $other:literal)* $(, $path:literal)? => $Name:ident,
    )+) => {
        /// The name of an event of Evolution API, in its three spellings: as
        /// deliveries say it, as the configuration says it, and as it is put
        /// behind the URL of a webhook by events.
        ///
        /// `FromStr` reads all of them, the last one with or without its slash.
        ///
        /// ```
        /// use zaphook::evolution::EventName;
        ///
        /// for spelling in ["messages.upsert", "MESSAGES_UPSERT", "/messages-upsert"] {
        ///     assert_eq!(spelling.parse(), Ok(EventName::MessagesUpsert));
        /// }
        /// assert_eq!(EventName::MessagesUpsert.config(), "MESSAGES_UPSERT");
        /// ```
        ///
        /// | event | configuration | behind the URL |
        /// |---|---|---|
        $(#[doc = concat!("| `", $wire, "` | `", $config, "` | ", $("`/", $path, "`",)? " |")])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum EventName {
            $(
                #[doc = concat!("`", $wire, "`:")]
                $(#[$doc])*
                #[doc(alias = $wire)]
                #[doc(alias = $config)]
                $Name,
            )+
        }

        impl EventName {
            /// All names, in the order of the list of events.
            pub const ALL: &'static [Self] = &[$(Self::$Name),+];

            /// As deliveries say it: `messages.upsert`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Name => $wire,)+
                }
            }

            /// As the configuration says it: `MESSAGES_UPSERT`.
            pub fn config(self) -> &'static str {
                match self {
                    $(Self::$Name => $config,)+
                }
            }

            /// As it is put behind the URL of a webhook by events, with a slash
            /// between them: `messages-upsert`. `None` for events that only
            /// ever go to the URL as it is.
            pub fn path(self) -> Option<&'static str> {
                let path: &[&str] = match self {
                    $(Self::$Name => &[$($path)?],)+
                };
                path.first().copied()
            }

            pub(super) fn of_config(text: &str) -> Option<Self> {
                match text {
                    $($config $(| $other)* => Some(Self::$Name),)+
                    _ => None,
                }
            }
        }
    };
}

pub(super) use event_names;

use super::event::EventName;

impl EventName {
    fn of_path(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.path() == Some(text))
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for EventName {
    type Err = ParseEventNameError;

    fn from_str(text: &str) -> Result<Self, ParseEventNameError> {
        let wire = || Self::ALL.iter().copied().find(|name| name.as_str() == text);
        let path = || Self::of_path(text.strip_prefix('/').unwrap_or(text));
        wire().or_else(|| Self::of_config(text)).or_else(path).ok_or(ParseEventNameError(()))
    }
}

/// A text that is no event name of Evolution API, in none of its spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an event of Evolution API")]
pub struct ParseEventNameError(());

/// What was configured as the path or query of a URL, where the server has put
/// an event's name behind it: it does so without looking, so that the name
/// follows a query as well, and two slashes where the URL ended with one.
pub(super) fn without_event(configured: &str) -> &str {
    match configured.rsplit_once('/') {
        Some((before, last)) if EventName::of_path(last).is_some() => {
            before.strip_suffix('/').unwrap_or(before)
        }
        _ => configured,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_behind_a_url_is_cut_off() {
        for (received, configured) in [
            ("/hook/abc", "/hook/abc"),
            ("/hook/abc/messages-upsert", "/hook/abc"),
            ("/hook/abc//messages-upsert", "/hook/abc"),
            ("token=abc/group-participants-update", "token=abc"),
            ("token=abc//call", "token=abc"),
            // Not what the server puts there.
            ("/hook/abc/messages.upsert", "/hook/abc/messages.upsert"),
            ("/hook/abc/MESSAGES_UPSERT", "/hook/abc/MESSAGES_UPSERT"),
            ("/hook/abc/call/", "/hook/abc/call/"),
            ("/hook/abc/creds-update", "/hook/abc/creds-update"),
            ("call", "call"),
            ("/call", ""),
            ("", ""),
        ] {
            assert_eq!(without_event(received), configured, "{received}");
        }
    }
}
