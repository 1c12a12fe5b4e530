//! The three spellings of an event's name.

/// Says how the names of the one list are spelled elsewhere than in deliveries.
macro_rules! spellings {
    ($(
        $wire:literal, $config:literal $(| $other:literal)* $(, $path:literal)? => $Name:ident,
    )+) => {
        /// Events of Evolution API have their names in three spellings: as
        /// deliveries say it, as the configuration says it, and as it is put
        /// behind the URL of a webhook by events. `FromStr` reads all of them,
        /// the last one with or without its slash.
        ///
        /// ```
        /// use zaphook::evolution::EventName;
        ///
        /// for spelling in ["messages.upsert", "MESSAGES_UPSERT", "/messages-upsert"] {
        ///     assert_eq!(spelling.parse(), Ok(EventName::MessagesUpsert));
        /// }
        /// assert_eq!(EventName::MessagesUpsert.config(), Some("MESSAGES_UPSERT"));
        /// ```
        ///
        /// | event | configuration | behind the URL |
        /// |---|---|---|
        $(#[doc = concat!("| `", $wire, "` | `", $config, "` | ", $("`/", $path, "`",)? " |")])+
        impl EventName {
            /// As the configuration says it: `MESSAGES_UPSERT`. `None` for what
            /// is posted without an envelope, and so under no name.
            pub fn config(self) -> Option<&'static str> {
                match self {
                    $(Self::$Name => Some($config),)+
                    _ => None,
                }
            }

            /// As it is put behind the URL of a webhook by events, with a slash
            /// between them: `messages-upsert`. `None` for events that only
            /// ever go to the URL as it is.
            pub fn path(self) -> Option<&'static str> {
                let path: &[&str] = match self {
                    $(Self::$Name => &[$($path)?],)+
                    _ => &[],
                };
                path.first().copied()
            }
        }
    };
}

pub(super) use spellings;

use super::event::EventName;

/// The event of a name as it is put behind a URL, with or without its slash.
pub(super) fn of_path(text: &str) -> Option<EventName> {
    let text = text.strip_prefix('/').unwrap_or(text);
    EventName::ALL.iter().copied().find(|name| name.path() == Some(text))
}

/// What was configured as the path or query of a URL, where the server has put
/// an event's name behind it: it does so without looking, so that the name
/// follows a query as well, and two slashes where the URL ended with one.
pub(super) fn without_event(configured: &str) -> &str {
    match configured.rsplit_once('/') {
        Some((before, last)) if of_path(last).is_some() => {
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
