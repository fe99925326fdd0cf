import { audioUrl, base64 } from './audio-url';
import { exampleAudio } from './example-sheet';

/** Reads what `audioUrl` wrote with Node's own decoder. */
function decoded(url: string) {
  const [kind, data = ''] = url.split(',');
  const bytes = Buffer.from(data, 'base64');
  const samples = Array.from({ length: (bytes.length - 44) / 2 }, (_, index) =>
    bytes.readInt16LE(44 + 2 * index),
  );
  return {
    kind,
    bytes,
    left: samples.filter((_, i) => i % 2 === 0),
    right: samples.filter((_, i) => i % 2 === 1),
  };
}

describe('the audio as a data URL', () => {
  it('is a stereo WAV with the caller left and the assistant right, sample by sample', () => {
    const caller = exampleAudio(13_001);
    const assistant = exampleAudio(13_001, -32_768);
    const { kind, bytes, left, right } = decoded(audioUrl({ sampleRate: 16_000, caller, assistant }));
    expect(kind).toBe('data:audio/wav;base64');
    expect(bytes.toString('latin1', 0, 16)).toMatch(/^RIFF....WAVEfmt $/s);
    expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
    expect([bytes.readUInt16LE(20), bytes.readUInt16LE(22)]).toEqual([1, 2]);
    expect([bytes.readUInt32LE(24), bytes.readUInt32LE(28)]).toEqual([16_000, 64_000]);
    expect([bytes.readUInt16LE(32), bytes.readUInt16LE(34)]).toEqual([4, 16]);
    expect(bytes.readUInt32LE(40)).toBe(bytes.length - 44);
    expect(left).toEqual([...caller]);
    expect(right).toEqual([...assistant]);
  });

  it('fills the shorter channel with silence', () => {
    const { left, right } = decoded(
      audioUrl({ sampleRate: 8000, caller: Int16Array.of(1, -2, 3), assistant: Int16Array.of(7) }),
    );
    expect(left).toEqual([1, -2, 3]);
    expect(right).toEqual([7, 0, 0]);
  });

  it.each([0, 1, 2, 3, 24_575, 24_576, 24_577, 24_578, 49_153])('encodes %d bytes as base64', (length) => {
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 31) % 256);
    expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
  });
});
