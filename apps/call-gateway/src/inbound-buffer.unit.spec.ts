import type { AudioFormat } from '@greenroom/telephony';
import fc from 'fast-check';
import { InboundBuffer, type StreamEvent } from './inbound-buffer';

const PCM: AudioFormat = { encoding: 'pcm_s16le', sampleRate: 8000 };
const BYTES_PER_MS = 16;

const bufferOf = (maxAudioMs: number): InboundBuffer => new InboundBuffer(maxAudioMs, PCM);

const audio = (byte: number, durationMs = 100): StreamEvent => ({
  kind: 'audio',
  payload: new Uint8Array(durationMs * BYTES_PER_MS).fill(byte),
  timestampMs: null,
  cameAt: 0,
});

/** Audio as text, which is compared at once and not byte by byte. */
const shown = (events: readonly StreamEvent[]) =>
  events.map((event) =>
    event.kind === 'audio' ? { ...event, payload: Buffer.from(event.payload).toString('latin1') } : event,
  );

describe('the buffer of a stream that is awaited', () => {
  it('gives everything back in its order, once', () => {
    const buffer = bufferOf(5000);
    const events: StreamEvent[] = [audio(1), { kind: 'dtmf', digit: '5' }, audio(2)];
    events.forEach((event) => buffer.push(event));
    expect([buffer.bytes, buffer.audioMs]).toEqual([3200, 200]);
    expect(buffer.take()).toEqual(events);
    expect(buffer.take()).toEqual([]);
    expect({ bytes: buffer.bytes, dropped: buffer.droppedMs }).toEqual({ bytes: 0, dropped: 0 });
  });

  it('drops and counts the oldest audio when it is full, and keeps what was pressed', () => {
    const buffer = bufferOf(500);
    buffer.push({ kind: 'dtmf', digit: '1' });
    for (let byte = 1; byte <= 8; byte += 1) buffer.push(audio(byte));
    const kept = buffer.take();
    expect(kept[0]).toEqual({ kind: 'dtmf', digit: '1' });
    expect(kept.slice(1).map((event) => event.kind === 'audio' && event.payload[0])).toEqual([4, 5, 6, 7, 8]);
    expect(buffer.droppedMs).toBe(300);
  });

  it('keeps no number of other events that no caller reaches', () => {
    const buffer = bufferOf(500);
    for (let pressed = 0; pressed < 10_000; pressed += 1) buffer.push({ kind: 'dtmf', digit: '1' });
    expect(buffer.take()).toHaveLength(256);
  });

  it('keeps no marks that nobody can have asked for, beyond the first few', () => {
    const buffer = bufferOf(500);
    buffer.push({ kind: 'mark', name: 'm'.repeat(60_000) });
    for (let mark = 0; mark < 100; mark += 1) buffer.push({ kind: 'mark', name: 'short' });
    buffer.push({ kind: 'dtmf', digit: '1' });
    const kept = buffer.take();
    expect(kept.slice(0, -1)).toEqual(Array.from({ length: 13 }, () => ({ kind: 'mark', name: 'short' })));
    expect(kept.at(-1)).toEqual({ kind: 'dtmf', digit: '1' });
  });

  it('keeps frames that are too short to be any provider’s up to a number, the latest of them', () => {
    const buffer = bufferOf(500);
    for (let frame = 0; frame < 2000; frame += 1)
      buffer.push({ kind: 'audio', payload: Uint8Array.of(frame, 0), timestampMs: frame, cameAt: 0 });
    const kept = buffer.take();
    expect(kept).toHaveLength(50);
    expect([kept[0], kept.at(-1)]).toMatchObject([{ timestampMs: 1950 }, { timestampMs: 1999 }]);
    expect(buffer.droppedMs).toBe((1950 * 2) / BYTES_PER_MS);
  });

  it('keeps its order while it grows, also where the oldest had to go before', () => {
    const buffer = bufferOf(5000);
    const frames = Array.from({ length: 700 }, (_, index): StreamEvent => {
      const payload = new Uint8Array(index < 600 ? 2 : 320).fill(index);
      return { kind: 'audio', payload, timestampMs: index, cameAt: 2 * index };
    });
    frames.forEach((frame) => buffer.push(frame));
    expect(shown(buffer.take())).toEqual(shown(frames.slice(-500)));
  });

  it('keeps its order while there come more and more frames, also where the oldest had to go before', () => {
    const buffer = bufferOf(5000);
    const frames = Array.from({ length: 85 }, (_, index) => audio(index, index < 15 ? 500 : 20));
    frames.forEach((frame) => buffer.push(frame));
    expect(shown(buffer.take())).toEqual(shown(frames.slice(-77)));
  });

  it('holds nothing of the memory that the frames came in', () => {
    const buffer = bufferOf(500);
    const frame = audio(1);
    const { payload } = frame as { payload: Uint8Array };
    buffer.push(frame);
    payload.fill(2);
    expect(buffer.take()).toEqual([audio(1)]);
  });

  const times = fc.record({
    timestampMs: fc.option(fc.nat(100_000)),
    cameAt: fc.double({ min: 0, max: 1e6, noNaN: true }),
  });
  const anyEvent = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 10, max: 40 }), times) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0, 10, 99, 130, 400), times) },
    { weight: 2, arbitrary: fc.constantFrom('1', '#', 'D') },
    { weight: 1, arbitrary: fc.constant('mark') },
    { weight: 1, arbitrary: fc.constant('take') },
  );

  it('does just what a plain list does', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: 100, max: 300 }), fc.constant(1500)),
        fc.array(anyEvent, { maxLength: 120 }),
        (most, plan) => {
          const buffer = bufferOf(most);
          const list = new PlainList(most);
          plan.forEach((step, index) => {
            if (step === 'take') return expect(shown(buffer.take())).toEqual(shown(list.take()));
            const event = eventOf(step, index);
            buffer.push(event);
            list.push(event);
            return expect([buffer.audioMs, buffer.droppedMs]).toEqual([list.audioMs, list.droppedMs]);
          });
          expect(shown(buffer.take())).toEqual(shown(list.take()));
        },
      ),
    );
  });
});

type Step = string | [ms: number, { timestampMs: number | null; cameAt: number }];

function eventOf(step: Step, index: number): StreamEvent {
  if (step === 'mark') return { kind: 'mark', name: `m-${index}` };
  if (typeof step === 'string') return { kind: 'dtmf', digit: step };
  const [ms, at] = step;
  // each sample tells frame and place
  const payload = new Uint8Array(ms * BYTES_PER_MS);
  for (let byte = 0; byte < payload.length; byte += 1) payload[byte] = 31 * index + byte;
  return { kind: 'audio', payload, ...at };
}

/** The same as a list of events, of which the first audio goes when there is too much of it. */
class PlainList {
  private events: StreamEvent[] = [];
  audioMs = 0;
  droppedMs = 0;

  constructor(private readonly maxAudioMs: number) {}

  push(event: StreamEvent): void {
    this.events.push(event);
    if (event.kind === 'audio') this.audioMs += event.payload.byteLength / BYTES_PER_MS;
    while (this.audioMs > this.maxAudioMs) {
      const index = this.events.findIndex(({ kind }) => kind === 'audio');
      const [dropped] = this.events.splice(index, 1);
      const ms = dropped?.kind === 'audio' ? dropped.payload.byteLength / BYTES_PER_MS : 0;
      this.audioMs -= ms;
      this.droppedMs += ms;
    }
  }

  take(): StreamEvent[] {
    const { events } = this;
    this.events = [];
    this.audioMs = 0;
    return events;
  }
}
