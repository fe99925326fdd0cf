import { clientFrame, headerBytes, MASK, OPCODE, ServerFrames } from './client-frames';

/** As a server reads it (RFC 6455, section 5.2). */
function readByServer(frame: Buffer): { opcode: number; payload: string } {
  const long = ((frame[1] ?? 0) & 0x7f) === 126;
  const length = long ? frame.readUInt16BE(2) : (frame[1] ?? 0) & 0x7f;
  const mask = frame.subarray(long ? 4 : 2).subarray(0, 4);
  const masked = frame.subarray((long ? 4 : 2) + 4);
  expect(masked).toHaveLength(length);
  expect((frame[0] ?? 0) & 0x80).toBe(0x80);
  expect((frame[1] ?? 0) & 0x80).toBe(0x80);
  const payload = masked.map((byte, at) => byte ^ (mask[at & 3] ?? 0));
  return { opcode: (frame[0] ?? 0) & 0x0f, payload: Buffer.from(payload).toString() };
}

it.each([0, 1, 125, 126, 500, 65_535])('a client’s frame of %d bytes is read by a server', (bytes) => {
  const payload = 'a line '.repeat(10_000).slice(0, bytes);
  const frame = clientFrame(OPCODE.text, Buffer.from(payload));
  expect(readByServer(frame)).toEqual({ opcode: OPCODE.text, payload });
  expect(frame).toHaveLength(headerBytes(bytes) + bytes);
});

it('a frame of 64 KiB is none that can be written', () => {
  expect(() => clientFrame(OPCODE.text, Buffer.alloc(65_536))).toThrow(/out of range/);
  expect(MASK.every((byte) => byte !== 0)).toBe(true);
});

const serverFrame = (opcode: number, payload: string): Buffer => {
  const bytes = Buffer.from(payload);
  const header = bytes.length > 125 ? [0x80 | opcode, 126, bytes.length >> 8, bytes.length & 0xff] : null;
  return Buffer.concat([Buffer.from(header ?? [0x80 | opcode, bytes.length]), bytes]);
};

describe('frames of a server', () => {
  const sent = [
    [OPCODE.text, 'short'],
    [OPCODE.ping, ''],
    [OPCODE.text, 'x'.repeat(126)],
    [OPCODE.text, 'y'.repeat(1000)],
    [OPCODE.close, '\u0003è over'],
  ] as const;
  const wire = Buffer.concat(sent.map(([opcode, payload]) => serverFrame(opcode, payload)));

  it.each([1, 2, 3, 7, 100, 5000])('are told apart when they come %d bytes at a time', (size) => {
    const heard: [number, string][] = [];
    const frames = new ServerFrames((opcode, data, from, to) =>
      heard.push([opcode, data.toString('utf8', from, to)]),
    );
    // the same memory each time, as sockets read
    const memory = Buffer.alloc(size);
    for (let at = 0; at < wire.length; at += size) frames.read(memory, wire.copy(memory, 0, at, at + size));
    expect(heard).toEqual(sent);
  });

  it('are refused from 64 KiB on', () => {
    const frames = new ServerFrames(() => undefined);
    expect(() => frames.read(Buffer.from([0x81, 127, 0, 0]), 4)).toThrow(RangeError);
  });
});
