import type { WebhookRequest } from './port';

/*
 * What every signature has to hold, on webhooks and on the upgrades of media streams: taken as it was made, with any of
 * the secrets, and refused once anything of it was changed. A provider brings requests and a signer.
 */

/** The contract's clock, unix ms. */
export const NOW = 1_700_000_000_000;

export interface SignedSample {
  name: string;
  /** not signed yet */
  request: WebhookRequest;
  /** changes that this scheme does not see, and why; the suite makes sure that it does not */
  unseen?: Readonly<Partial<Record<Change, string>>>;
}

export interface SignatureSamples {
  /** one for each way that requests come: query, form, JSON */
  requests: readonly SignedSample[];
  /** three different ones, as `verify` takes them */
  secrets: readonly [string, string, string];
  /** signs as the provider does; `secret` is one of `secrets`, or empty where `emptySecretSigns` */
  sign: (request: WebhookRequest, secret: string, now: number) => WebhookRequest;
  /** HMAC takes an empty key, and then anybody could sign; no key pair is empty */
  emptySecretSigns: boolean;
  /** what only this scheme can get wrong: other algorithms, prefixes, versions, claims. Never empty. */
  forgeries: readonly {
    name: string;
    forge: (request: WebhookRequest, secret: string, now: number) => WebhookRequest;
  }[];
  /** how far in ms a request's time may be from ours; null: there is no time in it */
  windowMs: number | null;
}

type Verify = (request: WebhookRequest, secrets: readonly string[], now: number) => boolean;

/** Null where the request has nothing to change so. */
type Mutate = (signed: WebhookRequest, header: string) => WebhookRequest | null;

const withHeader = (request: WebhookRequest, name: string, value: string | string[] | undefined) => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

const valueOf = (request: WebhookRequest, name: string): string => String(request.headers[name]);

