/** Which IP addresses belong to the public internet. Everything not surely public counts as private. */
import { BlockList, isIP } from 'node:net';

/** IPv4 without the special-purpose blocks of the IANA registry (RFC 6890 and later), multicast and reserved space. */
const special4 = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  special4.addSubnet(network, prefix, 'ipv4');
}

/** Inside IPv6's global unicast: IETF assignments with Teredo, documentation, 6to4. The tunnels carry IPv4 addresses. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const special6 = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  special6.addSubnet(network, prefix, 'ipv6');
}

/**
 * True for an address that is routed on the public internet. False for private, loopback, link-local and other special
 * ranges, for every way IPv6 wraps an IPv4 address (mapped, NAT64, 6to4, Teredo), and for what is no address.
 */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !special4.check(address, 'ipv4');
    case 6:
      // Node's BlockList also matches mapped addresses against IPv4 rules; only IPv6 rules stand in these lists.
      return global6.check(address, 'ipv6') && !special6.check(address, 'ipv6');
    default:
      return false;
  }
}
