import { vonageMedia } from './media';

const callId = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
const connected = (more: object = {}): string =>
  JSON.stringify({
    event: 'websocket:connected',
    'content-type': 'audio/l16;rate=8000',
    call_uuid: callId,
    ...more,
  });

const decode = (message: object | string) =>
  vonageMedia.open().decode(typeof message === 'string' ? message : JSON.stringify(message));

describe('a stream of Vonage’s', () => {
  it.each([
    ['audio/l16;rate=8000', 8000, 320],
    ['audio/l16;rate=16000', 16_000, 640],
    ['audio/l16;rate=24000', 24_000, 960],
    ['AUDIO/L16; rate=8000', 8000, 320],
  ])('of %s has frames of 20 ms', (type, sampleRate, bytes) => {
    const codec = vonageMedia.open();
    const format = { encoding: 'pcm_s16le' as const, sampleRate };
    expect(codec.decode(connected({ 'content-type': type }))).toMatchObject({ start: { format } });
    expect(vonageMedia.outbound.messageBytes(format)).toBe(bytes);
    const sent = [1, bytes - 1, bytes, bytes + 1].map((size) => codec.encodeAudio(new Uint8Array(size)));
    expect(sent.map((frame) => frame.length)).toEqual([bytes, bytes, bytes, 2 * bytes]);
  });

  it('sends whole frames as they are, without a copy', () => {
    const frame = new Uint8Array(320).fill(7);
    const codec = vonageMedia.open();
    codec.decode(connected());
    expect(codec.encodeAudio(frame)).toBe(frame);
  });

  it('has the format of its first start', () => {
    const codec = vonageMedia.open();
    codec.decode(connected({ call_uuid: 'x', 'content-type': 'audio/l16;rate=16000' }));
    codec.decode(connected());
    codec.decode(connected({ 'content-type': 'audio/l16;rate=16000' }));
    expect(codec.encodeAudio(new Uint8Array(1))).toHaveLength(320);
  });

  it('gives a view on the bytes of the socket, which is no Buffer', () => {
    const bytes = Buffer.from([0, 1, 2, 3, 4, 5]).subarray(1, 5);
    const message = vonageMedia.open().decode(bytes);
    expect(message).toEqual({
      kind: 'audio',
      payload: new Uint8Array([1, 2, 3, 4]),
      sequence: null,
      timestampMs: null,
    });
  });

  it.each([
    [{ digit: '5', duration: 260 }, '5', 260],
    [{ digit: 5 }, '5', null],
    [{ digit: '#', duration: '100' }, '#', 100],
    [{ dtmf: { digit: '7', duration: 80 } }, '7', 80],
  ])('has the digit of %j', (body, digit, durationMs) => {
    expect(decode({ event: 'websocket:dtmf', ...body })).toEqual({ kind: 'dtmf', digit, durationMs });
  });

  it.each([
    [{}, null],
    [{ reason: 'gone\n' }, 'gone'],
    [{ reason: {} }, null],
  ])('stops with websocket:disconnected and %j', (body, reason) => {
    expect(decode({ event: 'websocket:disconnected', ...body })).toEqual({ kind: 'stop', reason });
  });

  it('ignores what is of no use', () => {
    const mute = { event: 'websocket:media:update', method: 'update', active: false };
    expect(decode(mute)).toEqual({ kind: 'ignored', event: 'websocket:media:update' });
  });

  it('takes no part of the message itself for a parameter', () => {
    expect(decode(connected({ sessionId: 'x', nested: { a: 'b' } }))).toMatchObject({
      start: { callId, parameters: { sessionId: 'x' } },
    });
    const message = decode(connected());
    expect(message.kind === 'start' && message.start.parameters).toEqual({});
  });
});
