//! Message ids.
//!
//! A message has an id that is unique within its chat and sender. WhatsApp Web
//! and the gateways built on it add what makes it unique within the account:
//! whether the account sent it, the chat, and in groups the author.
//! [`MessageId`] accepts all these forms, including bare ids.
//!
//! ```
//! use zaphook::MessageId;
//!
//! let id = MessageId::from_wire(
//!     "false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us",
//! );
//! assert_eq!(id.from_me(), Some(false));
//! assert_eq!(id.id(), Some("3EB0C0DE00112233AABB"));
//! assert!(id.chat().is_some_and(|chat| chat.is_group()));
//! assert_eq!(id.participant().and_then(|author| author.phone()), Some("5511999990001"));
//!
//! // Events about a message often name it by its bare id.
//! let edited = MessageId::from_wire("3EB0C0DE00112233AABB");
//! assert!(edited.is_bare());
//! assert_eq!(edited.id(), id.id());
//! ```
//!
//! # Grammar
//!
//! ```text
//! message-id  = from-me "_" chat "_" id [ "_" participant ] [ "_" direction ]
//!             / from-me "_" channel "_" server-id [ "_" id ] …  ; the same end
//!             / id                                              ; bare
//! from-me     = "true" / "false"
//! chat        = a JID, up to the first "_" after its "@"
//! channel     = a JID on the server "newsletter"
//! server-id   = 1*DIGIT
//! id          = 1*char  ; no "@", no white space or control characters
//! participant = a JID   ; the author, in groups and the status feed
//! direction   = "in" / "out"  ; a message to oneself
//! ```
//!
//! * The end is read from the right: a direction, then a last piece with an
//!   `@`, which is the participant. What is left between it and the chat is the
//!   id, which may itself contain `_`.
//! * A participant's user may end in `_` and an agent
//!   (`5511999990001_1:12@s.whatsapp.net`). A last piece of one to three digits
//!   before `:` or `@` is therefore joined with the piece before it if that has
//!   five digits or more and an id is left.
//! * Digits right after a channel are its server id.
//! * A text that starts with neither `true_` nor `false_` is a bare id:
//!   `3EB0…`, `wamid.…`, a UUID, `msg_…`. Its appearance proves nothing, so it
//!   is not interpreted further.
//!
//! # Examples
//!
//! | text | from me | chat | server id | id | participant | direction |
//! |---|---|---|---|---|---|---|
//! | `true_5511999990001@c.us_3EB0C0DE00112233AABB` | true | `5511999990001@c.us` | | `3EB0C0DE00112233AABB` | | |
//! | `false_120363000000000001@g.us_3EB0C0DE00112233AABB_5511999990001@c.us` | false | `120363000000000001@g.us` | | `3EB0C0DE00112233AABB` | `5511999990001@c.us` | |
//! | `true_120363000000000001@g.us_4CC0FFEE00112233445566778899AABB` | true | `120363000000000001@g.us` | | `4CC0FFEE00112233445566778899AABB` | | |
//! | `true_5511999990001@c.us_3EB0C0DE00112233AABB_out` | true | `5511999990001@c.us` | | `3EB0C0DE00112233AABB` | | out |
//! | `false_120363000000000002@newsletter_100_3EB0C0DE00112233AABB` | false | `120363000000000002@newsletter` | `100` | `3EB0C0DE00112233AABB` | | |
//! | `false_120363000000000002@newsletter_3EB0C0DE00112233AABB` | false | `120363000000000002@newsletter` | | `3EB0C0DE00112233AABB` | | |
//! | `false_120363000000000002@newsletter_123` | false | `120363000000000002@newsletter` | `123` | | | |
//! | `3EB0C0DE00112233AABB` | | | | `3EB0C0DE00112233AABB` | | |
//! | `msg_abc123` | | | | `msg_abc123` | | |
//!
//! # What is not a message id
//!
//! [`MessageId::from_wire`] and `Deserialize` accept every text nevertheless.
//! The parts of such a text are those that the rules above find, valid or not;
//! `true_` and `false_` without any chat after them count as part of a bare id.
//!
//! | text | strict parsing says | from me | chat | id | participant |
//! |---|---|---|---|---|---|
//! | `true_5511999990001@c.us_` | the id is missing at byte 24 | true | `5511999990001@c.us` | | |
//! | `true_me_3EB0C0DE00112233AABB` | chat: expected '@' at byte 28, found the end | | | `true_me_3EB0C0DE00112233AABB` | |
//! | `true_5511999990001:x@c.us_3EB0C0DE00112233AABB` | chat: unexpected character 'x' at byte 19 in the device | true | `5511999990001:x@c.us` | `3EB0C0DE00112233AABB` | |
//! | `5511999990001@c.us` | unexpected character '@' at byte 13 in the id | | | `5511999990001@c.us` | |
//!
//! # Text and object
//!
//! The object form has members `fromMe`, `remote`, `id`, `participant` and
//! `self`, and the text in `_serialized`. Since July 2026 the text is in `$1`
//! or nowhere; in that case it is put together from the parts. `remote` and
//! `participant` may be objects themselves. Both forms of one id are equal, and
//! each is serialised in its own form. A whole number is read as the bare id of its
//! digits.
//!
//! The id is chosen by the sender's client. When parts are put together and an
//! id would then be read as other parts (`X_5511999990009@c.us` ends like an
//! author), its `_`, `@` and `%` are percent-encoded.
//!
//! ```
//! use zaphook::MessageId;
//!
//! let json = r#"{"fromMe":false,"remote":"5511999990001@c.us","id":"3A00112233445566778A"}"#;
//! let object: MessageId = serde_json::from_str(json)?;
//! let text = MessageId::from_wire("false_5511999990001@c.us_3A00112233445566778A");
//! assert_eq!(object, text);
//! assert_eq!(serde_json::to_string(&object)?, json);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;
use std::str::FromStr;

