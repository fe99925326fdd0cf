import { type Findings, type Group } from '../group';
import { withOwnStack } from '../own-stack';
import { playRounds } from '../rounds';
import { Crowd } from './crowd';
import { findingsOf, type Waits } from './findings';
import { findAtGateway, findInBaseline, type Heard, type Trial } from './latency';
import { measureSafetyPoll } from './safety-poll';
import { type Stage, stackOptions, withStage } from './stage';
import { measureStoreWork } from './store-work';

export interface Settings {
  rounds: number;
  few: number;
  many: number;
  /** calls that are announced in a round, against the floor and against polling */
  announced: { floor: number; polling: number };
  /** ms */
  windowMs: number;
}

const ALONE: Settings = {
  ...{ rounds: 9, few: 1000, many: 10_000, windowMs: 5000 },
  announced: { floor: 2000, polling: 500 },
};
const BRIEF: Settings = { ...ALONE, rounds: 5, windowMs: 2200 };
/** Waiting calls at which the work of the stores is counted, beside the many. */
const A_HUNDRED = 100;

const measure = (say: (line: string) => void, settings: Settings): Promise<Findings> =>
  withOwnStack({ prepare: stackOptions, say }, (own) =>
    withStage(own, async (stage) => {
      const crowd = new Crowd({ ...stage, series: 'ours' });
      const { few, many, announced } = settings;
      const againstPolling = (waiting: number): Promise<Waits> =>
        againstBaseline(
          { stage, crowd, settings, say },
          { waiting, announced: announced.polling },
          'polling',
        );
      say(`store work of a call: ${A_HUNDRED} waiting`);
      const hundred = await measureStoreWork(stage, crowd, A_HUNDRED);
      const fewWaits = await againstPolling(few);
      await crowd.leaveAll();
      say(`store work of a call: ${many} waiting`);
      const thousands = await measureStoreWork(stage, crowd, many);
      const floor = { waiting: many, announced: announced.floor };
      const floorWaits = await againstBaseline({ stage, crowd, settings, say }, floor, 'subscriber');
      const manyWaits = await againstPolling(many);
      say(`safety poll: ${many} waiting, ${settings.rounds} rounds`);
      const looks = await measureSafetyPoll(stage, crowd, { ...settings, waiting: many });
      const works = [hundred, thousands];
      const { brokenCalls } = crowd;
      return findingsOf({ few: fewWaits, floor: floorWaits, many: manyWaits, brokenCalls, looks, works });
    }),
  );

interface Play {
  stage: Stage;
  crowd: Crowd;
  settings: Settings;
  say: (line: string) => void;
}

/** Until a baseline waits as it will go on to: polling has to look at all of them first, the more the longer. */
const SETTLE_MS = { subscriber: 100, polling: 1500 } as const;

/** Ours and a baseline by turns; the calls of each round are new to both. */
async function againstBaseline(
  { stage, crowd, settings, say }: Play,
  trial: Trial,
  name: 'subscriber' | 'polling',
): Promise<Waits> {
  const series = `${name}${trial.waiting}`;
  const { rounds } = settings;
  const { ours, baseline } = await playRounds<'ours' | 'baseline', Heard>(rounds, {
    ours: (round) => {
      say(`${trial.waiting} waiting: round ${round} of ${rounds} beside ${name}`);
      return findAtGateway(stage, crowd, trial);
    },
    baseline: (round) =>
      findInBaseline(stage, stage[name], {
        ...{ ...trial, series, first: round * trial.waiting },
        settleMs: SETTLE_MS[name],
      }),
  });
  return { ...trial, ours, baseline };
}

export const RENDEZVOUS: Group = {
  name: 'rendezvous',
  about: 'how soon a waiting stream learns of its session, and what waiting has the stores do',
  longestMs: 600_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};
