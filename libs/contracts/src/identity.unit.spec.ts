import { CallIdSchema, keyString } from './identity';

describe('the key of a call', () => {
  const key = { provider: 'exotel', account: 'default', callId: '56b1234567abcdef89abcdef12345678' } as const;

  it('tells the same call id under two providers and two accounts apart', () => {
    const keys = [key, { ...key, provider: 'twilio' as const }, { ...key, account: 'other' }];
    expect(new Set(keys.map(keyString)).size).toBe(3);
  });

  it.each([
    undefined,
    null,
    '',
    ['56b1234567abcdef'],
    {},
    12345678,
    'short',
    'x'.repeat(161),
    'a b c d e f g',
    'a|b|c|d|e',
  ])('is refused for the call id %j', (callId) => {
    expect(() => keyString({ ...key, callId: callId as string })).toThrow();
  });

  it.each([
    'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg=',
    'CA00000000000000000000000000000001',
  ])('takes the provider id %s', (callId) => {
    expect(CallIdSchema.parse(callId)).toBe(callId);
  });
});
