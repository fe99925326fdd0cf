import { setTimeout as sleep } from 'node:timers/promises';
import { usedTokenKey } from '@greenroom/contracts';
import WebSocket from 'ws';
import { Forger, newCallSid, type UsedTokens } from './forger';
import { readings } from './metrics';
import { msUntil } from './records';
import { type Rig, type RigOptions } from './rig';
import { Findings, type Outcome, percentile, type Scenario, type Size, worst } from './scenario';
import { simulateCalls } from './simulator';
import { type Command, untilQuiet, watchStatements, watchStores } from './store-traffic';
import { flood, type Flooded } from './token-flood';

const FOUND_MS = 2500;
const UPGRADES = 'greenroom_gateway_upgrades_total';
const USED_TOKENS = 20;
/** as many as one address may get wrong a second, if nothing else is set */
const MAX_REFUSALS = 20;
/** not the address that the good calls come from */
const ELSEWHERE = '127.0.0.2';

interface Amounts {
  forged: number;
  /** beside the calls */
  perSecond: number;
  calls: number;
  spreadMs: number;
  lateMs: number;
  /** with the limit as it comes */
  limited: { forged: number; perSecond: number; calls: number; spreadMs: number };
}

const AMOUNTS: Record<Size, Amounts> = {
  full: {
    ...{ forged: 20_000, perSecond: 1000, calls: 100, spreadMs: 15_000, lateMs: 2000 },
    limited: { forged: 2000, perSecond: 400, calls: 20, spreadMs: 2000 },
  },
  short: {
    ...{ forged: 1000, perSecond: 250, calls: 20, spreadMs: 1000, lateMs: 500 },
    limited: { forged: 300, perSecond: 200, calls: 4, spreadMs: 500 },
  },
};

/**
 * The first gateway looks at every token, however many were wrong and however busy the machine is; the second one has
 * its limits as they come.
 */
const LOOKED_AT: RigOptions = {
  gateways: 2,
  env: {
    gateway: { MAX_REFUSALS_PER_SECOND: '1000000', MAX_LOOP_LAG_MS: '2000' },
    'gateway-2': { MAX_REFUSALS_PER_SECOND: String(MAX_REFUSALS), MAX_LOOP_LAG_MS: '2000' },
  },
};

async function forgedTokens(rig: Rig, size: Size): Promise<Outcome> {
  const { forged, perSecond, limited, ...ofCalls } = AMOUNTS[size];
  const findings = new Findings();
  const forger = new Forger(rig.stack.description, await useUp(rig));
  const [mediaUrl = ''] = rig.stack.description.mediaUrl;
  await floodAlone(rig, findings, () => flood(forger, { mediaUrl, atLeast: forged }));

  const { result: calm, touched } = await watchStatements(rig, () =>
    placeCalls(rig, { ...ofCalls, mediaUrl }),
  );
  // what sees nothing while calls are written down would have seen nothing before
  findings.expect(touched > 0, 'the statements of good calls were not seen: what counts them is blind');
  judgeCalls(findings, calm, 'in peace');

  const placing = placeCalls(rig, { ...ofCalls, mediaUrl });
  const flooded = await flood(forger, { mediaUrl, atLeast: forged, perSecond, until: placing });
  const beside = await placing;
  judgeRefused(findings, flooded);
  judgeCalls(findings, beside, `beside ${toldOf(flooded)}`);

  const third = await floodLimited(rig, findings, limited);
  const all = [calm, beside, third];
  const sum = (of: (each: Calls) => number): number => all.reduce((total, each) => total + of(each), 0);
  const [placed, found] = [sum((each) => each.placed), sum(({ delaysMs }) => delaysMs.length)];
  return findings.outcome({ placed, found, lost: placed - found, worstMs: worst(beside.delaysMs) });
}

/** Tokens that a stream was opened with, half of them on either gateway. */
async function useUp(rig: Rig): Promise<UsedTokens> {
  const forger = new Forger(rig.stack.description);
  const streams = Array.from({ length: USED_TOKENS }, (_, index) => {
    const callSid = newCallSid();
    const token = forger.right(callSid);
    const { path, signature } = forger.shown(token);
    const mediaUrl = rig.stack.description.mediaUrl[index % 2] ?? '';
    const headers = { 'X-Twilio-Signature': signature };
    const socket = new WebSocket(mediaUrl + path, { headers, perMessageDeflate: false });
    socket.on('error', () => undefined);
    socket.once('open', () => socket.send(startOf(callSid)));
    return { token, socket };
  });
  const waiting = () => readings(rig, 'greenroom_gateway_waiters');
  const all = await msUntil(async () => (await waiting()) === USED_TOKENS, 9000);
  streams.forEach(({ socket }) => socket.terminate());
  if (all === null) throw new Error('Tokens that are right did not open their streams.');
  const ofGateway = (which: number) => streams.filter((_, at) => at % 2 === which).map(({ token }) => token);
  return { here: ofGateway(0), elsewhere: ofGateway(1) };
}

