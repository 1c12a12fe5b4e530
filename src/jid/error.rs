//! Why a text is not a JID.

use std::fmt;

/// Why a text is not a JID, and where.
///
/// At most one character of the text is shown: addresses are personal data.
///
/// ```
/// use zaphook::Jid;
///
/// let error = "5511999990001:x@c.us".parse::<Jid>().unwrap_err();
/// assert_eq!(error.to_string(), "unexpected character 'x' at byte 14 in the device");
/// assert_eq!(error.position(), 14);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JidError {
    reason: Reason,
    at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    NoSeparator,
    Missing(Part),
    Unexpected(char, Part),
    TooLong(Number),
    TooLarge(Number),
    SecondAgent,
}

/// A number with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Agent,
    LegacySuffix,
    Device,
}

/// What the parser was reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    User,
    Device,
    Server,
}

impl JidError {
    pub(super) fn new(reason: Reason, at: usize) -> Self {
        Self { reason, at }
    }

    /// The byte at which reading stopped, counted from zero.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The same error in a text with this many bytes before the JID.
    pub(crate) fn behind(self, bytes: usize) -> Self {
        Self { at: self.at.saturating_add(bytes), ..self }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "the user",
            Self::Device => "the device",
            Self::Server => "the server",
        })
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "the agent",
            Self::LegacySuffix => "the number after the user",
            Self::Device => "the device",
        })
    }
}

impl fmt::Display for JidError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.at;
        match self.reason {
            Reason::NoSeparator => write!(f, "expected '@' at byte {at}, found the end"),
            Reason::Missing(part) => write!(f, "{part} is missing at byte {at}"),
            Reason::Unexpected(found, part) => {
                write!(f, "unexpected character {found:?} at byte {at} in {part}")
            }
            Reason::TooLong(number) => {
                let digits = if number == Number::Agent { "three" } else { "five" };
                write!(f, "{number} at byte {at} has more than {digits} digits")
            }
            Reason::TooLarge(number) => {
                let most = if number == Number::Agent { 255 } else { 65535 };
                write!(f, "{number} at byte {at} is above {most}")
            }
            Reason::SecondAgent => write!(f, "second agent at byte {at}"),
        }
    }
}

impl std::error::Error for JidError {}
