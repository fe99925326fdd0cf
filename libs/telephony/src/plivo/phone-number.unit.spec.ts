import { plivoNumber, plivoParty } from './phone-number';

describe('a number from Plivo', () => {
  it.each([
    // with its country, whichever the account's is
    ['14155550100', 'IN', '+14155550100'],
    ['919000000001', 'US', '+919000000001'],
    ['4930123456', 'US', '+4930123456'],
    ['442071838750', 'IN', '+442071838750'],
    ['+14155550100', 'IN', '+14155550100'],
    [' 14155550100', 'IN', '+14155550100'],
    // national, from a carrier that passes them on
    ['07971442086', 'IN', '+917971442086'],
    ['9812345678', 'IN', '+919812345678'],
    ['2125550123', 'US', '+12125550123'],
    // nobody's, and nonsense
    ['266696687', 'US', null],
    ['17378742833', 'US', null],
    ['7378742833', 'US', null],
    ['anonymous', 'US', null],
    ['sip:14155550100@phone.plivo.com', 'US', null],
    ['123', 'US', null],
    ['', 'US', null],
    ['9'.repeat(65), 'US', null],
  ])('%j in %s is %j', (raw, country, expected) => {
    expect(plivoNumber(raw, country)).toBe(expected);
  });

  it('is kept as it came where it is none', () => {
    expect(plivoParty('sip:alice@phone.plivo.com', 'US')).toBe('sip:alice@phone.plivo.com');
    expect(plivoParty('14155550100', 'US')).toBe('+14155550100');
    expect(plivoParty(' \u0000', 'US')).toBeNull();
    expect(plivoParty(null, 'US')).toBeNull();
  });
});
