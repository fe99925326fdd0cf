import type { WireMessage } from '../port';
import { exotelMedia } from './media';

const decode = (message: object) => exotelMedia.open().decode(JSON.stringify(message));
const sent = (wire: WireMessage): Sent => JSON.parse(String(wire)) as Sent;
const start = { stream_sid: '6f048d2e897a0d2d', call_sid: '56b1234567abcdef' };
const started = (more: object, top: object = {}) =>
  decode({ event: 'start', start: { ...start, ...more }, ...top });

describe('the start of an Exotel stream', () => {
  it.each([
    [8000, 8000],
    ['16000', 16000],
    [24000, 24000],
    ['44100', 8000],
    ['', 8000],
    [null, 8000],
    [{}, 8000],
    ['16000Hz', 8000],
  ])('has sample_rate %j: %d Hz', (sample_rate, sampleRate) => {
    for (const encoding of ['raw', 'base64', 'audio/x-mulaw', undefined]) {
      expect(started({ media_format: { encoding, sample_rate } })).toMatchObject({
        start: { format: { encoding: 'pcm_s16le', sampleRate } },
      });
    }
  });

  it('may have its ids at the top level', () => {
    const message = decode({ event: 'start', ...start, start: { from: '09000000001' } });
    expect(message).toMatchObject({ start: { callId: '56b1234567abcdef', streamId: '6f048d2e897a0d2d' } });
  });

  it('is malformed where it names two calls', () => {
    expect(started({}, { call_sid: '56b1234567abcdef' }).kind).toBe('start');
    expect(started({}, { call_sid: '56b1234567abcde0' })).toEqual({
      kind: 'malformed',
      reason: 'start: call_sid: two different ones',
    });
  });

  it('may do without a stream id, which is then left out of what we send', () => {
    const codec = exotelMedia.open();
    const message = codec.decode(JSON.stringify({ event: 'start', start: { call_sid: '56b1234567abcdef' } }));
    expect(message).toMatchObject({
      kind: 'start',
      start: { streamId: '', from: null, to: null, parameters: {} },
    });
    expect(codec.encodeClear()).toBe('{"event":"clear"}');
  });

  it.each([{ a: 1 }, 'with blank', 'x'.repeat(161), 'öäü', ''])('takes %j for no stream id', (stream_sid) => {
    expect(started({ stream_sid })).toMatchObject({ start: { streamId: '' } });
  });

  it('counts once: a second one does not change where we send', () => {
    const codec = exotelMedia.open();
    codec.decode(JSON.stringify({ event: 'start', start }));
    codec.decode(JSON.stringify({ event: 'start', start: { ...start, stream_sid: 'other' } }));
    expect(JSON.parse(codec.encodeClear())).toEqual({ event: 'clear', stream_sid: start.stream_sid });
  });

  it('may have numbers as numbers, and strange parties as nothing', () => {
    expect(started({ from: 9000000001, to: ['08000000002'] })).toMatchObject({
      start: { from: '9000000001', to: null },
    });
    expect(started({ from: '', to: '\u0000' })).toMatchObject({ start: { from: null, to: null } });
    expect(started({ from: '0'.repeat(100) })).toMatchObject({ start: { from: '0'.repeat(64) } });
  });
});

describe('the messages of an Exotel stream', () => {
  it.each([
    [3, 3],
    ['3', 3],
    [0, 0],
    [undefined, null],
    ['', null],
    [-1, null],
    [1.5, null],
    ['3x', null],
    ['1e3', null],
    [1e300, null],
    ['99999999999999999', null],
    [[3], null],
  ])('with sequence_number %j count %j', (given, sequence) => {
    const message = decode({
      event: 'media',
      sequence_number: given,
      media: { payload: 'AAA=', timestamp: given },
    });
    expect(message).toEqual({ kind: 'audio', payload: new Uint8Array(2), sequence, timestampMs: sequence });
  });

  it.each(['10', '', 'E', 'ab', 5.5, null, ['1']])('have no digit %j', (digit) => {
    expect(decode({ event: 'dtmf', dtmf: { digit } }).kind).toBe('malformed');
  });

  it.each([
    [7, '7'],
    ['*', '*'],
    ['a', 'A'],
  ])('have the digit %j', (digit, expected) => {
    expect(decode({ event: 'dtmf', dtmf: { digit } })).toEqual({
      kind: 'dtmf',
      digit: expected,
      durationMs: null,
    });
  });

  it('may stop without a reason', () => {
    expect(decode({ event: 'stop' })).toEqual({ kind: 'stop', reason: null });
    expect(decode({ event: 'stop', stop: { reason: 'x'.repeat(500) } })).toMatchObject({
      reason: 'x'.repeat(128),
    });
  });

  it('may carry empty audio', () => {
    expect(decode({ event: 'media', media: { payload: '' } })).toMatchObject({ payload: new Uint8Array(0) });
  });
});

describe('what we send to Exotel', () => {
  it.each([
    [8000, ['0', '200', '400', '420']],
    [16000, ['0', '100', '200', '210']],
    [24000, ['0', '66', '133', '140']],
  ])('at %d Hz is timed in ms since the first audio', (sample_rate, expected) => {
    const codec = exotelMedia.open();
    codec.decode(JSON.stringify({ event: 'start', start: { ...start, media_format: { sample_rate } } }));
    const sizes = [3200, 3200, 320, 3200];
    const all = sizes.map((bytes) => sent(codec.encodeAudio(new Uint8Array(bytes))));
    expect(all.map(({ media }) => media.timestamp)).toEqual(expected);
    expect(all.map(({ media }) => media.chunk)).toEqual([1, 2, 3, 4]);
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual([1, 2, 3, 4]);
  });

  it('holds the payload that was given, even a part of a larger buffer', () => {
    const codec = exotelMedia.open();
    const payload = new Uint8Array([9, 1, 2, 3, 9]).subarray(1, 4);
    expect(sent(codec.encodeAudio(payload)).media.payload).toBe('AQID');
  });
});

interface Sent {
  sequence_number: number;
  media: { chunk: number; timestamp: string; payload: string };
}
