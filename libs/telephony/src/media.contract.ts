import * as fc from 'fast-check';
import { replaceValue, STRANGE } from './hostile-request.contract';
import type {
  AudioFormat,
  InboundMessage,
  MediaAdapter,
  MediaCodec,
  OutboundRule,
  StreamRule,
  WebhookRequest,
  WireMessage,
} from './port';
import { describeSignature, NOW, type SignatureSamples } from './signature.contract';

export interface MediaSamples {
  inbound: readonly { name: string; wire: WireMessage; message: InboundMessage }[];
  /**
   * What starts a stream, with this call id (undefined: without one) and these custom parameters in the way that the
   * provider gives them back.
   */
  startWith: (callId: unknown, parameters?: Readonly<Record<string, unknown>>) => string;
  /** the provider's name of the call id, as the reason for a start without it has it: `start: callSid: missing` */
  callIdName: string;
  /** can a custom parameter come as anything but text? */
  parameterValues: 'json' | 'text';
  /** messages that are not understood, with what the reason begins with; `withoutBlock` makes the usual ones */
  malformed: readonly { name: string; wire: WireMessage; reason: string }[];
  /** a message of audio with this in place of its base64; null: audio comes in binary messages */
  audioWith: ((payload: unknown) => string) | null;
  /** what is sent after `start`, in this order, on one stream; `message` is JSON, or the bytes of a binary message */
  outbound: readonly { name: string; encode: (codec: MediaCodec) => WireMessage; message: unknown }[];
  capabilities: MediaCapabilities;
  /** null where the provider does not sign its upgrades; `request.url` is then the `wss://` URL of a GET */
  upgrade: SignatureSamples | null;
}

export interface MediaCapabilities {
  /** size of one message that we send, in bytes, for each format that a stream may have */
  messages: readonly { format: AudioFormat; bytes: number }[];
  outbound: Omit<OutboundRule, 'messageBytes' | 'marksReturn'>;
  stream: StreamRule;
}

/** Messages of these events whose block, a member of the event's own name, is missing or no object. */
export const withoutBlock = (...events: string[]): MediaSamples['malformed'] =>
  events.flatMap((event) =>
    [undefined, null, 1, 'x', [], {}].map((block) => ({
      name: `${event} with ${JSON.stringify(block) ?? 'nothing'}`,
      wire: JSON.stringify({ event, [event]: block }),
      reason: `${event}: `,
    })),
  );

/** The upgrade of a stream, for `MediaSamples.upgrade`. */
export const upgradeOf = (url: string, headers: WebhookRequest['headers'] = {}): WebhookRequest => ({
  method: 'GET',
  url,
  headers,
  body: '',
});

const ID = '56b1234567abcdef';