function startOf(callSid: string): string {
  const streamSid = callSid.replace('CA', 'MZ');
  const mediaFormat = { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 };
  return JSON.stringify({ event: 'start', streamSid, start: { streamSid, callSid, mediaFormat } });
}

/** What a flood costs the stores; told beside what passes in as long a time in which nothing happens. */
async function floodAlone(rig: Rig, findings: Findings, flooding: () => Promise<Flooded>): Promise<void> {
  await untilQuiet(rig);
  const [countBefore, cpuBefore] = await Promise.all([refusals(rig), cpuMs(rig)]);
  const { result: flooded, touched, connections, commands } = await watchStores(rig, flooding);
  const cpuEach = ((await cpuMs(rig)) - cpuBefore) / flooded.attempts;
  const counted = (await refusals(rig)) - countBefore;
  const idle = await watchStores(rig, () => sleep(flooded.tookMs));
  judgeRefused(findings, flooded);
  findings.expect(counted === flooded.attempts, `${counted} of ${flooded.attempts} refusals were counted`);
  findings.expect(touched === 0, `${touched} of the gateways’ ${connections} connections ran statements`);
  // only another gateway's tokens have to be asked about, and only where the signature is right
  const due = flooded.shown(({ kind, rightlySigned }) => kind === 'used elsewhere' && rightlySigned);
  const { asked, questions, sent } = questionsIn(rig, commands);
  findings.expect(asked === due, `Redis was asked about ${asked} tokens, ${due} used ones were shown`);
  findings.expect(sent === questions, `Redis got ${sent - questions} other commands from the gateway`);
  findings.note(`alone: ${toldOf(flooded)}, ${cpuEach.toFixed(2)} ms of the gateways’ CPU each`);
  findings.note(
    `of ${connections} connections to Postgres ${touched} ran a statement (idle ${idle.touched}), ` +
      `${sent} commands to Redis for ${due} used tokens ` +
      `(all other processes ${commands.length - sent}, idle ${idle.commands.length})`,
  );
}

const refusals = (rig: Rig): Promise<number> => readings(rig, UPGRADES, { status: '403' });

const cpuMs = async (rig: Rig): Promise<number> => (await readings(rig, 'process_cpu_seconds_total')) * 1000;

interface Questions {
  /** tokens that were asked about, each as often as it was */
  asked: number;
  /** commands that asked about them, one or several at a time */
  questions: number;
  /** all commands on the same connections */
  sent: number;
}

/** The gateway has one connection for commands, and it asks about used tokens on it. */
function questionsIn({ stack }: Rig, commands: readonly Command[]): Questions {
  const prefix = usedTokenKey(stack.description.environment, '');
  const tokensIn = ({ words }: Command) => words.filter((word) => word.startsWith(prefix)).length;
  const questions = commands.filter((command) => tokensIn(command) > 0);
  const sources = new Set(questions.map(({ source }) => source));
  return {
    asked: questions.reduce((sum, command) => sum + tokensIn(command), 0),
    questions: questions.length,
    sent: commands.filter(({ source }) => sources.has(source)).length,
  };
}

/** Whatever is wrong with a token: one and the same answer. */
function judgeRefused(findings: Findings, { answers }: Flooded): void {
  const [first = ''] = answers.keys();
  const others = [...answers.keys()].slice(0, 3).map((answer) => answer.split('\r\n')[0]);
  findings.expect(
    answers.size === 1 && first.startsWith('HTTP/1.1 403 '),
    `${answers.size} different answers, such as ${others.join(' and ')}`,
  );
}

interface CallPlan {
  mediaUrl: string;
  calls: number;
  spreadMs: number;
  /** webhooks that follow their streams do so at most so much later */
  lateMs: number;
}

interface Calls {
  placed: number;
  asExpected: number;
  /** how long after its webhook was kept, or after its start, each stream had found its session */
  delaysMs: number[];
  twice: number;
  failure: string | null;
}

