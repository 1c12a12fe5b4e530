//! Servers and their families.

use std::fmt;

/// Declares the known servers once: variant, text, and what it is.
macro_rules! servers {
    ($( $(#[$doc:meta])* $Variant:ident = $text:literal, )+) => {
        /// The part of a JID after the `@`: it tells what kind of thing the
        /// user part names.
        ///
        /// An open set. WhatsApp adds servers every year; any other text is
        /// kept as received. Case matters: `S.WhatsApp.Net` is not a known
        /// server.
        ///
        /// ```
        /// use zaphook::jid::{JidRef, Server};
        ///
        /// let server = JidRef::from_wire("100000000000001:33@lid").server();
        /// assert_eq!(server, Some(Server::Lid));
        ///
        /// let server = JidRef::from_wire("someone@unknown.example").server();
        /// assert_eq!(server.map(|server| server.as_str()), Some("unknown.example"));
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Server<'a> {
            $( $(#[$doc])* #[doc(alias = $text)] $Variant, )+
            /// A server outside the documented set; see `as_str()`.
            Other(OtherServer<'a>),
        }

        impl<'a> Server<'a> {
            /// The known servers.
            pub const KNOWN: &'static [Server<'static>] = &[$( Server::$Variant, )+];

            /// The text after the `@`.
            pub fn as_str(self) -> &'a str {
                match self {
                    $( Self::$Variant => $text, )+
                    Self::Other(OtherServer(text)) => text,
                }
            }
        }

        impl<'a> From<&'a str> for Server<'a> {
            fn from(text: &'a str) -> Self {
                match text {
                    $( $text => Self::$Variant, )+
                    other => Self::Other(OtherServer(other)),
                }
            }
        }
    };
}

servers! {
    /// People by phone number, as the protocol and its libraries write it.
    WhatsAppNet = "s.whatsapp.net",
    /// The same people by phone number, as WhatsApp Web writes it.
    CUs = "c.us",
    /// People by LID, which looks like a phone number but is not one.
    Lid = "lid",
    /// Business accounts on Meta's servers, by phone number.
    Hosted = "hosted",
    /// Business accounts on Meta's servers, by LID.
    HostedLid = "hosted.lid",
    /// Groups and communities.
    Group = "g.us",
    /// Broadcast lists, and `status@broadcast`, the status feed.
    Broadcast = "broadcast",
    /// Channels.
    Newsletter = "newsletter",
    /// AI and business bots.
    Bot = "bot",
    /// People on Messenger.
    Messenger = "msgr",
    /// People on other messengers.
    Interop = "interop",
    /// Call signalling.
    Call = "call",
}

/// A server outside the documented set.
///
/// Its field is private, so that no code can match on a text that a later
/// version gives a variant of its own; compare with `Server::as_str` instead.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct OtherServer<'a>(&'a str);

impl fmt::Debug for OtherServer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl<'a> Server<'a> {
    /// Whether it is one of the documented set.
    pub fn is_known(self) -> bool {
        !matches!(self, Self::Other(_))
    }

    /// The family, within which a user text means the same user on every
    /// server.
    pub fn family(self) -> Family<'a> {
        match self {
            Self::WhatsAppNet | Self::CUs | Self::Hosted => Family::PhoneNumber,
            Self::Lid | Self::HostedLid => Family::Lid,
            alone => Family::Alone(alone),
        }
    }

    /// Whether a dot with digits after a user is an agent. Users of the other
    /// servers may contain a dot: LIDs do.
    pub(super) fn has_dotted_agents(self) -> bool {
        use Server::{Bot, CUs, Hosted, Interop, Messenger, WhatsAppNet};
        matches!(self, WhatsAppNet | CUs | Hosted | Interop | Messenger | Bot)
    }

    /// Whether an underscore with digits after a user is an agent.
    pub(super) fn has_underscored_agents(self) -> bool {
        self.has_dotted_agents() || self.family() == Family::Lid
    }
}

impl fmt::Display for Server<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for Server<'_> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Server<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

/// Servers that name the same users: a user text means the same user within a
/// family, and never across families.
///
/// ```
/// use zaphook::jid::{Family, Server};
///
/// assert_eq!(Server::CUs.family(), Server::WhatsAppNet.family());
/// assert_eq!(Server::Lid.family(), Family::Lid);
/// assert_eq!(Server::Group.family(), Family::Alone(Server::Group));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Family<'a> {
    /// People by phone number: `s.whatsapp.net`, `c.us`, `hosted`.
    PhoneNumber,
    /// People by LID: `lid`, `hosted.lid`.
    Lid,
    /// A server whose users exist on no other server.
    Alone(Server<'a>),
}
