import type { Announcement, EndReason, NextStep, Provider } from '@greenroom/contracts';

/**
 * The port that every telephony provider stands on: one `webhook.ts` and one `media.ts` a folder, and one
 * `call-control.ts` where the provider is told something over its REST API. `adapter.contract.ts` holds them to it.
 * All are pure: bytes and plain data in, plain data out. HTTP, sockets, clocks and stores are the apps'.
 */

/** A webhook as it came over the wire, before anything of it is believed. */
export interface WebhookRequest {
  method: 'GET' | 'POST';
  /**
   * The URL that the provider was told to call: the configured public base URL, then path and raw query as received.
   * Never built from `Host` or `X-Forwarded-*`.
   */
  url: string;
  /** names in lower case; an array where a header came more than once */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** raw body as UTF-8; empty for GET */
  body: string;
}

/** What the parser must know of the account that the URL names. */
export interface WebhookAccount {
  name: string;
  /** ISO 3166-1 alpha-2, such as `IN`: the country of national numbers */
  country: string;
}

/** A webhook in our own words. `callId` is checked against `CallIdSchema` in each of them. */
export type Webhook =
  /** a call that begins */
  | { kind: 'announcement'; callId: string; announcement: Announcement }
  /**
   * The media stream has ended; the call may go on in the provider's flow. `asksNext`: the provider waits for our answer
   * and does what it says, so the answer needs to know what comes next; where not, the answer changes nothing.
   */
  | {
      kind: 'stream-ended';
      callId: string;
      status: string;
      details: Record<string, string>;
      asksNext: boolean;
    }
  /**
   * The call is over, whatever became of the stream. `reason` in our own words; `status` and `details` in the provider's.
   * `endedAt` is unix ms, `durationMs` from answer to end; null where the provider does not tell them, or tells nonsense.
   */
  | {
      kind: 'call-ended';
      callId: string;
      status: string;
      details: Record<string, string>;
      reason: EndReason;
      endedAt: number | null;
      durationMs: number | null;
    }
  /** known and worth a line on the call's timeline, nothing more */
  | { kind: 'progress'; callId: string; status: string; details: Record<string, string> }
  /** not understood: answered 400 with this reason, which names the parameter and never its value */
  | { kind: 'refused'; reason: string };

/** What the answer may need: where this call's stream is to connect, and what comes after it. */
export interface AnswerContext {
  /** `wss://…` with account and, where configured, credentials; without a query */
  streamUrl: string;
  /** URL for stream status callbacks; empty: the answer names none. Providers without such callbacks leave it out */
  streamStatusUrl: string;
  /** URL that is asked what comes after the stream; empty: the answer names none. Exotel's flow knows by itself */
  afterStreamUrl: string;
  /** custom parameters, given back in the stream's `start` */
  parameters: Readonly<Record<string, string>>;
  /** what comes after the stream; `none` in the answer to whatever does not ask (`asksNext`) */
  next: NextStep | 'none';
  /** E.164: the person whom a transfer goes to; null: the account names none, and `transfersTo` says whether it has to */
  transferTo: string | null;
}

export interface WebhookAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** Something that a provider has to be told over its REST API, since no answer can say it. */
export type CallCommand =
  /** takes the call, and connects its stream */
  | { kind: 'answer'; callId: string; streamUrl: string; parameters: Readonly<Record<string, string>> }
  | { kind: 'hang-up'; callId: string }
  /** connects the caller with a person; `to` is E.164 */
  | { kind: 'transfer'; callId: string; to: string };

/** What the REST API of an account needs, from its credentials. */
export interface ApiCredentials {
  /** Telnyx: API key. Twilio: account SID. Plivo: auth id. Vonage: application id. */
  apiKey: string;
  /** Twilio, Plivo: auth token. Vonage: PEM of the application's private key. Telnyx: null. */
  apiSecret: string | null;
}

