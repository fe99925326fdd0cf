import type { Provider, Turn } from '@greenroom/contracts';
import type { ApiFault, SeenCommand } from './api/commanded-call';
import type { ProviderApi } from './api/provider-api';
import type { AnswerStep } from './caller/answer-step';
import type { StackInput } from './config';
import type { Conversation } from './conversation';
import type { LineEchoRule } from './line-echo';
import type { MediaFormat, Next } from './provider-side';
import type { StartStep } from './start-step';
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
  /** Telnyx: TeXML in place of Call Control */
  texml?: boolean | undefined;
  /** `default` if left out */
  account?: string | undefined;
  /** a fresh one of the provider's shape if left out */
  callId?: string | undefined;
  from?: string | undefined;
  /**
   * of the caller: CallerName of Twilio and Plivo, caller_id_name of Telnyx; in Exotel’s CustomField, as a call over its API
   * has it; Vonage has none
   */
  name?: string | undefined;
  /** which caller of a run this is, from 0: sets the number where `from` is left out */
  index?: number | undefined;

  /** 0: the webhook is answered before the stream opens; more: it comes that many ms after the stream's start */
  webhookDelayMs?: number | undefined;
  noWebhook?: boolean | undefined;
  /** of the webhook whose answer names the stream; `post` if left out, and Exotel's own ways are not asked */
  method?: 'get' | 'post' | undefined;
  /** two copies of the first webhook at once */
  twice?: boolean | undefined;
  /** so many copies of each webhook at once; 1 if left out */
  copies?: number | undefined;
  /** takes the session out of Redis when the webhook has been answered; only with the webhook first */
  dropCache?: boolean | undefined;
  /**
   * the provider tells of the end of stream and call, as all but Exotel and Twilio always do; Exotel's flow has a Passthru
   * behind the bot
   */
  afterBot?: boolean | undefined;
  /** where the caller hangs up, the provider asks what is next before Greenroom can know of the stream's end */
  afterBotBeforeClose?: boolean | undefined;
  /** the stream cannot be connected, and the provider says so; Telnyx' Call Control, whose calls outlive it */
  noStream?: boolean | undefined;
  /**
   * in which order the stream opens and the provider tells that the call was answered and the stream started; each waits
   * for the one before. Left out: in that order, and none waits for an answer. Not Exotel, nor Twilio, which tell nothing
   */
  order?: readonly StartStep[] | undefined;

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
  /** whatever the provider may leave out of its messages, it leaves out */
  bare?: boolean | undefined;
  /** in each window of so many media messages the first one comes last; Telnyx, which promises no order */
  reorder?: number | undefined;

  /** where Greenroom's commands arrive; left out: listens at the stack's `apiUrl` while it places calls */
  api?: ProviderApi | undefined;
  apiFault?: ApiFault | undefined;

  /** tones that no other call has, if left out; with `answers`: nothing */
  say?: Speech | undefined;
  /** instead of `say`: a text, spoken before the call begins */
  sayText?: string | undefined;
  /** 0 if left out, or 3 s before a webhook that comes later than that */
  sayAfterMs?: number | undefined;
  /** pressed when all is said; not with `answers` */
  digits?: string | undefined;
  /** least ms on the line; not with `answers` */
  holdMs?: number | undefined;
  /** most ms on the line; long enough for wait and echo, or for 30 s an answer, if left out */
  limitMs?: number | undefined;

  /**
   * The caller holds a conversation: one of these for each prompt that it hears, in this order, and then it listens until
   * it is hung up on. Left out: it wants an echo.
   */
  answers?: readonly AnswerStep[] | undefined;
  /** ms without audio that end a prompt; 500 if left out */
  promptGapMs?: number | undefined;

  /** marks that the provider does not return */
  loseMarks?: 'first' | 'all' | undefined;
  /** what the caller hears comes back on its line */
  lineEcho?: LineEchoRule | undefined;

  /** WAV file for what was heard, without the pauses between */
  record?: string | undefined;
  /** stereo WAV file: the caller on the left, the assistant on the right, from the stream's start on */
  recordBoth?: string | undefined;
  /** HTML file for the call sheet */
  sheet?: string | undefined;

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
  /** `no-stream`: as the options wish, it could not be connected */
  outcome: 'answered' | 'no-customer-data' | 'no-stream' | 'refused' | 'failed';
  /** by which road Greenroom's waiting stream got its session, and after how long; by its own account */
  found: 'cache' | 'event' | 'poll' | 'database' | null;
  waitedMs: number | null;
  customer: { fullName: string | null; phone: string } | null;
  close: { code: number; reason: string } | null;
  audio: { saidMs: number; sentMs: number; receivedMs: number; heardBack: boolean };
  marks: { received: number; returned: number };
  conversation: Conversation;
  /** the conversation by Greenroom's own account; empty where it has none, or nobody could ask */
  turns: Turn[];
  /** how the call goes on after its stream; null: the provider did not ask, and no command said it */
  next: Next | null;
  /** over the provider's REST API, in the order in which they came */
  commands: SeenCommand[];
  /** webhooks that were sent again for want of an answer in the provider's time */
  retries: number;
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
