//! A borrowed JID.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use super::Jid;
use super::error::JidError;
use super::kind::{self, Kind};
use super::parse::{self, Parts};
use super::phone;
use super::server::{Family, Server};

/// A JID that borrows its text, where a [`Jid`] owns it: the chat inside a
/// [`MessageId`](crate::MessageId), or a text of your own.
///
/// It has all the accessors of [`Jid`], and does not allocate.
///
/// ```
/// use zaphook::jid::{JidRef, Kind};
///
/// let chat = JidRef::from_wire("status@broadcast");
/// assert_eq!(chat.kind(), Kind::StatusFeed);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JidRef<'a>(&'a str);

/// Who a text names, as far as that is the same on every server of the family.
#[derive(PartialEq)]
enum Identity<'a> {
    User(Family<'a>, Option<&'a str>),
    /// A text that is not a JID is only ever equal to itself.
    Text(&'a str),
}

impl<'a> JidRef<'a> {
    /// Accepts any text as it is on the wire.
    pub fn from_wire(text: &'a str) -> Self {
        Self(text)
    }

    /// Accepts only a well-formed JID.
    ///
    /// # Errors
    ///
    /// When the text does not follow [the grammar](crate::jid#grammar).
    pub fn parse(text: &'a str) -> Result<Self, JidError> {
        parse::read(text).1.map(|()| Self(text))
    }

    /// The text as it is on the wire.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// The same JID, owned.
    pub fn to_jid(self) -> Jid {
        Jid::from_wire(self.0)
    }

    /// Whether the text follows the grammar; see [`Jid::is_well_formed`].
    pub fn is_well_formed(self) -> bool {
        self.well_formed().is_some()
    }

