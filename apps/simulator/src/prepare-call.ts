import { CallKeySchema, type CallKey } from '@greenroom/contracts';
import { CommandedCall } from './api/commanded-call';
import type { CallOptions } from './call-options';
import type { Caller } from './caller/caller';
import { ConversingCaller } from './caller/conversing';
import { EchoingCaller } from './caller/echoing';
import type { Script } from './caller/script';
import { soundOf } from './caller/sound';
import { StackSchema, type Stack } from './config';
import { Handset } from './handset';
import { LineEcho } from './line-echo';
import { RuleKeeper } from './outbound-rules';
import { Prompts } from './prompts';
import type { LineAudio, Next, ProviderCall, ProviderSide } from './provider-side';
import { Recording } from './recording';
import { lineAudioOf, sideOf } from './sides';
import { Timeline } from './timeline';
import { toneSequence } from './tones';

/** ms over wait and echo before the caller gives up */
const PATIENCE_MS = 5000;
/** ms that a prompt, its answer and the assistant's thinking may take together, on average */
const PER_ANSWER_MS = 30_000;
const PROMPT_GAP_MS = 500;

/** ms; a Greenroom that waits keeps the last 5 s of what the caller says, and the beginning must be among them */
const SPOKEN_BEFORE_WEBHOOK_MS = 3000;

/** One call while it is made: what is fixed before it begins, and what has been noted since. */
export interface Call {
  plan: CallPlan;
  stack: Stack;
  side: ProviderSide;
  key: CallKey;
  known: ProviderCall;
  audio: LineAudio;
  caller: Caller;
  handset: Handset;
  /** null: nothing is kept */
  recording: Recording | null;
  rules: RuleKeeper;
  timeline: Timeline;
  /** the call as the provider's REST API knows it; null: it has none */
  commanded: CommandedCall | null;
  notes: CallNotes;
}

/** The options with every gap filled that the call itself asks about. */
export interface CallPlan extends CallOptions {
  webhookDelayMs: number;
  copies: number;
  sayAfterMs: number;
  holdMs: number;
  limitMs: number;
}

export interface CallNotes {
  webhook: { status: number | null; delayMs: number } | null;
  /** what the answer to the first webhook wants to be asked after the stream */
  actionUrl: string | null;
  next: Next | null;
  /** webhooks that were sent again */
  retries: number;
  /** webhooks that nobody waits for before the call ends */
  telling: Promise<void>[];
  /** what kept the stream from being opened, or the call from going on */
  trouble: { outcome: 'refused' | 'failed'; why: string } | null;
  /** what went wrong beside the call itself */
  slips: string[];
}

/** @throws {z.ZodError} if stack, account or call id are malformed */
export function prepareCall(options: CallOptions, script: Script): Call {
  const stack = StackSchema.parse(options.stack);
  const side = sideOf(options);
  const timeline = new Timeline(options.watch);
  const key = CallKeySchema.parse({
    provider: side.provider,
    account: options.account ?? 'default',
    callId: options.callId ?? side.newCallId(),
  });
  const audio = lineAudioOf(options);
  const rules = new RuleKeeper(side.rules);
  const telephone = newTelephone(options, audio);
  const caller = newCaller({ options, script, audio, key, prompts: telephone.handset.prompts, timeline });
  return {
    plan: planCall(options, caller, stack),
    stack,
    side,
    key,
    known: knownCall({ options, side, stack, key, startedAt: timeline.startedAt }),
    audio,
    caller,
    ...telephone,
    rules,
    timeline,
    commanded:
      side.api && new CommandedCall({ api: side.api, ...commandRules(options, side), rules, timeline }),
    notes: { webhook: null, actionUrl: null, next: null, retries: 0, telling: [], trouble: null, slips: [] },
  };
}

const commandRules = ({ apiFault }: CallOptions, { controlledBy }: ProviderSide) => ({
  fault: apiFault,
  rings: controlledBy === 'commands',
});

function newTelephone(options: CallOptions, audio: LineAudio): Pick<Call, 'handset' | 'recording'> {
  const isKept = [options.record, options.recordBoth, options.sheet].some((file) => file !== undefined);
  const recording = isKept ? new Recording(audio) : null;
  const lineEcho = options.lineEcho ? new LineEcho(audio, options.lineEcho) : null;
  const prompts = new Prompts(options.promptGapMs ?? PROMPT_GAP_MS);
  return { handset: new Handset({ prompts, lineEcho, recording }), recording };
}

interface CallerParts {
  options: CallOptions;
  script: Script;
  audio: LineAudio;
  key: CallKey;
  prompts: Prompts;
  timeline: Timeline;
}

function newCaller({ options, script, audio, key, prompts, timeline }: CallerParts): Caller {
  const { opening, steps } = script;
  const sayAfterMs = sayAfter(options);
  if (steps) {
    const tell = (what: string): void => timeline.add('provider', what);
    return new ConversingCaller({ audio, opening, steps, sayAfterMs, prompts, tell });
  }
  const { sampleRate } = audio;
  const said = opening ?? soundOf({ samples: toneSequence(key.callId, sampleRate), sampleRate }, audio);
  const { digits = '', holdMs = 0 } = options;
  return new EchoingCaller({ audio, said, sayAfterMs, digits, holdMs });
}

function planCall(options: CallOptions, caller: Caller, stack: Stack): CallPlan {
  const webhookDelayMs = options.webhookDelayMs ?? 0;
  const sayAfterMs = sayAfter(options);
  const holdMs = options.holdMs ?? 0;
  const conversationMs = options.answers ? PER_ANSWER_MS * (options.answers.length + 1) : 0;
  // what is said while Greenroom waits comes back when the wait is over, and takes as long again
  const longest = webhookDelayMs + stack.waitTimeoutMs + sayAfterMs + 2 * caller.saidMs + conversationMs;
  const limitMs = options.limitMs ?? Math.max(longest, holdMs) + PATIENCE_MS;
  return { ...options, webhookDelayMs, copies: options.copies ?? 1, sayAfterMs, holdMs, limitMs };
}

/** As late as needed to be kept, and no later: what is said before the session is there must come back too. */
const sayAfter = ({ sayAfterMs, webhookDelayMs = 0 }: CallOptions): number =>
  sayAfterMs ?? Math.max(0, webhookDelayMs - SPOKEN_BEFORE_WEBHOOK_MS);

interface KnownParts {
  options: CallOptions;
  side: ProviderSide;
  stack: Stack;
  key: CallKey;
  startedAt: Date;
}

function knownCall({ options, side, stack, key, startedAt }: KnownParts): ProviderCall {
  const numbers = side.numbers(options.index ?? 0);
  const { provider, account } = key;
  return {
    callId: key.callId,
    streamId: side.newStreamId(),
    account,
    credentials: stack.accounts.find((one) => one.provider === provider && one.account === account) ?? {},
    from: options.from ?? numbers.from,
    name: options.name,
    bare: options.bare,
    method: options.method === 'get' ? 'GET' : 'POST',
    to: numbers.to,
    startedAt,
    publicBaseUrl: stack.publicBaseUrl,
    publicMediaUrl: stack.publicMediaUrl,
  };
}
