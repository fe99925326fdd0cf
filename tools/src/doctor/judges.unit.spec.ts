import { AccountSchema, type Account } from '@greenroom/platform';
import { judgeAccount } from './check-accounts';
import { judgeReady } from './check-admin';
import { judgeClock } from './check-clock';
import { judgeMigrations } from './check-postgres';
import { judgeQueue, judgeRoundTrip, parseInfo } from './check-redis';
import { settingsRefused } from './check-settings';
import { judgeTokenSecrets } from './check-tokens';
import { judgeCertificate } from './check-url';
import { otherForms } from './check-webhooks';
import { judgeBare, judgeStream } from './judge-stream';
import { judgeUnauthenticated, judgeWebhook } from './judge-webhook';

const account = (more: object): Account => AccountSchema.parse({ name: 'main', provider: 'twilio', ...more });
const twilio = account({ credentials: { authTokens: ['token-of-twilio'] } });
const exotel = account({
  provider: 'exotel',
  credentials: { basic: [{ username: 'u', password: 'password' }] },
});
const nearTwilio = account({
  credentials: { authTokens: ['token-of-twilio'] },
  allowCidrs: ['192.0.2.0/24'],
});
const near = account({ provider: 'exotel', allowCidrs: ['192.0.2.0/24'] });
const open = account({ provider: 'exotel' });

const ours = (status: number, message: string) => ({
  ...{ status, headers: {} },
  body: JSON.stringify({ error: { status, message } }),
});
const theirs = (status: number, body = '<html>', headers = {}) => ({ status, headers, body });

describe('an answer to a webhook', () => {
  const expected = 'CallSid: 8 to 160 characters';
  it.each([
    [ours(400, expected), 'ok', /accepted/],
    [ours(400, 'CallSid: missing'), 'wrong', /the body is lost on the way/],
    [ours(400, 'CallSid: at least ten'), 'warning', /another release/],
    [ours(404, 'No such provider account. The URL is …'), 'wrong', /has another accounts file/],
    [
      ours(403, 'Not authorized: signature missing or wrong.'),
      'wrong',
      /another secret or another PUBLIC_BASE_URL/,
    ],
    [ours(403, 'Not authorized: secret in the path missing or wrong.'), 'wrong', /other pathSecrets/],
    [
      ours(401, 'Not authorized: user name or password missing or wrong.'),
      'wrong',
      /Authorization header away/,
    ],
    [ours(403, 'Not authorized: address not allowed.'), 'not-checked', /not in allowCidrs/],
    [ours(403, 'Not authorized: the account has no credential.'), 'wrong', /knows twilio\/main otherwise/],
    [ours(404, 'No such path.'), 'wrong', /proxy changes the path: .* without what PUBLIC_BASE_URL has/],
    [ours(405, 'Use POST.'), 'wrong', /method was changed/],
    [ours(503, 'The database cannot be reached.'), 'warning', /cannot serve now/],
    [ours(413, 'Too large.'), 'wrong', /answers 413/],
    [theirs(404), 'wrong', /not by Greenroom: the proxy leads elsewhere/],
    [
      theirs(301, '', { location: 'https://www.example.com/secret' }),
      'wrong',
      /a redirect to https:\/\/www\.example\.com:/,
    ],
    [theirs(401), 'wrong', /something before it keeps strangers out/],
    [theirs(502), 'wrong', /cannot reach Greenroom/],
    [theirs(200, '{"error":{"status":400,"message":"x"}}'), 'wrong', /something else answers/],
  ])('%j is %s', (answer, status, says) => {
    const verdict = judgeWebhook(answer, { account: twilio, expected, method: 'POST' });
    expect(verdict).toEqual({ status, message: expect.stringMatching(says) as string });
  });

  it.each([
    [twilio, ours(403, 'Not authorized.'), 'ok'],
    [exotel, ours(401, 'Not authorized.'), 'ok'],
    [exotel, ours(400, expected), 'wrong'],
    [near, ours(400, expected), 'not-checked'],
    [open, ours(400, expected), 'warning'],
    [twilio, ours(404, 'No such path.'), 'wrong'],
    [twilio, theirs(403), 'wrong'],
  ])('without credentials, %# is judged', (own, answer, status) => {
    expect(judgeUnauthenticated(answer, { account: own, expected, method: 'POST' }).status).toBe(status);
  });

  it('is looked for under other forms of the URL', () => {
    expect(otherForms('https://h.example/gr')).toEqual([
      'http://h.example/gr',
      'https://h.example',
      'http://h.example',
    ]);
    expect(otherForms('http://h.example:81')).toEqual(['https://h.example:81']);
  });
});

