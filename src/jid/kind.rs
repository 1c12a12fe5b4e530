//! What a JID names.

use super::parse::Parts;
use super::phone;
use super::server::{Family, Server};

/// What a JID names.
///
/// ```
/// use zaphook::Jid;
/// use zaphook::jid::Kind;
///
/// let chat = Jid::from_wire("120363000000000001@g.us");
/// match chat.kind() {
///     Kind::Person | Kind::Lid => println!("one to one"),
///     Kind::Group | Kind::LegacyGroup => println!("in a group"),
///     other => println!("{other:?}"),
/// }
/// # assert_eq!(chat.kind(), Kind::Group);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A person or business by phone number (`s.whatsapp.net`, `c.us`,
    /// `hosted`).
    Person,
    /// A person or business by LID (`lid`, `hosted.lid`).
    Lid,
    /// A group or community.
    Group,
    /// A group whose id contains its creator and its time of creation.
    LegacyGroup,
    /// The status feed, `status@broadcast`.
    StatusFeed,
    /// A broadcast list.
    BroadcastList,
    /// A channel.
    Channel,
    /// A bot: by server, or by one of the phone numbers reserved for bots
    /// (`1313555` and four digits, `131655500` and two), without a device.
    Bot,
    /// A call.
    Call,
    /// WhatsApp itself: its announcements (user `0`), the accounts `server`
    /// and `16505361212`, and every server without a user.
    Service,
    /// A person on another messenger (`msgr`, `interop`).
    OtherMessenger,
    /// Not a JID, but the digits of a phone number: 5 to 15 of them, with or
    /// without a leading `+`.
    Phone,
    /// An unknown server, or a text that is not a JID.
    Unrecognised,
}

/// What a well-formed JID names.
pub(super) fn of(parts: &Parts<'_>) -> Kind {
    let Some(server) = parts.server else { return Kind::Unrecognised };
    let Some(user) = parts.user else { return Kind::Service };
    match server {
        Server::WhatsAppNet | Server::CUs | Server::Hosted => match phone::plain(user) {
            "0" | "server" | "16505361212" => Kind::Service,
            user if is_bot(user) && server != Server::Hosted && parts.is_primary() => Kind::Bot,
            _ => Kind::Person,
        },
        Server::Lid | Server::HostedLid => Kind::Lid,
        Server::Group if legacy_group(user).is_some() => Kind::LegacyGroup,
        Server::Group => Kind::Group,
        Server::Broadcast if user == "status" => Kind::StatusFeed,
        Server::Broadcast => Kind::BroadcastList,
        Server::Newsletter => Kind::Channel,
        Server::Bot => Kind::Bot,
        Server::Messenger | Server::Interop => Kind::OtherMessenger,
        Server::Call => Kind::Call,
        Server::Other(_) => Kind::Unrecognised,
    }
}

/// Whether a phone number is one of those reserved for bots. Longer ordinary
/// numbers may start with the same digits.
fn is_bot(user: &str) -> bool {
    let digits = |rest: &str, count| rest.len() == count && phone::is_digits(rest);
    user.strip_prefix("1313555").is_some_and(|rest| digits(rest, 4))
        || user.strip_prefix("131655500").is_some_and(|rest| digits(rest, 2))
}

/// The creator and the time of creation in the id of a legacy group.
pub(super) fn legacy_group(user: &str) -> Option<(&str, &str)> {
    let (creator, created) = user.split_once('-')?;
    (phone::is_digits(creator) && phone::is_digits(created)).then_some((creator, created))
}

impl Parts<'_> {
    /// Whether it means the phone itself: no device is named, or device 0.
    fn is_primary(&self) -> bool {
        self.device.unwrap_or(0) == 0 && self.legacy_suffix.unwrap_or(0) == 0
    }

    /// Whether it names a device on the servers of the business platform.
    pub(super) fn is_hosted(&self) -> bool {
        let family = self.server.map(Server::family);
        match self.server {
            Some(Server::Hosted | Server::HostedLid) => true,
            Some(_) => {
                self.device == Some(99) && matches!(family, Some(Family::PhoneNumber | Family::Lid))
            }
            None => false,
        }
    }
}