/** Changes of the request; the signature stays as it is. */
const REQUEST_CHANGES = {
  'another path': ({ url, ...rest }) => ({ ...rest, url: url.replace(/(?=[?#]|$)/, 'x') }),
  'another host': ({ url, ...rest }) => ({ ...rest, url: url.replace('://', '://other.') }),
  'a parameter more in the URL': ({ url, ...rest }) => ({
    ...rest,
    url: `${url}${url.includes('?') ? '&' : '?'}x=1`,
  }),
  'another value of a parameter': (request) => changeParameters(request, changeValue),
  'a parameter more': (request) => changeParameters(request, addParameter),
  'a parameter less': (request) => changeParameters(request, removeParameter),
  'another byte in the body': (request) => changeBody(request, (body) => otherLast(body)),
  'a byte more in the body': (request) => changeBody(request, (body) => `${body}x`),
  'a byte less in the body': (request) => changeBody(request, (body) => body.slice(0, -1)),
  'no body': (request) => changeBody(request, () => ''),
} satisfies Record<string, Mutate>;

/** Changes of one header of the signature; each header that the signer sets is changed in turn. */
const HEADER_CHANGES = {
  'the header missing': (signed, name) => withHeader(signed, name, undefined),
  'the header empty': (signed, name) => withHeader(signed, name, ''),
  'the header twice': (signed, name) => {
    const value = valueOf(signed, name);
    return withHeader(signed, name, [value, value]);
  },
  'the header in a list': (signed, name) => withHeader(signed, name, [valueOf(signed, name)]),
  'the header cut short': (signed, name) => withHeader(signed, name, valueOf(signed, name).slice(0, -1)),
  'another first letter': (signed, name) =>
    withHeader(signed, name, otherLast(valueOf(signed, name).slice(0, 1)) + valueOf(signed, name).slice(1)),
  'another last letter': (signed, name) => withHeader(signed, name, otherLast(valueOf(signed, name))),
  'a letter after it': (signed, name) => withHeader(signed, name, `${valueOf(signed, name)}x`),
  'a blank after it': (signed, name) => withHeader(signed, name, `${valueOf(signed, name)} `),
  'a blank before it': (signed, name) => withHeader(signed, name, ` ${valueOf(signed, name)}`),
} satisfies Record<string, Mutate>;

export type Change = keyof typeof REQUEST_CHANGES | keyof typeof HEADER_CHANGES;

/** Two letters that every alphabet here has, base64 and hex among them, and that differ in more than their low bits. */
const otherLast = (value: string): string => value.slice(0, -1) + (/[0-7]$/.test(value) ? '9' : '1');

function changeBody(request: WebhookRequest, change: (body: string) => string): WebhookRequest | null {
  return request.body === '' ? null : { ...request, body: change(request.body) };
}

/** Changes query, form or JSON body, whichever holds the parameters; the rest stays byte for byte. */
function changeParameters(
  request: WebhookRequest,
  change: (parameters: string, json: boolean) => string,
): WebhookRequest | null {
  if (request.body !== '') {
    return { ...request, body: change(request.body, request.body.startsWith('{')) };
  }
  const [base = '', query] = request.url.split('?', 2);
  return query === undefined ? null : { ...request, url: `${base}?${change(query, false)}` };
}

const changeValue = (parameters: string, json: boolean): string =>
  json ? parameters.replace(/(:\s*"[^"]*)"/, '$1x"') : parameters.replace(/=[^&]*|$/, '$&x');

const addParameter = (parameters: string, json: boolean): string =>
  json ? parameters.replace('{', '{"x":1,') : `${parameters}&x=1`;

function removeParameter(parameters: string, json: boolean): string {
  if (!json) return parameters.split('&').slice(0, -1).join('&');
  const entries = Object.entries(JSON.parse(parameters) as object);
  return JSON.stringify(Object.fromEntries(entries.slice(0, -1)));
}

/** @param verify the adapter's; for an upgrade, over a GET without a body */
export function describeSignature(verify: Verify, samples: SignatureSamples): void {
  const { requests, secrets, sign } = samples;
  const [secret] = secrets;

  it('are tried with three different secrets, and forged in at least one way', () => {
    expect(new Set(secrets).size).toBe(3);
    expect(samples.forgeries.length).toBeGreaterThan(0);
  });

  describe.each(requests)('signed: $name', (sample) => {
    const signed = sign(sample.request, secret, NOW);

    describeSecrets(verify, samples, sample.request);
    describeChanges(verify, samples, sample);
    describeTime(verify, samples, sample.request);

    it.each(samples.forgeries)('is not taken with $name', ({ forge }) => {
      const forged = forge(sample.request, secret, NOW);
      expect(forged).not.toEqual(signed);
      expect(verify(forged, [secret], NOW)).toBe(false);
    });
  });
}

function describeSecrets(verify: Verify, samples: SignatureSamples, request: WebhookRequest): void {
  const { sign } = samples;
  const [old, fresh, another] = samples.secrets;

  it('is taken with any of the secrets, while one is changed for another', () => {
    for (const secret of [old, fresh]) {
      expect(verify(sign(request, secret, NOW), [secret], NOW)).toBe(true);
      expect(verify(sign(request, secret, NOW), [old, fresh], NOW)).toBe(true);
      expect(verify(sign(request, secret, NOW), [fresh, old], NOW)).toBe(true);
    }
  });

  it('is taken with the right secret beside one that is none', () => {
    for (const broken of ['', ' ', 'not a key', '\u0000', 'ü', another.slice(1)]) {
      expect(verify(sign(request, old, NOW), [broken, old], NOW)).toBe(true);
      expect(verify(sign(request, old, NOW), [old, broken], NOW)).toBe(true);
    }
  });

  it.each<[string, readonly string[]]>([
    ['another secret', [another]],
    ['two other secrets', [another, fresh]],
    ['no secret', []],
    ['an empty secret', ['']],
    ['a part of the secret', [old.slice(0, -1)]],
    ['two secrets in one', [`${another},${old}`]],
  ])('is not taken with %s', (_, secrets) => {
    expect(verify(sign(request, old, NOW), secrets, NOW)).toBe(false);
  });

  if (samples.emptySecretSigns) {
    it('is not taken when an empty secret has signed it', () => {
      expect(verify(sign(request, '', NOW), ['', old], NOW)).toBe(false);
    });
  }
}

function describeChanges(
  verify: Verify,
  { sign, secrets }: SignatureSamples,
  { request, unseen = {} }: SignedSample,
): void {
  const [secret] = secrets;
  const signed = sign(request, secret, NOW);
  const headers = Object.keys(signed.headers).filter(
    (name) => signed.headers[name] !== request.headers[name],
  );
  const made = [
    ...Object.entries<Mutate>(REQUEST_CHANGES).map(([change, mutate]) => ({
      change,
      title: change,
      mutated: mutate(signed, ''),
    })),
    ...headers.flatMap((name) =>
      Object.entries<Mutate>(HEADER_CHANGES).map(([change, mutate]) => ({
        change,
        title: `${change} (${name})`,
        mutated: mutate(signed, name),
      })),
    ),
  ].flatMap(({ mutated, ...rest }) => (mutated === null ? [] : [{ ...rest, mutated }]));
  const reasonOf = (change: string) => (unseen as Readonly<Record<string, string>>)[change];
  const seen = made.filter(({ change }) => reasonOf(change) === undefined);
  const others = made
    .filter(({ change }) => reasonOf(change) !== undefined)
    .map((one) => ({ ...one, reason: reasonOf(one.change) }));

  it('is signed in a header', () => {
    expect(headers).not.toEqual([]);
    expect(verify(request, [secret], NOW)).toBe(false);
  });

  it.each(seen)('is not taken with $title', ({ mutated }) => {
    expect(mutated).not.toEqual(signed);
    expect(verify(mutated, [secret], NOW)).toBe(false);
  });

  if (others.length > 0) {
    it.each(others)('does not see $title: $reason', ({ mutated }) => {
      expect(verify(mutated, [secret], NOW)).toBe(true);
    });
  }

  it('is not taken, and nothing throws, whatever the header holds', () => {
    for (const name of headers) {
      for (const value of HOSTILE) {
        expect(verify(withHeader(signed, name, value), [secret], NOW)).toBe(false);
      }
    }
  });
}

const HOSTILE: readonly (string | string[])[] = [
  'x',
  ' ',
  ',',
  ', ,',
  '.',
  '..',
  'a.b.c',
  'Bearer',
  'Bearer ',
  'Bearer ..',
  'Bearer e30.e30.e30',
  `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
  'Basic Og==',
  'null',
  '0',
  '-1',
  '1e400',
  'NaN',
  'ü',
  '\u0000',
  '\ud800',
  '😀'.repeat(30),
  '====',
  '!!!!',
  'A'.repeat(100_000),
  'A,'.repeat(20_000),
  '.'.repeat(50_000),
  `${'A'.repeat(99_999)}!`,
  '__proto__',
  [],
  [''],
  ['x', 'y'],
];

function describeTime(
  verify: Verify,
  { sign, secrets, windowMs }: SignatureSamples,
  request: WebhookRequest,
) {
  const [secret] = secrets;
  const taken = (age: number): boolean => verify(sign(request, secret, NOW), [secret], NOW + age);
  const second = 1000;

  if (windowMs === null) {
    it('is taken at any time, since there is none in it', () => {
      for (const age of [-NOW, -1, 0, 1, NOW]) expect(taken(age)).toBe(true);
    });
    return;
  }

  it(`is taken within ${windowMs} ms, either way`, () => {
    for (const age of [-windowMs + second, 0, windowMs - second]) expect(taken(age)).toBe(true);
  });

  it('is not taken when it is older, or from the future', () => {
    for (const age of [-NOW, -windowMs - second, windowMs + second, NOW]) expect(taken(age)).toBe(false);
  });
}
