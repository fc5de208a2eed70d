//! Which peers are believed when they speak for their clients.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Peers that are believed when they say who their client is: the servers that stand in front of this one.
///
/// A list of addresses and networks, with commas between; `*` is everybody. A peer on a unix socket has no address, and is
/// always among them: who may connect to that is a matter of the file's rights.
///
/// ```
/// use aiopyramid::server::TrustedPeers;
///
/// let peers: TrustedPeers = "127.0.0.1, 10.0.0.0/8".parse()?;
/// assert!(peers.contains("10.1.2.3".parse()?));
/// assert!(!peers.contains("192.0.2.1".parse()?));
/// assert_eq!(peers.to_string(), "127.0.0.1, 10.0.0.0/8");
/// assert!(TrustedPeers::default().contains("::1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedPeers(Vec<IpNet>);

/// The machine itself: `127.0.0.1` and `::1`.
impl Default for TrustedPeers {
    fn default() -> Self {
        Self(vec![IpAddr::from(Ipv4Addr::LOCALHOST).into(), IpAddr::from(Ipv6Addr::LOCALHOST).into()])
    }
}

impl TrustedPeers {
    /// Nobody but peers on unix sockets.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Whether a peer at `address` is believed. An address of IPv4 inside one of IPv6 counts as what it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for TrustedPeers {
    type Err = BadPeer;

    fn from_str(text: &str) -> Result<Self, BadPeer> {
        let mut networks = Vec::new();
        for entry in text.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            if entry == "*" {
                networks.extend([Ipv4Net::default().into(), IpNet::from(Ipv6Net::default())]);
                continue;
            }
            let network = entry.parse::<IpAddr>().map(IpNet::from).or_else(|_| entry.parse::<IpNet>());
            networks.push(network.map_err(|_| BadPeer(entry.to_owned()))?);
        }
        Ok(Self(networks))
    }
}

/// As it is written in a setting.
impl fmt::Display for TrustedPeers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, network) in self.0.iter().enumerate() {
            let between = if place > 0 { ", " } else { "" };
            if network.prefix_len() == network.max_prefix_len() {
                write!(f, "{between}{}", network.addr())?;
            } else {
                write!(f, "{between}{network}")?;
            }
        }
        Ok(())
    }
}

/// An entry of a list of peers is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPeer(String);

impl fmt::Display for BadPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is neither an address, nor a network such as 10.0.0.0/8, nor `*`", self.0)
    }
}

impl std::error::Error for BadPeer {}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(peers: &str, address: &str) -> bool {
        peers.parse::<TrustedPeers>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn addresses_networks_and_everybody_are_read() {
        assert!(among("192.0.2.1", "192.0.2.1"));
        assert!(!among("192.0.2.1", "192.0.2.2"));
        assert!(among("10.0.0.0/8,", "10.255.0.1"));
        assert!(among("2001:db8::/32", "2001:db8::1"));
        assert!(among("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(among("*", "192.0.2.1") && among("*", "2001:db8::1"));
        assert!(!among("", "127.0.0.1"));
        assert_eq!("".parse(), Ok(TrustedPeers::none()));
    }

    #[test]
    fn what_is_no_peer_is_named() {
        for entry in ["localhost", "10.0.0.0/33", "10.0.0", "127.0.0.1:80", "a*"] {
            let said = format!("127.0.0.1, {entry}").parse::<TrustedPeers>().unwrap_err().to_string();
            assert!(said.contains(entry), "{said}");
        }
    }
}
