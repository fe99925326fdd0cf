import type { LineAudio } from './provider-side';

/** What telephone networks have: mu-law at 8000 Hz, and nothing else, whatever is asked for. */
export const mulawLine = (): LineAudio => ({
  encoding: 'mulaw',
  sampleRate: 8000,
  frameMs: 20,
  frameBytes: 160,
  bytesPerMs: 8,
  silence: 0xff,
});
