import { AnnouncementSchema, CallIdSchema } from '@greenroom/contracts';
import * as fc from 'fast-check';
import type {
  AnswerContext,
  AudioFormat,
  InboundMessage,
  MediaAdapter,
  MediaCodec,
  Webhook,
  WebhookAccount,
  WebhookAdapter,
  WebhookAnswer,
  WebhookRequest,
} from './port';

/*
 * What every provider's adapters have to hold, run once for each provider. A provider joins by bringing samples; where
 * providers differ, the samples say so as data.
 */

export interface WebhookSamples {
  account: WebhookAccount;
  /** the parameter that a refused call id has to be blamed on */
  callIdParameter: string;
  /** as they come over the wire, and what each of them means */
  deliveries: readonly { name: string; operation: string; request: WebhookRequest; webhook: Webhook }[];
  /** a delivery of this operation with the call id parameters given here, percent-encoded, such as `CallSid=a&CallSid=b` */
  withCallId: (operation: string, parameters: string) => WebhookRequest;
  /** what the answer to each operation holds */
  answers: Readonly<Record<string, { contentType: string; body: string }>>;
  /** what it is to those that ask what comes next, where that is a transfer to `context.transferTo` */
  transfers: Readonly<Record<string, WebhookAnswer>>;
  transfersTo: WebhookAdapter['transfersTo'];
  /** nothing comes next, and there is a number that a transfer would go to */
  context: AnswerContext;
  /** null where the provider signs nothing */
  sign: ((request: WebhookRequest, secret: string) => WebhookRequest) | null;
}

/** A raw HTTP request, as the example files have them, to a service with this public base URL. */
export function requestFromText(text: string, base = 'https://voice.example.com'): WebhookRequest {
  const [head = '', body = ''] = text.split(/\r?\n\r?\n/, 2);
  const [first = '', ...lines] = head.split(/\r?\n/);
  const [method, target] = first.split(' ');
  const headers = lines
    .map((line) => line.split(/: ?(.*)/s, 2))
    .map(([name, value]) => [name?.toLowerCase(), value]);
  return {
    method: method === 'POST' ? 'POST' : 'GET',
    url: `${base}${target ?? ''}`,
    headers: Object.fromEntries(headers) as WebhookRequest['headers'],
    body: body.trimEnd(),
  };
}

/** The same parameters as a query, and as a form. */
export const getWith = (
  url: string,
  parameters: Readonly<Record<string, string>> | string,
): WebhookRequest => ({
  method: 'GET',
  url: `${url}?${new URLSearchParams(parameters).toString()}`,
  headers: {},
  body: '',
});

export const postWith = (
  url: string,
  parameters: Readonly<Record<string, string>> | string,
): WebhookRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(parameters).toString(),
});

const BAD_CALL_IDS = (name: string): [string, string][] => [
  ['missing', ''],
  ['empty', `${name}=`],
  ['repeated', `${name}=56b1234567abcdef&${name}=56b1234567abcdef`],
  ['an array', `${name}%5B%5D=56b1234567abcdef`],
  ['an indexed array', `${name}%5B0%5D=56b1234567abcdef`],
  ['both plain and an array', `${name}=56b1234567abcdef&${name}%5B1%5D=56b1234567abcdef`],
  ['an object', `${name}%5Ba%5D=56b1234567abcdef`],
  ['too short', `${name}=56b`],
  ['over-long', `${name}=${'x'.repeat(161)}`],
  ['with a blank', `${name}=56b1234567+abcdef`],
  ['with a line break', `${name}=56b1234567%0Aabcdef`],
  ['with a NUL', `${name}=56b1234567%00abcdef`],
  ['with a separator of our keys', `${name}=56b1234567%7Cabcdef`],
  ['with letters of another script', `${name}=56b1234567%D0%B0bcdef`],
];

