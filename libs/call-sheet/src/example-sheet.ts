import { type Turn } from '@greenroom/contracts';
import { type CallSheet, type SheetEvent } from './call-sheet';

/** For the specs: a sheet on which nothing happened but what a spec adds to it. */

export const EXAMPLE_START = Date.UTC(2025, 2, 9, 14, 5, 22, 250);

export function exampleSheet(changes: Partial<CallSheet> = {}): CallSheet {
  return {
    title: 'exotel/default 3f2a',
    facts: [['Outcome', 'transferred']],
    startedAt: EXAMPLE_START,
    durationMs: 20_000,
    audio: { sampleRate: 8000, caller: new Int16Array(0), assistant: new Int16Array(0) },
    wait: null,
    turns: [],
    events: [],
    ...changes,
  };
}

/** From and to in ms of the axis. An assistant's turn is heard to its end unless the changes say otherwise. */
export function exampleTurn(
  who: Turn['who'],
  [from, to]: [number, number],
  changes: Partial<Turn> = {},
): Turn {
  const assistants = who === 'assistant';
  return {
    number: 1,
    who,
    startedAt: EXAMPLE_START + from,
    endedAt: EXAMPLE_START + to,
    endedBy: assistants ? 'played' : 'end-silence',
    text: 'Monday at ten.',
    digits: null,
    lengthMs: assistants ? to - from : null,
    heardMs: assistants ? to - from : null,
    heardText: assistants ? (changes.text ?? 'Monday at ten.') : null,
    speechMs: assistants ? null : to - from,
    step: null,
    ...changes,
  };
}

export const exampleEvent = (
  kind: SheetEvent['kind'],
  atMs: number,
  changes: Partial<SheetEvent> = {},
): SheetEvent => ({
  atMs,
  kind,
  who: 'gateway',
  what: `${kind} it was`,
  ...changes,
});

/** A tone without a sample that is zero; `loudness` is that of its largest sample. */
export function exampleAudio(samples: number, loudness = 12_000): Int16Array {
  const audio = new Int16Array(samples);
  for (let index = 0; index < samples; index += 1) audio[index] = ((index % 8) - 3.5) * (loudness / 3.5);
  return audio;
}
