import type { StartConversation } from './conversation';

/** Plays the caller's audio back: a line test. What comes back was heard, decoded, encoded and paced on the way. */
export const startEcho: StartConversation = (line) => ({
  heard: (pcm) => line.play(pcm),
  pressed: () => undefined,
  played: () => undefined,
  sessionChanged: () => undefined,
  ended: () => undefined,
});
