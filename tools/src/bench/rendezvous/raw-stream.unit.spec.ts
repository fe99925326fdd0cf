import { frameOf, readFrames, textFrame } from './raw-stream';

/** As a server sends it: without a mask. */
const served = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([
    payload.length < 126
      ? Buffer.from([0x80 | opcode, payload.length])
      : Buffer.from([0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff]),
    payload,
  ]);

describe('frames that are sent', () => {
  it('are masked with zeros, whatever their length', () => {
    expect([...frameOf(0xa, Buffer.from('hi'))]).toEqual([0x8a, 0x82, 0, 0, 0, 0, 0x68, 0x69]);
    expect([...frameOf(0x1, Buffer.alloc(300)).subarray(0, 8)]).toEqual([0x81, 0xfe, 1, 44, 0, 0, 0, 0]);
    expect(() => frameOf(0x1, Buffer.alloc(0x10000))).toThrow(RangeError);
  });

  it('hold a message as JSON', () => {
    expect(textFrame({ event: 'connected' }).subarray(6).toString()).toBe('{"event":"connected"}');
  });
});

describe('frames that are read', () => {
  const ping = served(0x9, Buffer.alloc(0));
  const long = served(0x1, Buffer.alloc(200, 'x'));
  const close = served(0x8, Buffer.from([0x03, 0xe8]));
  const stream = Buffer.concat([ping, long, close]);

  it('are told apart in one chunk', () => {
    const { frames, rest } = readFrames(stream);
    expect(frames.map(({ opcode, payload }) => [opcode, payload.length])).toEqual([
      [0x9, 0],
      [0x1, 200],
      [0x8, 2],
    ]);
    expect(frames[2]?.payload.readUInt16BE()).toBe(1000);
    expect(rest).toHaveLength(0);
  });

  it('are the same wherever the chunk is cut', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const first = readFrames(stream.subarray(0, cut));
      const second = readFrames(Buffer.concat([first.rest, stream.subarray(cut)]));
      expect([...first.frames, ...second.frames].map(({ opcode }) => opcode)).toEqual([0x9, 0x1, 0x8]);
      expect(second.rest).toHaveLength(0);
    }
  });
});
