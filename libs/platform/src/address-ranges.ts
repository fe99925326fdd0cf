import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

export const CidrSchema = z.string().refine((text) => {
  const [address = '', bits = ''] = text.split('/');
  const widest = isIP(address) === 4 ? 32 : 128;
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= widest;
}, 'an address range such as 203.0.113.0/24');

/** An IPv4 address that a dual-stack socket shows as IPv6, in its own form; anything else as it is. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** Ranges of addresses in CIDR notation, both families. */
export class AddressRanges {
  private readonly list = new BlockList();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs) {
      const [network = '', bits] = cidr.split('/');
      this.list.addSubnet(network, Number(bits), isIP(network) === 4 ? 'ipv4' : 'ipv6');
    }
  }

  /** False for what is not an address. */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}
