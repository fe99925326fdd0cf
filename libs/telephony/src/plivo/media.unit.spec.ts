import { plivoMedia } from './media';

const ids = {
  streamId: 'b77e037d-4119-44b5-902d-25826b654539',
  callId: '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36',
};
const decode = (message: object) => plivoMedia.open().decode(JSON.stringify(message));
const started = (more: object, top: object = {}) =>
  decode({ event: 'start', start: { ...ids, ...more }, ...top });

describe('the start of a Plivo stream', () => {
  it.each([
    [undefined, 'mulaw', 8000],
    [{}, 'mulaw', 8000],
    [{ encoding: 'audio/x-mulaw', sampleRate: 8000 }, 'mulaw', 8000],
    [{ encoding: 'audio/x-mulaw', sampleRate: '8000' }, 'mulaw', 8000],
    [{ encoding: 'audio/x-l16', sampleRate: 8000 }, 'pcm_s16le', 8000],
    [{ encoding: 'audio/x-L16', sampleRate: 16000 }, 'pcm_s16le', 16000],
  ])('is taken with the format %j', (mediaFormat, encoding, sampleRate) => {
    expect(started({ mediaFormat })).toMatchObject({ start: { format: { encoding, sampleRate } } });
  });

  it.each([
    [{ encoding: 'audio/x-mulaw', sampleRate: 16000 }],
    [{ encoding: 'audio/x-l16', sampleRate: 24000 }],
    [{ encoding: 'audio/opus', sampleRate: 8000 }],
    [{ encoding: 'constructor' }],
  ])('is malformed with the format %j', (mediaFormat) => {
    expect(started({ mediaFormat })).toEqual({
      kind: 'malformed',
      reason: 'start: mediaFormat: only audio/x-mulaw 8000, audio/x-l16 8000, 16000',
    });
  });

  it('needs a stream id, in itself or at the top level', () => {
    expect(started({ streamId: null })).toEqual({ kind: 'malformed', reason: 'start: streamId: missing' });
    expect(started({ streamId: undefined }, { streamId: 's1' })).toMatchObject({ start: { streamId: 's1' } });
  });

  it.each([
    ['{}', {}],
    ['', {}],
    [undefined, {}],
    [7, {}],
    ['nothing of the kind', {}],
    ['a=1;b=2', { a: '1', b: '2' }],
    ['a=1,b=2', { a: '1', b: '2' }],
    ['a=1, b=x=y', { a: '1', b: 'x=y' }],
    ['=1,b', {}],
    ['{"a":"1","b":2,"__proto__":"x"}', { a: '1' }],
    ['{"a', {}],
    [`a=${'x'.repeat(1024)},b=2`, { b: '2' }],
  ])('has the extra headers %j', (extra_headers, parameters) => {
    expect(started({}, { extra_headers })).toMatchObject({ start: { parameters } });
  });
});

describe('the messages of a Plivo stream', () => {
  const media = (timestamp: unknown, track?: string) =>
    JSON.stringify({ event: 'media', media: { track, timestamp, payload: '/////w==' } });

  it.each([
    ['inbound', 'audio'],
    [undefined, 'audio'],
    ['outbound', 'ignored'],
  ])('on the track %j are %s', (track, kind) => {
    expect(plivoMedia.open().decode(media('1', track)).kind).toBe(kind);
  });

  it('count their time from the first audio', () => {
    const codec = plivoMedia.open();
    const times = ['x', '1736245268020', '1736245268040', '1736245268000', 1736245268100, null].map(
      (timestamp) => codec.decode(media(timestamp)),
    );
    expect(times).toMatchObject([null, 0, 20, null, 80, null].map((timestampMs) => ({ timestampMs })));
  });

  it('end with a stop, should one come', () => {
    expect(decode({ event: 'stop' })).toEqual({ kind: 'stop', reason: null });
    expect(decode({ event: 'stop', stop: { reason: 'x' } })).toEqual({ kind: 'stop', reason: 'x' });
  });

  it.each([
    ['audio/x-mulaw', 8000],
    ['audio/x-l16', 8000],
    ['audio/x-l16', 16000],
  ])('are played as %s at %i Hz, as the stream began', (contentType, sampleRate) => {
    const codec = plivoMedia.open();
    const format = { encoding: contentType, sampleRate };
    codec.decode(JSON.stringify({ event: 'start', start: { ...ids, mediaFormat: format } }));
    codec.decode(JSON.stringify({ event: 'start', start: { ...ids, streamId: 'other' } }));
    const sent = codec.encodeAudio(new Uint8Array(4));
    expect(JSON.parse(String(sent))).toEqual({
      event: 'playAudio',
      media: { contentType, sampleRate, payload: 'AAAAAA==' },
    });
    expect(codec.encodeMark('a')).toBe(`{"event":"checkpoint","streamId":"${ids.streamId}","name":"a"}`);
  });

  it('stay below what one message may hold', () => {
    const largest = plivoMedia.outbound.messageBytes({ encoding: 'pcm_s16le', sampleRate: 16000 });
    expect(Math.ceil(largest / 3) * 4).toBeLessThan(16_000);
  });
});
