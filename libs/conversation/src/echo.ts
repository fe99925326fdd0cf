import type { StartConversation } from './conversation';

/** Kept back at the beginning, so that frames which come a little late make no gap in what is played. */
const JITTER_MS = 400;

/**
 * Plays the caller's audio back, 400 ms later: a line test. What comes back was heard, decoded, encoded and paced on
 * the way.
 */
export const startEcho: StartConversation = (line) => {
  let kept: Int16Array[] | null = [];
  let keptMs = 0;
  return {
    heard: (pcm) => {
      if (!kept) return line.play(pcm);
      kept.push(pcm);
      keptMs += (pcm.length / line.sampleRate) * 1000;
      if (keptMs < JITTER_MS) return;
      kept.forEach((part) => line.play(part));
      kept = null;
    },
    pressed: () => undefined,
    played: () => undefined,
    sessionChanged: () => undefined,
    ended: () => undefined,
  };
};
