import { AnnouncementSchema, CustomerUpdateSchema } from './index';

const key = { provider: 'exotel', account: 'default', callId: '56b1234567abcdef' };
const phone = '+919000000001';

describe('text that is told from outside', () => {
  const places: [string, (text: string) => object][] = [
    ['from', (from) => ({ from })],
    ['to', (to) => ({ to })],
    ['customer.fullName', (fullName) => ({ customer: { phone, fullName } })],
    ['customer.language', (language) => ({ customer: { phone, language } })],
    ['customer.attributes.a', (a) => ({ customer: { phone, attributes: { a } } })],
    ['attributes.a', (a) => ({ attributes: { a } })],
  ];

  it.each(places)('is refused where Postgres could not keep it: %s', (path, given) => {
    for (const text of ['a\0', '\ud83d', '\ude00\ud83d', '\ud83dx']) {
      const issues = AnnouncementSchema.safeParse({ ...key, ...given(text) }).error?.issues ?? [];
      expect(issues.map((issue) => issue.path.join('.'))).toEqual([path]);
      expect(issues.map(({ message }) => message)).toEqual(['holds NUL or half a surrogate pair']);
    }
    for (const text of ['😀', '\u0001', '\uffff', '']) {
      expect(AnnouncementSchema.safeParse({ ...key, ...given(text) }).success).toBe(true);
    }
  });

  it.each(['a\0', '\ud83d'])('is refused as the name of an attribute: %j', (name) => {
    expect(AnnouncementSchema.safeParse({ ...key, attributes: { [name]: 'x' } }).success).toBe(false);
    expect(CustomerUpdateSchema.safeParse({ attributes: { [name]: 'x' } }).success).toBe(false);
  });

  it.each(['fullName', 'language'])('is refused in what the CRM answers: %s', (name) => {
    expect(CustomerUpdateSchema.safeParse({ [name]: 'a\0' }).success).toBe(false);
    expect(CustomerUpdateSchema.safeParse({ [name]: '😀' }).success).toBe(true);
  });
});
