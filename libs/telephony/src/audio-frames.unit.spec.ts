import { AudioFrames } from './audio-frames';
import { FrameTemplate } from './frame-template';
import { dice, FRAMES, type FrameProvider } from './hostile-frame.contract';
import { mediaAdapters } from './index';
import type { InboundMessage } from './port';

const PROVIDERS = Object.keys(FRAMES) as FrameProvider[];

/** Reads all of them on one stream, and says how many were read by their form. */
function readAll(
  provider: FrameProvider,
  texts: readonly string[],
): { messages: InboundMessage[]; byForm: number } {
  const read = jest.spyOn(FrameTemplate.prototype, 'read');
  const learn = jest.spyOn(FrameTemplate, 'learn');
  const codec = mediaAdapters[provider].open();
  codec.decode(JSON.stringify(FRAMES[provider].start));
  const messages = texts.map((text) => codec.decodeText(Buffer.from(text)));
  // what is learned is tried at once, on the message that it was learned from
  const learned = learn.mock.results.filter(({ value }) => value !== null).length;
  const byForm = read.mock.results.filter(({ value }) => value !== null).length - learned;
  jest.restoreAllMocks();
  return { messages, byForm };
}

function parseAll(provider: FrameProvider, texts: readonly string[]): InboundMessage[] {
  const codec = mediaAdapters[provider].open();
  codec.decode(JSON.stringify(FRAMES[provider].start));
  return texts.map((text) => codec.decode(text));
}

/** To be compared at once, and not byte by byte. */
const plain = (messages: readonly InboundMessage[]): object[] =>
  messages.map((message) =>
    message.kind === 'audio'
      ? { ...message, payload: Buffer.from(message.payload).toString('base64') }
      : message,
  );

const payload = (n: number): string => Buffer.alloc(160, n).toString('base64');

describe.each(PROVIDERS)('the audio of %s', (provider) => {
  const { examples, ways } = FRAMES[provider];

  it.each(examples)('is read by its form, as the example is written: %.70j', (example) => {
    for (const text of [example, JSON.stringify(JSON.parse(example))]) {
      const { messages, byForm } = readAll(provider, [text, text, text]);
      expect(byForm).toBe(2);
      expect(plain(messages)).toEqual(plain(parseAll(provider, [text, text, text])));
      expect(messages[2]!.kind).toBe('audio');
    }
  });

  it.each(ways.map((way) => [Object.keys(way(1, '')).join(' '), way] as const))(
    'is read by its form, all but the first message: %s',
    (_, way) => {
      const texts = Array.from({ length: 1200 }, (_unused, n) =>
        JSON.stringify(way(n + 1, payload(n % 256))),
      );
      const { messages, byForm } = readAll(provider, texts);
      expect(byForm).toBe(1199);
      expect(plain(messages)).toEqual(plain(parseAll(provider, texts)));
    },
  );

  it('is parsed where one message has another form, and read by its form behind it', () => {
    const [usual, other] = [JSON.stringify(ways[0]!(1, payload(1))), JSON.stringify(ways[1]!(2, payload(2)))];
    const texts = [usual, usual, other, usual];
    const { messages, byForm } = readAll(provider, texts);
    expect(byForm).toBe(2);
    expect(plain(messages)).toEqual(plain(parseAll(provider, texts)));
  });

  it('is read by its new form, soon after a stream has changed it', () => {
    const of = (way: number) =>
      Array.from({ length: 20 }, (_, n) => JSON.stringify(ways[way]!(n + 1, payload(n))));
    const { messages, byForm } = readAll(provider, [...of(0), ...of(1)]);
    expect(byForm).toBe(19 + 12);
    expect(plain(messages)).toEqual(plain(parseAll(provider, [...of(0), ...of(1)])));
  });

  it('leaves other messages to the parser', () => {
    const usual = JSON.stringify(ways[0]!(1, payload(1)));
    const strange = [
      '',
      '{',
      '\ufeff' + usual,
      usual + usual,
      usual.slice(0, -1),
      ` ${usual}`,
      '{"event":"x"}',
    ];
    const texts = [usual, ...strange, ...strange.map((text) => text + ' ')];
    expect(readAll(provider, texts)).toEqual({ messages: parseAll(provider, texts), byForm: 0 });
  });

  it('is bytes that the next message leaves as they are', () => {
    const texts = Array.from({ length: 200 }, (_, n) => JSON.stringify(ways[0]!(n + 1, payload(n))));
    const { messages } = readAll(provider, texts);
    messages.forEach((message, n) =>
      expect(message.kind === 'audio' && Buffer.from(message.payload).equals(Buffer.alloc(160, n))).toBe(
        true,
      ),
    );
  });
});

describe('what is learned of a stream', () => {
  const NUMBERS = { sequence: '/n', timestamp: '/media/t' };
  const audio = {
    kind: 'audio' as const,
    payload: Buffer.from([1, 2, 3]),
    sequence: null,
    timestampMs: null,
  };
  const learn = (text: string) => FrameTemplate.learn(Buffer.from(text), audio, NUMBERS);

  it('is its form, whatever else it has in it', () => {
    expect(learn('{"media":{"payload":"AQID"}}')).not.toBeNull();
    expect(learn('\n{ "a" : [ ] }')).toBeNull();
    expect(learn('{"a":null,"media":{"x":-1.5e3,"payload" :  "AQID", "ü":"é\\n"},"b":{}}')).toBeNull();
    expect(learn('{"a":null,"media":{"x":-1.5e3,"payload" :  "AQID", "u":"é\\n"},"b":{}}')).not.toBeNull();
  });

  it.each([
    ['a payload with escapes', '{"media":{"payload":"\\u0041QID"}}'],
    ['another payload than the parser found', '{"media":{"payload":"AQIE"}}'],
    ['a number that the parser did not find', '{"n":1,"media":{"payload":"AQID"}}'],
    ['a name that stands twice', '{"media":{"payload":"AQID"},"media":{"payload":"AQID"}}'],
    ['a list', '{"a":[1],"media":{"payload":"AQID"}}'],
    ['much beside the payload', `{"a":"${'x'.repeat(1024)}","media":{"payload":"AQID"}}`],
  ])('is nothing where there is %s', (_, text) => {
    expect(learn(text)).toBeNull();
  });

  it('is asked of the parser no more than once in eight messages, where it is nothing', () => {
    const learnt = jest.spyOn(FrameTemplate, 'learn');
    const frames = new AudioFrames(NUMBERS, () => audio);
    for (let n = 0; n < 25; n += 1) frames.read(Buffer.from('[]'));
    expect(learnt).toHaveBeenCalledTimes(4);
    learnt.mockRestore();
  });

  it('is of bytes, in a Buffer or not, that may be used again', () => {
    const roll = dice(1);
    const frames = new AudioFrames(NUMBERS, (text) => ({
      ...audio,
      payload: Buffer.from((JSON.parse(text) as { media: { payload: string } }).media.payload, 'base64'),
    }));
    const memory = new Uint8Array(100);
    for (let n = 0; n < 10; n += 1) {
      const said = Buffer.of(roll(256), roll(256), roll(256));
      const text = Buffer.from(`{"media":{"payload":"${said.toString('base64')}"}}`);
      memory.fill(0).set(text, n);
      const message = frames.read(memory.subarray(n, n + text.length));
      memory.fill(0);
      expect(message.kind === 'audio' && Buffer.from(message.payload)).toEqual(said);
    }
  });
});
