import type { CallCommand, CallKey } from '@greenroom/contracts';
import { commandIdOf, type CallControl } from './call-control';

/** Commands that are remembered: the oldest is forgotten first, and would be run again if it were asked for again. */
const MAX_REMEMBERED = 10_000;

/** Runs commands in this process, in the background, each once a call and kind. */
export class BackgroundCommands {
  private readonly known = new Set<string>();
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly control: Pick<CallControl, 'run'>,
    private readonly maxRemembered = MAX_REMEMBERED,
  ) {}

  get size(): number {
    return this.running.size;
  }

  start(key: CallKey, command: CallCommand): void {
    const id = commandIdOf(key, command.kind);
    if (this.known.has(id)) return;
    this.known.add(id);
    const [oldest] = this.known;
    if (this.known.size > this.maxRemembered && oldest !== undefined) this.known.delete(oldest);
    const done = this.control.run(key, command).finally(() => this.running.delete(done));
    this.running.add(done);
  }

  /** Resolves when those that have begun are through, which takes no longer than the budget of one. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.running]);
  }
}
