//! The three spellings of an event's name.

/// The other spellings of the event names.
macro_rules! spellings {
    ($(
        $wire:literal, $config:literal $(| $other:literal)* $(, $path:literal)? => $Name:ident,
    )+) => {
        /// Event names of Evolution API have three spellings: in deliveries, in
        /// the configuration, and appended to the webhook's URL ("webhook by
        /// events"). `FromStr` accepts all of them, the last one with or
        /// without its slash.
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
        /// | event | configuration | appended to the URL |
        /// |---|---|---|
        $(#[doc = concat!("| `", $wire, "` | `", $config, "` | ", $("`/", $path, "`",)? " |")])+
        impl EventName {
            /// The spelling in the configuration: `MESSAGES_UPSERT`. `None` for
            /// bodies without an envelope, which have no name.
            pub fn config(self) -> Option<&'static str> {
                match self {
                    $(Self::$Name => Some($config),)+
                    _ => None,
                }
            }

            /// The spelling that is appended to the URL after a slash by
            /// "webhook by events": `messages-upsert`. `None` for events that
            /// always go to the plain URL.
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

/// The event of a name as appended to a URL, with or without its slash.
pub(super) fn of_path(text: &str) -> Option<EventName> {
    let text = text.strip_prefix('/').unwrap_or(text);
    EventName::ALL.iter().copied().find(|name| name.path() == Some(text))
}

/// The configured path or query of a URL to which the server has appended an
/// event's name: it does so blindly, so that the name even follows a query, and
/// comes after two slashes if the URL ended with one.
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
