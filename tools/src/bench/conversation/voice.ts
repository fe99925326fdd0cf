/** Hz of all audio here: that of telephone lines */
const RATE = 8000;
/** Hz, of a man */
const PITCH = 130;
/** resonances of an open vowel: Hz, and how loud */
const FORMANTS = [
  [700, 1],
  [1200, 0.6],
  [2500, 0.3],
] as const;
const FORMANT_WIDTH = 180;
/** syllables a second */
const SYLLABLES = 4;
const LOUDEST = 12_000;
/** A sample that is no silence by any measure. */
const LOUD = 2000;

/**
 * Something that is taken for a voice, and ends at its loudest: of speech nobody could say within 20 ms when it ends.
 * A little shorter than asked for.
 */
export function voiceOf(lengthMs: number): Int16Array {
  const samples = Int16Array.from({ length: (lengthMs * RATE) / 1000 }, (_, at) =>
    Math.round(LOUDEST * loudnessAt(lengthMs / 1000 - at / RATE) * vowelAt(at / RATE)),
  );
  return samples.subarray(0, samples.findLastIndex((sample) => Math.abs(sample) >= LOUD) + 1);
}

/** @param before s before the end */
const loudnessAt = (before: number): number => 0.6 + 0.4 * Math.cos(2 * Math.PI * SYLLABLES * before);

function vowelAt(seconds: number): number {
  let sum = 0;
  for (const { frequency, part } of HARMONICS) sum += part * Math.sin(2 * Math.PI * frequency * seconds);
  return sum;
}

const HARMONICS = Array.from({ length: Math.floor(3400 / PITCH) }, (_, index) => {
  const frequency = PITCH * (index + 1);
  const strength = FORMANTS.reduce(
    (sum, [center, loud]) => sum + loud * Math.exp(-(((frequency - center) / FORMANT_WIDTH) ** 2)),
    0.02,
  );
  return { frequency, part: strength };
}).map((each, _index, every) => ({
  ...each,
  // together they are never louder than 1
  part: each.part / every.reduce((sum, { part }) => sum + part, 0),
}));

const HEADER_BYTES = 44;

/** As a WAV file: one channel of 16-bit PCM at 8 kHz. */
export function wavOf(samples: Int16Array): Buffer {
  const data = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + data.length, 4);
  header.write('WAVEfmt ', 8);
  // 16 bytes of format: PCM, 1 channel, the rate, bytes a second, bytes a sample, bits a sample
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
