import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { type Served } from '../own-process';
import { type CallRange } from './bench-calls';
import { type Crowd } from './crowd';
import { takeObserved } from './observation';
import { DONE, order } from './orders';
import { type Written } from './session-writer';
import { latenciesOf, type Latencies, type Sighting, SightingsSchema } from './sightings';
import { type Spent, whileSpent } from './spent-processor';
import { type Stage } from './stage';

export interface Trial {
  /** calls that wait when it begins */
  waiting: number;
  /** how many of them are announced */
  announced: number;
}

/** What one round gave. */
export interface Heard extends Latencies {
  written: Written;
  /** from the first session to the last */
  spent: Spent;
}

/** Calls that are announced, a second. */
export const PER_SECOND = 2000;
const FOUND_WITHIN_MS = 10_000;

/** Calls that wait at the gateway: those that have waited longest are announced. */
export async function findAtGateway(stage: Stage, crowd: Crowd, trial: Trial): Promise<Heard> {
  await crowd.fillUp(trial.waiting);
  await forget(stage);
  const range = crowd.take(trial.announced);
  const { value: written, spent } = await whileSpent(stage, () => stage.writer.write(range, PER_SECOND));
  const found: Sighting[] = [];
  const all = async (): Promise<true | undefined> => {
    found.push(...(await takeObserved(stage.gateway, stage.own.folder)).sightings);
    return found.length >= trial.announced || undefined;
  };
  await waitUntil(all, { timeoutMs: FOUND_WITHIN_MS, everyMs: 100 });
  const latencies = latenciesOf(await stage.writer.published(), found);
  await crowd.leave(range);
  return { ...latencies, written, spent };
}

const ProgressSchema = z.object({ found: z.number() });

export interface BaselineTrial extends Trial {
  series: string;
  /** of those that wait; nobody has heard of them yet */
  first: number;
  /** ms that they wait before the first of them is announced */
  settleMs: number;
}

/** Calls that wait in a baseline: the first of them are announced. */
export async function findInBaseline(stage: Stage, baseline: Served, trial: BaselineTrial): Promise<Heard> {
  const range: CallRange = { series: trial.series, first: trial.first, count: trial.waiting };
  await order(baseline, 'wait', range, DONE);
  await sleep(trial.settleMs);
  await forget(stage);
  const announced = { ...range, count: trial.announced };
  const { value: written, spent } = await whileSpent(stage, () => stage.writer.write(announced, PER_SECOND));
  const all = async (): Promise<true | undefined> =>
    (await order(baseline, 'progress', {}, ProgressSchema)).found >= trial.announced || undefined;
  await waitUntil(all, { timeoutMs: FOUND_WITHIN_MS, everyMs: 100 });
  const { sightings } = await order(baseline, 'report', {}, SightingsSchema);
  return { ...latenciesOf(await stage.writer.published(), sightings), written, spent };
}

/** What was seen so far is not of the trial that begins. */
async function forget(stage: Stage): Promise<void> {
  await stage.writer.published();
  await takeObserved(stage.gateway, stage.own.folder);
}