export function describeWebhookAdapter(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const operations = Object.keys(adapter.operations);
  const { account, callIdParameter, context } = samples;

  describe(`the webhooks of ${adapter.provider}`, () => {
    describeDeliveries(adapter, samples);

    const bad = operations.flatMap((operation) =>
      BAD_CALL_IDS(callIdParameter).map(([title, parameters]) => ({ operation, title, parameters })),
    );
    it.each(bad)('refuse a bad call id: $title ($operation)', ({ operation, parameters }) => {
      const webhook = adapter.parse(operation, samples.withCallId(operation, parameters), account);
      expect(webhook.kind).toBe('refused');
      const reason = webhook.kind === 'refused' ? webhook.reason : '';
      expect(reason).toMatch(new RegExp(`^${callIdParameter}: `));
      expect(reason).not.toMatch(/56b|xxx/);
    });

    it('refuse an operation that is not theirs', () => {
      const { request } = samples.deliveries[0]!;
      for (const operation of ['', 'nothing', '__proto__', 'constructor', 'toString']) {
        expect(adapter.parse(operation, request, account)).toEqual({
          kind: 'refused',
          reason: expect.any(String) as string,
        });
      }
    });

    it('are understood or refused, whatever comes', () => {
      fc.assert(
        fc.property(anyRequest, fc.constantFrom(...operations), (request, operation) => {
          const webhook = adapter.parse(operation, request, account);
          if (webhook.kind !== 'refused') expect(CallIdSchema.safeParse(webhook.callId).success).toBe(true);
        }),
        { numRuns: 100 },
      );
    });

    it.each(operations)('are answered alike each time (%s)', (operation) => {
      const answer = adapter.answer(operation, context);
      expect(answer).toEqual({ status: 200, ...samples.answers[operation] });
      expect(adapter.answer(operation, context)).toEqual(answer);
    });

    describeTransfers(adapter, samples);
    describeSignature(adapter, samples);
  });
}

function describeTransfers(adapter: WebhookAdapter, samples: WebhookSamples): void {
  const { deliveries, transfers, transfersTo, context } = samples;
  const transfer = { ...context, next: 'transfer' as const };
  const asks = (webhook: Webhook) => webhook.kind === 'stream-ended' && webhook.asksNext;
  const asking = new Set(deliveries.flatMap(({ operation, webhook }) => (asks(webhook) ? operation : [])));

  it('transfer a call in answer to what asks, and to nothing else', () => {
    expect(Object.keys(transfers).sort()).toEqual([...asking].sort());
    for (const operation of Object.keys(adapter.operations)) {
      const none = adapter.answer(operation, context);
      expect(adapter.answer(operation, transfer)).toEqual(transfers[operation] ?? none);
      expect(transfers[operation]).not.toEqual(none);
    }
  });

  it(`transfer to the ${transfersTo} that stands there`, () => {
    expect(adapter.transfersTo).toBe(transfersTo);
    for (const operation of asking) {
      const nobody = adapter.answer(operation, { ...transfer, transferTo: null });
      expect(nobody).toEqual(adapter.answer(operation, transfersTo === 'flow' ? transfer : context));
      const named = adapter.answer(operation, transfer).body.includes(context.transferTo ?? '');
      expect(named).toBe(transfersTo === 'number');
    }
  });
}

function describeDeliveries(adapter: WebhookAdapter, samples: WebhookSamples): void {
  it.each(samples.deliveries)('are understood: $name', ({ operation, request, webhook }) => {
    expect(adapter.operations[operation]).toContain(request.method);
    expect(adapter.parse(operation, request, samples.account)).toEqual(webhook);
  });

  it('announce calls as the contract has it', () => {
    const announcements = samples.deliveries
      .map(({ operation, request }) => adapter.parse(operation, request, samples.account))
      .filter((webhook) => webhook.kind === 'announcement');
    expect(announcements.length).toBeGreaterThan(0);
    for (const { callId, announcement } of announcements) {
      expect(AnnouncementSchema.parse(announcement)).toEqual(announcement);
      expect(announcement).toMatchObject({
        provider: adapter.provider,
        account: samples.account.name,
        callId,
      });
    }
  });
}

