import type { Provider } from '@greenroom/contracts';
import type { StackInput } from './config';
import type { MediaFormat } from './provider-side';
import type { TimelineEntry } from './timeline';

/** Samples of one channel, 16 bits each. */
export interface Speech {
  samples: Int16Array;
  /** Hz */
  sampleRate: number;
}

/** How one call is to go. Whatever is left out goes the ordinary way. */
export interface CallOptions {
  stack: StackInput;
  /** `exotel` if left out */
  provider?: Provider | undefined;
  /** `default` if left out */
  account?: string | undefined;
  /** a fresh one of the provider's shape if left out */
  callId?: string | undefined;
  from?: string | undefined;
  /** which caller of a run this is, from 0: sets the number where `from` is left out */
  index?: number | undefined;

  /** 0: the webhook is answered before the stream opens; more: it comes that many ms after the stream's start */
  webhookDelayMs?: number | undefined;
  noWebhook?: boolean | undefined;
  twice?: boolean | undefined;
  /** takes the session out of Redis when the webhook has been answered; only with the webhook first */
  dropCache?: boolean | undefined;
  /** the provider tells of the end of stream and call */
  afterBot?: boolean | undefined;

  /** `call`: the URL that names the call; Exotel's account `default` only */
  path?: 'account' | 'call' | undefined;
  /** Exotel asks for the stream's URL instead of knowing it */
  dynamicUrl?: boolean | undefined;
  /** query of Exotel's stream URL: custom parameters, at most 3 by Exotel's rule */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** Hz; Exotel only: 8000, 16000 or 24000 */
  sampleRate?: number | undefined;
  mediaFormat?: MediaFormat | undefined;
  stringNumbers?: boolean | undefined;

  /** tones that no other call has, if left out */
  say?: Speech | undefined;
  /** 0 if left out, or 3 s before a webhook that comes later than that */
  sayAfterMs?: number | undefined;
  digits?: string | undefined;
  /** least ms on the line */
  holdMs?: number | undefined;
  /** most ms on the line; long enough for wait and echo if left out */
  limitMs?: number | undefined;
  /** WAV file for what was heard */
  record?: string | undefined;

  /** told of every step while it happens */
  watch?: ((entry: TimelineEntry) => void) | undefined;
  /** the caller hangs up at once */
  signal?: AbortSignal | undefined;
}

/** How a call went. Times in ms. */
export interface CallResult {
  callId: string;
  provider: Provider;
  account: string;
  outcome: 'answered' | 'no-customer-data' | 'refused' | 'failed';
  /** by which road Greenroom's waiting stream got its session, and after how long; by its own account */
  found: 'cache' | 'event' | 'poll' | 'database' | null;
  waitedMs: number | null;
  customer: { fullName: string | null; phone: string } | null;
  close: { code: number; reason: string } | null;
  audio: { saidMs: number; sentMs: number; receivedMs: number; heardBack: boolean };
  marks: { received: number; returned: number };
  /** `status` null: no answer */
  webhook: { status: number | null; delayMs: number } | null;
  /** what Greenroom sent against the provider's rules */
  violations: string[];
  /** the session, or its customer, is another call's */
  crossed: boolean;
  /** it went as its options say it should */
  ok: boolean;
  /** what did not; null if all did */
  why: string | null;
  timeline: TimelineEntry[];
}
