import { mediaAdapters, decodeAudio, type AudioFormat } from '@greenroom/telephony';
import { Playback } from './playback';

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
    clock: {
      now: () => performance.now(),
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
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