use crate::jid::JidRef;
use crate::wire::RawJson;
use crate::wire::text_or_object::text_id;

mod error;
mod parse;
mod parts;
mod serde;

pub use error::MessageIdError;
pub use parts::{Direction, Parts};

/// The id of a message as a gateway wrote it: serialised with chat and author
/// (`false_5511999990001@c.us_3A00112233445566778A`), or bare.
///
/// Reading never fails: any text is kept, exactly, and so is the object that
/// some gateways send instead. `Eq`, `Ord` and `Hash` compare the text, which
/// both forms have in common. The grammar and examples are on [the module's
/// page](crate::message_id).
///
/// An id is unique within its chat and sender, not globally. A key for "this
/// message" needs the whole text and the account; a key for "this event" also
/// needs the event's name and what changed.
///
/// ```
/// use zaphook::MessageId;
///
/// let id: MessageId = "true_5511999990001@c.us_3EB0C0DE00112233AABB".parse()?;
/// assert_eq!(id.from_me(), Some(true));
/// assert_eq!(id.chat().and_then(|chat| chat.phone()), Some("5511999990001"));
/// # Ok::<(), zaphook::message_id::MessageIdError>(())
/// ```
#[derive(Clone)]
pub struct MessageId {
    text: Box<str>,
    /// The object it came as, for serialising.
    object: Option<Box<RawJson>>,
}

