import { setTimeout as sleep } from 'node:timers/promises';
import { hangUpAll, hearing, openCrowd } from './crowd';
import { type Answer, newNumber, Webhooks } from './provider';
import { judgeMeetings } from './records';
import { type Rig } from './rig';
import { PLAIN } from './rigs';
import { Findings, type Outcome, type Scenario, type Size } from './scenario';

const FOUND_MS = 2500;
/** streams that wait in each round */
const STREAMS = 10;
/** over so long the webhooks of a round come, and the kill somewhere among them, ms */
const ROUND_MS = 60;
/** a provider tries again; so often, and after so long, ms */
const TRIES = 30;
const RETRY_MS = 250;

async function ingestKilled(rig: Rig, size: Size): Promise<Outcome> {
  const kills = size === 'full' ? 20 : 4;
  const findings = new Findings();
  const tally = { unanswered: 0, refused: 0 };
  const leaving: Promise<void>[] = [];
  for (let round = 0; round < kills; round++) leaving.push((await playRound(rig, round, tally)).left);
  await Promise.all(leaving);
  findings.note(`${kills} kills; ${tally.unanswered} webhooks got no answer and were sent again`);
  findings.expect(tally.unanswered > 0, 'no kill hit a webhook');
  findings.expect(tally.refused === 0, `${tally.refused} webhooks were never accepted`);
  return judgeMeetings(rig, findings, { scope: rig, placed: kills * STREAMS, boundMs: FOUND_MS });
}

interface Tally {
  unanswered: number;
  refused: number;
}

/** Resolves when the ingest runs again and has taken every webhook; `left`, when the round's streams have left. */
async function playRound(rig: Rig, round: number, tally: Tally): Promise<{ left: Promise<void> }> {
  const [ingest] = rig.stack.ingests;
  if (!ingest) throw new Error('There is no ingest.');
  const crowd = await openCrowd(rig, {
    count: STREAMS,
    overMs: 100,
    frames: 4,
    firstIndex: round * STREAMS,
  });
  const webhooks = new Webhooks(rig.stack.description);
  const announcing = crowd.map(async ({ callId }) => {
    await sleep(Math.random() * ROUND_MS);
    await announceUntilAccepted(webhooks, callId, tally);
  });
  await sleep(Math.random() * ROUND_MS);
  await rig.end(ingest, 'SIGKILL');
  await ingest.restart();
  // the next kill is not to keep a provider from ever getting through
  await Promise.all(announcing);
  return { left: hearing(crowd, 4000).then(() => hangUpAll(crowd)) };
}

async function announceUntilAccepted(webhooks: Webhooks, callId: string, tally: Tally): Promise<void> {
  const from = newNumber();
  let answer: Answer | null = null;
  for (let tries = 0; tries < TRIES && answer?.status !== 200; tries++) {
    if (tries > 0) await sleep(RETRY_MS);
    answer = await webhooks.announce(callId, from);
    if (tries === 0 && answer.status === null) tally.unanswered += 1;
  }
  if (answer?.status !== 200) tally.refused += 1;
}

export const INGEST_KILLED: readonly Scenario[] = [
  {
    name: 'ingest-killed',
    what: 'the ingest is killed 20 times among the webhooks of waiting streams; what got no answer is sent again',
    bound: 'every committed session found within 2.5 s',
    rig: PLAIN,
    run: ingestKilled,
  },
];
