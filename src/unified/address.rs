//! Who, and where.

use std::borrow::Cow;
use std::fmt;

use super::word::{Word, closed_words};
use crate::jid::{Family, JidRef, Kind, same_line};

/// A person or a chat: the address as written, and what else the same
/// delivery tells of it.
///
/// WhatsApp knows a person by phone number and by a LID, a second id that hides the number. Which of
/// them a gateway writes depends on its version, its engine and the chat; at
/// times it writes both. So both are asked for separately, and neither is ever
/// made of the other: the digits of a LID are no phone number.
#[derive(Clone, Copy)]
pub struct Address<'a> {
    text: &'a str,
    writing: Writing,
    phone: Option<&'a str>,
    lid: Option<&'a str>,
    hidden: Option<&'a dyn Hidden>,
}

/// How to read a text that is not a JID.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    /// Bare digits are a phone number.
    WhatsApp,
    /// Bare digits may be those of a LID.
    Doubtful,
    /// A phone number begins with `+`.
    ManyChannels,
    /// An id of the gateway's own.
    Opaque,
}

/// Where a phone number is looked for only on request.
pub(crate) trait Hidden: Sync {
    fn phone(&self) -> Option<Cow<'_, str>>;
}

impl<'a> Address<'a> {
    fn written(text: &'a str, writing: Writing) -> Self {
        Self { text, writing, phone: None, lid: None, hidden: None }
    }

    /// An address on WhatsApp: a JID, or the digits of a phone number.
    pub(crate) fn whatsapp(text: &'a str) -> Self {
        Self::written(text, Writing::WhatsApp)
    }

    /// A JID.
    #[cfg(any(feature = "eazewa", feature = "wawp"))]
    pub(crate) fn of(jid: JidRef<'a>) -> Self {
        Self::whatsapp(jid.as_str())
    }

    /// As [`whatsapp`](Self::whatsapp), where bare digits may be those of a LID.
    #[cfg(feature = "evolution")]
    pub(crate) fn doubtful(text: &'a str) -> Self {
        Self::written(text, Writing::Doubtful)
    }

    /// An address on any of several channels.
    #[cfg(feature = "zavu")]
    pub(crate) fn of_channel(text: &'a str) -> Self {
        Self::written(text, Writing::ManyChannels)
    }

    /// An id of the gateway's own.
    #[cfg(feature = "enviaai")]
    pub(crate) fn opaque(text: &'a str) -> Self {
        Self::written(text, Writing::Opaque)
    }

    /// With a phone number of the same person: digits.
    pub(crate) fn with_phone(self, phone: Option<&'a str>) -> Self {
        Self { phone, ..self }
    }

    /// With the LID of the same person.
    pub(crate) fn with_lid(self, lid: Option<&'a str>) -> Self {
        Self { lid, ..self }
    }

    /// With a phone number of the same person, where none is told yet.
    #[cfg(feature = "evolution")]
    pub(crate) fn with_phone_beside(self, phone: Option<&'a str>) -> Self {
        Self { phone: self.phone.or(phone), ..self }
    }

    /// With another address of the same person, whichever it is.
    #[cfg(feature = "evolution")]
    pub(crate) fn beside(self, other: Option<JidRef<'a>>) -> Self {
        let Some(other) = other else { return self };
        match other.family() {
            Some(Family::Lid) => Self { lid: self.lid.or(Some(other.as_str())), ..self },
            _ => Self { phone: self.phone.or(other.phone()), ..self },
        }
    }

    /// With a place to look for the phone number in.
    #[cfg(feature = "wawp")]
    pub(crate) fn with_hidden(self, hidden: &'a dyn Hidden) -> Self {
        Self { hidden: Some(hidden), ..self }
    }