describe('an answer to an upgrade', () => {
  const refused = (status: number, message: string) => ({
    opened: false as const,
    answer: ours(status, message),
  });
  const page = (status: number, body = '') => ({ opened: false as const, answer: theirs(status, body) });

  it.each([
    [{ opened: true as const, closeCode: 1000 }, { account: twilio, token: null }, 'ok', /opened/],
    [
      { opened: true as const, closeCode: 1006 },
      { account: twilio, token: null },
      'wrong',
      /no message comes through/,
    ],
    [
      refused(403, 'Not authorized.'),
      { account: twilio, token: null },
      'wrong',
      /token or the signature.*PUBLIC_MEDIA_URL.*STREAM_TOKEN_SECRETS/,
    ],
    [
      refused(403, 'Not authorized.'),
      { account: twilio, token: 'refused' as const },
      'wrong',
      /authorized: the gateway has other STREAM_TOKEN_SECRETS/,
    ],
    [
      refused(403, 'Not authorized.'),
      { account: twilio, token: 'accepted' as const },
      'wrong',
      /it is the signature/,
    ],
    [
      refused(403, 'Not authorized.'),
      { account: exotel, token: null },
      'wrong',
      /authorized: the gateway has other STREAM_TOKEN_SECRETS/,
    ],
    [refused(403, 'Not authorized.'), { account: nearTwilio, token: null }, 'not-checked', /allowCidrs/],
    [
      refused(404, 'No such stream. The URL is'),
      { account: twilio, token: null },
      'wrong',
      /proxy changes the path/,
    ],
    [refused(404, 'No such path.'), { account: twilio, token: null }, 'wrong', /lead \/ws\/ to the gateway/],
    [refused(503, 'Shutting down.'), { account: twilio, token: null }, 'warning', /takes no stream now/],
    [
      page(404, '{"message":"Cannot GET /ws/a/b"}'),
      { account: twilio, token: null },
      'wrong',
      /got no Upgrade header/,
    ],
    [page(200), { account: twilio, token: null }, 'wrong', /answered 200 in place of an upgrade/],
    [page(502), { account: twilio, token: null }, 'wrong', /cannot reach Greenroom/],
  ])('%j is judged', (opened, known, status, says) => {
    const verdict = judgeStream(opened, { ...known, kind: 'token' });
    expect(verdict).toEqual({ status, message: expect.stringMatching(says) as string });
    expect(verdict.message).not.toContain('/ws/a/b');
  });

  it.each([
    [refused(403, 'Not authorized.'), twilio, 'ok'],
    [refused(401, 'Not authorized.'), exotel, 'ok'],
    [refused(404, 'No such stream.'), twilio, 'wrong'],
    [page(403), twilio, 'wrong'],
    [{ opened: true as const, closeCode: 1000 }, twilio, 'wrong'],
    [{ opened: true as const, closeCode: 1000 }, exotel, 'wrong'],
    [{ opened: true as const, closeCode: 1000 }, near, 'not-checked'],
    [{ opened: true as const, closeCode: 1000 }, open, 'warning'],
  ])('without credentials, %# is judged', (opened, own, status) => {
    expect(judgeBare(opened, own).status).toBe(status);
  });
});

it('a clock is wrong by more than the time that asking takes', () => {
  const status = (theirs: number, more = {}) =>
    judgeClock({ askedAt: 10_000, theirs, toldAt: 10_100, ...more }).status;
  expect([10_050, 12_100, 8000].map((theirs) => status(theirs))).toEqual(['ok', 'ok', 'ok']);
  expect([12_101, 7999].map((theirs) => status(theirs))).toEqual(['wrong', 'wrong']);
  expect(status(7000, { coarseMs: 1000 })).toBe('ok');
  expect(judgeClock({ askedAt: 0, theirs: 7200, toldAt: 0 }).message).toContain(
    '7.2 s ahead of this machine’s',
  );
  expect(judgeClock({ askedAt: 0, theirs: -7200, toldAt: 0 }).message).toContain('7.2 s behind');
});

it('migrations are missing, or newer than the program', () => {
  expect(judgeMigrations(['A1', 'B2'], ['A1', 'B2']).status).toBe('ok');
  expect(judgeMigrations(['A1', 'B2'], ['A1'])).toMatchObject({
    status: 'wrong',
    message: expect.stringContaining('missing: B2.') as string,
  });
  expect(judgeMigrations(['A1'], ['A1', 'B2']).status).toBe('warning');
});