/** Any UTF-16 at all, halves of surrogate pairs among it. */
const anyText = fc.uint16Array({ maxLength: 20 }).map((units) => String.fromCharCode(...units));

/** Hostile requests that look right from far away. */
const anyRequest: fc.Arbitrary<WebhookRequest> = fc
  .record({
    method: fc.constantFrom('GET' as const, 'POST' as const),
    type: fc.constantFrom('application/x-www-form-urlencoded', 'application/json', undefined),
    pairs: fc.array(
      fc.tuple(
        fc.constantFrom(
          'CallSid',
          'From',
          'CallFrom',
          'CustomField',
          'Stream',
          'Stream[Status]',
          'Direction',
          'x',
        ),
        fc.oneof(fc.constant('56b1234567abcdef'), anyText, fc.json()),
      ),
      { maxLength: 8 },
    ),
    raw: fc.option(fc.oneof(anyText, fc.json({ maxDepth: 5 }))),
  })
  .map(({ method, type, pairs, raw }) => {
    const encoded = raw ?? new URLSearchParams(pairs).toString();
    return {
      method,
      url: `https://voice.example.com/webhooks/x?${method === 'GET' ? encoded : ''}`,
      headers: { 'content-type': type },
      body: method === 'POST' ? encoded : '',
    };
  });

function describeSignature(adapter: WebhookAdapter, { deliveries, sign }: WebhookSamples): void {
  const { request } = deliveries[0]!;

  it(`say whether they are signed: ${adapter.signs}`, () => {
    expect(adapter.signs).toBe(sign !== null);
  });

  if (sign === null) {
    it('never pass for signed', () => {
      expect(adapter.verify(request, ['secret'])).toBe(false);
    });
    return;
  }

  it('are taken with the signature of any of the secrets', () => {
    expect(adapter.verify(sign(request, 'new'), ['old', 'new'])).toBe(true);
    expect(adapter.verify(sign(request, 'old'), ['old', 'new'])).toBe(true);
  });

  it.each<[string, readonly string[]]>([
    ['another secret', ['another']],
    ['no secret', []],
    ['an empty secret', ['']],
  ])('are not taken with %s', (_, secrets) => {
    expect(adapter.verify(sign(request, 'secret'), secrets)).toBe(false);
    expect(adapter.verify(sign(request, ''), secrets)).toBe(false);
  });

  it('are not taken without a signature, or once anything was changed', () => {
    const signed = sign(request, 'secret');
    const changed = [
      request,
      { ...signed, url: `${signed.url}x` },
      { ...signed, body: `${signed.body}x` },
      { ...signed, body: `${signed.body}&x=1` },
      ...Object.entries(signed.headers).flatMap(([name, value]) =>
        request.headers[name] === value
          ? []
          : [undefined, '', 'x', `${String(value)} `, [String(value)], [String(value), 'x']].map((other) => ({
              ...signed,
              headers: { ...signed.headers, [name]: other },
            })),
      ),
    ];
    for (const other of changed) expect(adapter.verify(other, ['secret'])).toBe(false);
    expect(adapter.verify(signed, ['secret'])).toBe(true);
  });
}

export interface MediaSamples {
  inbound: readonly { name: string; text: string; message: InboundMessage }[];
  /** a `start` message with this call id in it */
  startWith: (callId: unknown) => string;
  /** what is sent after `start`, in this order, on one stream */
  outbound: readonly { name: string; encode: (codec: MediaCodec) => string; message: unknown }[];
  capabilities: {
    formats: readonly AudioFormat[];
    messageBytes: number;
    multipleOf: number;
    clearReturnsMarks: boolean;
    clearCutsMessage: boolean;
    inboundMs: number;
    signsUpgrade: boolean;
  };
  sign: ((url: string, secret: string) => WebhookRequest['headers']) | null;
}

