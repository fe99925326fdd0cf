import { CLOSES } from '@greenroom/contracts';
import type { CallResult } from './call-options';
import { describeConversation } from './conversation';
import type { LineEnd } from './media-line';
import type { Call } from './prepare-call';
import { eventLines, type SessionReading, type SessionRecord } from './session-record';

/** ms that the close may be off the wait's time-out */
const WAIT_TOLERANCE_MS = 1000;
/** ms around the time-out in which a webhook may be found or missed: Greenroom's last look is 300 ms before it */
const GREY_ZONE_MS = 300;
/** What Greenroom records of a call that was spoken with. */
const ANSWERED = new Set(['completed', 'hung-up', 'transferred']);

interface Facts {
  call: Call;
  end: LineEnd | null;
  /** null: nobody could ask, for want of an API key */
  reading: SessionReading | null;
}

/** Puts together how the call went, and whether that is how it should have gone. */
export function concludeCall(call: Call, end: LineEnd | null, reading: SessionReading | null): CallResult {
  const record = reading?.record ?? null;
  const facts = { call, end, reading };
  if (record) call.timeline.merge(eventLines(record));
  const why = problemOf(facts);
  const { caller, rules, notes, timeline } = call;
  const { close, receivedMs, marks } = end ?? NOT_ON_LINE;
  return {
    ...call.key,
    outcome: outcomeOf(facts),
    ...recordedFacts(record),
    close,
    audio: { saidMs: caller.saidMs, sentMs: caller.sentMs, receivedMs, heardBack: caller.heardBack },
    marks,
    conversation: conversationOf(call, end),
    turns: record?.turns ?? [],
    next: notes.next,
    commands: call.commanded?.commands ?? [],
    retries: notes.retries,
    webhook: notes.webhook,
    violations: rules.violations,
    crossed: isCrossed(call, record),
    ok: why === null,
    why,
    timeline: timeline.list(),
  };
}

const NOT_ON_LINE = { close: null, receivedMs: 0, marks: { received: 0, returned: 0 } };

function conversationOf(
  { caller, handset, timeline }: Call,
  end: LineEnd | null,
): CallResult['conversation'] {
  const { marks, clears, prompts } = handset;
  const startedAt = end?.startedAt ?? null;
  const events = { prompts: prompts.list, acts: caller.acts, marks, clears };
  return describeConversation(events, startedAt === null ? null : timeline.timeOf(startedAt));
}

function recordedFacts(record: SessionRecord | null): Pick<CallResult, 'found' | 'waitedMs' | 'customer'> {
  const { found, waitedMs } = record?.call ?? {};
  const customer = record?.session.customer;
  return {
    found: found ?? null,
    waitedMs: waitedMs ?? null,
    customer: customer ? { fullName: customer.fullName, phone: customer.phone } : null,
  };
}

function outcomeOf({ call, end, reading }: Facts): CallResult['outcome'] {
  const { trouble } = call.notes;
  if (trouble) return trouble.outcome;
  if (!end) return call.plan.noStream ? 'no-stream' : 'failed';
  if (closedForWantOfData(end)) return 'no-customer-data';
  const isAnswered = reading ? ANSWERED.has(recordedOutcome(reading)) : call.caller.served;
  return isAnswered ? 'answered' : 'failed';
}

const recordedOutcome = ({ record }: SessionReading): string => record?.call?.outcome ?? '';

/** What first kept the call from going as it should; null: nothing did. */
function problemOf(facts: Facts): string | null {
  const { call, end } = facts;
  const { trouble, slips } = call.notes;
  if (trouble) return trouble.why;
  if (!end) return call.plan.noStream ? noStreamProblem(facts) : 'the stream was not opened';
  return webhookProblem(call) ?? slips[0] ?? streamProblem(facts, end) ?? ruleProblem(facts);
}

