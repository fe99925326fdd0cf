import { type Findings, type Group } from '../group';
import { withOwnStack } from '../own-stack';
import { playRounds } from '../rounds';
import { Crowd } from './crowd';
import { findingsOf, type Waits } from './findings';
import { findAtGateway, findInBaseline, type Heard, type Trial } from './latency';
import { measureSafetyPoll } from './safety-poll';
import { type Stage, stackOptions, withStage } from './stage';
import { measureStoreWork } from './store-work';

interface Settings {
  rounds: number;
  few: number;
  many: number;
  /** calls that are announced in a round */
  announced: {
    /** where few wait */
    few: number;
    /** where many wait; the more, the less long each of them has waited */
    many: number;
    toPolling: number;
  };
  /** ms for which the gateway is left to itself, while many wait */
  windowMs: number;
}

const ALONE: Settings = {
  ...{ rounds: 9, few: 1000, many: 10_000, windowMs: 5000 },
  announced: { few: 500, many: 2500, toPolling: 500 },
};
const BRIEF: Settings = {
  ...ALONE,
  ...{ rounds: 5, windowMs: 1500 },
  announced: { few: 500, many: 2500, toPolling: 300 },
};
/** Waiting calls at which the work of the stores is counted, beside the many. */
const A_HUNDRED = 100;

const measure = (say: (line: string) => void, settings: Settings): Promise<Findings> =>
  withOwnStack({ prepare: stackOptions, say }, (own) =>
    withStage(own, async (stage) => {
      const crowd = new Crowd({ ...stage, series: 'ours' });
      const { few, many, announced, rounds } = settings;
      const play: Play = { stage, crowd, settings, say };
      say(`store work of a call: ${A_HUNDRED} waiting`);
      const hundred = await measureStoreWork(stage, crowd, A_HUNDRED);
      say('until the code is compiled');
      await warmUp(play, { waiting: few, announced: announced.few });
      const fewWaits = await playWaits(play, { waiting: few, announced: announced.few });
      await crowd.leaveAll();
      say(`store work of a call: ${many} waiting`);
      const thousands = await measureStoreWork(stage, crowd, many);
      const manyWaits = await playWaits(play, { waiting: many, announced: announced.many });
      say(`looks for ${many} calls that wait, ${rounds} rounds`);
      const looks = await measureSafetyPoll(stage, crowd, { ...settings, waiting: many });
      const { brokenCalls } = crowd;
      return findingsOf({ few: fewWaits, many: manyWaits, brokenCalls, looks, works: [hundred, thousands] });
    }),
  );

interface Play {
  stage: Stage;
  crowd: Crowd;
  settings: Settings;
  say: (line: string) => void;
}

/** Rounds that count for nothing: what a process has done a few times only it does many times slower. */
const WARM_UPS = 2;

/** Until a baseline waits as it will go on to, ms: polling has to look at all of them first, the more the longer. */
const SETTLE_MS = { subscriber: 100, polling: 1000 } as const;

/** Ours and the baselines by turns; the calls of each round are new to all of them. */
async function playWaits({ stage, crowd, settings, say }: Play, trial: Trial): Promise<Waits> {
  const { waiting } = trial;
  const inBaseline = (name: 'subscriber' | 'polling', announced: number) => (round: number) =>
    findInBaseline(stage, stage[name], {
      ...{ waiting, announced, series: `${name}${waiting}`, first: round * waiting },
      settleMs: SETTLE_MS[name],
    });
  const rounds = await playRounds<'ours' | 'floor' | 'polling', Heard>(settings.rounds, {
    ours: (round) => {
      say(`${waiting} waiting: round ${round} of ${settings.rounds}`);
      return findAtGateway(stage, crowd, trial);
    },
    floor: inBaseline('subscriber', trial.announced),
    polling: inBaseline('polling', settings.announced.toPolling),
  });
  return { ...trial, ...rounds };
}

/** The code of all that the rounds will use is compiled then. */
async function warmUp({ stage, crowd }: Play, trial: Trial): Promise<void> {
  await playRounds(WARM_UPS, {
    ours: () => findAtGateway(stage, crowd, trial),
    floor: (round) =>
      findInBaseline(stage, stage.subscriber, {
        ...{ ...trial, series: 'warm', first: round * trial.waiting },
        settleMs: SETTLE_MS.subscriber,
      }),
  });
}

export const RENDEZVOUS: Group = {
  name: 'rendezvous',
  about: 'how soon a waiting stream learns of its session, and what waiting has the stores do',
  longestMs: 600_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};
