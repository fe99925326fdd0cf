import { waitUntil } from '../../processes/wait-until';
import { type StackProcess } from '../../stack/stack-process';
import { readMetrics, type Readings } from '../metrics-page';
import { type StreamGenerator } from '../rendezvous/stream-generator';
import { settledMemory } from './settled-memory';

/** What calls cost that wait for their sessions while their callers speak, each, bytes. */
export interface WaitingCosts {
  /** resident, without garbage */
  bytes: number;
  /** of audio that is kept */
  ringBytes: number;
}

export interface WaitingOptions {
  streams: StreamGenerator;
  folder: string;
  /** of the gateway, for the collection of its garbage */
  name: string;
  calls: number;
  series: string;
  /** what the ring holds, ms */
  ringMs: number;
}

const WITHIN_MS = 15_000;
/** mu-law at 8 kHz */
const BYTES_PER_MS = 8;
/** So much is said beyond what the ring holds. */
const MORE_MS = 200;

/** Calls that come and go before: what the first calls of a process make it take, it keeps for those after them. */
const WARM_UP_CALLS = 300;

/** Opens them, lets them speak until their rings are full, and leaves them waiting. */
export async function measureWaiting(
  gateway: StackProcess,
  { folder, name, calls, ...options }: WaitingOptions,
): Promise<WaitingCosts> {
  await speak(gateway, { ...options, first: calls, count: WARM_UP_CALLS });
  await options.streams.stop({ series: options.series, first: calls, count: WARM_UP_CALLS });
  const before = await settledMemory(gateway, folder, name);
  const buffered = await speak(gateway, { ...options, first: 0, count: calls });
  const after = await settledMemory(gateway, folder, name);
  return {
    bytes: (after - before) / calls,
    ringBytes: buffered('greenroom_gateway_buffered_bytes') / calls,
  };
}

type Speaking = Pick<WaitingOptions, 'streams' | 'series' | 'ringMs'> & { first: number; count: number };

/** @returns the readings of when so many wait, and what each of them has said fills its ring */
async function speak(gateway: StackProcess, { streams, ringMs, ...range }: Speaking): Promise<Readings> {
  await streams.open(range, { port: gateway.port ?? 0, start: true });
  const all = await readUntil(gateway, (readings) => readings('greenroom_gateway_waiters') >= range.count);
  if (!all) throw new Error(`Of ${range.count} streams not all wait.`);
  await streams.say(range, ringMs + MORE_MS);
  const full = range.count * ringMs * BYTES_PER_MS;
  const buffered = await readUntil(
    gateway,
    (readings) => readings('greenroom_gateway_buffered_bytes') >= full,
  );
  if (!buffered) throw new Error('What the callers say is not kept.');
  return buffered;
}

/** @returns the readings of which it holds; undefined: none in time */
const readUntil = (
  gateway: StackProcess,
  holds: (readings: Readings) => boolean,
): Promise<Readings | undefined> =>
  waitUntil(
    async () => {
      // a connection that was kept may have been closed meanwhile
      const readings = await readMetrics(gateway).catch(() => null);
      return readings && holds(readings) ? readings : undefined;
    },
    { timeoutMs: WITHIN_MS, everyMs: 100 },
  );