export function describeMediaAdapter(adapter: MediaAdapter, samples: MediaSamples): void {
  describe(`the media stream of ${adapter.provider}`, () => {
    it.each(samples.inbound)('is understood: $name', ({ wire, message }) => {
      expect(adapter.open().decode(wire)).toEqual(message);
    });

    it('is understood from its bytes, as from its text', () => {
      const broken = [Buffer.of(0xff), Buffer.from('{"event":"\xff"}', 'latin1'), Buffer.from('\ufeff{}')];
      const texts = [...samples.inbound, ...samples.malformed].map(({ wire }) => wire);
      const all = texts.filter((wire) => typeof wire === 'string').map((text) => Buffer.from(text));
      for (const bytes of [...all, ...broken, new Uint8Array(0)]) {
        const text = Buffer.from(bytes).toString('utf8');
        expect(adapter.open().decodeText(bytes)).toEqual(adapter.open().decode(text));
      }
    });

    it('is started by bytes, as by text', () => {
      const [byBytes, byText] = [adapter.open(), adapter.open()];
      byBytes.decodeText(Buffer.from(samples.startWith(ID)));
      byText.decode(samples.startWith(ID));
      for (const { encode } of samples.outbound) expect(encode(byBytes)).toEqual(encode(byText));
    });

    it('sends what the provider reads, once it has started', () => {
      const codec = adapter.open();
      const other = adapter.open();
      codec.decode(samples.startWith(ID));
      other.decode(samples.startWith(ID));
      for (const { encode, message } of samples.outbound) {
        const wire = encode(codec);
        expect(typeof wire === 'string' ? JSON.parse(wire) : new Uint8Array(wire)).toEqual(message);
        // counters belong to one stream
        expect(encode(other)).toEqual(wire);
      }
    });

    describeStart(adapter, samples);

    it.each([
      '',
      'null',
      '[]',
      '"start"',
      '1',
      '{',
      '{}',
      '{"event":{}}',
      '{"event":["start"]}',
      '{"event":""}',
      '\ufeff{}',
    ])('is told apart from %j', (text) => {
      expect(adapter.open().decode(text).kind).toBe('malformed');
    });

    it.each(samples.malformed)('has malformed messages: $name', ({ wire, reason }) => {
      const message = adapter.open().decode(wire);
      expect(message.kind).toBe('malformed');
      expect(message.kind === 'malformed' && message.reason.startsWith(reason)).toBe(true);
    });

    it('blames a start, digits and marks by our own names for them', () => {
      const blamed = new Set(samples.malformed.map(({ reason }) => reason.replace(/: .*$/, ': ')));
      const text = samples.audioWith === null ? [] : ['media: '];
      expect([...blamed]).toEqual(expect.arrayContaining(['start: ', 'dtmf: ', 'mark: ', ...text]));
    });

    it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'some-new-event'])(
      'ignores the event %s',
      (event) => {
        expect(adapter.open().decode(JSON.stringify({ event }))).toEqual({ kind: 'ignored', event });
      },
    );

    describeAudio(adapter, samples);
    describeHostileMessages(adapter, samples);
    describeCapabilities(adapter, samples);
    describeUpgrade(adapter, samples);
  });
}

function describeStart(
  adapter: MediaAdapter,
  { startWith, callIdName, parameterValues }: MediaSamples,
): void {
  it('starts with a call id', () => {
    expect(adapter.open().decode(startWith(ID))).toMatchObject({ kind: 'start', start: { callId: ID } });
  });

  it.each([
    ['missing', undefined],
    ['null', null],
    ['empty', ''],
    ['a number', 1234567890],
    ['an array', [ID]],
    ['an object', { id: ID }],
    ['too short', '56b'],
    ['over-long', 'x'.repeat(161)],
    ['with a blank', '56b1234567 abcdef'],
    ['with a line break', `${ID}\n`],
    ['with a NUL', '56b1234567\u0000abcdef'],
    ['with a separator of our keys', '56b1234567|abcdef'],
  ])('does not start with a bad call id: %s', (_, callId) => {
    const message = adapter.open().decode(startWith(callId));
    const reason = message.kind === 'malformed' ? message.reason : '';
    expect(message.kind).toBe('malformed');
    expect(reason.startsWith(`start: ${callIdName}: `)).toBe(true);
    expect(reason).not.toMatch(/56b|xxx|12345/);
  });

  it('takes parameters that are text to text, at most 32, and nothing else', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, 'v']));
    const strange = { number: 1, object: {}, nothing: null, list: ['a'], long: 'x'.repeat(2000) };
    const given = parameterValues === 'json' ? { ...strange, ...many } : many;
    const text = startWith(ID, given).replace('"number":1', '"__proto__":"x","constructor":"c"');
    const message = adapter.open().decode(text);
    const parameters = message.kind === 'start' ? message.start.parameters : {};
    const kept =
      parameterValues === 'json'
        ? ['constructor', ...Object.keys(many).slice(0, 31)]
        : Object.keys(many).slice(0, 32);
    expect(Object.keys(parameters)).toEqual(kept);
    expect(Object.getPrototypeOf(parameters)).toBe(Object.prototype);
  });
}