    /// The user; see [`Jid::user`].
    pub fn user(self) -> Option<&'a str> {
        self.parts().user
    }

    /// The agent; see [`Jid::agent`].
    pub fn agent(self) -> Option<u8> {
        self.parts().agent
    }

    /// The device; see [`Jid::device`].
    pub fn device(self) -> Option<u16> {
        self.parts().device
    }

    /// The number of unclear meaning after a user; see [`Jid::legacy_suffix`].
    pub fn legacy_suffix(self) -> Option<u16> {
        self.parts().legacy_suffix
    }

    /// The integrator of an interop user; see [`Jid::integrator`].
    pub fn integrator(self) -> Option<u16> {
        match self.parts() {
            Parts { user: Some(user), server: Some(Server::Interop), .. } => {
                parse::integrator(user)
            }
            _ => None,
        }
    }

    /// The server; see [`Jid::server`].
    pub fn server(self) -> Option<Server<'a>> {
        self.parts().server
    }

    /// The family of the server; see [`Jid::family`].
    pub fn family(self) -> Option<Family<'a>> {
        match self.identity() {
            Identity::User(family, _) => Some(family),
            Identity::Text(_) => None,
        }
    }

    /// What it names; see [`Jid::kind`].
    pub fn kind(self) -> Kind {
        match self.well_formed() {
            Some(parts) => kind::of(&parts),
            None if self.bare_phone().is_some() => Kind::Phone,
            None => Kind::Unrecognised,
        }
    }

    /// Whether it names a person; see [`Jid::is_person`].
    pub fn is_person(self) -> bool {
        matches!(self.kind(), Kind::Person | Kind::Lid | Kind::Phone)
    }

    /// Whether it names a group; see [`Jid::is_group`].
    pub fn is_group(self) -> bool {
        matches!(self.kind(), Kind::Group | Kind::LegacyGroup)
    }

    /// Whether it names a hosted device; see [`Jid::is_hosted`].
    pub fn is_hosted(self) -> bool {
        self.well_formed().is_some_and(|parts| parts.is_hosted())
    }

    /// The digits of the phone number; see [`Jid::phone`].
    pub fn phone(self) -> Option<&'a str> {
        match self.identity() {
            Identity::User(Family::PhoneNumber, Some(user)) => phone::number(user),
            _ => None,
        }
    }

    /// Who created a legacy group; see [`Jid::legacy_group_creator_phone`].
    pub fn legacy_group_creator_phone(self) -> Option<&'a str> {
        let (creator, _) = self.legacy_group()?;
        phone::number(creator)
    }

    /// When a legacy group was created; see
    /// [`Jid::legacy_group_created_at`].
    pub fn legacy_group_created_at(self) -> Option<DateTime<Utc>> {
        let (_, created) = self.legacy_group()?;
        DateTime::from_timestamp(created.parse().ok()?, 0)
    }

    /// Whether both name the same user; see [`Jid::same_user`].
    pub fn same_user<'b>(self, other: impl Into<JidRef<'b>>) -> bool {
        self.identity() == other.into().identity()
    }

    /// Whether both name the same device; see [`Jid::same_device`].
    pub fn same_device<'b>(self, other: impl Into<JidRef<'b>>) -> bool {
        let other = other.into();
        // Number 0 is the user's own device, which most texts leave out.
        let device = |jid: JidRef<'_>| {
            let parts = jid.parts();
            (parts.device.unwrap_or(0), parts.legacy_suffix.unwrap_or(0))
        };
        self.same_user(other) && device(self) == device(other)
    }

    /// Whether both have phone numbers of one line; see [`Jid::same_line`].
    pub fn same_line<'b>(self, other: impl Into<JidRef<'b>>) -> bool {
        match (self.phone(), other.into().phone()) {
            (Some(one), Some(other)) => phone::same_line(one, other),
            _ => false,
        }
    }

    /// The user as the protocol writes it; see [`Jid::to_s_whatsapp_net`].
    pub fn to_s_whatsapp_net(self) -> Jid {
        self.normal(Server::WhatsAppNet)
    }

    /// The user as WhatsApp Web writes it; see [`Jid::to_c_us`].
    pub fn to_c_us(self) -> Jid {
        self.normal(Server::CUs)
    }

    fn parts(self) -> Parts<'a> {
        parse::read(self.0).0
    }

    /// The parts, where the text follows the grammar.
    fn well_formed(self) -> Option<Parts<'a>> {
        let (parts, fault) = parse::read(self.0);
        fault.is_ok().then_some(parts)
    }

    /// The digits of a text that is only a phone number.
    fn bare_phone(self) -> Option<&'a str> {
        phone::number(self.0)
    }

    fn legacy_group(self) -> Option<(&'a str, &'a str)> {
        match self.well_formed()? {
            Parts { user: Some(user), server: Some(Server::Group), .. } => kind::legacy_group(user),
            _ => None,
        }
    }

    fn identity(self) -> Identity<'a> {
        if let Some(phone) = self.bare_phone() {
            return Identity::User(Family::PhoneNumber, Some(phone));
        }
        match self.well_formed() {
            Some(Parts { user, server: Some(server), .. }) => match server.family() {
                Family::PhoneNumber => Identity::User(Family::PhoneNumber, user.map(phone::plain)),
                family => Identity::User(family, user),
            },
            _ => Identity::Text(self.0),
        }
    }

    fn normal(self, phones: Server<'_>) -> Jid {
        let (family, user) = match self.identity() {
            Identity::User(family, user) => (family, user),
            Identity::Text(text) => return Jid::from_wire(text),
        };
        let server = match family {
            Family::PhoneNumber => phones,
            Family::Lid => Server::Lid,
            Family::Alone(server) => server,
        };
        match user {
            Some(user) => Jid::from_wire([user, "@", server.as_str()].concat()),
            None => Jid::from_wire(server.as_str()),
        }
    }
}

impl<'a> From<&'a Jid> for JidRef<'a> {
    fn from(jid: &'a Jid) -> Self {
        jid.view()
    }
}

impl From<JidRef<'_>> for Jid {
    fn from(jid: JidRef<'_>) -> Self {
        jid.to_jid()
    }
}

impl<'a> TryFrom<&'a str> for JidRef<'a> {
    type Error = JidError;

    fn try_from(text: &'a str) -> Result<Self, JidError> {
        Self::parse(text)
    }
}

impl fmt::Display for JidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for JidRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jid({:?})", self.0)
    }
}

impl AsRef<str> for JidRef<'_> {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for JidRef<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for JidRef<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<Jid> for JidRef<'_> {
    fn eq(&self, other: &Jid) -> bool {
        self.0 == other.as_str()
    }
}

impl PartialEq<JidRef<'_>> for Jid {
    fn eq(&self, other: &JidRef<'_>) -> bool {
        self.as_str() == other.0
    }
}

impl Serialize for JidRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}
