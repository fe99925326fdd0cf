import { CallKeySchema, type CallKey, type Provider } from '@greenroom/contracts';
import type { CallOptions } from './call-options';
import { Caller } from './caller';
import { StackSchema, type Stack } from './config';
import { exotel } from './exotel/exotel';
import { RuleKeeper } from './outbound-rules';
import type { LineAudio, ProviderCall, ProviderSide } from './provider-side';
import { encodeSpeech } from './speech';
import { Timeline } from './timeline';
import { toneSequence } from './tones';
import { twilio } from './twilio/twilio';

const SIDES: Readonly<Record<Provider, ProviderSide>> = { exotel, twilio };
const SAMPLE_RATE = 8000;
/** ms over wait and echo before the caller gives up */
const PATIENCE_MS = 5000;

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
  rules: RuleKeeper;
  timeline: Timeline;
  notes: CallNotes;
}

/** The options with every gap filled that the call itself asks about. */
export interface CallPlan extends CallOptions {
  webhookDelayMs: number;
  sayAfterMs: number;
  holdMs: number;
  limitMs: number;
}

export interface CallNotes {
  webhook: { status: number | null; delayMs: number } | null;
  /** what kept the stream from being opened, or the call from going on */
  trouble: { outcome: 'refused' | 'failed'; why: string } | null;
  /** what went wrong beside the call itself */
  slips: string[];
}

/** @throws {z.ZodError} if stack, account or call id are malformed */
export function prepareCall(options: CallOptions): Call {
  const stack = StackSchema.parse(options.stack);
  const side = SIDES[options.provider ?? 'exotel'];
  const timeline = new Timeline(options.watch);
  const key = CallKeySchema.parse({
    provider: side.provider,
    account: options.account ?? 'default',
    callId: options.callId ?? side.newCallId(),
  });
  const audio = side.lineAudio(options.sampleRate ?? SAMPLE_RATE);
  const caller = newCaller(options, audio, key.callId);
  return {
    plan: planCall(options, caller, stack),
    stack,
    side,
    key,
    known: knownCall({ options, side, stack, key, startedAt: timeline.startedAt }),
    audio,
    caller,
    rules: new RuleKeeper(side.rules),
    timeline,
    notes: { webhook: null, trouble: null, slips: [] },
  };
}

function newCaller(options: CallOptions, audio: LineAudio, callId: string): Caller {
  const speech = options.say ?? {
    samples: toneSequence(callId, audio.sampleRate),
    sampleRate: audio.sampleRate,
  };
  return new Caller({
    audio,
    said: encodeSpeech(speech, audio),
    sayAfterMs: sayAfter(options),
    digits: options.digits ?? '',
    record: options.record !== undefined,
  });
}

function planCall(options: CallOptions, caller: Caller, stack: Stack): CallPlan {
  const webhookDelayMs = options.webhookDelayMs ?? 0;
  const sayAfterMs = sayAfter(options);
  const holdMs = options.holdMs ?? 0;
  // what is said while Greenroom waits comes back when the wait is over, and takes as long again
  const longest = webhookDelayMs + stack.waitTimeoutMs + sayAfterMs + 2 * caller.saidMs + PATIENCE_MS;
  const limitMs = options.limitMs ?? Math.max(longest, holdMs + PATIENCE_MS);
  return { ...options, webhookDelayMs, sayAfterMs, holdMs, limitMs };
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
    to: numbers.to,
    startedAt,
    publicBaseUrl: stack.publicBaseUrl,
    publicMediaUrl: stack.publicMediaUrl,
  };
}
