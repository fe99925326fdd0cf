import type { Timeline } from './timeline';

/** `refuses` at once; `hangs` until the client gives up; `forgets`: does what it was asked, and the answer is lost. */
export type Failing = 'refuses' | 'hangs' | 'forgets';

/** A time in which a server fails, as seen by one client or by all. */
export interface Outage {
  /** virtual ms */
  from: number;
  to: number;
  how: Failing;
  /** the operations that fail; all of them if not given */
  only?: readonly string[];
}

export interface RemoteOptions {
  name: string;
  /** bound of a request, and of an answer, on its way, ms */
  hopMs: number;
  /** when a client gives up waiting for an answer, ms */
  hangMs: number;
  outages: readonly Outage[];
}

/** A server at the other end of a connection. What it is asked for, it does in one moment between request and answer. */
export class Remote {
  constructor(
    private readonly timeline: Timeline,
    private readonly options: RemoteOptions,
  ) {}

  isDown(): boolean {
    return this.outage() !== undefined;
  }

  async call<T>(operation: string, act: () => Promise<T>): Promise<T> {
    const { name, hopMs, hangMs } = this.options;
    const label = `${name}.${operation}`;
    await this.timeline.step(label, hopMs);
    const outage = this.outage(operation);
    if (outage?.how === 'hangs') await this.timeline.sleep(hangMs);
    if (outage && outage.how !== 'forgets') throw new Error(`${label} ${outage.how}`);
    const answer = await act();
    await this.timeline.step(`${label} answers`, hopMs);
    if (outage) throw new Error(`${label} ${outage.how}`);
    return answer;
  }

  private outage(operation?: string): Outage | undefined {
    const now = this.timeline.now();
    return this.options.outages.find(({ from, to, only }) => {
      return from <= now && now < to && (!only || operation === undefined || only.includes(operation));
    });
  }
}
