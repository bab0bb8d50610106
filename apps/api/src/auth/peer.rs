//! From where a request comes: the peer of the connection, or what a trusted proxy says.

use std::net::IpAddr;

use axum::http::HeaderMap;

use crate::config::is_loopback;

/// A range of addresses, or one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`, `fd00::/8` or a plain address.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const WANTED: &str = "must be an address or a network, 10.0.0.0/8";
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().map_err(|_| WANTED)?)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| WANTED)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(most);
        if bits <= most { Ok(Self { address, bits }) } else { Err(WANTED) }
    }

    /// Whether an address lies in the range.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(mine), IpAddr::V4(other)) => {
                let shift = 32 - u32::from(self.bits);
                mine.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            (IpAddr::V6(mine), IpAddr::V6(other)) => {
                let shift = 128 - u32::from(self.bits);
                mine.to_bits().checked_shr(shift) == other.to_bits().checked_shr(shift)
            }
            _ => false,
        }
    }
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// The client's address, as far as it is known.
    pub address: IpAddr,
    /// The client is on this machine and no proxy stands between.
    pub is_local: bool,
}

/// Headers that only a proxy writes.
const PROXY_HEADERS: [&str; 6] =
    ["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"];

impl Peer {
    /// What the connection's other end and the headers say together.
    pub fn of(connection: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> Self {
        let connection = connection.to_canonical();
        let is_proxied = PROXY_HEADERS.iter().any(|name| headers.contains_key(*name));
        Self {
            address: client(connection, headers, trusted),
            is_local: is_loopback(connection) && !is_proxied,
        }
    }

    /// The address as a key of a rate limit: a whole IPv6 network of one customer is one.
    pub fn limited_as(&self) -> IpAddr {
        match self.address {
            IpAddr::V4(_) => self.address,
            IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
        }
    }
}

/// Each proxy appends the address that it saw: from the right, the first that is no trusted proxy
/// is the client.
fn client(connection: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let is_trusted = |address| trusted.iter().any(|network| network.contains(address));
    let said: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    let mut known = connection;
    for text in said.into_iter().rev() {
        if !is_trusted(known) {
            break;
        }
        match text.trim().parse::<IpAddr>() {
            Ok(address) => known = address.to_canonical(),
            Err(_) => break,
        }
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peer(connection: &str, forwarded: &[&str], trusted: &[&str]) -> Peer {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|text| Network::parse(text).unwrap()).collect();
        Peer::of(connection.parse().unwrap(), &headers, &trusted)
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let address = |peer: Peer| peer.address.to_string();
        assert_eq!(address(peer("198.51.100.1", &["203.0.113.9"], &[])), "198.51.100.1");
        assert_eq!(address(peer("10.1.2.3", &["203.0.113.9"], &["10.0.0.0/8"])), "203.0.113.9");
        let spoofed = peer("10.1.2.3", &["1.1.1.1, 203.0.113.9", "10.9.9.9"], &["10.0.0.0/8"]);
        assert_eq!(address(spoofed), "203.0.113.9");
        assert_eq!(address(peer("10.1.2.3", &["nonsense"], &["10.0.0.0/8"])), "10.1.2.3");
        let mapped = peer("::ffff:10.1.2.3", &["203.0.113.9"], &["10.0.0.0/8"]);
        assert_eq!(address(mapped), "203.0.113.9");
    }

    #[test]
    fn a_proxy_header_ends_locality() {
        assert!(peer("127.0.0.1", &[], &[]).is_local);
        assert!(peer("::1", &[], &[]).is_local);
        assert!(!peer("127.0.0.1", &["127.0.0.1"], &[]).is_local);
        assert!(!peer("198.51.100.1", &[], &[]).is_local);
    }

    #[test]
    fn networks_of_every_size_contain_their_own() {
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("9.9.9.9".parse().unwrap()));
        assert!(Network::parse("fd00::/8").unwrap().contains("fd12::1".parse().unwrap()));
        assert!(!Network::parse("fd00::/8").unwrap().contains("10.0.0.1".parse().unwrap()));
        assert!(!Network::parse("10.0.0.1").unwrap().contains("10.0.0.2".parse().unwrap()));
        for text in ["", "10.0.0.0/33", "x/8", "10.0.0.0/"] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_ipv6_customer_is_one_address() {
        assert_eq!(
            peer("2001:db8:1:2:3:4:5:6", &[], &[]).limited_as().to_string(),
            "2001:db8:1:2::"
        );
    }
}