export function describeMediaAdapter(adapter: MediaAdapter, samples: MediaSamples): void {
  describe(`the media stream of ${adapter.provider}`, () => {
    it.each(samples.inbound)('is understood: $name', ({ text, message }) => {
      expect(adapter.open().decode(text)).toEqual(message);
    });

    it('sends what the provider reads, once it has started', () => {
      const codec = adapter.open();
      const other = adapter.open();
      codec.decode(samples.startWith('56b1234567abcdef'));
      other.decode(samples.startWith('56b1234567abcdef'));
      for (const { encode, message } of samples.outbound) {
        const text = encode(codec);
        expect(JSON.parse(text)).toEqual(message);
        // counters belong to one stream
        expect(encode(other)).toBe(text);
      }
    });

    it.each([
      ['missing', undefined],
      ['null', null],
      ['empty', ''],
      ['a number', 1234567890],
      ['an array', ['56b1234567abcdef']],
      ['an object', { id: '56b1234567abcdef' }],
      ['too short', '56b'],
      ['over-long', 'x'.repeat(161)],
      ['with a blank', '56b1234567 abcdef'],
      ['with a line break', '56b1234567abcdef\n'],
      ['with a separator of our keys', '56b1234567|abcdef'],
    ])('does not start with a bad call id: %s', (_, callId) => {
      const message = adapter.open().decode(samples.startWith(callId));
      expect(message).toEqual({
        kind: 'malformed',
        reason: expect.stringMatching(/^start: call_?sid: /i) as string,
      });
      expect(message).not.toEqual(
        expect.objectContaining({ reason: expect.stringMatching(/56b|xxx/) as string }),
      );
    });

    it.each([
      '',
      'null',
      '[]',
      '"start"',
      '1',
      '{',
      '{"event":{}}',
      '{"event":["start"]}',
      '{"event":""}',
      '\ufeff{}',
    ])('is told apart from %j', (text) => {
      expect(adapter.open().decode(text).kind).toBe('malformed');
    });

    it.each(['start', 'media', 'dtmf', 'mark'])('finds a %s message malformed without its block', (event) => {
      for (const block of [undefined, null, 1, 'x', [], {}]) {
        const message = adapter.open().decode(JSON.stringify({ event, [event]: block }));
        expect(message).toEqual({
          kind: 'malformed',
          reason: expect.stringMatching(`^${event}: `) as string,
        });
      }
    });

    it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'some-new-event'])(
      'ignores the event %s',
      (event) => {
        expect(adapter.open().decode(JSON.stringify({ event }))).toEqual({ kind: 'ignored', event });
      },
    );

    describeHostileMessages(adapter, samples);
    describeCapabilities(adapter, samples);
  });
}

