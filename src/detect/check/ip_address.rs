//! Addresses of the internet protocol: RFC 791, RFC 4291.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Four numbers up to 255 without leading zeros; not unspecified, loopback, broadcast, a mask or the
/// start of a whole block (`119.0.0.0`, which is a version as often).
pub fn v4(value: &[u8]) -> bool {
    let address = std::str::from_utf8(value).ok().and_then(|t| t.parse().ok());
    address.is_some_and(|a: Ipv4Addr| {
        let mask = a.to_bits().leading_ones() + a.to_bits().trailing_zeros() == 32;
        !(a.is_unspecified()
            || a.is_loopback()
            || a.is_broadcast()
            || mask
            || a.octets()[0] == 0
            || a.octets()[1..] == [0; 3])
    })
}

/// Eight groups, or at least three and `::`, with a digit among them; not unspecified or loopback.
///
/// `bad::add` is a path of a program rather than an address.
pub fn v6(value: &[u8]) -> bool {
    let groups = value
        .split(|b| *b == b':')
        .filter(|group| !group.is_empty())
        .count();
    let address = std::str::from_utf8(value).ok().and_then(|t| t.parse().ok());
    groups >= 3
        && value.iter().any(u8::is_ascii_digit)
        && address.is_some_and(|a: Ipv6Addr| !(a.is_unspecified() || a.is_loopback()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn version_4() {
        for address in ["192.0.2.17", "203.0.113.255", "10.0.0.1"] {
            assert!(v4(address.as_bytes()), "{address}");
        }
        for address in [
            "256.0.2.17",
            "192.0.2",
            "192.0.2.017",
            "127.0.0.1",
            "0.0.0.0",
            "255.255.255.0",
            "0.1.2.3",
            "119.0.0.0",
            "",
        ] {
            assert!(!v4(address.as_bytes()), "{address}");
        }
    }

    #[test]
    fn version_6() {
        for address in ["2001:db8::1", "2001:db8:0:0:8:800:200c:417a", "fe80::1:2"] {
            assert!(v6(address.as_bytes()), "{address}");
        }
        for address in [
            "::1",
            "12:34:56",
            "00:1b:44:11:3a:b7",
            "bad::add",
            "10::20",
            "",
        ] {
            assert!(!v6(address.as_bytes()), "{address}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_borne(value in prop::collection::vec(any::<u8>(), 0..60)) {
            v4(&value);
            v6(&value);
        }
    }
}
