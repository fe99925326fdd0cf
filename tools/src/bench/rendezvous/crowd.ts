import { type Redis } from 'ioredis';
import { waitUntil } from '../../processes/wait-until';
import { type StackProcess } from '../../stack/stack-process';
import { readMetrics } from '../metrics-page';
import { type CallRange } from './bench-calls';
import { type StreamGenerator } from './stream-generator';

interface Batch extends CallRange {
  /** `performance.now` */
  openedAt: number;
}

/** The longest that an account may let its streams wait is 60 s, after which the gateway would close them. */
const OLDEST_MS = 45_000;
const WAITING_WITHIN_MS = 20_000;
/** After its subscription is in force a stream looks once more; then it sleeps. */
const LAST_LOOKS_MS = 300;

export interface CrowdOptions {
  gateway: StackProcess;
  streams: StreamGenerator;
  redis: Redis;
  /** what the ids of its calls begin with */
  series: string;
}

/** Streams that wait at one gateway, so many at any time: those that were found leave, and others come for them. */
export class Crowd {
  /** oldest first */
  private batches: Batch[] = [];
  private next = 0;
  /** whose streams the gateway has not closed in order, when they were over: something went wrong with them */
  brokenCalls = 0;

  constructor(private readonly options: CrowdOptions) {}

  get size(): number {
    return this.batches.reduce((sum, { count }) => sum + count, 0);
  }

  /** Replaces what has waited for long, opens what is missing, and waits until all of them do nothing but wait. */
  async fillUp(size: number): Promise<void> {
    const youngest = performance.now() - OLDEST_MS;
    while ((this.batches[0]?.openedAt ?? Infinity) < youngest) await this.leave(this.batches.shift());
    const range = { series: this.options.series, first: this.next, count: Math.max(0, size - this.size) };
    this.next += range.count;
    // in parts, so that none is much older than it is taken for
    for (let opened = 0; opened < range.count; opened += PART) {
      const part = {
        series: range.series,
        first: range.first + opened,
        count: Math.min(PART, range.count - opened),
      };
      const openedAt = performance.now();
      await this.options.streams.open(part, { port: this.options.gateway.port ?? 0, start: true });
      this.batches.push({ ...part, openedAt });
    }
    await this.settled();
  }

  /** The calls that have waited longest; they are no longer of the crowd. @throws {RangeError} if there are not so many */
  take(count: number): CallRange {
    const [oldest] = this.batches;
    if (!oldest || this.size < count) throw new RangeError(`There are no ${count} calls that wait.`);
    const range = { series: oldest.series, first: oldest.first, count };
    for (let left = count; left > 0;) {
      const batch = this.batches[0];
      if (!batch) break;
      const taken = Math.min(left, batch.count);
      left -= taken;
      if (taken === batch.count) this.batches.shift();
      else this.batches[0] = { ...batch, first: batch.first + taken, count: batch.count - taken };
    }
    return range;
  }

  /** These calls are over. */
  async leave(range: CallRange | undefined): Promise<void> {
    if (range) this.brokenCalls += range.count - (await this.options.streams.stop(range));
  }

  async leaveAll(): Promise<void> {
    for (const batch of this.batches.splice(0)) await this.leave(batch);
  }

  /** The calls of a crowd are in a row, so those of all its batches are as well. */
  private async settled(): Promise<void> {
    const { gateway, redis } = this.options;
    let seen = '';
    const all = async (): Promise<true | undefined> => {
      // a connection that was kept may have been closed meanwhile
      const waiting = await readMetrics(gateway).then(
        (of) => of('greenroom_gateway_waiters'),
        () => null,
      );
      const [, channels] = /^pubsub_channels:(\d+)/m.exec(await redis.info('stats')) ?? [];
      seen = `${waiting} wait, ${channels} channels`;
      return (waiting === this.size && Number(channels) === this.size) || undefined;
    };
    if (!(await waitUntil(all, { timeoutMs: WAITING_WITHIN_MS })))
      throw new Error(`Of ${this.size} streams not all wait: ${seen}.`);
    await new Promise((resolve) => setTimeout(resolve, LAST_LOOKS_MS));
  }
}

const PART = 1000;
