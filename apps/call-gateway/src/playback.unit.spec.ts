import { systemClock } from '@greenroom/platform';
import {
  mediaAdapters,
  decodeAudio,
  encodeAudio,
  type AudioFormat,
  type WireMessage,
} from '@greenroom/telephony';
import { ManualClock } from './manual-clock';
import { Playback, type PlaybackWatch } from './playback';
import { Ticker } from './ticker';

const FORMATS = {
  exotel: { encoding: 'pcm_s16le', sampleRate: 8000 },
  twilio: { encoding: 'mulaw', sampleRate: 8000 },
} satisfies Record<string, AudioFormat>;

interface Sent {
  at: number;
  event: string;
  bytes: number;
  payload: Uint8Array;
}

function setUp(provider: 'exotel' | 'twilio', rule = mediaAdapters[provider].outbound) {
  const sent: Sent[] = [];
  const adapter = mediaAdapters[provider];
  const started = performance.now();
  const playback = new Playback({
    codec: adapter.open(),
    format: FORMATS[provider],
    rule,
    leadMs: 400,
    ticker: new Ticker(systemClock, (error) => {
      throw error;
    }),
    send: (text) => {
      const message = JSON.parse(text as string) as { event: string; media?: { payload: string } };
      const payload = Buffer.from(message.media?.payload ?? '', 'base64');
      sent.push({
        at: performance.now() - started,
        event: message.event,
        bytes: payload.byteLength,
        payload,
      });
      return true;
    },
  });
  return { playback, sent, media: () => sent.filter(({ event }) => event === 'media') };
}

/** so many ms of a saw-tooth: no two messages are alike, none is silence */
const speech = (ms: number): Int16Array =>
  Int16Array.from({ length: ms * 8 }, (_, index) => (index % 30_000) + 1);
const at = (ms: number) => jest.advanceTimersByTimeAsync(ms);