/** Twilio's, each with a token of its own: half of the streams come after their webhooks, half before. */
async function placeCalls(rig: Rig, { mediaUrl, calls, spreadMs, lateMs }: CallPlan): Promise<Calls> {
  const [clock] = await rig.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  const half = ['--provider', 'twilio', '--media-url', mediaUrl];
  half.push('--count', String(calls / 2), '--spread', String(spreadMs));
  const reports = await Promise.all([
    simulateCalls(rig, half),
    simulateCalls(rig, [...half, '--webhook-delay-max', String(lateMs)]),
  ]);
  const rows = await rig.query<{ claims: number; delay: number }>(
    `SELECT count(*)::int AS claims,
       min(LEAST(extract(epoch FROM c.at - a.at) * 1000, (c.data->>'waitedMs')::float8))::float8 AS delay
     FROM call_sessions s
     JOIN call_events a ON a.session_id = s.id AND a.type = 'announced'
     JOIN call_events c ON c.session_id = s.id AND c.type = 'claimed'
     WHERE s.created_at >= $1 GROUP BY s.id`,
    [clock?.now],
  );
  const good = reports.map((each) => each.asExpected - each.crossed - each.lost - each.violating);
  return {
    placed: calls,
    asExpected: good.reduce((sum, each) => sum + each, 0),
    delaysMs: rows.map(({ delay }) => delay),
    twice: rows.filter(({ claims }) => claims !== 1).length,
    failure: reports.flatMap(({ failures }) => failures)[0]?.why ?? null,
  };
}

function judgeCalls(findings: Findings, calls: Calls, when: string): void {
  const { placed, asExpected, delaysMs, twice, failure } = calls;
  findings.expect(asExpected === placed, `${placed - asExpected} calls did not go well ${when}: ${failure}`);
  findings.expect(
    delaysMs.length === placed,
    `${delaysMs.length} of ${placed} sessions were found once ${when}`,
  );
  findings.expect(twice === 0, `${twice} calls were answered twice ${when}`);
  const [middle, most] = [percentile(delaysMs, 0.5), worst(delaysMs)];
  findings.expect(most <= FOUND_MS, `one was found after ${Math.round(most)} ms ${when}`);
  findings.note(`${placed} calls ${when}: found after ${inMs(middle)}, at most ${inMs(most)}`);
}

const inMs = (ms: number): string => `${Math.round(ms)} ms`;

const toldOf = ({ attempts, perSecond, eachMs }: Flooded): string =>
  `${attempts} forged ones, ${perSecond} a second, each refused in ${inMs(percentile(eachMs, 0.5))}, at most ${inMs(worst(eachMs))}`;

/** The limit as it comes: what is above it is not looked at, and calls from another address do not feel it. */
async function floodLimited(rig: Rig, findings: Findings, amounts: Amounts['limited']): Promise<Calls> {
  const mediaUrl = rig.stack.description.mediaUrl[1] ?? '';
  const placing = placeCalls(rig, { ...amounts, mediaUrl, lateMs: 500 });
  const { forged: atLeast, perSecond } = amounts;
  const forger = new Forger(rig.stack.description);
  const flooded = await flood(forger, {
    ...{ mediaUrl, atLeast, perSecond },
    ...{ localAddress: ELSEWHERE, until: placing },
  });
  const calls = await placing;
  judgeLimited(findings, flooded);
  judgeCalls(findings, calls, `beside ${toldOf(flooded)}, limited`);
  return calls;
}

function judgeLimited(findings: Findings, { answers, attempts, tookMs }: Flooded): void {
  const begun = (line: string): number =>
    [...answers].reduce((sum, [answer, times]) => sum + (answer.startsWith(line) ? times : 0), 0);
  const lookedAt = begun('HTTP/1.1 403 ');
  const unseen = begun('HTTP/1.1 503 ');
  const most = MAX_REFUSALS * (Math.floor(tookMs / 1000) + 1);
  findings.expect(
    lookedAt > 0 && lookedAt <= most,
    `${lookedAt} were looked at, at most ${most} are allowed`,
  );
  findings.expect(
    answers.size === 2 && lookedAt + unseen === attempts && unseen > 0,
    `of ${attempts} above the limit ${unseen} were answered 503, with ${answers.size} different answers`,
  );
  findings.note(`with the limit as it comes: ${lookedAt} looked at, ${unseen} answered 503`);
}

export const FORGED_TOKENS: readonly Scenario[] = [
  {
    name: 'forged-tokens',
    what: '20,000 streams with forged tokens, alone and beside 100 good calls',
    bound: 'all refused alike without a statement in Postgres; good calls whole, found within 2.5 s',
    rig: LOOKED_AT,
    run: forgedTokens,
  },
];
