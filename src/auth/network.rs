//! Where a request comes from.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::HeaderName;
use ipnet::IpNet;

use super::member::BodyMembers;
use super::policy::{Check, Checked, Proves};
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Cause, Refusal};
use crate::request::{Head, Request, Values};

/// The networks that requests may come from. On its own this is the weakest
/// proof: anyone inside these networks can send events.
///
/// The address is that of the connection ([`Head::peer`](crate::Head::peer)),
/// unless [`behind`](Self::behind) names proxies whose `X-Forwarded-For` can be
/// trusted. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) counts as the IPv4
/// one.
///
/// ```
/// use zaphook::auth::Networks;
///
/// let networks = Networks::new(["198.51.100.0/24", "2001:db8::7"])?.behind(["10.0.0.0/8"])?;
/// # Ok::<(), zaphook::auth::NetworkError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Networks {
    allowed: Vec<IpNet>,
    proxies: Vec<IpNet>,
}

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Networks {
    /// Networks in CIDR notation, or single addresses. An empty list allows no
    /// one. An entry without a prefix length is a single address, even
    /// `0.0.0.0`; to allow everyone, use `0.0.0.0/0` and `::/0`.
    ///
    /// # Errors
    ///
    /// When one of them is neither; the error says which one, and why.
    pub fn new<T: AsRef<str>>(networks: impl IntoIterator<Item = T>) -> Result<Self, NetworkError> {
        Ok(Self { allowed: parse(networks)?, proxies: Vec::new() })
    }

    /// Names the proxies in front of this server, in CIDR notation or as
    /// single addresses.
    ///
    /// When the connection comes from one of them, `X-Forwarded-For` is read
    /// from right to left, skipping every entry that is itself such a proxy;
    /// the first other address is where the request comes from. Entries further
    /// left were written by that address and are ignored.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn behind<T: AsRef<str>>(
        self,
        proxies: impl IntoIterator<Item = T>,
    ) -> Result<Self, NetworkError> {
        Ok(Self { proxies: parse(proxies)?, ..self })
    }

    fn check(&self, head: &Head<'_>) -> Result<(), Refusal> {
        let peer = head.peer_address().ok_or(Cause::NoPeer)?;
        let origin = self.origin(peer.to_canonical(), head).ok_or(Cause::ProxyNamesNone)?;
        if contains(&self.allowed, origin) {
            Ok(())
        } else if self.proxies.is_empty() && has_forwarded_for(head) {
            Err(Cause::ProxyNotTrusted.into())
        } else {
            Err(Cause::OtherNetwork.into())
        }
    }

    fn origin(&self, peer: IpAddr, head: &Head<'_>) -> Option<IpAddr> {
        let mut origin = peer;
        if !contains(&self.proxies, origin) {
            return Some(origin);
        }
        let mut lists = Vec::new();
        head.headers().values(&FORWARDED_FOR, &mut |value| lists.push(value));
        let entries = lists.iter().rev().flat_map(|list| list.rsplit(|byte| *byte == b','));
        for entry in entries {
            origin = address(entry)?;
            if !contains(&self.proxies, origin) {
                break;
            }
        }
        Some(origin)
    }
}

fn has_forwarded_for(head: &Head<'_>) -> bool {
    !matches!(head.header(&FORWARDED_FOR), Values::None)
}

/// An address as proxies write it, with or without a port.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(entry).ok()?.trim();
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    let address = IpAddr::from_str(bare)
        .or_else(|_| SocketAddr::from_str(text).map(|socket| socket.ip()))
        .ok()?;
    Some(address.to_canonical())
}

fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

fn parse<T: AsRef<str>>(networks: impl IntoIterator<Item = T>) -> Result<Vec<IpNet>, NetworkError> {
    let read = |(index, text): (usize, T)| {
        let text = text.as_ref();
        network(text).map_err(|flaw| NetworkError { index, text: quoted(text), flaw })
    };
    networks.into_iter().enumerate().map(read).collect()
}

