import * as fc from 'fast-check';
import { FRAMES, type FrameProvider } from './hostile-frame.contract';
import { mediaAdapters } from './index';

/* Messages of audio are put together from pieces. Here they are written as a whole, by JSON.stringify. */

type Sent = { payload: string; n: number; timestamp: number };

const written: Record<FrameProvider, (streamId: string, sent: Sent) => object> = {
  exotel: (stream_sid, { payload, n, timestamp }) => ({
    event: 'media',
    stream_sid,
    sequence_number: n,
    media: { chunk: n, timestamp: String(timestamp), payload },
  }),
  twilio: (streamSid, { payload }) => ({ event: 'media', streamSid, media: { payload } }),
  plivo: (_, { payload }) => ({
    event: 'playAudio',
    media: { contentType: 'audio/x-mulaw', sampleRate: 8000, payload },
  }),
  telnyx: (_, { payload }) => ({ event: 'media', media: { payload } }),
};

const withId = (provider: FrameProvider, streamId: string): string =>
  JSON.stringify(FRAMES[provider].start, (name, value: unknown) =>
    ['stream_sid', 'streamSid', 'streamId', 'stream_id'].includes(name) ? streamId : value,
  );

describe.each(Object.keys(FRAMES) as FrameProvider[])('audio for %s', (provider) => {
  it('is what JSON.stringify writes, whatever the stream is called and however long its messages are', () => {
    const id = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
    const sizes = fc.array(fc.integer({ min: 0, max: 3300 }), { maxLength: 12, size: 'max' });
    fc.assert(
      fc.property(id, sizes, (streamId, lengths) => {
        const codec = mediaAdapters[provider].open();
        codec.decode(withId(provider, streamId));
        let sentBytes = 0;
        lengths.forEach((length, index) => {
          const bytes = Buffer.alloc(length, index + length);
          const timestamp = Math.floor(sentBytes / 16);
          const sent = { payload: bytes.toString('base64'), n: index + 1, timestamp };
          expect(codec.encodeAudio(bytes)).toBe(JSON.stringify(written[provider](streamId, sent)));
          sentBytes += length;
        });
      }),
      { numRuns: 100 },
    );
  });

  it('counts on from marks, as they count on from it', () => {
    const codec = mediaAdapters[provider].open();
    codec.decode(withId(provider, 'MZ1'));
    const numbers = [
      codec.encodeAudio(new Uint8Array(2)),
      codec.encodeMark('a'),
      codec.encodeAudio(new Uint8Array(2)),
    ].map((wire) => (JSON.parse(String(wire)) as { sequence_number?: number }).sequence_number);
    expect(numbers).toEqual(provider === 'exotel' ? [1, 2, 3] : [undefined, undefined, undefined]);
  });
});
