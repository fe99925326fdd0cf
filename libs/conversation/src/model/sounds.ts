/** A steady sound: 400 Hz, `level` dB below full scale. */
export function tone(ms: number, level: number, sampleRate = 8000): Int16Array {
  const peak = 32768 * Math.SQRT2 * 10 ** (level / 20);
  const period = sampleRate / 400;
  const wave = Array.from({ length: period }, (_, index) => Math.sin((2 * Math.PI * index) / period) * peak);
  const pcm = new Int16Array(Math.round((ms * sampleRate) / 1000));
  for (let index = 0; index < pcm.length; index += 1) pcm[index] = wave[index % period] ?? 0;
  return pcm;
}

export const silence = (ms: number, sampleRate = 8000): Int16Array =>
  new Int16Array(Math.round((ms * sampleRate) / 1000));

/** The same, so many dB louder. */
export const louder = (pcm: Int16Array, db: number): Int16Array =>
  pcm.map((sample) => sample * 10 ** (db / 20));

export function together(...sounds: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(sounds.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sound of sounds) {
    whole.set(sound, at);
    at += sound.length;
  }
  return whole;
}
