//! Reading a JID from left to right.
//!
//! There is one reader for all purposes: it always returns parts, and also the
//! first error. Strict parsing is reading without an error.

use std::str::FromStr;

use super::error::{JidError, Number, Part, Reason};
use super::phone;
use super::server::Server;

/// The parts of a JID, all of them slices of its text or numbers in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) agent: Option<u8>,
    pub(super) legacy_suffix: Option<u16>,
    pub(super) device: Option<u16>,
    pub(super) server: Option<Server<'a>>,
}

/// Reads any text. From a malformed one it takes what it can: an invalid device
/// counts as absent, an invalid agent belongs to the user.
pub(super) fn read(text: &str) -> (Parts<'_>, Result<(), JidError>) {
    match text.split_once('@') {
        Some((local, server)) => with_server(local, server),
        None => without_separator(text),
    }
}

fn without_separator(text: &str) -> (Parts<'_>, Result<(), JidError>) {
    let server = Server::from(text);
    if server.is_known() {
        return (Parts { server: Some(server), ..Parts::default() }, Ok(()));
    }
    let parts = Parts { user: present(text), ..Parts::default() };
    let fault = match present(text) {
        Some(_) => JidError::new(Reason::NoSeparator, text.len()),
        None => JidError::new(Reason::Missing(Part::User), 0),
    };
    (parts, check(text, Part::User, 0).and(Err(fault)))
}

fn with_server<'a>(local: &'a str, server: &'a str) -> (Parts<'a>, Result<(), JidError>) {
    let behind = local.len().saturating_add(1);
    let server_fault = match present(server) {
        Some(server) => check(server, Part::Server, behind),
        None => Err(JidError::new(Reason::Missing(Part::Server), behind)),
    };
    let server = present(server).map(Server::from);

    // The server alone. One that we know: `@someone` is not a JID.
    if local.is_empty() {
        let fault = match server {
            Some(server) if server.is_known() => Ok(()),
            Some(_) => Err(JidError::new(Reason::Missing(Part::User), 0)),
            None => server_fault,
        };
        return (Parts { server, ..Parts::default() }, fault);
    }

    let (name, device) = match local.split_once(':') {
        Some((name, device)) => (name, Some(device)),
        None => (local, None),
    };
    let (tail, agent_fault) = tail(name, device.is_some(), server);
    let (device, device_fault) = match device.map(|digits| read_device(digits, name.len())) {
        Some(Ok(device)) => (Some(device), Ok(())),
        Some(Err(fault)) => (None, Err(fault)),
        None => (None, Ok(())),
    };
    let user_fault = match present(name) {
        Some(_) => check(name, Part::User, 0),
        None => Err(JidError::new(Reason::Missing(Part::User), 0)),
    };

    let Tail { user, agent, legacy_suffix } = tail;
    let parts = Parts { user: present(user), agent, legacy_suffix, device, server };
    (parts, user_fault.and(agent_fault).and(device_fault).and(server_fault))
}

/// A user and the number after it.
struct Tail<'a> {
    user: &'a str,
    agent: Option<u8>,
    legacy_suffix: Option<u16>,
}

/// Splits the number off a user where the server has such numbers.
///
/// A user on those servers never ends like a number of that kind itself; else
/// taking the number away would give a text that reads differently.
fn tail<'a>(
    name: &'a str,
    has_device: bool,
    server: Option<Server<'a>>,
) -> (Tail<'a>, Result<(), JidError>) {
    let whole = Tail { user: name, agent: None, legacy_suffix: None };
    let Some(server) = server else { return (whole, Ok(())) };
    let Some((user, mark, digits)) = split_number(name, server) else { return (whole, Ok(())) };
    let at = name.len().saturating_sub(digits.len());

    if let Some((first, _, second)) = split_number(user, server) {
        let at = first.len().saturating_add(second.len()).saturating_add(1);
        return (whole, Err(JidError::new(Reason::SecondAgent, at)));
    }
    // Without a device these two servers leave open what the number is.
    let is_open = mark == '.' && !has_device && matches!(server, Server::WhatsAppNet | Server::CUs);
    let numbered = if is_open {
        number(digits, 5, Number::LegacySuffix, at).map(|suffix| Tail {
            user,
            agent: None,
            legacy_suffix: Some(suffix),
        })
    } else {
        number(digits, 3, Number::Agent, at).map(|agent| Tail {
            user,
            agent: Some(agent),
            legacy_suffix: None,
        })
    };
    match numbered {
        Ok(tail) => (tail, Ok(())),
        Err(fault) => (whole, Err(fault)),
    }
}

/// Reads digits that start at this byte, so many at most.
fn number<T: FromStr>(digits: &str, most: usize, what: Number, at: usize) -> Result<T, JidError> {
    if digits.len() > most {
        return Err(JidError::new(Reason::TooLong(what), at));
    }
    digits.parse().map_err(|_| JidError::new(Reason::TooLarge(what), at))
}

/// Splits a name at its last mark, when digits follow and a user precedes.
fn split_number<'a>(name: &'a str, server: Server<'_>) -> Option<(&'a str, char, &'a str)> {
    let digits = name.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (user, digits) = name.split_at_checked(name.len().checked_sub(digits)?)?;
    let (user, mark) = match user.strip_suffix('.') {
        Some(user) => (user, '.'),
        None => (user.strip_suffix('_')?, '_'),
    };
    let is_mark =
        if mark == '.' { server.has_dotted_agents() } else { server.has_underscored_agents() };
    (is_mark && !user.is_empty() && !digits.is_empty()).then_some((user, mark, digits))
}

/// Reads the device after a name of this length and a `:`.
fn read_device(digits: &str, name: usize) -> Result<u16, JidError> {
    let at = name.saturating_add(1);
    if digits.is_empty() {
        return Err(JidError::new(Reason::Missing(Part::Device), at));
    }
    if let Some((offset, other)) = digits.char_indices().find(|(_, c)| !c.is_ascii_digit()) {
        let at = at.saturating_add(offset);
        return Err(JidError::new(Reason::Unexpected(other, Part::Device), at));
    }
    number(digits, 5, Number::Device, at)
}

/// Checks the characters of a part that starts at this byte.
fn check(text: &str, part: Part, start: usize) -> Result<(), JidError> {
    if text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@') {
        return Ok(());
    }
    let is_odd = |c: char| c == '@' || c.is_whitespace() || c.is_control();
    match text.char_indices().find(|(_, c)| is_odd(*c)) {
        Some((offset, odd)) => {
            let at = start.saturating_add(offset);
            Err(JidError::new(Reason::Unexpected(odd, part), at))
        }
        None => Ok(()),
    }
}

/// The integrator before an interop user.
pub(super) fn integrator(user: &str) -> Option<u16> {
    let (digits, _) = user.split_once('-')?;
    if phone::is_digits(digits) { digits.parse().ok() } else { None }
}

fn present(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}