/// The text, if it was meant as a network: something else in its place may be a
/// secret.
fn quoted(text: &str) -> Option<Box<str>> {
    let is_part = |char: char| char.is_ascii_hexdigit() || matches!(char, '.' | ':' | '/' | '-');
    let is_meant = text.contains(['.', ':']) && text.len() <= 64 && text.chars().all(is_part);
    is_meant.then(|| text.into())
}

fn network(text: &str) -> Result<IpNet, &'static str> {
    let network = IpNet::from_str(text)
        .or_else(|_| IpAddr::from_str(text).map(|address| IpNet::from(address.to_canonical())))
        .map_err(|_| flaw(text))?;
    match network.addr() {
        // It would never match: addresses are compared in their IPv4 form.
        IpAddr::V6(address) if address.to_ipv4_mapped().is_some() => {
            Err("IPv4 addresses mapped to IPv6: write the IPv4 network")
        }
        _ => Ok(network),
    }
}

/// What is wrong with the text of a network.
fn flaw(text: &str) -> &'static str {
    let Some((address, prefix)) = text.split_once('/') else {
        return if text.is_empty() { "empty" } else { "not an IP address" };
    };
    let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    match IpAddr::from_str(address) {
        Ok(_) if !is_number => "prefix not a number",
        Ok(IpAddr::V4(_)) => "prefix longer than 32",
        Ok(IpAddr::V6(_)) => "prefix longer than 128",
        Err(_) => "not an IP address and a prefix length",
    }
}

/// A network that cannot be parsed: which one, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkError {
    index: usize,
    text: Option<Box<str>>,
    flaw: &'static str,
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => write!(f, "{text:?}: {}", self.flaw),
            None => write!(f, "network {}, counted from zero: {}", self.index, self.flaw),
        }
    }
}

impl std::error::Error for NetworkError {}

impl<G> Proves<G> for Networks {
    fn checked(self) -> Checked {
        Checked::new(self)
    }
}

impl Check for Networks {
    fn mechanism(&self) -> Mechanism {
        Mechanism::Networks
    }

