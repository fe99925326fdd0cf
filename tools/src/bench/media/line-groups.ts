import { setTimeout as sleep } from 'node:timers/promises';
import { CallerLine } from './caller-line';
import { flood } from './flood';
import { type Call, type Flood, type Flooded, type Play, type Played } from './load-messages';
import { play } from './play';
import { type SpeechFrames } from './speech-frames';
import { Refused } from './upgrade';

/** So many handshakes at once. */
const AT_ONCE = 10;
const OVERLOADED = 503;
const TRIES = 10;
const PAUSE_MS = 500;
const LOOK_MS = 50;
/** A line is looked at once a second: well within what a server takes for silence. */
const LOOKS = 20;
const IDLE_MS = 1000;

export interface OpenOptions {
  group: string;
  port: number;
  calls: readonly Call[];
  keepAwake: boolean;
}

/** The lines of a generator, by the name of their group. */
export class LineGroups {
  private readonly groups = new Map<string, CallerLine[]>();
  private readonly keptAwake: CallerLine[] = [];
  private looks = 0;
  private readonly timer = setInterval(() => this.look(), LOOK_MS);

  constructor(private readonly speech: SpeechFrames) {}

  async open({ group, port, calls, keepAwake }: OpenOptions): Promise<void> {
    const lines: CallerLine[] = [];
    for (let from = 0; from < calls.length; from += AT_ONCE) {
      const some = calls.slice(from, from + AT_ONCE);
      const opened = await Promise.all(some.map((call) => this.openOne(port, call)));
      lines.push(...opened);
      // those that are open already wait for the others
      if (keepAwake) this.keptAwake.push(...opened);
    }
    this.groups.set(group, lines);
  }

  play(options: Play): Promise<Played> {
    return play(this.linesOf(options.group, options.lines), options, this.speech);
  }

  flood(options: Flood): Promise<Flooded> {
    return flood(
      options.groups.flatMap((group) => this.linesOf(group, options.lines)),
      options,
      this.speech.silence,
    );
  }

  close(): void {
    clearInterval(this.timer);
  }

  /** Many at once may be too many for a moment: a server that says so is asked again. */
  private async openOne(port: number, call: Call): Promise<CallerLine> {
    for (let tried = 1; ; tried++) {
      try {
        return await CallerLine.open(port, call, this.speech.silence);
      } catch (error) {
        if (tried === TRIES || !(error instanceof Refused && error.status === OVERLOADED)) throw error;
      }
      await sleep(PAUSE_MS);
    }
  }

  private linesOf(group: string, count: number): CallerLine[] {
    const lines = this.groups.get(group) ?? [];
    if (lines.length < count)
      throw new Error(`There are ${lines.length} lines of ${group}, and not ${count}.`);
    return lines.slice(0, count);
  }

  /** Not all at once: one of twenty each time. */
  private look(): void {
    const nowMs = performance.now();
    for (let at = this.looks++ % LOOKS; at < this.keptAwake.length; at += LOOKS)
      this.keptAwake[at]?.keepAwake(nowMs, IDLE_MS);
  }
}
