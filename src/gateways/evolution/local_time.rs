//! Times that do not say where.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// The server's wall clock, as it wrote it.
///
/// Evolution API subtracts its zone's offset from the time and leaves the `Z`
/// of UTC behind it: `2026-02-10T11:23:45.678Z` is 11:23 on the server's own
/// clock, which is UTC only where the server runs in UTC. So this is no
/// instant; whoever knows the server's zone can make one of it. The time of a
/// message is in [`Message::message_timestamp`](super::Message).
///
/// ```
/// use chrono::FixedOffset;
/// use zaphook::evolution::LocalTime;
///
/// let time = LocalTime::from("2026-02-10T11:23:45.678Z");
/// let brasilia = FixedOffset::west_opt(3 * 3600).ok_or("an offset")?;
/// let instant = time.at_offset(brasilia).ok_or("a time")?;
/// assert_eq!(instant.to_rfc3339(), "2026-02-10T14:23:45.678+00:00");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalTime(String);

impl LocalTime {
    /// The text as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the server's clock showed, without the zone that the text names;
    /// `None` when the text is no time.
    pub fn wall_clock(&self) -> Option<NaiveDateTime> {
        DateTime::parse_from_rfc3339(&self.0).ok().map(|time| time.naive_local())
    }

    /// The instant, for a server whose clock is so far ahead of UTC; `None`
    /// when the text is no time.
    ///
    /// Servers that imitate Evolution API may write the zone that they mean:
    /// for them, read [`as_str`](Self::as_str).
    pub fn at_offset(&self, offset: FixedOffset) -> Option<DateTime<Utc>> {
        let local = self.wall_clock()?.and_local_timezone(offset);
        local.single().map(|time| time.to_utc())
    }
}

impl From<&str> for LocalTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for LocalTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