    fn screen(&self, head: &Head<'_>) -> Result<Option<Satisfied>, Refusal> {
        self.check(head).map(|()| Some(Satisfied::by(Mechanism::Networks)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(networks: &Networks, peer: &str, forwarded: &[&str]) -> bool {
        let headers: Vec<_> = forwarded.iter().map(|value| ("X-Forwarded-For", value)).collect();
        networks.check(&Head::new(&headers).peer(peer.parse().unwrap())).is_ok()
    }

    #[test]
    fn the_connection_decides_without_trusted_proxies() {
        let networks = Networks::new(["198.51.100.0/24", "2001:db8::7"]).unwrap();
        assert!(allows(&networks, "198.51.100.9", &[]));
        assert!(allows(&networks, "::ffff:198.51.100.9", &[]));
        assert!(allows(&networks, "2001:db8::7", &[]));
        assert!(!allows(&networks, "2001:db8::8", &[]));
        let mapped = Networks::new(["::ffff:198.51.100.9"]).unwrap();
        assert!(allows(&mapped, "198.51.100.9", &[]));
        assert!(!allows(&networks, "203.0.113.1", &["198.51.100.9"]));
        assert!(!allows(&Networks::new(["0.0.0.0", "::"]).unwrap(), "198.51.100.9", &[]));
        assert!(!allows(&Networks::new([""; 0]).unwrap(), "198.51.100.9", &[]));
    }

    #[test]
    fn what_may_be_a_secret_is_not_quoted() {
        let said = |text: &str| Networks::new([text]).unwrap_err().to_string();
        let (longest, longer) = (format!("10.{:061}", 7), format!("10.{:062}", 7));
        assert!(said(&longest).contains(&longest));
        let secret = "0123456789abcdef".repeat(4);
        for text in [longer.as_str(), &secret, "10.0.0.0/x", "hunter.2"] {
            assert!(!said(text).contains(text), "{text}");
        }
    }

    #[test]
    fn forwarded_addresses_count_from_the_right() {
        let networks =
            Networks::new(["198.51.100.0/24"]).unwrap().behind(["10.0.0.0/8", "fd00::/8"]).unwrap();
        for (peer, forwarded, allowed) in [
            ("10.0.0.1", &["198.51.100.9"][..], true),
            ("::ffff:10.0.0.1", &["198.51.100.9"], true),
            ("10.0.0.1", &["198.51.100.9, 10.0.0.2"], true),
            ("10.0.0.1", &["198.51.100.9, fd00::5 , 10.0.0.2"], true),
            ("10.0.0.1", &["198.51.100.9", "10.0.0.2"], true),
            ("10.0.0.1", &["198.51.100.9:4711"], true),
            ("10.0.0.1", &["::ffff:198.51.100.9"], true),
            ("10.0.0.1", &["[::ffff:198.51.100.9]:4711"], true),
            ("10.0.0.1", &["[::ffff:198.51.100.9]"], true),
            ("10.0.0.1", &["junk, 198.51.100.9"], true),
            // The left end was written by whoever connected.
            ("10.0.0.1", &["198.51.100.9, 203.0.113.1"], false),
            ("10.0.0.1", &["198.51.100.9, 203.0.113.1, 10.0.0.2"], false),
            ("10.0.0.1", &["198.51.100.9", "203.0.113.1"], false),
            ("10.0.0.1", &["198.51.100.9, unknown"], false),
            ("10.0.0.1", &["unknown"], false),
            ("10.0.0.1", &["198.51.100.9,"], false),
            ("10.0.0.1", &[""], false),
            ("10.0.0.1", &[], false),
            ("10.0.0.1", &["10.0.0.2, 10.0.0.3"], false),
            // Nobody asked this peer.
            ("203.0.113.1", &["198.51.100.9"], false),
            ("198.51.100.9", &["203.0.113.1"], true),
        ] {
            assert_eq!(allows(&networks, peer, forwarded), allowed, "{peer} {forwarded:?}");
        }
    }

    #[test]
    fn an_unknown_peer_is_refused() {
        let headers: [(&str, &str); 0] = [];
        let networks = Networks::new(["0.0.0.0/0", "::/0"]).unwrap();
        assert_eq!(
            networks.check(&Head::new(&headers)).unwrap_err().to_string(),
            "network: the peer's address is not known (give it to the request with `Head::peer`)"
        );
    }

    #[test]
    fn what_is_no_network_is_named_with_its_flaw() {
        for (bad, flaw) in [
            ("", "empty"),
            ("10.0.0.0/33", "prefix longer than 32"),
            ("2001:db8::/129", "prefix longer than 128"),
            ("198.51.100", "not an IP address"),
            ("example.org", "not an IP address"),
            ("example.org/8", "not an IP address and a prefix length"),
            ("1.2.3.4/", "prefix not a number"),
            ("1.2.3.4/-8", "prefix not a number"),
            ("::ffff:0:0/96", "IPv4 addresses mapped to IPv6: write the IPv4 network"),
        ] {
            let shown = match bad {
                "" | "example.org" | "example.org/8" => {
                    format!("network 1, counted from zero: {flaw}")
                }
                bad => format!("{bad:?}: {flaw}"),
            };
            let refused = Networks::new(["10.0.0.0/8", bad]).unwrap_err();
            assert_eq!(refused.to_string(), shown);
            let behind = Networks::new(["10.0.0.0/8"]).unwrap().behind(["10.0.0.0/8", bad]);
            assert_eq!(behind.unwrap_err().to_string(), shown);
        }
    }

    #[test]
    fn an_unnamed_proxy_is_hinted_at() {
        let shown = |networks: &Networks| {
            let headers = [("X-Forwarded-For", "198.51.100.9")];
            let head = Head::new(&headers).peer("10.0.0.1".parse().unwrap());
            networks.check(&head).unwrap_err().to_string()
        };
        let networks = Networks::new(["203.0.113.0/24"]).unwrap();
        assert!(shown(&networks).contains("`behind`"), "{}", shown(&networks));
        let named = networks.behind(["10.0.0.1"]).unwrap();
        assert_eq!(shown(&named), "network: the peer's address is not in an allowed network");
    }
}
