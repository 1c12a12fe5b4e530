//! Why a text is not a message id.

use std::fmt;

use crate::jid::JidError;

/// Why a text is not a message id, and where; or why parts cannot be joined to
/// one.
///
/// At most one character of the text is shown: addresses are personal data.
///
/// ```
/// use zaphook::MessageId;
///
/// let error = "true_5511999990001@c.us_".parse::<MessageId>().unwrap_err();
/// assert_eq!(error.to_string(), "the id is missing at byte 24");
/// assert_eq!(error.position(), 24);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageIdError {
    reason: Reason,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    Missing(&'static str),
    Unexpected(char),
    Chat(JidError),
    Participant(JidError),
    Ambiguous,
}

impl MessageIdError {
    pub(super) fn new(reason: Reason, at: usize) -> Self {
        Self { reason, at }
    }

    /// A chat or participant that starts at this byte.
    pub(super) fn jid(wrap: fn(JidError) -> Reason, error: JidError, start: usize) -> Self {
        let error = error.behind(start);
        Self { reason: wrap(error), at: error.position() }
    }

    /// The byte at which reading stopped, counted from zero.
    pub fn position(&self) -> usize {
        self.at
    }
}

impl fmt::Display for MessageIdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.reason {
            Reason::Missing(part) => write!(f, "{part} is missing at byte {at}"),
            Reason::Unexpected(found) => {
                write!(f, "unexpected character {found:?} at byte {at} in the id")
            }
            Reason::Chat(error) => write!(f, "chat: {error}"),
            Reason::Participant(error) => write!(f, "participant: {error}"),
            Reason::Ambiguous => f.write_str("the parts would be read as others once joined"),
        }
    }
}

impl std::error::Error for MessageIdError {}
