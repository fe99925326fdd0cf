import { type Findings, type Group } from '../group';
import { findingsOf, type Round } from './findings';
import { loadWebhooks, type LoadReport } from './load';
import { clientHere, measureStatements } from './single-statements';
import { type Stage, withStage } from './stage';

interface Settings {
  rounds: number;
  /** webhooks of one load */
  webhooks: number;
  /** of the statements of pgbench, ms */
  statementsMs: number;
}

const ALONE: Settings = { rounds: 7, webhooks: 12_000, statementsMs: 2500 };
const BRIEF: Settings = { rounds: 5, webhooks: 5000, statementsMs: 1200 };
/** As good as nothing: so that a test sees all of it happen. */
const TRIAL: Settings = { rounds: 1, webhooks: 400, statementsMs: 300 };

const measure = (say: (line: string) => void, settings: Settings): Promise<Findings> =>
  withStage(say, async (stage) => {
    const client = clientHere();
    const rounds: Round[] = [];
    say('both servers until their code is compiled');
    for (const [name, server] of Object.entries({ ours: stage.ours, bare: stage.bare }))
      await load(stage, server, { series: `warm-${name}`, count: settings.webhooks });
    for (let round = 1; round <= settings.rounds; round += 1) {
      say(
        `round ${round} of ${settings.rounds}: ${settings.webhooks} webhooks, twice as many, a bare server, ${client}`,
      );
      rounds.push(await playRound(stage, round, settings));
    }
    return findingsOf(rounds, client);
  });

/** One after the other, so that what the machine does meanwhile befalls all of them alike. */
async function playRound(stage: Stage, round: number, { webhooks, statementsMs }: Settings): Promise<Round> {
  const { ours, bare } = stage;
  return {
    ours: await load(stage, ours, { series: `ours${round}`, count: webhooks }),
    bare: await load(stage, bare, { series: `bare${round}`, count: webhooks }),
    twice: await load(stage, ours, { series: `twice${round}`, count: 2 * webhooks }),
    statements: await stage.reset().then(() => measureStatements(stage, clientHere(), statementsMs)),
  };
}

async function load(
  { own, stores, reset }: Stage,
  { port, pid }: Stage['ours'],
  what: { series: string; count: number },
): Promise<LoadReport> {
  await reset();
  return loadWebhooks({ stackFile: own.stack.stackFile, port, watched: { server: pid, ...stores }, ...what });
}

export const INGEST: Group = {
  name: 'ingest',
  about: 'how many webhooks are kept and told a second, and what each costs (2 minutes)',
  longestMs: 400_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};

/** Known to `npm test` alone: its figures are worth nothing. */
export const INGEST_TRIAL: Group = {
  ...INGEST,
  name: 'ingest-trial',
  measure: (say) => measure(say, TRIAL),
};
