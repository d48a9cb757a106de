//! Which addresses may be called. The lists are IANA's special-purpose registries (RFC 6890 and its updates), and the
//! metadata services of the clouds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Ranges that are never called unless allowed: not the public internet.
const INSIDE_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),       // this network (RFC 791)
    (Ipv4Addr::new(10, 0, 0, 0), 8),      // private (RFC 1918)
    (Ipv4Addr::new(100, 64, 0, 0), 10),   // CGNAT (RFC 6598)
    (Ipv4Addr::new(127, 0, 0, 0), 8),     // loopback
    (Ipv4Addr::new(169, 254, 0, 0), 16),  // link-local (RFC 3927)
    (Ipv4Addr::new(172, 16, 0, 0), 12),   // private (RFC 1918)
    (Ipv4Addr::new(192, 0, 0, 0), 24),    // protocol assignments (RFC 6890)
    (Ipv4Addr::new(192, 0, 2, 0), 24),    // documentation (RFC 5737)
    (Ipv4Addr::new(192, 88, 99, 0), 24),  // 6to4 relays (RFC 7526)
    (Ipv4Addr::new(192, 168, 0, 0), 16),  // private (RFC 1918)
    (Ipv4Addr::new(198, 18, 0, 0), 15),   // benchmarking (RFC 2544)
    (Ipv4Addr::new(198, 51, 100, 0), 24), // documentation (RFC 5737)
    (Ipv4Addr::new(203, 0, 113, 0), 24),  // documentation (RFC 5737)
    (Ipv4Addr::new(224, 0, 0, 0), 4),     // multicast (RFC 5771)
    (Ipv4Addr::new(240, 0, 0, 0), 4),     // reserved, and broadcast (RFC 1112)
];

/// The only IPv6 range that is handed out as global unicast. All else is inside, also what nobody has named yet:
/// loopback, IPv4-compatible (`::/96`), `64:ff9b:1::/48` (RFC 8215, where the IPv4 address lies is each network's own
/// choice), unique local, link-local, site-local, multicast, discard, segment routing.
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// What lies in the global range and is not the public internet.
const INSIDE_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23), // protocol assignments, with Teredo (RFC 2928, RFC 4380)
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32), // documentation (RFC 3849)
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16), // 6to4 (RFC 3056): holds any IPv4 address, and is not in use
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20), // documentation (RFC 9637)
];

/// Where clouds hand out credentials. A range that happens to hold one of these does not open it: it must be named
/// itself, as `/32` or `/128`.
const METADATA: &[IpAddr] = &[
    IpAddr::V4(Ipv4Addr::new(169, 254, 169, 254)), // AWS, Azure, Google, and most others
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 2)),   // AWS, for containers
    IpAddr::V4(Ipv4Addr::new(169, 254, 170, 23)),  // AWS, for Kubernetes
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)), // Alibaba Cloud
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),   // Azure's host agent, at a public address
    IpAddr::V4(Ipv4Addr::new(192, 0, 0, 192)),     // Oracle Cloud
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)), // AWS
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23)), // AWS, for Kubernetes
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)), // Google
];

/// Whether `address` may be called: it is public, or lies in a range that the company allowed. An IPv6 address that
/// leads to an IPv4 one (mapped, or by the well-known NAT64 prefix) is judged by that one.
pub fn may_call(address: IpAddr, allowed: &[IpNet]) -> bool {
    let address = canonical(address);
    opened(address, allowed) || (is_public(address) && !METADATA.contains(&address))
}

/// Whether who runs Deskwire opened a range for `address`, public or not.
pub fn opened(address: IpAddr, allowed: &[IpNet]) -> bool {
    let address = canonical(address);
    let mut allowing = allowed.iter().filter(|range| range.contains(&address));
    if METADATA.contains(&address) {
        return allowing.any(|range| range.prefix_len() == range.max_prefix_len());
    }
    allowing.next().is_some()
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !INSIDE_V4.iter().any(|range| in_v4(v4, *range)),
        IpAddr::V6(v6) => in_v6(v6, GLOBAL_V6) && !INSIDE_V6.iter().any(|range| in_v6(v6, *range)),
    }
}

/// The IPv4 address to which packets for a mapped (RFC 4291 §2.5.5.2) or NAT64 address (RFC 6052 §2.1) go in the end.
fn canonical(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            IpAddr::V4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)))
        }
        _ => address,
    }
}

fn in_v4(address: Ipv4Addr, (net, bits): (Ipv4Addr, u8)) -> bool {
    let mask = u32::MAX << (32 - u32::from(bits));
    u32::from(address) & mask == u32::from(net)
}