function describeAudio(adapter: MediaAdapter, { audioWith }: MediaSamples): void {
  const binary = [new Uint8Array(0), new Uint8Array(1), new Uint8Array(640).fill(7), Buffer.from('{}')];

  if (audioWith === null) {
    it('takes a binary message for audio, and no byte around it', () => {
      const whole = new Uint8Array(800).map((_, i) => i);
      const message = adapter.open().decode(whole.subarray(80, 720));
      expect(message).toMatchObject({ kind: 'audio' });
      const payload = message.kind === 'audio' ? message.payload : new Uint8Array();
      expect(new Uint8Array(payload)).toEqual(whole.slice(80, 720));
    });

    it('never throws on bytes', () => {
      for (const bytes of binary) expect(['audio', 'malformed']).toContain(adapter.open().decode(bytes).kind);
    });
    return;
  }

  it('finds binary messages malformed, since the protocol has none', () => {
    for (const bytes of binary) {
      expect(adapter.open().decode(bytes)).toEqual({ kind: 'malformed', reason: 'message: binary' });
    }
  });

  it.each(['A', 'AAA', 'AA=A', 'AAAA\n', 'AA==AA==', '-_-_', '====', '!!!!', 'AAAA AAAA', 1, null, ['AAAA']])(
    'finds audio malformed that is not base64: %j',
    (payload) => {
      const message = adapter.open().decode(audioWith(payload));
      expect(message).toEqual({ kind: 'malformed', reason: 'media: payload is not base64' });
    },
  );

  it('finds a long bad payload malformed at once', () => {
    expect(adapter.open().decode(audioWith(`${'A'.repeat(99_999)}!`)).kind).toBe('malformed');
  });
}

function describeHostileMessages(adapter: MediaAdapter, samples: MediaSamples): void {
  it('does not mind depth', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    const text = samples.audioWith?.('DEEP').replace('"DEEP"', deep) ?? `{"event":${deep}}`;
    expect(adapter.open().decode(text).kind).toBe('malformed');
    expect(() => adapter.open().decode(samples.startWith('DEEP').replace('"DEEP"', deep))).not.toThrow();
  });

  const texts = samples.inbound
    .map(({ wire }) => wire)
    .filter((wire) => typeof wire === 'string')
    .filter((wire) => wire.length < 1000);

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

function describeCapabilities(adapter: MediaAdapter, { capabilities, inbound }: MediaSamples): void {
  it('says how audio is to be sent', () => {
    const { messages, outbound: expected } = capabilities;
    const { messageBytes, ...outbound } = adapter.outbound;
    expect(outbound).toEqual({ ...expected, marksReturn: 'when-played' });
    expect(messages.length).toBeGreaterThan(0);
    for (const { format, bytes } of messages) {
      expect(messageBytes(format)).toBe(bytes);
      expect(bytes % outbound.multipleOf).toBe(0);
      expect(bytes).toBeGreaterThanOrEqual(outbound.minimumBytes);
    }
  });

  it('says what the provider promises of its side', () => {
    expect(adapter.stream).toEqual(capabilities.stream);
    const audio = inbound.flatMap(({ message }) => (message.kind === 'audio' ? [message] : []));
    expect(audio.length).toBeGreaterThan(0);
    // what comes in any order can only be put in order by its number
    if (!adapter.stream.ordered) for (const { sequence } of audio) expect(sequence).not.toBeNull();
  });
}

function describeUpgrade(adapter: MediaAdapter, { upgrade }: MediaSamples): void {
  it(`says whether its upgrade is signed: ${adapter.signsUpgrade}`, () => {
    expect(adapter.signsUpgrade).toBe(upgrade !== null);
  });

  if (upgrade === null) {
    it('never passes for signed', () => {
      const headers = { 'x-twilio-signature': 'x', authorization: 'Bearer x' };
      const url = 'wss://voice.example.com/media/some-account';
      expect(adapter.verifyUpgrade(url, headers, ['secret', ''], NOW)).toBe(false);
      expect(adapter.verifyUpgrade(url, {}, [], NOW)).toBe(false);
    });
    return;
  }

  describe('the upgrade', () => {
    describeSignature(
      ({ url, headers }, secrets, now) => adapter.verifyUpgrade(url, headers, secrets, now),
      upgrade,
    );
  });
}