/** Its caller hears nothing, and Greenroom alone can end that. */
function noStreamProblem(facts: Facts): string | null {
  const { notes, commanded, plan } = facts.call;
  const heard = commanded?.commands.filter(({ status }) => status !== plan.apiFault?.status) ?? [];
  const told = heard.filter(({ kind }) => kind === 'hang-up');
  const problem = webhookProblem(facts.call) ?? notes.slips[0];
  if (problem !== undefined) return problem;
  if (told.length !== 1) return `it should have been hung up once, and was ${told.length} times`;
  return ruleProblem(facts);
}

function webhookProblem({ notes, plan }: Call): string | null {
  const status = notes.webhook?.status ?? null;
  if (plan.noWebhook || (status !== null && status >= 200 && status < 300)) return null;
  return status === null ? 'the webhook was not answered' : `the webhook was answered with ${status}`;
}

function streamProblem(facts: Facts, end: LineEnd): string | null {
  const expected = expectedOf(facts.call);
  const closedForWant = closedForWantOfData(end);
  if (expected === 'no-data' || (expected === 'either' && closedForWant)) return waitProblem(facts.call, end);
  return talkProblem(facts, end) ?? recordProblem(facts);
}

/** With a conversation planned, somebody is expected to talk also to a caller whom nobody has announced. */
function expectedOf(call: Call): 'talk' | 'no-data' | 'either' {
  return call.plan.answers ? 'talk' : byWebhook(call);
}

/** A webhook that comes after the wait is over changes nothing about how the stream must end. */
function byWebhook({ plan, stack }: Call): 'talk' | 'no-data' | 'either' {
  if (plan.noWebhook) return 'no-data';
  if (plan.webhookDelayMs <= stack.waitTimeoutMs - GREY_ZONE_MS) return 'talk';
  return plan.webhookDelayMs < stack.waitTimeoutMs + GREY_ZONE_MS ? 'either' : 'no-data';
}

function waitProblem({ stack }: Call, end: LineEnd): string | null {
  const { code, reason } = end.close;
  if (!closedForWantOfData(end)) {
    return `without a webhook it should have been closed with "${CLOSES.noCustomerData.reason}", but ended ${code} ${reason}`;
  }
  if (Math.abs(end.onLineMs - stack.waitTimeoutMs) <= WAIT_TOLERANCE_MS) return null;
  return `closed after ${Math.round(end.onLineMs)} ms, the wait is ${stack.waitTimeoutMs} ms`;
}

function talkProblem({ call }: Facts, end: LineEnd): string | null {
  const { code, reason } = end.close;
  if (code !== CLOSES.finished.code || closedForWantOfData(end)) return `closed: ${code} ${reason}`.trimEnd();
  return call.caller.complaint(end.hungUpBy === 'caller' ? 'caller' : 'gateway');
}

function recordProblem({ call, reading }: Facts): string | null {
  if (!reading) return null;
  if (reading.problem !== null) return reading.problem;
  const mustBeFound = !call.plan.answers || byWebhook(call) === 'talk';
  if (mustBeFound && !reading.record?.call?.found) return 'no session was found for it';
  return isCrossed(call, reading.record) ? 'its session is the one of another call' : null;
}

function ruleProblem({ call }: Facts): string | null {
  const [first, ...more] = call.rules.violations;
  if (first === undefined) return null;
  return `against the provider’s rules: ${[first, ...more].join('; ')}`;
}

const closedForWantOfData = ({ close }: LineEnd): boolean =>
  close.code === CLOSES.noCustomerData.code && close.reason === CLOSES.noCustomerData.reason;

/** The national number must end the E.164 one, whatever country stands before it. */
function isCrossed({ key, known }: Call, record: SessionRecord | null): boolean {
  if (!record) return false;
  const { session } = record;
  if (session.callId !== key.callId || session.account !== key.account || session.provider !== key.provider) {
    return true;
  }
  const dialled = known.from.replace(/\D/g, '').replace(/^0+/, '');
  return session.customer !== null && !session.customer.phone.endsWith(dialled);
}