fn in_v6(address: Ipv6Addr, (net, bits): (Ipv6Addr, u8)) -> bool {
    let mask = u128::MAX << (128 - u32::from(bits));
    u128::from(address) & mask == u128::from(net)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(address: &str, allowed: &[&str]) -> bool {
        let allowed: Vec<IpNet> = allowed.iter().map(|range| range.parse().unwrap()).collect();
        may_call(address.parse().unwrap(), &allowed)
    }

    /// First and last address of every IPv4 range, and its neighbours outside.
    #[rustfmt::skip]
    const EDGES: &[(&str, &str, &[&str])] = &[
        ("0.0.0.0", "0.255.255.255", &["1.0.0.0"]),
        ("10.0.0.0", "10.255.255.255", &["9.255.255.255", "11.0.0.0"]),
        ("100.64.0.0", "100.127.255.255", &["100.63.255.255", "100.128.0.0"]),
        ("127.0.0.0", "127.255.255.255", &["126.255.255.255", "128.0.0.0"]),
        ("169.254.0.0", "169.254.255.255", &["169.253.255.255", "169.255.0.0"]),
        ("172.16.0.0", "172.31.255.255", &["172.15.255.255", "172.32.0.0"]),
        ("192.0.0.0", "192.0.0.255", &["191.255.255.255", "192.0.1.0"]),
        ("192.0.2.0", "192.0.2.255", &["192.0.3.0"]),
        ("192.88.99.0", "192.88.99.255", &["192.88.98.255", "192.88.100.0"]),
        ("192.168.0.0", "192.168.255.255", &["192.167.255.255", "192.169.0.0"]),
        ("198.18.0.0", "198.19.255.255", &["198.17.255.255", "198.20.0.0"]),
        ("198.51.100.0", "198.51.100.255", &["198.51.99.255", "198.51.101.0"]),
        ("203.0.113.0", "203.0.113.255", &["203.0.112.255", "203.0.114.0"]),
        ("224.0.0.0", "239.255.255.255", &["223.255.255.255"]),
        ("240.0.0.0", "255.255.255.255", &[]),
        ("168.63.129.16", "168.63.129.16", &["168.63.129.15", "168.63.129.17"]),
    ];

    #[test]
    fn every_range_begins_and_ends_where_it_should_in_every_spelling() {
        for (first, last, outside) in EDGES {
            for inside in [first, last] {
                let v4: Ipv4Addr = inside.parse().unwrap();
                let [a, b, c, d] = v4.octets().map(u16::from);
                let (high, low) = (a << 8 | b, c << 8 | d);
                for address in [
                    IpAddr::V4(v4),
                    IpAddr::V6(v4.to_ipv6_mapped()),
                    IpAddr::V6(Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 1, high, low >> 8, low << 8, 0x808, 0x808)),
                    IpAddr::V6(Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low)),
                    IpAddr::V6(Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1)),
                ] {
                    assert!(!may_call(address, &[]), "{address}");
                }
            }
            for address in *outside {
                assert!(may(address, &[]), "{address}");
                assert!(may(&format!("::ffff:{address}"), &[]), "{address}, mapped");
            }
        }
    }

    #[test]
    fn ipv6_is_public_only_where_it_is_handed_out() {
        #[rustfmt::skip]
        let inside = [
            "::", "::1", "::2", "100::1", "2001::1", "2001:1ff:ffff::", "2001:db8::1", "2002:808:808::1", "3fff::1",
            "3fff:fff:ffff::", "4000::1", "5f00::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808",
            "64:ff9b:2::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1",
        ];
        for address in inside {
            assert!(!may(address, &[]), "{address}");
        }
        for address in ["2606:4700::1111", "2001:200::1", "2a00:1450::1", "3ffe::1", "64:ff9b::808:808", "1.1.1.1"] {
            assert!(may(address, &[]), "{address}");
        }
    }

    #[test]
    fn a_company_may_open_its_own_ranges() {
        assert!(may("10.1.2.3", &["10.1.0.0/16"]));
        assert!(may("::ffff:10.1.2.3", &["10.1.0.0/16"]));
        assert!(!may("10.2.2.3", &["10.1.0.0/16"]));
        assert!(may("fd12::1", &["fd00::/8"]));
        assert!(may("::1", &["::1/128"]));
    }

    #[test]
    fn a_wide_range_does_not_open_the_metadata_services() {
        let wide = ["0.0.0.0/0", "::/0"];
        for address in METADATA {
            assert!(!may(&address.to_string(), &wide), "{address}");
            let bits = if address.is_ipv4() { 32 } else { 128 };
            assert!(may(&address.to_string(), &[&format!("{address}/{bits}")]), "{address} is named itself");
        }
        assert!(may("169.254.1.1", &wide));
        assert!(!may("::ffff:169.254.169.254", &wide));
    }
}
