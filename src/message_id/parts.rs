//! The parts of a message id: taken from one, or to be joined to one.

use std::fmt;

use super::error::{MessageIdError, Reason};
use super::{MessageId, parse};
use crate::jid::JidRef;

/// The direction of a message to oneself.
///
/// ```
/// use zaphook::MessageId;
/// use zaphook::message_id::Direction;
///
/// let id = MessageId::from_wire("true_5511999990001@c.us_3EB0C0DE00112233AABB_out");
/// assert_eq!(id.direction(), Some(Direction::Out));
/// assert_eq!(Direction::Out.as_str(), "out");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// `in`: the received copy.
    In,
    /// `out`: the message as it was sent.
    Out,
}

impl Direction {
    /// The text on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The parts of a message id: what [`MessageId::parts`] finds, and what
/// [`to_message_id`](Self::to_message_id) puts together.
///
/// ```
/// use zaphook::MessageId;
/// use zaphook::jid::JidRef;
/// use zaphook::message_id::Parts;
///
/// let group = JidRef::parse("120363000000000001@g.us")?;
/// let author = JidRef::parse("5511999990001@c.us")?;
/// let id = Parts::new(false, group, "3EB0C0DE00112233AABB")
///     .with_participant(author)
///     .to_message_id()?;
/// assert_eq!(
///     id,
///     "false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us",
/// );
/// assert_eq!(id.parts().to_message_id()?, id);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parts<'a> {
    /// Whether the account itself sent the message; absent in a bare id.
    pub from_me: Option<bool>,
    /// The chat; absent in a bare id.
    pub chat: Option<JidRef<'a>>,
    /// The server id of a channel message.
    pub server_id: Option<&'a str>,
    /// The id itself; absent where a channel message has only a server id.
    pub id: Option<&'a str>,
    /// Who wrote it, in a group or the status feed.
    pub participant: Option<JidRef<'a>>,
    /// The direction of a message to oneself.
    pub direction: Option<Direction>,
}

impl<'a> Parts<'a> {
    /// The parts that every message has.
    pub fn new(from_me: bool, chat: impl Into<JidRef<'a>>, id: &'a str) -> Self {
        Self { from_me: Some(from_me), chat: Some(chat.into()), id: Some(id), ..Self::default() }
    }

    /// The parts of a channel message that has only a server id.
    ///
    /// ```
    /// use zaphook::jid::JidRef;
    /// use zaphook::message_id::Parts;
    ///
    /// let channel = JidRef::parse("120363000000000002@newsletter")?;
    /// let id = Parts::by_server_id(false, channel, "123").to_message_id()?;
    /// assert_eq!(id, "false_120363000000000002@newsletter_123");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_server_id(from_me: bool, channel: impl Into<JidRef<'a>>, server_id: &'a str) -> Self {
        Self {
            from_me: Some(from_me),
            chat: Some(channel.into()),
            server_id: Some(server_id),
            ..Self::default()
        }
    }

    /// The one part of a bare id.
    pub fn bare(id: &'a str) -> Self {
        Self { id: Some(id), ..Self::default() }
    }

    /// With the author of a message in a group or the status feed.
    #[must_use]
    pub fn with_participant(self, participant: impl Into<JidRef<'a>>) -> Self {
        Self { participant: Some(participant.into()), ..self }
    }

    /// With the server id of a channel message.
    #[must_use]
    pub fn with_server_id(self, server_id: &'a str) -> Self {
        Self { server_id: Some(server_id), ..self }
    }

    /// With the direction of a message to oneself.
    #[must_use]
    pub fn with_direction(self, direction: Direction) -> Self {
        Self { direction: Some(direction), ..self }
    }

    /// Joins the parts.
    ///
    /// # Errors
    ///
    /// When a part is missing or invalid, and when the joined text would be
    /// read as different parts: an id of `a_b@c.us` would end in a participant.
    /// Positions refer to the joined text.
    ///
    /// ```
    /// use zaphook::jid::JidRef;
    /// use zaphook::message_id::Parts;
    ///
    /// let chat = JidRef::from_wire("5511999990001@c.us");
    /// assert!(Parts::new(true, chat, "3EB0C0DE00112233AABB").to_message_id().is_ok());
    /// assert!(Parts::new(true, chat, "a_b@c.us").to_message_id().is_err());
    /// assert!(Parts::new(true, chat, "").to_message_id().is_err());
    /// ```
    pub fn to_message_id(&self) -> Result<MessageId, MessageIdError> {
        let text = self.join();
        let (found, fault) = parse::read(&text);
        if found == *self {
            fault.map(|()| MessageId::from_wire(text))
        } else {
            fault.and(Err(MessageIdError::new(Reason::Ambiguous, 0)))
        }
    }

    /// The parts that are present, in order.
    pub(super) fn join(&self) -> String {
        let parts = [
            self.from_me.map(|from_me| if from_me { "true" } else { "false" }),
            self.chat.map(JidRef::as_str),
            self.server_id,
            self.id,
            self.participant.map(JidRef::as_str),
            self.direction.map(Direction::as_str),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        parts.join("_")
    }
}
