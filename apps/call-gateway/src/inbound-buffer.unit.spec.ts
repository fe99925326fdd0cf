import { InboundBuffer, type StreamEvent } from './inbound-buffer';

const audio = (byte: number, durationMs = 100): StreamEvent => ({
  kind: 'audio',
  payload: new Uint8Array(1600).fill(byte),
  durationMs,
  timestampMs: null,
  cameAt: 0,
});

describe('the buffer of a stream that is awaited', () => {
  it('gives everything back in its order, once', () => {
    const buffer = new InboundBuffer(5000);
    const events: StreamEvent[] = [audio(1), { kind: 'dtmf', digit: '5' }, audio(2)];
    events.forEach((event) => buffer.push(event));
    expect(buffer.bytes).toBe(3200);
    expect(buffer.take()).toEqual(events);
    expect(buffer.take()).toEqual([]);
    expect({ bytes: buffer.bytes, dropped: buffer.droppedMs }).toEqual({ bytes: 0, dropped: 0 });
  });

  it('drops and counts the oldest audio when it is full, and keeps what was pressed', () => {
    const buffer = new InboundBuffer(500);
    buffer.push({ kind: 'dtmf', digit: '1' });
    for (let byte = 1; byte <= 8; byte += 1) buffer.push(audio(byte));
    const kept = buffer.take();
    expect(kept[0]).toEqual({ kind: 'dtmf', digit: '1' });
    expect(kept.slice(1).map((event) => event.kind === 'audio' && event.payload[0])).toEqual([4, 5, 6, 7, 8]);
    expect(buffer.droppedMs).toBe(300);
  });

  it('keeps no number of other events that no caller reaches', () => {
    const buffer = new InboundBuffer(500);
    for (let pressed = 0; pressed < 10_000; pressed += 1) buffer.push({ kind: 'dtmf', digit: '1' });
    expect(buffer.take()).toHaveLength(256);
  });
});
