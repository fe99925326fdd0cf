import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

export const CidrSchema = z.string().refine((text) => {
  const [address = '', bits = ''] = text.split('/');
  const widest = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= widest;
}, 'an address range such as 203.0.113.0/24');

/** An IPv4 address that a dual-stack socket shows as IPv6, in its own form; anything else as it is. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** Addresses whose answers are kept; beyond it all of them are forgotten, which costs one look each. */
const MAX_KNOWN = 256;

/**
 * Ranges of addresses in CIDR notation, both families. Providers come from few addresses and a look takes longer than a
 * signature, so the answers of the last ones are kept.
 */
export class AddressRanges {
  private readonly list = new BlockList();
  private readonly known = new Map<string, boolean>();

  /** The same ranges for the same array, which must not change. */
  static of(cidrs: readonly string[]): AddressRanges {
    const ranges = made.get(cidrs) ?? new AddressRanges(cidrs);
    made.set(cidrs, ranges);
    return ranges;
  }

  constructor(private readonly cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const [network = '', bits] = cidr.split('/');
      this.list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** False for what is not an address. */
  includes(address: string): boolean {
    if (this.cidrs.length === 0) return false;
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const plain = plainAddress(address);
    const family = isIP(plain);
    if (family === 0) return false;
    const includes = this.list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(address, includes);
    return includes;
  }
}

const made = new WeakMap<readonly string[], AddressRanges>();