export interface ApiRequest {
  method: 'POST' | 'PUT' | 'DELETE';
  /** below the API's base URL, with its leading slash */
  path: string;
  /** names in lower case; the only place of a secret */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** What an answer of the REST API means for the command. `gone`: there is no such call any more, so nothing is left to do. */
export type CommandOutcome = 'done' | 'gone' | 'retry' | 'refused';

/** REST commands of one provider. Pure: what sends them, with time-outs and retries, is the platform's. */
export interface CallControlAdapter {
  provider: Provider;
  /** `https://…` without a slash at its end; an account's `apiUrl` goes before it */
  baseUrl: string;
  /** commands that this provider has; the others are done by its flow, or by closing the stream */
  commands: readonly CallCommand['kind'][];
  /**
   * @param options.idempotencyKey the same for every try of one command; goes where the provider takes one
   * @param options.now unix ms, for tokens that expire
   * @throws {Error} for a command that is not among `commands`
   */
  request(
    command: CallCommand,
    credentials: ApiCredentials,
    options: { idempotencyKey: string; now: number },
  ): ApiRequest;
  /** Never throws, whatever the body is. @param status null: no answer */
  outcome(status: number | null, body: string): CommandOutcome;
}

export interface WebhookAdapter {
  provider: Provider;
  /** last path segment of each webhook URL of this provider, and the methods that it comes with */
  operations: Readonly<Record<string, readonly ('GET' | 'POST')[]>>;
  /** `true` where the provider signs its requests; then `verify` decides */
  signs: boolean;
  /**
   * Checks the request's signature against each secret in turn, in constant time. `false` where nothing is signed.
   * @param secrets Twilio, Plivo: auth tokens. Telnyx: public keys in base64. Vonage: signature secrets.
   * @param now unix ms; a scheme with a time in it refuses what is further than its window from it
   */
  verify(request: WebhookRequest, secrets: readonly string[], now: number): boolean;
  /**
   * Whom a transfer reaches. `flow`: our answer chooses a branch of the flow that stands in the provider's console, and
   * that branch knows. `number`: our answer names the number itself, so an account without `transferTo` cannot transfer.
   */
  transfersTo: 'flow' | 'number';
  /** Never throws: what cannot be understood is `refused`. */
  parse(operation: string, request: WebhookRequest, account: WebhookAccount): Webhook;
  /**
   * What the provider has to be told over its REST API because of this webhook: where its answer says nothing. Repeats of
   * the webhook give the same commands, so whoever runs them does each once.
   */
  commands?(webhook: Webhook, context: AnswerContext): readonly CallCommand[];
  /** What the provider expects to read; the same for the first delivery and for every repeat. */
  answer(operation: string, context: AnswerContext): WebhookAnswer;
}

/** Audio on the wire. Mono always. */
export interface AudioFormat {
  /** `pcm_s16le`: 2 bytes a sample, little endian; `mulaw`: G.711, 1 byte a sample */
  encoding: 'pcm_s16le' | 'mulaw';
  /** Hz */
  sampleRate: number;
}

export interface StreamStart {
  callId: string;
  streamId: string;
  from: string | null;
  to: string | null;
  /** custom parameters as the provider gives them back; at most 32, string to string */
  parameters: Record<string, string>;
  format: AudioFormat;
}

/** One message from the provider in our own words. */
export type InboundMessage =
  | { kind: 'connected' }
  | { kind: 'start'; start: StreamStart }
  /** `payload` in the stream's own format; `timestampMs` counts from the stream's start */
  | { kind: 'audio'; payload: Uint8Array; sequence: number | null; timestampMs: number | null }
  | { kind: 'dtmf'; digit: string; durationMs: number | null }
  /** everything sent before the mark of this name has been played (or was cleared) */
  | { kind: 'mark'; name: string }
  | { kind: 'stop'; reason: string | null }
  /** well-formed but of no interest, unknown events among them: ignored and counted by its event name */
  | { kind: 'ignored'; event: string }
  /** not understood: dropped and counted */
  | { kind: 'malformed'; reason: string };

/** Rules for the audio that we send, and what the provider tells of how it is played: what turn-taking rests on. */
export interface OutboundRule {
  /** size of one message in bytes of the stream's format */
  messageBytes: (format: AudioFormat) => number;
  /** every message is a multiple of this many bytes, the last one padded with silence */
  multipleOf: number;
  /** and has at least so many */
  minimumBytes: number;
  /** when a mark comes back: when all audio before it has been played */
  marksReturn: 'when-played';
  /** after `clear`, do the outstanding marks come back? Then they cannot be told from marks that were played. */
  clearReturnsMarks: boolean;
  /** does `clear` cut the message that is being played, or only drop those behind it? */
  clearCutsMessage: boolean;
  /** ms of audio in one message from the provider, at most */
  inboundMs: number;
}

/** What the provider promises of its side of a stream, and what it makes of our closing it. */
export interface StreamRule {
  /** does audio come in the order in which it was said? Where not, it is put in order by its `sequence`. */
  ordered: boolean;
  /** when we close the socket: the provider goes on with its flow, or the call stays up until it is told to end */
  closing: 'flow-goes-on' | 'call-stays-up';
  /**
   * Does our own answer say where the stream connects, so that its URL can be made for each call? `at-will`: only in one
   * of the provider's ways (Exotel's dynamic URL); otherwise somebody has typed it into a console.
   */
  urlFromAnswer: 'always' | 'at-will';
}

/** One complete WebSocket message: a text message, or the bytes of a binary one. */
export type WireMessage = string | Uint8Array;

/** Encodes and decodes the messages of one stream; holds its stream id and its counters, nothing else. */
export interface MediaCodec {
  /** Never throws. Binary messages are `malformed` where the provider's protocol has none. */
  decode(message: WireMessage): InboundMessage;
  /**
   * The same of a text message, from the bytes that came over the wire: UTF-8. Audio takes much less in this way, since
   * it does not become text, and is not parsed where messages of its form were before. Never throws.
   */
  decodeText(bytes: Uint8Array): InboundMessage;
  /** One message of audio in the stream's format. Call after `start` was decoded. */
  encodeAudio(payload: Uint8Array): WireMessage;
  encodeMark(name: string): string;
  encodeClear(): string;
}

export interface MediaAdapter {
  provider: Provider;
  outbound: OutboundRule;
  stream: StreamRule;
  /**
   * Checks the signature of the WebSocket's upgrade request, where the provider signs it; `signsUpgrade` says so.
   * @param url the public `wss://` URL as the provider was given it
   */
  signsUpgrade: boolean;
  verifyUpgrade(
    url: string,
    headers: WebhookRequest['headers'],
    secrets: readonly string[],
    now: number,
  ): boolean;
  open(): MediaCodec;
}