impl MessageId {
    /// Accepts any text as it is on the wire.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire("wamid.HBgNNTUxMTk5OTk5MDAwMRUCABEYEg==");
    /// assert!(id.is_bare());
    /// ```
    pub fn from_wire(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into(), object: None }
    }

    /// The text as it is on the wire, or as given by the object.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the text follows [the grammar](crate::message_id#grammar) and so
    /// can be parsed strictly.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// assert!(MessageId::from_wire("3EB0C0DE00112233AABB").is_well_formed());
    /// assert!(!MessageId::from_wire("true_5511999990001@c.us_").is_well_formed());
    /// ```
    pub fn is_well_formed(&self) -> bool {
        parse::read(&self.text).1.is_ok()
    }

    /// Whether it is only an id, without chat and sender.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// assert!(MessageId::from_wire("3EB0C0DE00112233AABB").is_bare());
    /// assert!(!MessageId::from_wire("true_5511999990001@c.us_3EB0C0DE00112233AABB").is_bare());
    /// ```
    pub fn is_bare(&self) -> bool {
        self.parts().chat.is_none()
    }

    /// All parts at once.
    pub fn parts(&self) -> Parts<'_> {
        Self::parts_of(&self.text)
    }

    /// The parts of a text that is borrowed.
    pub(crate) fn parts_of(text: &str) -> Parts<'_> {
        parse::read(text).0
    }

    /// The id itself. `None` where a channel message has only a server id.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire("true_5511999990001@c.us_3EB0C0DE00112233AABB_out");
    /// assert_eq!(id.id(), Some("3EB0C0DE00112233AABB"));
    /// assert_eq!(MessageId::from_wire("msg_abc123").id(), Some("msg_abc123"));
    /// ```
    pub fn id(&self) -> Option<&str> {
        self.parts().id
    }

    /// Whether the account itself sent the message. `None` for a bare id, which
    /// does not say.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire("false_5511999990001@c.us_3A00112233445566778A");
    /// assert_eq!(id.from_me(), Some(false));
    /// assert_eq!(MessageId::from_wire("3A00112233445566778A").from_me(), None);
    /// ```
    pub fn from_me(&self) -> Option<bool> {
        self.parts().from_me
    }

    /// The chat: the other person, the group, the channel, the status feed.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire("false_100000000000001@lid_3A00112233445566778A");
    /// assert!(id.chat().is_some_and(|chat| chat == "100000000000001@lid"));
    /// ```
    pub fn chat(&self) -> Option<JidRef<'_>> {
        self.parts().chat
    }

    /// Who wrote the message, in groups and the status feed. Some gateways
    /// leave it out even there, mostly for the account's own messages.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire(
    ///     "false_status@broadcast_AC0FFEE0112233445566778899AABBCC_5511999990001@c.us",
    /// );
    /// assert!(id.participant().is_some_and(|author| author == "5511999990001@c.us"));
    /// ```
    pub fn participant(&self) -> Option<JidRef<'_>> {
        self.parts().participant
    }

    /// The direction of a message to oneself.
    ///
    /// ```
    /// use zaphook::MessageId;
    /// use zaphook::message_id::Direction;
    ///
    /// let id = MessageId::from_wire("true_5511999990001@c.us_3EB0C0DE00112233AABB_out");
    /// assert_eq!(id.direction(), Some(Direction::Out));
    /// ```
    pub fn direction(&self) -> Option<Direction> {
        self.parts().direction
    }

    /// The server id of a channel message, as text.
    ///
    /// ```
    /// use zaphook::MessageId;
    ///
    /// let id = MessageId::from_wire("false_120363000000000002@newsletter_123");
    /// assert_eq!(id.server_id(), Some("123"));
    /// assert_eq!(id.id(), None);
    /// ```
    pub fn server_id(&self) -> Option<&str> {
        self.parts().server_id
    }
}

impl FromStr for MessageId {
    type Err = MessageIdError;

    fn from_str(text: &str) -> Result<Self, MessageIdError> {
        parse::read(text).1.map(|()| Self::from_wire(text))
    }
}

impl TryFrom<&str> for MessageId {
    type Error = MessageIdError;

    fn try_from(text: &str) -> Result<Self, MessageIdError> {
        text.parse()
    }
}

impl TryFrom<String> for MessageId {
    type Error = MessageIdError;

    fn try_from(text: String) -> Result<Self, MessageIdError> {
        parse::read(&text).1?;
        Ok(Self::from_wire(text))
    }
}

text_id!(MessageId);

impl fmt::Debug for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageId({:?})", self.text)
    }
}
