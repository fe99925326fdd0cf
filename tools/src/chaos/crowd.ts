import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../processes/wait-until';
import { Caller, type Target } from './caller';
import { readings } from './metrics';
import { authorizationOf } from './provider';
import { type Rig } from './rig';

export const targetOf = ({ stack }: Rig, gateway = 0): Target => ({
  mediaUrl: stack.description.mediaUrl[gateway] ?? '',
  authorization: authorizationOf(stack.description),
});

/** Does it so many times, evenly over a time, whatever the earlier ones do meanwhile; resolves when all are done. */
export async function atRate<T>(
  count: number,
  overMs: number,
  work: (index: number) => Promise<T>,
): Promise<T[]> {
  const startedAt = performance.now();
  const running: Promise<T>[] = [];
  for (let index = 0; index < count; index++) {
    const dueIn = startedAt + (index * overMs) / count - performance.now();
    if (dueIn > 1) await sleep(dueIn);
    running.push(work(index));
  }
  return Promise.all(running);
}

export interface CrowdOptions {
  count: number;
  overMs: number;
  /** frames that each says at once; 0 if left out */
  frames?: number;
  /** which of the rig's gateways they go to; in turn, if left out */
  gateways?: readonly number[];
  firstIndex?: number;
}

/** Streams that have said which call they are. @throws if one is refused: then nothing is measured */
export async function openCrowd(rig: Rig, options: CrowdOptions): Promise<Caller[]> {
  const gateways = options.gateways ?? rig.stack.gateways.map((_, index) => index);
  return atRate(options.count, options.overMs, async (index) => {
    const callId = `${rig.prefix}${(options.firstIndex ?? 0) + index}`;
    const caller = new Caller(targetOf(rig, gateways[index % gateways.length]), callId);
    const status = await caller.answered;
    if (status !== 101) throw new Error(`A stream was refused with ${status}.`);
    caller.start();
    caller.say(options.frames ?? 0);
    return caller;
  });
}

/** Streams that wait: nobody has announced their calls. */
export async function openWaiting(rig: Rig, count: number): Promise<Caller[]> {
  const crowd = await openCrowd(rig, { count, overMs: count * 10, frames: 4 });
  const settled = await waitUntil(
    async () => (await readings(rig, 'greenroom_gateway_waiters')) === count || undefined,
    { timeoutMs: 10_000 },
  );
  if (!settled) throw new Error(`${count} streams were opened, and not all of them wait.`);
  return crowd;
}

/** How many of them hear something within the time allowed. */
export async function hearing(crowd: readonly Caller[], timeoutMs: number): Promise<number> {
  const heard = () => crowd.filter(({ firstHeardAt }) => firstHeardAt !== null).length;
  const all = () => Promise.resolve(heard() === crowd.length || undefined);
  await waitUntil(all, { timeoutMs, everyMs: 20 });
  return heard();
}

export const hangUpAll = async (crowd: readonly Caller[]): Promise<void> => {
  await Promise.all(crowd.filter(({ end }) => end === null).map((caller) => caller.hangUp()));
};
