import type { Provider } from '@greenroom/contracts';
import type { ApiSide } from './api/api-side';
import type { StreamPlace, Transfer } from './stream-place';

/**
 * What one telephony provider does on a call, in its own dialect. Written from the providers' documents and
 * not from our own codecs: a misunderstanding that both sides share would never show.
 */
export interface ProviderSide {
  provider: Provider;
  /** how often the provider tries the WebSocket handshake before it gives the stream up */
  handshakes: number;
  /**
   * What tells the provider where the stream goes, and what comes after it: a flow that somebody has made in its console,
   * the answers to its webhooks, or commands over its REST API. The last leave the call up when the stream is closed.
   */
  controlledBy: 'console' | 'answers' | 'commands';
  patience: Patience;
  /** does it tell how stream and call go and end whatever the options say, or only where they ask for it? */
  tells: 'always' | 'when-asked';
  /** its REST API; null: nothing that Greenroom has a use for */
  api: ApiSide | null;
  rules: OutboundRules;
  clears: ClearRules;
  newCallId(): string;
  newStreamId(): string;
  /** numbers of the `index`-th caller of a run, written the way this provider writes them */
  numbers(index: number): { from: string; to: string };
  lineAudio(sampleRate: number): LineAudio;
  startWebhook(call: ProviderCall): WebhookCall;
  /** asks where the stream is to connect; null where the provider has no such request */
  streamUrlWebhook(call: ProviderCall, earlier: WebhookCall | null): WebhookCall | null;
  /** where an answer that should name a stream sends it; null: it names none */
  readAnswer(body: string): StreamPlace | null;
  /** what the answer to the first webhook says is to be asked after the stream; null: nothing */
  readActionUrl(body: string): string | null;
  /** where the stream goes without being told; where answers or commands tell it, a token follows in the URL's path */
  staticPlace(
    call: ProviderCall,
    path: 'account' | 'call',
    query: Readonly<Record<string, string>>,
  ): StreamPlace;
  upgradeHeaders(call: ProviderCall, place: StreamPlace): Record<string, string>;
  messages(call: ProviderCall, place: StreamPlace, quirks: Quirks): StreamMessages;
  /** told without being asked: the call has been answered, and its stream has started */
  progress(call: ProviderCall, place: StreamPlace, step: 'answered' | 'started'): WebhookCall[];
  /** told of a stream that could not be connected; left out where the flow, or the answer, goes on without a word */
  streamFailed?(call: ProviderCall, place: StreamPlace): WebhookCall;
  /** asks what comes after the stream; null where this flow does not ask */
  nextWebhook(call: ProviderCall, ended: StreamEnded, flow: AfterStream): WebhookCall | null;
  /** what an answer to that means; null: the provider makes nothing of it */
  readNext(status: number, body: string): NextStep | null;
  endWebhooks(call: ProviderCall, ended: StreamEnded): WebhookCall[];
}

/** How long the provider waits for the answer to a webhook, and how often it sends one again that was not answered. */
export interface Patience {
  /** ms */
  answerMs: number;
  retries: number;
}

export interface Credentials {
  username?: string | undefined;
  password?: string | undefined;
  /** Twilio, Plivo */
  authToken?: string | undefined;
  /** Telnyx's private key: PKCS #8 as PEM, or the seed of 32 bytes in base64 */
  signingKey?: string | undefined;
  /** Vonage */
  signatureSecret?: string | undefined;
}

/** One call as the provider knows it. */
export interface ProviderCall {
  callId: string;
  streamId: string;
  /** name of the account in Greenroom's URLs */
  account: string;
  credentials: Credentials;
  from: string;
  to: string;
  /** of the caller, where the provider knows it */
  name?: string | undefined;
  /** whatever the provider may leave out of its messages, it leaves out */
  bare?: boolean | undefined;
  /** of the webhook whose answer names the stream, where the account may choose; POST if left out */
  method?: 'GET' | 'POST' | undefined;
  startedAt: Date;
  /** what the provider was told to call: signatures are over this, wherever the request is really sent */
  publicBaseUrl: string;
  publicMediaUrl: string;
}

