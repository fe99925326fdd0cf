import type { StartConversation } from './conversation';

/** Frames that come a little late make no gap in what is played. */
const DELAY_MS = 400;

/**
 * Plays the caller's audio back: a line test. What comes back was heard, decoded, encoded and paced on the way. Audio is
 * held back at the beginning until there are `delayMs` of it, so that there is always some in hand; with 0 each frame
 * goes straight on.
 */
export const startEcho =
  ({ delayMs = DELAY_MS }: { delayMs?: number } = {}): StartConversation =>
  (line) => {
    let kept: Int16Array[] | null = delayMs > 0 ? [] : null;
    let keptMs = 0;
    return {
      heard: (pcm) => {
        if (!kept) return line.play(pcm);
        // what is heard lasts no longer than this call
        kept.push(pcm.slice());
        keptMs += (pcm.length / line.sampleRate) * 1000;
        if (keptMs < delayMs) return;
        for (const part of kept) line.play(part);
        kept = null;
      },
      pressed: () => undefined,
      played: () => undefined,
      sessionChanged: () => undefined,
      ended: () => undefined,
    };
  };