function describeHostileMessages(adapter: MediaAdapter, samples: MediaSamples): void {
  it.each(['A', 'AAA', 'AA=A', 'AAAA\n', 'AA==AA==', '-_-_', '====', '!!!!', 'AAAA AAAA', 1, null, ['AAAA']])(
    'finds audio malformed that is not base64: %j',
    (payload) => {
      const message = adapter.open().decode(JSON.stringify({ event: 'media', media: { payload } }));
      expect(message).toEqual({ kind: 'malformed', reason: 'media: payload is not base64' });
    },
  );

  it('finds a long bad payload malformed at once', () => {
    const payload = `${'A'.repeat(99_999)}!`;
    expect(adapter.open().decode(JSON.stringify({ event: 'media', media: { payload } })).kind).toBe(
      'malformed',
    );
  });

  it('does not mind depth', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    expect(adapter.open().decode(`{"event":"media","media":${deep}}`).kind).toBe('malformed');
  });

  it('takes parameters that are text to text, at most 32, and nothing else', () => {
    const start = JSON.parse(samples.startWith('56b1234567abcdef')) as { start: Record<string, unknown> };
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, 'v']));
    const given = { number: 1, object: {}, nothing: null, list: ['a'], long: 'x'.repeat(2000), ...many };
    const text = JSON.stringify({
      ...start,
      start: { ...start.start, custom_parameters: given, customParameters: given },
    }).replaceAll('"number":1', '"__proto__":"x","constructor":"c"');
    const message = adapter.open().decode(text);
    const parameters = message.kind === 'start' ? message.start.parameters : {};
    expect(Object.keys(parameters)).toEqual(['constructor', ...Object.keys(many).slice(0, 31)]);
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
  });

  const texts = samples.inbound.map(({ text }) => text).filter((text) => text.length < 1000);

  it('never throws on text', () => {
    const codec = adapter.open();
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => codec.decode(text).kind === 'malformed'),
      { numRuns: 2000 },
    );
  });

  it('never throws on JSON', () => {
    const codec = adapter.open();
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 2 }),
        (value) => typeof codec.decode(JSON.stringify(value)).kind === 'string',
      ),
      { numRuns: 1000 },
    );
  });

  it('never throws on its own messages with one value replaced', () => {
    const codec = adapter.open();
    const replaced = fc.tuple(fc.constantFrom(...texts), fc.nat(), fc.constantFrom(...STRANGE));
    fc.assert(
      fc.property(
        replaced,
        ([text, at, value]) => typeof codec.decode(replaceValue(text, at, value)).kind === 'string',
      ),
      { numRuns: 2000 },
    );
  });
}

const STRANGE = [
  'null',
  '1e400',
  '-1',
  '""',
  '[]',
  '{}',
  '"\\u0000"',
  '"\\ud800"',
  '{"__proto__":[]}',
  'true',
  '0.1',
];

/** Replaces the n-th string or number of a JSON text that stands where a value stands. */
function replaceValue(text: string, at: number, value: string): string {
  const values = [...text.matchAll(/(?<=: ?)("[^"]*"|[\d.]+)/g)];
  const found = values[at % values.length];
  if (!found) return text;
  return text.slice(0, found.index) + value + text.slice(found.index + found[0].length);
}

function describeCapabilities(adapter: MediaAdapter, { capabilities, sign }: MediaSamples): void {
  it('says how audio is to be sent', () => {
    const { outbound } = adapter;
    for (const format of capabilities.formats)
      expect(outbound.messageBytes(format)).toBe(capabilities.messageBytes);
    expect(outbound.multipleOf).toBe(capabilities.multipleOf);
    expect(capabilities.messageBytes % outbound.multipleOf).toBe(0);
    expect(outbound.marksReturn).toBe('when-played');
    expect(outbound.clearReturnsMarks).toBe(capabilities.clearReturnsMarks);
    expect(outbound.clearCutsMessage).toBe(capabilities.clearCutsMessage);
    expect(outbound.inboundMs).toBe(capabilities.inboundMs);
    expect(adapter.signsUpgrade).toBe(capabilities.signsUpgrade);
  });

  const url = 'wss://voice.example.com/media/some-account';

  if (sign === null) {
    it('never passes for signed', () => {
      expect(adapter.verifyUpgrade(url, { 'x-twilio-signature': 'x' }, ['secret'])).toBe(false);
    });
    return;
  }

  it('is taken when its upgrade is signed for this URL with one of the secrets', () => {
    expect(adapter.verifyUpgrade(url, sign(url, 'secret'), ['other', 'secret'])).toBe(true);
    expect(adapter.verifyUpgrade(url, sign(url, 'secret'), ['other', ''])).toBe(false);
    expect(adapter.verifyUpgrade(url, sign(`${url}x`, 'secret'), ['secret'])).toBe(false);
    expect(adapter.verifyUpgrade(url, {}, ['secret'])).toBe(false);
  });
}
