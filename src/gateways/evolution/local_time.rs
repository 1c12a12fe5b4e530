//! Local times without a usable time zone.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use serde::{Deserialize, Serialize};

/// The server's local time, as it wrote it.
///
/// Evolution API converts the time to its local time zone but keeps the `Z` of
/// UTC: `2026-02-10T11:23:45.678Z` means 11:23 on the server's own clock, which
/// is UTC only if the server runs in UTC. So this is not an instant; it can be
/// converted to one if you know the server's time zone. The time of a message
/// is in [`Message::message_timestamp`](super::Message).
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

    /// The server's local time, without the time zone that the text claims;
    /// `None` when the text is not a time.
    pub fn wall_clock(&self) -> Option<NaiveDateTime> {
        DateTime::parse_from_rfc3339(&self.0).ok().map(|time| time.naive_local())
    }

    /// The instant, for a server with this UTC offset; `None` when the text is
    /// not a time.
    ///
    /// Compatible servers may write the correct time zone: for those, parse
    /// [`as_str`](Self::as_str).
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
