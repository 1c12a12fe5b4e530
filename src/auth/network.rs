//! Where a request comes from.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use http::HeaderName;
use ipnet::IpNet;

use super::member::BodyMembers;
use super::policy::{Check, Checked, Proves};
use super::proof::{Mechanism, Satisfied};
use super::refusal::{Reason, Refusal};
use crate::request::{Head, Request};

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
    /// When one of them is neither; the error gives its index, counted from
    /// zero.
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
        let peer = head
            .peer_address()
            .ok_or(Refusal::new(Reason::Network, "the peer's address is not known"))?;
        let origin = self.origin(peer.to_canonical(), head).ok_or(Refusal::new(
            Reason::Network,
            "a trusted proxy names no address that can be read",
        ))?;
        if contains(&self.allowed, origin) {
            Ok(())
        } else {
            Err(Refusal::new(Reason::Network, "the request comes from another network"))
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
    let network = |text: &str| {
        let network = IpNet::from_str(text)
            .or_else(|_| IpAddr::from_str(text).map(|address| IpNet::from(address.to_canonical())));
        network.ok().filter(|network| {
            // A mapped network would never match: addresses are compared in
            // their IPv4 form.
            !matches!(network.addr(), IpAddr::V6(address) if address.to_ipv4_mapped().is_some())
        })
    };
    let networks = networks.into_iter().enumerate();
    networks.map(|(index, text)| network(text.as_ref()).ok_or(NetworkError { index })).collect()
}

/// A network that cannot be parsed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("network {index}, counted from zero, is neither an IP address nor CIDR notation")]
pub struct NetworkError {
    index: usize,
}

impl<G> Proves<G> for Networks {
    fn checked(self) -> Checked {
        Checked::new(self)
    }
}

impl Check for Networks {
    fn screen(&self, head: &Head<'_>) -> Result<(), Refusal> {
        self.check(head)
    }

    fn verify(&self, request: &Request<'_>, _: &BodyMembers<'_>) -> Result<Satisfied, Refusal> {
        self.check(request.head()).map(|()| Satisfied::by(Mechanism::Networks))
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
            "network: the peer's address is not known"
        );
    }

    #[test]
    fn what_is_no_network_is_named_by_its_place() {
        for bad in ["", "198.51.100.0/33", "198.51.100", "example.org", "1.2.3.4/", "::ffff:0:0/96"]
        {
            assert_eq!(
                Networks::new(["10.0.0.0/8", bad]).unwrap_err(),
                NetworkError { index: 1 },
                "{bad}"
            );
        }
    }
}
