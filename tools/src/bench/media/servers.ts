import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { type StackProcess } from '../../stack/stack-process';
import { readMetrics } from '../metrics-page';
import { serve } from '../own-process';
import { type OwnStack } from '../own-stack';
import { type Assistant } from './accounts';
import { type BareMode } from './bare-echo';
import { announceCalls, bareCalls } from './calls';
import { type Load } from './load';

/** How late an event loop was between two looks at it, ms. */
export interface Lag {
  p99Ms: number;
  mostMs: number;
}

/** Whoever the callers speak with. */
export interface MediaServer {
  /** also of the lines to it */
  name: string;
  pid: number;
  /** since the last time */
  lag: () => Promise<Lag>;
  stop: () => Promise<void>;
}

const CLAIMED_MS = 20_000;

/**
 * How often prom-client looks at the event loop, ms (its default): what it tells of is the time from one look to the next,
 * and so contains this.
 */
const LAG_RESOLUTION_MS = 10;

/** As many lines as are played to: one that is open and silent costs a gateway something as well. */
export async function connectGateway(
  { stack }: OwnStack,
  load: Load,
  { gateway, assistant, lines }: { gateway: number; assistant: Assistant; lines: number },
): Promise<MediaServer> {
  const process = stack.gateways[gateway];
  if (!process?.port) throw new Error(`There is no gateway ${gateway + 1}.`);
  const calls = await announceCalls(stack.description, assistant, lines);
  await load.open(process.name, process.port, calls, true);
  const claimed = async () => (await activeCalls(process)) === lines || undefined;
  if (!(await waitUntil(claimed, { timeoutMs: CLAIMED_MS })))
    throw new Error(`${await activeCalls(process)} of ${lines} calls were answered by ${process.name}.`);
  return {
    ...{ name: process.name, pid: process.pid },
    lag: () => lagOf(process),
    stop: () => Promise.resolve(),
  };
}

const activeCalls = async (gateway: StackProcess): Promise<number> =>
  (await readMetrics(gateway))('greenroom_gateway_active_calls');

async function lagOf(gateway: StackProcess): Promise<Lag> {
  const readings = await readMetrics(gateway);
  const lagMs = (part: string): number =>
    Math.max(0, readings(`nodejs_eventloop_lag_${part}_seconds`) * 1000 - LAG_RESOLUTION_MS);
  return { p99Ms: lagMs('p99'), mostMs: lagMs('max') };
}

const LagSchema = z.object({ p99Ms: z.number(), mostMs: z.number() });
const LOOK_MS = 10_000;

export async function connectBare(load: Load, mode: BareMode, lines: number): Promise<MediaServer> {
  const served = await serve({ program: 'baselines/bare-media', args: ['--mode', mode] });
  const { pid, port } = served;
  const stop = (): Promise<void> => served.stop();
  try {
    await load.open(mode, port, bareCalls(lines));
  } catch (error) {
    await stop();
    throw error;
  }
  const lag = async (): Promise<Lag> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(LOOK_MS) });
    return LagSchema.parse(await response.json());
  };
  return { name: mode, pid, lag, stop };
}
