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

/** Opens them, lets them speak until their rings are full, and leaves them waiting. */
export async function measureWaiting(
  gateway: StackProcess,
  { streams, folder, name, calls, series, ringMs }: WaitingOptions,
): Promise<WaitingCosts> {
  const range = { series, first: 0, count: calls };
  const before = await settledMemory(gateway, folder, name);
  await streams.open(range, { port: gateway.port ?? 0, start: true });
  const all = await readUntil(gateway, (readings) => readings('greenroom_gateway_waiters') >= calls);
  if (!all) throw new Error(`Of ${calls} streams not all wait.`);
  await streams.say(range, ringMs + MORE_MS);
  const full = calls * ringMs * BYTES_PER_MS;
  const buffered = await readUntil(
    gateway,
    (readings) => readings('greenroom_gateway_buffered_bytes') >= full,
  );
  if (!buffered) throw new Error('What the callers say is not kept.');
  const after = await settledMemory(gateway, folder, name);
  return {
    bytes: (after - before) / calls,
    ringBytes: buffered('greenroom_gateway_buffered_bytes') / calls,
  };
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
