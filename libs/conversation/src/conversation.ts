import type { Session } from '@greenroom/contracts';

/** What a conversation may do on its call. Nothing here waits: audio is queued and paced by whoever implements it. */
export interface CallLine {
  /** Hz, of all samples in both directions */
  readonly sampleRate: number;
  readonly granularity: LineGranularity;
  /** Queues a copy of the audio behind what is queued already. */
  play(pcm: Int16Array): void;
  /** `played` is told this name when everything queued before it has been played to the caller. */
  mark(name: string): void;
  /** Drops all audio that has not been played yet. */
  clear(): void;
  /** Ends the call when everything queued has been played. */
  hangUp(): void;
  /** Likewise, and then the provider connects the caller with a person. */
  transfer(): void;
}

/** In what pieces the provider moves audio: how exactly anything can be timed on this line. */
export interface LineGranularity {
  /** ms of audio in one message from the caller */
  inboundMs: number;
  /** ms of audio that `clear` cannot take back, since it has begun to play */
  uncutMs: number;
}

/**
 * One conversation with one caller. It is told what happens, in order, from the caller's first sample on (what was
 * said while the session was still awaited comes first), and acts through its line. It must not block: whoever calls
 * is the loop that receives the caller's audio.
 */
export interface Conversation {
  /**
   * The caller's audio, 16 bit mono. It is written over as soon as this returns: what is kept has to be copied.
   * @param agoMs how long ago it came, where it was kept while nobody listened yet
   */
  heard(pcm: Int16Array, agoMs?: number): void;
  pressed(digit: string): void;
  played(mark: string): void;
  /** the customer became known, or changed, after the conversation had begun */
  sessionChanged(session: Session): void;
  /** the line is gone; nothing that is done on it has an effect any more */
  ended(): void;
}

export type StartConversation = (line: CallLine, session: Session) => Conversation;
