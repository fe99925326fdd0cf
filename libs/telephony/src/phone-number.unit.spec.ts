import * as fc from 'fast-check';
import { toE164, toE164OrText } from './phone-number';

describe('a phone number', () => {
  it.each([
    ['national with its leading 0', '09000000001', 'IN', '+919000000001'],
    ['national without it', '9000000001', 'IN', '+919000000001'],
    ['in E.164', '+919000000001', 'US', '+919000000001'],
    ['with a blank for the + that was not escaped', ' 919000000001', 'IN', '+919000000001'],
    ['with such a blank, of another country', ' 14155550100', 'IN', '+14155550100'],
    ['without its +', '919000000001', 'IN', '+919000000001'],
    ['without its +, of another country', '919000000001', 'US', '+919000000001'],
    ['with the prefix for abroad', '0014155550100', 'IN', '+14155550100'],
    ['written for people', '+91 (0) 90000-00001', 'US', '+919000000001'],
    ['with an extension', '09000000001;ext=3', 'IN', '+919000000001'],
    ['of a landline', '08000000002', 'IN', '+918000000002'],
    ['with the country in lower case', '4155550100', 'us', '+14155550100'],
    ['of a range newer than the metadata', '+447700900123', 'IN', '+447700900123'],
  ])('is understood %s', (_, raw, country, expected) => {
    expect(toE164(raw, country)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    '+',
    '0',
    'anonymous',
    'Restricted',
    'sip:+14155550100@example.com',
    'client:+14155550100',
    'tel',
    '911',
    '*100#',
    '1-800-FLOWERS',
    '+0000000000',
    '+266696687',
    '+7378742833',
    '+17378742833',
    '+2562533',
    '+8656696',
    '+86282452253',
    ' 86282452253',
    '9'.repeat(100),
  ])('is not what %j is', (raw) => {
    expect(toE164(raw, 'IN')).toBeNull();
    expect(toE164(raw, 'US')).toBeNull();
  });

  it('is not guessed for a country that there is not', () => {
    expect(toE164('09000000001', 'XX')).toBeNull();
    expect(toE164('09000000001', '')).toBeNull();
    expect(toE164('+919000000001', 'XX')).toBe('+919000000001');
  });

  it('stays as it came where it is not understood', () => {
    expect(toE164OrText(' sip:a@b.example ', 'IN')).toBe('sip:a@b.example');
    expect(toE164OrText('09000000001', 'IN')).toBe('+919000000001');
    expect(toE164OrText(null, 'IN')).toBeNull();
    expect(toE164OrText('  ', 'IN')).toBeNull();
    expect(toE164OrText('s'.repeat(100), 'IN')).toHaveLength(64);
  });

  it('is the same however often it is asked for, and whatever is asked for in between', () => {
    const raws = ['09000000001', ' 919000000001', '4155550100', '+14155550100', 'anonymous', '+7378742833'];
    const asked = raws.flatMap((raw) => ['IN', 'US', 'XX'].map((country) => [raw, country] as const));
    const answers = () => asked.map(([raw, country]) => toE164(raw, country));
    const first = answers();
    expect(answers()).toEqual(first);
    // more than are kept
    for (let n = 0; n < 300; n += 1) toE164(`0900000${String(n).padStart(4, '0')}`, 'IN');
    expect(answers()).toEqual(first);
    expect(first.slice(0, 3)).toEqual(['+919000000001', null, null]);
  });

  it('is E.164 or nothing, whatever comes', () => {
    const raw = fc.oneof(fc.string(), fc.stringMatching(/^[ +]?[0-9 ().-]{0,18}$/));
    fc.assert(
      fc.property(raw, (text) => /^\+[1-9]\d{6,14}$/.test(toE164(text, 'IN') ?? '+919000000001')),
      { numRuns: 100 },
    );
  });
});
