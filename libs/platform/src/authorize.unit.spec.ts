import { AccountSchema } from './accounts';
import { authorize, basicHeader, hasApiKey, type Presented } from './authorize';

const presented = (more: Partial<Presented> = {}): Presented => ({
  remoteAddress: '203.0.113.9',
  authorization: undefined,
  pathToken: undefined,
  verifySignature: () => false,
  ...more,
});

const account = (more: object) => AccountSchema.parse({ name: 'a', provider: 'exotel', ...more });
const strict = { demo: false };

describe('authorize', () => {
  const basic = account({
    credentials: {
      basic: [
        { username: 'key', password: 'token-one' },
        { username: 'key', password: 'token-two' },
      ],
    },
  });

  it.each(['token-one', 'token-two'])('accepts either password during a rotation: %s', (password) => {
    expect(authorize(basic, presented({ authorization: basicHeader('key', password) }), strict)).toEqual({
      ok: true,
    });
  });

  it.each([
    undefined,
    '',
    'Basic',
    'Basic a2V5',
    basicHeader('key', 'token-on'),
    basicHeader('key', ''),
    'Bearer token-one',
  ])('asks for user name and password when shown %j', (authorization) => {
    expect(authorize(basic, presented({ authorization }), strict)).toMatchObject({ ok: false, status: 401 });
  });

  it('tells two users, and right from wrong, whatever was shown before', () => {
    const other = account({ credentials: { basic: [{ username: 'other', password: 'token-one' }] } });
    const shown = (username: string) => presented({ authorization: basicHeader(username, 'token-one') });
    for (let times = 0; times < 2; times += 1) {
      expect(authorize(basic, shown('other'), strict)).toMatchObject({ ok: false });
      expect(authorize(basic, shown('key'), strict)).toEqual({ ok: true });
      expect(authorize(other, shown('key'), strict)).toMatchObject({ ok: false });
      expect(authorize(other, shown('other'), strict)).toEqual({ ok: true });
    }
  });

  it('wants every kind of credential that the account has', () => {
    const both = account({
      credentials: { basic: [{ username: 'key', password: 'token-one' }], pathSecrets: ['path-secret'] },
      allowCidrs: ['203.0.113.0/24', '2001:db8::/32'],
    });
    const right = { authorization: basicHeader('key', 'token-one'), pathToken: 'path-secret' };
    expect(authorize(both, presented(right), strict)).toEqual({ ok: true });
    expect(authorize(both, presented({ ...right, remoteAddress: '::ffff:203.0.113.7' }), strict)).toEqual({
      ok: true,
    });
    expect(authorize(both, presented({ ...right, remoteAddress: '2001:db8::1' }), strict)).toEqual({
      ok: true,
    });
    expect(authorize(both, presented({ ...right, pathToken: 'path-secre' }), strict)).toMatchObject({
      status: 403,
    });
    expect(authorize(both, presented({ ...right, remoteAddress: '198.51.100.1' }), strict)).toMatchObject({
      status: 403,
    });
    expect(authorize(both, presented({ ...right, remoteAddress: 'unknown' }), strict)).toMatchObject({
      status: 403,
    });
    expect(authorize(both, presented({ pathToken: 'path-secret' }), strict)).toMatchObject({ status: 401 });
  });

  it('asks the provider adapter about signatures, with all secrets', () => {
    const signed = account({ provider: 'twilio', credentials: { authTokens: ['token-one', 'token-two'] } });
    const verifySignature = jest.fn(() => true);
    expect(authorize(signed, presented({ verifySignature }), strict)).toEqual({ ok: true });
    expect(verifySignature).toHaveBeenCalledWith(['token-one', 'token-two']);
    expect(authorize(signed, presented(), strict)).toMatchObject({ ok: false, status: 403 });
  });

  it('refuses an account without credentials except in a demo', () => {
    expect(authorize(account({}), presented(), strict)).toMatchObject({ ok: false, status: 403 });
    expect(authorize(account({}), presented(), { demo: true })).toEqual({ ok: true });
  });

  it('takes an API key as bearer, and none where none is configured', () => {
    expect(hasApiKey('Bearer one-key', ['one-key'])).toBe(true);
    expect(hasApiKey('Bearer one-ke', ['one-key'])).toBe(false);
    expect(hasApiKey(undefined, [])).toBe(false);
    expect(hasApiKey('Bearer ', [])).toBe(false);
  });
});
