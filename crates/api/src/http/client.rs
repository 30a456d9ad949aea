//! Where a request comes from: the peer, or what a proxy that we trust says of it.

use crate::db::types::Digest;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// The address of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client(IpAddr);

impl Client {
    /// The client of a connection from `peer`, whose request has these `X-Forwarded-For` header fields.
    ///
    /// Each proxy appends the address it was called from. What the last trusted one says is true; what stands before the first
    /// address that is no trusted proxy's, anybody may have written.
    #[must_use]
    pub fn new<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpNet]) -> Self {
        let hops: Vec<&str> = forwarded.flat_map(|header| header.split(',')).map(str::trim).collect();
        let mut client = peer.to_canonical();
        for hop in hops.iter().rev() {
            if !trusted.iter().any(|network| network.contains(&client)) {
                break;
            }
            match hop.parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        Self(client)
    }

    /// Whom the address belongs to, as far as it tells: one IPv4 address, or the 64 leading bits of an IPv6 one, which
    /// is what a single customer gets.
    #[must_use]
    pub fn network(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 64 << 64).into()),
        }
    }

    /// The site that the address is of: 24 leading bits of an IPv4 address, 48 of an IPv6 one, the longest prefixes that are routed on
    /// their own (RFC 6177 §2). Whoever has many addresses mostly has them of few sites.
    #[must_use]
    pub fn site(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(address) => IpAddr::V4((u32::from(address) >> 8 << 8).into()),
            IpAddr::V6(address) => IpAddr::V6((u128::from(address) >> 80 << 80).into()),
        }
    }

    /// Stands for the network where only its likeness matters.
    #[must_use]
    pub fn digest(self) -> Digest {
        Digest::of(&["network", &self.network().to_string()])
    }
}

impl fmt::Display for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_say_who_the_client_is() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()];
        let of = |peer: &str, forwarded: &[&str]| {
            Client::new(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).to_string()
        };
        assert_eq!(of("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(of("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(of("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(of("10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            of("10.0.0.1", &["203.0.113.9", "198.51.100.7, 10.0.0.2"]),
            "198.51.100.7"
        );
        assert_eq!(of("10.0.0.1", &["203.0.113.9, nonsense"]), "10.0.0.1");
        assert_eq!(of("::ffff:10.0.0.1", &["2001:db8::1"]), "2001:db8::1");
    }

    #[test]
    fn an_ipv6_customer_is_one_network() {
        let network = |address: &str| Client(address.parse().unwrap()).network().to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn neighbours_are_of_one_site() {
        let site = |address: &str| Client(address.parse().unwrap()).site().to_string();
        assert_eq!(site("2001:db8:1:2:3:4:5:6"), "2001:db8:1::");
        assert_eq!(site("192.0.2.1"), "192.0.2.0");
    }
}
