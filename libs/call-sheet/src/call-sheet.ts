import { type Turn } from '@greenroom/contracts';

/** Everything that happened on one call, on one time axis. All `…Ms` count from the start of the media stream. */
export interface CallSheet {
  /** such as `exotel/default 3f2a…` */
  title: string;
  /** facts for the head of the page, in this order, such as `['Outcome', 'transferred']` */
  facts: readonly (readonly [name: string, value: string])[];
  /** unix ms of the axis' zero */
  startedAt: number;
  durationMs: number;
  /** both begin at the axis' zero; a shorter one was silent at its end */
  audio: { sampleRate: number; caller: Int16Array; assistant: Int16Array };
  /** null: nothing was waited for */
  wait: { fromMs: number; toMs: number; outcome: string } | null;
  turns: readonly Turn[];
  events: readonly SheetEvent[];
}

export interface SheetEvent {
  atMs: number;
  kind: 'mark' | 'mark-lost' | 'barge-in' | 'no-input' | 'digit' | 'clear' | 'note' | 'fault';
  /** who tells it, such as `gateway` or `provider` */
  who: string;
  what: string;
}
