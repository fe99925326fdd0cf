import { setTimeout as sleep } from 'node:timers/promises';
import { type Redis } from 'ioredis';
import { type Announcer, type Channel, type Pace } from './announce';
import { type Fleet, type Reading } from './fleet';
import { redisProcessorUs } from './redis-processor';

/** What is measured on. */
export interface Rig {
  announcer: Announcer;
  fleet: Fleet;
  /** a connection over which Redis is asked for its processor time */
  redis: Redis;
}

export interface Lengths {
  /** in each window */
  events: number;
  idleMs: number;
}

/** Of one stretch of events, what each of them cost, with all that happens meanwhile. */
export interface EventCost {
  redisUs: number;
  /** of all gateways together: their process */
  gatewaysUs: number;
}

/** With one number of other gateways connected. */
export interface Costs {
  others: number;
  /** us a second, without events */
  idleUs: number;
  cost: Readonly<Record<Channel, Readonly<Record<Pace, EventCost>>>>;
  published: number;
  /** events on the channels of calls: those that came to the gateway that waits */
  arrived: number;
  /** and those that came to any other */
  stray: number;
}

/** What an event costs beside so many other gateways, on its call's channel and on a shared one. */
export async function measureEvents(rig: Rig, others: number, lengths: Lengths): Promise<Costs> {
  await rig.fleet.connectOthers(others);
  const idle = await spent(rig, () => sleep(lengths.idleMs));
  const play = (channel: Channel, pace: Pace): Promise<Window> =>
    playWindow(rig, { events: lengths.events, channel, pace, listeners: others + 1 });
  const perCall = { apart: await play('per call', 'apart'), burst: await play('per call', 'burst') };
  const shared = { apart: await play('shared', 'apart'), burst: await play('shared', 'burst') };
  const came = [perCall.apart.came, perCall.burst.came];
  return {
    others,
    idleUs: idle.redisUs / idle.seconds,
    cost: { 'per call': perCall, shared },
    published: came.length * lengths.events,
    arrived: came.reduce((sum, { announced }) => sum + announced, 0),
    stray: came.reduce((sum, { stray, everybodys }) => sum + stray + everybodys, 0),
  };
}

type Came = Omit<Reading, 'processorUs'>;

interface Window extends EventCost {
  came: Came;
}

interface Stretch {
  events: number;
  channel: Channel;
  pace: Pace;
  /** gateways that listen to the shared channel */
  listeners: number;
}

/** A stretch of events, until the last of them has come to where it goes. */
async function playWindow(rig: Rig, { events, channel, pace, listeners }: Stretch): Promise<Window> {
  const before = await rig.fleet.read();
  const expected = {
    announced: before.announced + (channel === 'per call' ? events : 0),
    everybodys: before.everybodys + (channel === 'shared' ? events * listeners : 0),
  };
  let after = before;
  const { redisUs } = await spent(rig, async () => {
    await rig.announcer.announce(events, channel, pace);
    after = await rig.fleet.readAfter(expected);
  });
  const gatewaysUs = after.processorUs - before.processorUs;
  return { redisUs: redisUs / events, gatewaysUs: gatewaysUs / events, came: difference(before, after) };
}

const difference = (before: Reading, after: Reading): Came => ({
  announced: after.announced - before.announced,
  everybodys: after.everybodys - before.everybodys,
  stray: after.stray - before.stray,
});

async function spent(
  { redis }: Rig,
  work: () => Promise<void>,
): Promise<{ redisUs: number; seconds: number }> {
  const usedBefore = await redisProcessorUs(redis);
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  return { redisUs: (await redisProcessorUs(redis)) - usedBefore, seconds };
}