it('a queue must not be evicted', () => {
  expect(judgeQueue({ policy: 'noeviction', appends: true }, 'h').status).toBe('ok');
  expect(judgeQueue({ policy: 'noeviction', appends: false }, 'h').status).toBe('warning');
  expect(judgeQueue({ policy: 'volatile-lru', appends: true }, 'h').status).toBe('wrong');
  expect(judgeQueue({ policy: null, appends: true }, 'h').status).toBe('warning');
  expect(parseInfo('# Memory\r\nmaxmemory_policy:noeviction\r\nx:\r\n')).toEqual({
    maxmemory_policy: 'noeviction',
    x: '',
  });
});

it('an event that is late or lost shows', () => {
  expect([0.4, 51, null].map((ms) => judgeRoundTrip(ms).status)).toEqual(['ok', 'warning', 'wrong']);
});

it('secrets of stream tokens are there, long, and not typed by hand', () => {
  const one = 'a81f0c3e5d7b92460f1e2d3c4b5a6978';
  const status = (text: string | undefined) => judgeTokenSecrets(text).status;
  expect([one, `${one}, ${one}`].map(status)).toEqual(['ok', 'ok']);
  expect([undefined, '', one.slice(1), `${one},short`].map(status)).toEqual([
    'wrong',
    'wrong',
    'wrong',
    'wrong',
  ]);
  expect(['a'.repeat(40), [one, one, one].join(',')].map(status)).toEqual(['warning', 'warning']);
  expect(judgeTokenSecrets(one.slice(1)).message).not.toContain(one.slice(1));
});

it('a process is ready, or says what it lacks', () => {
  expect(judgeReady({ status: 200, body: 'ready\npostgres: ok\nredis: ok\n' })).toEqual({
    status: 'ok',
    message: 'ready',
  });
  expect(judgeReady({ status: 200, body: 'ready\nredis: no answer\n' })).toEqual({
    status: 'warning',
    message: 'ready; redis: no answer',
  });
  expect(judgeReady({ status: 503, body: 'draining\npostgres: ok\n' }).status).toBe('wrong');
  expect(judgeReady({ status: 200, body: '<html>' }).status).toBe('wrong');
});

it('an account that cannot work is found without asking its provider', () => {
  const vonage = { provider: 'vonage', credentials: { signatureSecrets: ['signature-secret'] } };
  const status = (more: object) => judgeAccount(account(more), 0).status;
  expect(judgeAccount(twilio, 0)).toEqual({ status: 'ok', message: 'authTokens (1)' });
  expect(status(vonage)).toBe('ok');
  expect(status({ ...vonage, api: { key: 'id', secret: 'this is no PEM' } })).toBe('wrong');
  expect(status({ ...vonage, credentials: { basic: [{ username: 'u', password: 'password' }] } })).toBe(
    'wrong',
  );
  expect(status({ credentials: { authTokens: ['token-of-twilio'] }, api: { key: 'AC1' } })).toBe('wrong');
  const telnyx = { provider: 'telnyx', credentials: { pathSecrets: ['path-secret'] } };
  expect(status({ ...telnyx, api: { key: 'K' } })).toBe('ok');
  expect(judgeAccount(account(telnyx), 0)).toEqual({
    status: 'ok',
    message: 'pathSecrets (1); no api: TeXML calls only, Call Control is refused',
  });
  expect(status({ provider: 'exotel' })).toBe('warning');
  expect(judgeAccount({ ...twilio, country: 'UK' }, 0)).toMatchObject({
    status: 'wrong',
    message: expect.stringMatching(/^country UK is none/) as string,
  });
});

it('a certificate that runs out is told in time', () => {
  const now = Date.parse('2026-03-01T00:00:00Z');
  const seen = { problem: null, issuer: 'An Authority', validTo: Date.parse('2026-06-01T00:00:00Z') };
  expect(judgeCertificate(seen, now)).toEqual({
    status: 'ok',
    message: 'valid until 2026-06-01, issued by An Authority',
  });
  expect(judgeCertificate({ ...seen, validTo: Date.parse('2026-03-10T00:00:00Z') }, now).status).toBe(
    'warning',
  );
  expect(judgeCertificate({ ...seen, problem: 'CERT_HAS_EXPIRED' }, now)).toMatchObject({
    status: 'wrong',
    message: expect.stringContaining('has expired') as string,
  });
});

it('a process’s own words are read', () => {
  const text =
    'Wrong settings in the environment:\n  PORT: too large (port for it)\n  DATABASE_URL: is not set\n';
  expect(settingsRefused(text)).toEqual(['PORT: too large (port for it)', 'DATABASE_URL: is not set']);
  expect(settingsRefused('Cannot start: no such module\n')).toBeNull();
});
