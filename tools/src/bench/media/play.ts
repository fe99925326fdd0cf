import { setTimeout as sleep } from 'node:timers/promises';
import { type CallerLine } from './caller-line';
import { type Play, type Played, type Used } from './load-messages';
import { SpeechFrames } from './speech-frames';
import { Tally } from './tally';
import { watchUsage } from './usage-window';

/** All lines of a slot send one after the other: no timer of Node is finer than this. */
export const SLOT_MS = 1;
const SLOTS_PER_FRAME = 20;
/** Frames that stand at the end of the window for the rest of a message come in this time. */
const COOL_DOWN_MS = 100;
/** The first slot is not late already. */
const AHEAD_MS = 5;

/** Plays to the lines in real time, each on its own phase of 20 ms, against absolute deadlines. */
export async function play(
  lines: readonly CallerLine[],
  options: Play,
  speech: SpeechFrames,
): Promise<Played> {
  const tally = new Tally();
  for (const line of lines) line.tally = tally;
  const slots = slotsOf(lines, options.says, speech);
  const begins = Math.round(options.warmUpMs / SLOT_MS);
  const ends = begins + Math.round(options.windowMs / SLOT_MS);
  let used = watchUsage(options.watch);
  let found: Used | null = null;
  await eachSlot(ends + COOL_DOWN_MS / SLOT_MS, (slot, dueAt) => {
    const nowMs = performance.now();
    if (slot === begins) {
      used = watchUsage(options.watch);
      tally.begin(nowMs);
    }
    if (slot === ends) {
      tally.end(nowMs);
      found = used();
    }
    tally.ticked(nowMs, nowMs - dueAt);
    slots[slot % SLOTS_PER_FRAME]?.(Math.floor(slot / SLOTS_PER_FRAME));
  });
  assertOpen(lines);
  if (options.says === 'numbers') await heardAll(tally, options.patienceMs);
  return { ...tally.seen(), ...(found ?? used()) };
}

type Slot = (frame: number) => void;

/** What is done in each of the slots of a frame. */
function slotsOf(lines: readonly CallerLine[], says: Play['says'], speech: SpeechFrames): Slot[] {
  return Array.from({ length: SLOTS_PER_FRAME }, (_, slot) => {
    const own = lines
      .map((line, index) => ({ line, shift: SpeechFrames.shiftOf(index, lines.length) }))
      .filter((_each, index) => index % SLOTS_PER_FRAME === slot);
    return (frame) => {
      for (const { line, shift } of own) {
        if (says === 'numbers') line.sayNumbered(performance.now());
        else line.say(speech.at(frame, shift), performance.now());
      }
    };
  });
}

/** Late slots are made up for at once, none is left out. */
function eachSlot(slots: number, run: (slot: number, dueAtMs: number) => void): Promise<void> {
  const startsAt = performance.now() + AHEAD_MS;
  let slot = 0;
  return new Promise((resolve, reject) => {
    const tick = (): void => {
      try {
        for (; slot < slots && dueOf(slot) <= performance.now(); slot++) run(slot, dueOf(slot));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
        return;
      }
      if (slot < slots) setTimeout(tick, dueOf(slot) - performance.now());
      else resolve();
    };
    const dueOf = (index: number): number => startsAt + index * SLOT_MS;
    setTimeout(tick, AHEAD_MS);
  });
}

async function heardAll(tally: Tally, patienceMs: number): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!tally.whole && performance.now() < until) await sleep(10);
}

/** @throws if one of them has ended: then fewer were played to than was said */
export function assertOpen(lines: readonly CallerLine[]): void {
  const ended = lines.filter((line) => line.ended !== null);
  if (ended.length === 0) return;
  throw new Error(`${ended.length} of ${lines.length} lines have ended, the first since ${ended[0]?.ended}.`);
}
