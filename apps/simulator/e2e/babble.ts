/** Hz, of everything in here: the rate of both lines. */
export const BABBLE_HZ = 8000;

const LOUDNESS = 6000;
const OVERTONES = 14;
const SYLLABLE_MS = 220;

/**
 * Something like speech: a voice with overtones, in syllables. No two of its moments are alike, and other seeds say other
 * things, so a piece of it is found again at one place only.
 */
export function babble(ms: number, seed: number): Int16Array {
  const samples = new Int16Array((ms * BABBLE_HZ) / 1000);
  const random = randomFrom(seed);
  let hertz = 150;
  for (let at = 0, phase = 0; at < samples.length; at += 1) {
    const inSyllable = (at % ((SYLLABLE_MS * BABBLE_HZ) / 1000)) / ((SYLLABLE_MS * BABBLE_HZ) / 1000);
    if (inSyllable === 0) hertz = 110 + 90 * random();
    phase += (2 * Math.PI * hertz) / BABBLE_HZ;
    let sum = 0;
    for (let tone = 1; tone <= OVERTONES; tone += 1) sum += Math.sin(tone * phase) / (1 + tone / 3);
    const breath = 0.1 * (random() - 0.5);
    samples[at] = Math.round(LOUDNESS * Math.sin(Math.PI * inSyllable) * (0.3 * sum + breath));
  }
  return samples;
}

/** Noise that no two moments of a line have alike and that nobody hears: 65 dB below full scale. */
export function hush(ms: number, seed: number): Int16Array {
  const random = randomFrom(seed);
  // steps of 8, which G.711 keeps
  return Int16Array.from({ length: (ms * BABBLE_HZ) / 1000 }, () => 8 * Math.floor(7 * random()) - 24);
}

export function joined(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((at, part) => {
    whole.set(part, at);
    return at + part.length;
  }, 0);
  return whole;
}

/** 0 to 1, the same for the same seed (xorshift). */
function randomFrom(seed: number): () => number {
  let state = (seed * 0x9e37_79b9) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
