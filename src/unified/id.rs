//! Which message, and whose.

#[cfg(any(feature = "eazewa", feature = "wawp"))]
use crate::message_id::MessageId;

/// A message, by its id.
///
/// Ids are unique within an account and a chat, and chosen by whoever writes.
/// Before you let an edit or a deletion change a stored message, compare the
/// chat and who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MessageRef<'a> {
    /// The bare id: the same in all events of one message at one gateway. Where a
    /// serialised id cannot be taken apart it is the whole text.
    pub id: &'a str,
    /// The id as the gateway wrote it: what its API wants back.
    pub as_sent: &'a str,
}

impl<'a> MessageRef<'a> {
    /// An id that is bare already.
    pub(crate) fn bare(id: &'a str) -> Self {
        Self { id, as_sent: id }
    }

    /// As [`bare`](Self::bare); an empty text is none.
    pub(crate) fn filled(id: Option<&'a str>) -> Option<Self> {
        id.filter(|id| !id.is_empty()).map(Self::bare)
    }

    /// A serialised id, or a bare one.
    #[cfg(any(feature = "eazewa", feature = "wawp"))]
    pub(crate) fn serialized(id: &'a MessageId) -> Self {
        let parts = id.parts();
        // A channel's message may have its number on the server only.
        let bare = parts.id.or(parts.server_id).unwrap_or(id.as_str());
        Self { id: bare, as_sent: id.as_str() }
    }
}

/// Where a happening comes from, for its key.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) gateway: &'static str,
    pub(crate) account: Account<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Account<'a> {
    /// The ids are unique at the whole gateway.
    #[cfg_attr(not(feature = "zavu"), allow(dead_code))]
    Any,
    Of(Option<&'a str>),
}
