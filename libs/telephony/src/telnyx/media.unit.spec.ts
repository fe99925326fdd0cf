import * as fc from 'fast-check';
import { Reorder } from '../reorder';
import { telnyxMedia } from './media';

const decode = (message: object) => telnyxMedia.open().decode(JSON.stringify(message));
const call_control_id = 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg';
const started = (more: object, top: object = {}) =>
  decode({ event: 'start', start: { call_control_id, ...more }, ...top });

describe('the start of a Telnyx stream', () => {
  it.each([
    [undefined],
    [{ encoding: 'PCMU' }],
    [{ encoding: 'PCMU', sample_rate: 8000, channels: 1 }],
    [{ encoding: 'PCMU', sample_rate: '8000', channels: '1' }],
  ])('is taken with the format %j', (media_format) => {
    expect(started({ media_format })).toMatchObject({
      start: { format: { encoding: 'mulaw', sampleRate: 8000 } },
    });
  });

  it.each([
    [{}, 'start: media_format.encoding: only PCMU'],
    [{ encoding: 'PCMA', sample_rate: 8000 }, 'start: media_format.encoding: only PCMU'],
    [{ encoding: 'L16', sample_rate: 16000 }, 'start: media_format.encoding: only PCMU'],
    [{ encoding: 'OPUS' }, 'start: media_format.encoding: only PCMU'],
    [{ encoding: 'PCMU', sample_rate: 16000 }, 'start: media_format.sample_rate: only 8000'],
    [{ encoding: 'PCMU', channels: 2 }, 'start: media_format.channels: only 1'],
  ])('is malformed with the format %j', (media_format, reason) => {
    expect(started({ media_format })).toEqual({ kind: 'malformed', reason });
  });

  it('may do without parties, parameters and a stream id', () => {
    expect(started({})).toMatchObject({ start: { streamId: '', from: null, to: null, parameters: {} } });
    expect(started({ from: '', to: '\u0000' }, { stream_id: 'a b' })).toMatchObject({
      start: { streamId: '', from: null, to: null },
    });
  });
});

describe('the messages of a Telnyx stream', () => {
  it.each([
    ['inbound', 'audio'],
    [undefined, 'audio'],
    ['outbound', 'ignored'],
    ['both', 'ignored'],
  ])('on the track %j are %s', (track, kind) => {
    expect(decode({ event: 'media', media: { track, payload: '/////w==' } }).kind).toBe(kind);
  });

  it.each([
    ['7', 7],
    [7, 7],
    [undefined, null],
    ['', null],
    ['-1', null],
    ['1.5', null],
  ])('are numbered by their chunk, %j: %j', (chunk, sequence) => {
    const media = { track: 'inbound', chunk, payload: '/////w==' };
    expect(decode({ event: 'media', sequence_number: '40', media })).toMatchObject({ sequence });
  });

  it('are put in order by it, though digits and marks come in between', () => {
    const chunks = Array.from({ length: 30 }, (_, i) => i + 1);
    const anyOrder = fc
      .array(fc.nat(5), { minLength: 30, maxLength: 30 })
      .map((overtaken) =>
        chunks.reduceRight<number[]>((later, chunk, i) => later.toSpliced(overtaken[i]!, 0, chunk), []),
      );
    fc.assert(
      fc.property(anyOrder, (order) => {
        const codec = telnyxMedia.open();
        const reorder = new Reorder<number>({ maxHeld: 5 });
        const heard = order.flatMap((chunk) => {
          const payload = Buffer.of(chunk).toString('base64');
          // every third message is none of audio
          const sequence_number = String(chunk + Math.floor(chunk / 3));
          const media = { track: 'inbound', chunk: String(chunk), payload };
          const message = codec.decode(JSON.stringify({ event: 'media', sequence_number, media }));
          return message.kind === 'audio' ? reorder.push(message.sequence, message.payload[0]!) : [];
        });
        expect(heard).toEqual(chunks);
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    [{ code: 100003, title: 'malformed_frame', detail: 'x' }, 'error: malformed_frame'],
    [{ code: 100005 }, 'error: 100005'],
    [{ title: 'a\u0000\nb' }, 'error: a  b'],
    [{ title: 'x'.repeat(99) }, `error: ${'x'.repeat(32)}`],
    [{ title: { a: 1 } }, 'error'],
    [undefined, 'error'],
    ['x', 'error'],
  ])('that say what was wrong with ours, %j, are told as %j', (payload, event) => {
    expect(decode({ event: 'error', payload })).toEqual({ kind: 'ignored', event });
  });
});