export interface WebhookCall {
  method: 'GET' | 'POST';
  /** path and query below the base URL */
  path: string;
  headers: Record<string, string>;
  body: string;
  /** what is sent where this one has to be sent again; left out: the same */
  again?: ((attempt: number) => WebhookCall) | undefined;
}

/** What the flow has behind the stream. */
export interface AfterStream {
  /** Exotel: a second Passthru */
  afterBot: boolean;
  /** what the answer to the first webhook says is to be asked; null: it named nothing */
  actionUrl: string | null;
}

/** How a call goes on after its stream. */
export interface NextStep {
  /** `continue`: whatever else the flow has */
  decision: 'transfer' | 'hang-up' | 'continue';
  /** who is called, where that is said */
  number: string | null;
}

/** What came of the question how the call goes on; or, where commands say that, the command. */
export interface Next {
  /** of the answer; null: none. Of a command: what it was answered */
  status: number | null;
  /** null: the provider makes nothing of the answer */
  decision: NextStep['decision'] | null;
  /** who is called, where that is said */
  number: string | null;
  /** ms from the request to the end of its answer; or from the stream's end to the command, 0 for one before it */
  answeredInMs: number;
}

export interface StreamEnded {
  place: StreamPlace;
  /** it could not be connected in the first place */
  failed?: boolean | undefined;
  endedAt: Date;
  /** whole seconds */
  streamSeconds: number;
  hungUpBy: HungUpBy;
  /** whom a command has connected the caller with; null: nobody */
  transfer?: Transfer | null | undefined;
}

/** Who has ended the stream: `api` is a command that ended the call while its stream was open. */
export type HungUpBy = 'caller' | 'gateway' | 'api';

/** Audio of one line: mono, and in frames of one length. */
export interface LineAudio {
  encoding: 'pcm_s16le' | 'mulaw';
  /** Hz */
  sampleRate: number;
  frameMs: number;
  frameBytes: number;
  bytesPerMs: number;
  /** the byte that is silence */
  silence: number;
}

/** Liberties that the real provider takes with its own format. */
export interface Quirks {
  /** sequence numbers and chunks as strings: so in one of Exotel's two field tables, and a thing to expect of Plivo */
  stringNumbers: boolean;
  mediaFormat: MediaFormat;
  audio: LineAudio;
}

export const MEDIA_FORMATS = ['raw', 'audio/x-raw', 'base64'] as const;
export type MediaFormat = (typeof MEDIA_FORMATS)[number];

/** One WebSocket message: text, or the bytes of a binary one. */
export type WireMessage = string | Uint8Array;

/** Writes and reads the messages of one stream; holds its counters, nothing else. */
export interface StreamMessages {
  /** up to `start`, or whatever this provider says in its place */
  opening(): WireMessage[];
  media(frame: Uint8Array): WireMessage;
  dtmf(digit: string): WireMessage;
  mark(name: string): WireMessage;
  /** the answer to `clear`; null: there is none */
  cleared(): WireMessage | null;
  /** null: the socket is closed without a word */
  stop(): WireMessage | null;
  read(message: WireMessage): FromGreenroom;
}

export type FromGreenroom =
  | { kind: 'media'; payload: Uint8Array }
  | { kind: 'mark'; name: string }
  | { kind: 'clear' }
  /** breaks the provider's protocol, in these words */
  | { kind: 'wrong'; what: string };

/** What the provider asks of the audio that it is sent. */
export interface OutboundRules {
  minBytes: number;
  maxBytes: number;
  multipleOf: number;
  /** ms that a message may arrive before its turn to be played */
  maxLeadMs: number;
}

/** What `clear` does to the play-out. */
export interface ClearRules {
  /** is the message cut short whose play-out has begun? */
  cutsPlaying: boolean;
  /** do the marks of cleared audio come back? */
  returnsMarks: boolean;
}