    /// As the gateway wrote it, device part included: what its API wants back.
    pub fn as_sent(&self) -> &'a str {
        self.text
    }

    /// As a WhatsApp address. `None` for what is none: an id of the gateway's
    /// own, an email address, a chat on another channel, an id that a business
    /// has of a person (BSUID).
    pub fn jid(&self) -> Option<JidRef<'a>> {
        match self.writing {
            Writing::WhatsApp | Writing::Doubtful => Some(JidRef::from_wire(self.text)),
            Writing::ManyChannels => {
                matches!(self.kind(), AddressKind::Person | AddressKind::Lid | AddressKind::Group)
                    .then(|| JidRef::from_wire(self.text))
            }
            Writing::Opaque => None,
        }
    }

    /// The phone number: digits with country code, without `+` and device. From
    /// the address itself when it is a phone number, else from an address of the
    /// same person in the same delivery.
    ///
    /// Behind a LID, Wawp and WAHA tell it in the engine's own data only, which
    /// are then searched.
    pub fn phone(&self) -> Option<Cow<'a, str>> {
        let told = || self.phone.map(Cow::Borrowed);
        self.own_phone().map(Cow::Borrowed).or_else(told).or_else(|| self.hidden?.phone())
    }

    fn own_phone(&self) -> Option<&'a str> {
        let jid = JidRef::from_wire(self.text);
        match self.writing {
            Writing::WhatsApp => jid.phone(),
            Writing::Doubtful => jid.phone().filter(|_| jid.kind() != Kind::Phone),
            Writing::ManyChannels => jid.phone().filter(|_| self.text.starts_with('+')),
            Writing::Opaque => None,
        }
    }

    /// The LID (`…@lid`), from the address itself or from one of the same person
    /// in the same delivery. It may name a device.
    pub fn lid(&self) -> Option<JidRef<'a>> {
        let own = self.jid().filter(|jid| jid.family() == Some(Family::Lid));
        own.or_else(|| self.lid.map(JidRef::from_wire))
    }

    /// What it is the address of.
    pub fn kind(&self) -> AddressKind<'a> {
        match self.writing {
            Writing::Opaque => AddressKind::Opaque,
            Writing::ManyChannels => self.kind_on_a_channel(),
            Writing::WhatsApp | Writing::Doubtful => match JidRef::from_wire(self.text).kind() {
                Kind::Person | Kind::Phone => AddressKind::Person,
                Kind::Lid => AddressKind::Lid,
                Kind::Group | Kind::LegacyGroup => AddressKind::Group,
                Kind::StatusFeed => AddressKind::Status,
                Kind::BroadcastList => AddressKind::BroadcastList,
                Kind::Channel => AddressKind::Channel,
                Kind::Bot => AddressKind::Bot,
                Kind::Service => AddressKind::Service,
                Kind::Call | Kind::OtherMessenger | Kind::Unrecognised => {
                    AddressKind::Other(Word::Text(self.text))
                }
            },
        }
    }

    fn kind_on_a_channel(&self) -> AddressKind<'a> {
        if self.own_phone().is_some() {
            return AddressKind::Person;
        }
        match JidRef::from_wire(self.text).kind() {
            Kind::Person => AddressKind::Person,
            Kind::Lid => AddressKind::Lid,
            Kind::Group | Kind::LegacyGroup => AddressKind::Group,
            _ if is_business_scoped(self.text) => AddressKind::BusinessScoped,
            _ if self.text.contains('@') && !self.text.starts_with('@') => AddressKind::Email,
            _ => AddressKind::Opaque,
        }
    }

    /// Whether both surely name the same person or place: equal phone numbers
    /// (in either writing, where a country has two), equal LIDs, or equal text.
    /// `false` also means that it cannot be told.
    pub fn same(&self, other: &Address<'_>) -> bool {
        if self.text == other.text {
            return true;
        }
        if let (Some(one), Some(other)) = (self.phone(), other.phone())
            && same_line(&one, &other)
        {
            return true;
        }
        match (self.lid(), other.lid()) {
            (Some(one), Some(other)) => one.same_user(other),
            _ => false,
        }
    }

    /// What a key calls them: the phone number, else the user of the LID, else
    /// the text.
    pub(super) fn identity(&self) -> Cow<'a, str> {
        let hidden = || Some(Cow::Borrowed(self.lid()?.user()?));
        self.phone().or_else(hidden).unwrap_or(Cow::Borrowed(self.text))
    }

    /// What kind of chat it is the address of; `None` for an id that does not
    /// tell.
    pub(super) fn chat_kind(&self) -> Option<ChatKind> {
        Some(match self.kind() {
            AddressKind::Person
            | AddressKind::Lid
            | AddressKind::Bot
            | AddressKind::Service
            | AddressKind::Email
            | AddressKind::BusinessScoped => ChatKind::Person,
            AddressKind::Group => ChatKind::Group,
            AddressKind::Status => ChatKind::Status,
            AddressKind::BroadcastList => ChatKind::BroadcastList,
            AddressKind::Channel => ChatKind::Channel,
            AddressKind::Opaque => return None,
            AddressKind::Other(_) => ChatKind::Other,
        })
    }
}

/// `CC.<digits>`, with the letters of a country.
fn is_business_scoped(text: &str) -> bool {
    let digits = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    let country =
        |text: &str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    text.split_once('.').is_some_and(|(before, rest)| country(before) && digits(rest))
}

impl fmt::Display for Address<'_> {
    /// As sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({:?})", self.text)
    }
}

/// What an address is the address of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressKind<'a> {
    /// A person, by phone number.
    Person,
    /// A person, by LID (`…@lid`).
    Lid,
    /// A group, old ones too.
    Group,
    /// The status feed.
    Status,
    /// A broadcast list.
    BroadcastList,
    /// A channel.
    Channel,
    /// A bot of Meta's.
    Bot,
    /// WhatsApp itself.
    Service,
    /// An email address.
    Email,
    /// A person, by an id that one business has of them (BSUID).
    BusinessScoped,
    /// An id of the gateway's own, or of another channel.
    Opaque,
    /// Something else: a call, another messenger, an unrecognised text.
    Other(Word<'a>),
}

closed_words! {
    /// The kind of chat a message is in.
    pub enum ChatKind {
        /// With one person.
        Person = "person",
        /// With a group.
        Group = "group",
        /// The status feed, or a story.
        Status = "status",
        /// A broadcast list.
        BroadcastList = "broadcast_list",
        /// A channel.
        Channel = "channel",
        /// Something else.
        Other = "other",
    }
}