describe('Playback', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('sends Exotel at least 3200 bytes a message, always a multiple of 320, and nothing is lost', async () => {
    const { playback, media } = setUp('exotel');
    const pcm = speech(1234);
    playback.play(pcm);
    playback.mark('end');
    await at(3000);
    for (const { bytes } of media()) {
      expect(bytes).toBeGreaterThanOrEqual(3200);
      expect(bytes % 320).toBe(0);
    }
    const heard = decodeAudio(FORMATS.exotel, Buffer.concat(media().map(({ payload }) => payload)));
    expect(heard.subarray(0, pcm.length)).toEqual(pcm);
    expect(heard.subarray(pcm.length).every((sample) => sample === 0)).toBe(true);
    expect(heard.length - pcm.length).toBeLessThan(160);
  });

  it.each(['exotel', 'twilio'] as const)(
    'has for %s what was played, though calls play turn about and from the same memory',
    async (provider) => {
      const calls = [setUp(provider), setUp(provider)];
      const [pcm, frame] = [speech(2000), new Int16Array(160)];
      for (let from = 0; from < pcm.length; from += frame.length) {
        for (const [index, { playback }] of calls.entries()) {
          frame.set(pcm.subarray(from, from + frame.length).map((sample) => sample * (1 - 2 * index)));
          playback.play(frame);
          frame.fill(0);
        }
        await at(20);
      }
      await at(1000);
      const format = FORMATS[provider];
      for (const [index, { media }] of calls.entries()) {
        const heard = Buffer.concat(media().map(({ payload }) => payload));
        expect(heard).toEqual(
          Buffer.from(
            encodeAudio(
              format,
              pcm.map((sample) => sample * (1 - 2 * index)),
            ),
          ),
        );
      }
    },
  );

  it.each(['exotel', 'twilio'] as const)(
    'never sends %s more than the lead ahead of real time, and makes no gap',
    async (provider) => {
      const { playback, media } = setUp(provider);
      playback.play(speech(20_000));
      await at(25_000);
      let sentMs = 0;
      for (const { at: sentAt, bytes } of media()) {
        expect(sentMs).toBeGreaterThanOrEqual(sentAt - 1e-6);
        sentMs += bytes / (provider === 'exotel' ? 16 : 8);
        expect(sentMs - sentAt).toBeLessThanOrEqual(401);
      }
      expect(sentMs).toBe(20_000);
    },
  );

  it('sends a mark after the audio before it', async () => {
    const { playback, sent } = setUp('twilio');
    playback.play(speech(200));
    playback.mark('a');
    playback.play(speech(160));
    playback.mark('b');
    await at(1000);
    const events = sent.map(({ event, bytes }) => (event === 'media' ? bytes : event));
    expect(events.join(' ')).toBe('640 960 mark 640 640 mark');
  });

  it('drops what is queued when it is cleared, and plays on with what comes next', async () => {
    const { playback, sent, media } = setUp('twilio');
    playback.play(speech(10_000));
    await at(1000);
    const before = media().length;
    playback.clear();
    await at(5000);
    expect(sent.at(-1)?.event).toBe('clear');
    expect(media()).toHaveLength(before);
    playback.play(speech(80));
    playback.mark('next');
    await at(1000);
    expect(media()).toHaveLength(before + 1);
  });

  it('holds back less than a message for more to come, and sends it when nothing comes', async () => {
    const { playback, media } = setUp('exotel');
    playback.play(speech(100));
    await at(300);
    expect(media()).toHaveLength(0);
    await at(200);
    expect(media().map(({ bytes }) => bytes)).toEqual([3200]);
  });

  it('tells when everything has been played, not when it was sent', async () => {
    const { playback } = setUp('twilio');
    const played = jest.fn();
    playback.play(speech(2000));
    playback.whenPlayed(played);
    await at(1990);
    expect(played).not.toHaveBeenCalled();
    await at(20);
    expect(played).toHaveBeenCalledTimes(1);
  });

  it('leaves no timer when it is stopped', async () => {
    const { playback, sent } = setUp('twilio');
    playback.play(speech(5000));
    await at(100);
    playback.stop();
    const before = sent.length;
    playback.play(speech(100));
    playback.mark('late');
    await at(1000);
    expect(sent).toHaveLength(before);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('sends a provider of fixed frames exactly those, the last one filled up with silence', async () => {
    const rule = {
      ...mediaAdapters.exotel.outbound,
      messageBytes: () => 320,
      multipleOf: 320,
      minimumBytes: 320,
    };
    const { playback, media } = setUp('exotel', rule);
    const pcm = speech(130);
    playback.play(pcm);
    playback.mark('end');
    await at(500);
    expect(media().map(({ bytes }) => bytes)).toEqual(Array.from({ length: 7 }, () => 320));
    const heard = decodeAudio(FORMATS.exotel, Buffer.concat(media().map(({ payload }) => payload)));
    expect([...heard.subarray(0, pcm.length)]).toEqual([...pcm]);
    expect([...heard.subarray(pcm.length)].every((sample) => sample === 0)).toBe(true);
  });

  it.each(['exotel', 'twilio'] as const)(
    'is never more than the lead ahead, also with a last message that is longer (%s)',
    async (provider) => {
      const { playback, sent } = setUp(provider);
      playback.play(speech(2390));
      playback.mark('end');
      await at(3000);
      const bytesPerMs = provider === 'exotel' ? 16 : 8;
      let audioMs = 0;
      for (const { at: sentAt, bytes } of sent) {
        audioMs += bytes / bytesPerMs;
        expect(audioMs - sentAt).toBeLessThanOrEqual(401);
      }
      expect(audioMs).toBeGreaterThanOrEqual(2390);
    },
  );
});

/** On a clock of the spec's own; what was sent is kept as it is, with a copy of how it was then. */
function onManualClock(
  provider: 'exotel' | 'twilio' | 'vonage',
  clock = new ManualClock(),
  watch?: PlaybackWatch,
) {
  const { open, outbound } = mediaAdapters[provider];
  const messages: { at: number; message: WireMessage; then: WireMessage }[] = [];
  const playback = new Playback({
    ...{ codec: open(), format: provider === 'twilio' ? FORMATS.twilio : FORMATS.exotel, rule: outbound },
    ...{ leadMs: 400, watch },
    ticker: new Ticker(clock, (error) => {
      throw error;
    }),
    send: (message) => {
      messages.push({
        at: clock.now(),
        message,
        then: typeof message === 'string' ? message : message.slice(),
      });
      return true;
    },
  });
  return { playback, clock, messages };
}

const turn = () => Promise.resolve();
const asJson = ({ message }: { message: WireMessage }) =>
  JSON.parse(message as string) as { event: string; media?: { payload: string } };

describe('Playback of live audio', () => {
  it('arms no timer for a frame that makes no message full', async () => {
    const { playback, clock, messages } = onManualClock('twilio');
    const armed: number[] = [];
    for (let frame = 0; frame < 8; frame += 1) {
      playback.play(speech(20));
      await turn();
      armed.push(clock.armed);
      clock.pass(20);
    }
    expect(armed).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(messages.map(({ at }) => at)).toEqual([60, 140]);
    expect(clock.waiting).toBe(0);
  });

  it('sends a frame that is a message in the turn in which it comes', () => {
    const { playback, clock, messages } = onManualClock('vonage');
    for (let frame = 0; frame < 5; frame += 1) {
      playback.play(speech(20));
      expect(messages).toHaveLength(frame + 1);
      clock.pass(20);
    }
    expect(clock.armed).toBe(0);
  });

  /** frames of these lengths by turns, no two of them alike */
  const frames = Array.from({ length: 120 }, (_, index) => {
    const ms = [10, 10, 20, 10, 10, 13, 7, 20, 19][index % 9] as number;
    return speech(ms).map((sample) => sample + 10 * index);
  });
  const playFrames = async ({ playback, clock }: ReturnType<typeof onManualClock>) => {
    for (const frame of frames) {
      playback.play(frame);
      await turn();
      clock.pass(frame.length / 8);
    }
    clock.pass(1000);
  };

  it('changes nothing of what may still be on its way', async () => {
    const line = onManualClock('vonage');
    await playFrames(line);
    expect(line.messages.length).toBeGreaterThan(70);
    const changed = line.messages.filter(
      ({ message, then }) => Buffer.compare(message as Uint8Array, then as Uint8Array) !== 0,
    );
    expect(changed).toEqual([]);
  });

  it.each(['twilio', 'exotel'] as const)('sends %s what came, however long the frames', async (provider) => {
    const line = onManualClock(provider);
    await playFrames(line);
    const sent = Buffer.concat(
      line.messages.map((each) => Buffer.from(asJson(each).media?.payload ?? '', 'base64')),
    );
    const wire = encodeAudio(FORMATS[provider], Int16Array.from(frames.flatMap((frame) => [...frame])));
    expect(Buffer.compare(sent.subarray(0, wire.length), wire)).toBe(0);
    const rest = decodeAudio(FORMATS[provider], sent.subarray(wire.length));
    expect(rest.every((sample) => sample === 0)).toBe(true);
  });

  it('sends what is left over with the message before it, also where both come in one turn', async () => {
    const { playback, messages } = onManualClock('exotel');
    playback.play(speech(200));
    playback.play(speech(6));
    playback.mark('end');
    await turn();
    expect(messages.map(asJson)).toMatchObject([{ event: 'media' }, { event: 'mark' }]);
  });
});

describe('Playback of prompts', () => {
  it('sends nothing for a prompt without audio, and gives its mark back', async () => {
    const { playback, messages } = onManualClock('exotel');
    playback.play(new Int16Array(0));
    playback.mark('empty');
    await turn();
    expect(messages.map(asJson)).toMatchObject([{ event: 'mark' }]);
  });

  it('loses no time to late timers: 250 of 250 messages go in 5 s', async () => {
    const lates = [0, 4, 11, 1, 0, 7];
    let timers = 0;
    const clock = new ManualClock(() => lates[(timers += 1) % lates.length] as number);
    const { playback, messages } = onManualClock('vonage', clock);
    playback.play(speech(6000));
    await turn();
    // the first 400 ms went at once
    clock.pass(4600 + 11 + 2);
    expect(messages).toHaveLength(250);
    clock.pass(1000);
    expect(messages).toHaveLength(300);
  });

  it.each([
    ['exotel', [600, 900]],
    ['twilio', [510, 750]],
  ] as const)(
    'is silent after a clear when what cannot be taken back was heard (%s)',
    async (provider, from) => {
      const cleared: number[] = [];
      const watch = { sent: () => undefined, cleared: (at: number) => cleared.push(at) };
      const { playback, clock } = onManualClock(provider, undefined, watch);
      playback.play(speech(5000));
      await turn();
      clock.pass(510);
      playback.clear();
      clock.pass(190);
      playback.play(speech(1000));
      await turn();
      clock.pass(50);
      playback.clear();
      expect(cleared).toEqual(from);
    },
  );
});
