import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { AddressRanges } from './address-ranges';

const CIDRS = ['10.0.0.0/8', '203.0.113.9/32', '2001:db8::/32'];

/** What Node itself says, asked anew each time. */
function holds(address: string): boolean {
  const list = new BlockList();
  list.addSubnet('10.0.0.0', 8, 'ipv4');
  list.addSubnet('203.0.113.9', 32, 'ipv4');
  list.addSubnet('2001:db8::', 32, 'ipv6');
  const family = isIP(address);
  return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

describe('ranges of addresses', () => {
  it('say of each address the same as Node, also when they are asked again', () => {
    const address = fc.oneof(
      fc.constantFrom('10.1.2.3', '11.0.0.1', '203.0.113.9', '203.0.113.10', '2001:db8::1', '2001:db9::1'),
      fc.ipV4(),
      fc.ipV6(),
      fc.string(),
    );
    const ranges = new AddressRanges(CIDRS);
    fc.assert(
      fc.property(fc.array(address, { minLength: 1, maxLength: 400 }), (addresses) => {
        for (const each of [...addresses, ...addresses]) expect(ranges.includes(each)).toBe(holds(each));
      }),
      { numRuns: 30 },
    );
  });

  it('hold an IPv4 address that is shown as IPv6', () => {
    const ranges = new AddressRanges(CIDRS);
    expect([ranges.includes('::ffff:10.1.2.3'), ranges.includes('::ffff:11.1.2.3')]).toEqual([true, false]);
  });

  it('hold nothing where there are none', () =>
    expect(new AddressRanges([]).includes('10.0.0.1')).toBe(false));

  it('are made once for the same list, and are its own', () => {
    expect(AddressRanges.of(CIDRS)).toBe(AddressRanges.of(CIDRS));
    expect(AddressRanges.of(['11.0.0.0/8']).includes('10.0.0.1')).toBe(false);
  });
});
