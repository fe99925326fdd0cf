import type { Provider } from '@greenroom/contracts';

/**
 * What one telephony provider does on a call, in its own dialect. Written from the providers' documents and
 * not from our own codecs: a misunderstanding that both sides share would never show.
 */
export interface ProviderSide {
  provider: Provider;
  /** how often the provider tries the WebSocket handshake before it gives the stream up */
  handshakes: number;
  /** does the answer to the first webhook say where the stream goes? */
  answerNamesStream: boolean;
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
  /** where the stream goes without being told by an answer */
  staticPlace(
    call: ProviderCall,
    path: 'account' | 'call',
    query: Readonly<Record<string, string>>,
  ): StreamPlace;
  upgradeHeaders(call: ProviderCall, place: StreamPlace): Record<string, string>;
  messages(call: ProviderCall, place: StreamPlace, quirks: Quirks): StreamMessages;
  /** asks what comes after the stream; null where this flow does not ask */
  nextWebhook(call: ProviderCall, ended: StreamEnded, flow: AfterStream): WebhookCall | null;
  /** what an answer to that means; null: the provider makes nothing of it */
  readNext(status: number, body: string): NextStep | null;
  endWebhooks(call: ProviderCall, ended: StreamEnded): WebhookCall[];
}

export interface Credentials {
  username?: string | undefined;
  password?: string | undefined;
  authToken?: string | undefined;
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
}

export interface StreamPlace {
  /** the public URL, as the provider was told it */
  url: string;
  /** custom parameters, given back in `start` */
  parameters: Record<string, string>;
  /** where the stream's own status is reported; null: nowhere, or at the usual path */
  statusUrl: string | null;
}

/** What the flow has behind the stream. */
export interface AfterStream {
  /** Exotel: a second Passthru */
  afterBot: boolean;
  /** Twilio: URL of the verb that the stream is in, by the answer to the first webhook; null: it named none */
  actionUrl: string | null;
}

/** How a call goes on after its stream. */
export interface NextStep {
  /** `continue`: whatever else the flow has */
  decision: 'transfer' | 'hang-up' | 'continue';
  /** who is called, where the answer says so */
  number: string | null;
}

/** What came of the question how the call goes on. */
export interface Next {
  /** null: no answer */
  status: number | null;
  /** null: the provider makes nothing of the answer */
  decision: NextStep['decision'] | null;
  /** who is called, where the answer says so */
  number: string | null;
  /** ms from the request to the end of its answer */
  answeredInMs: number;
}

export interface StreamEnded {
  place: StreamPlace;
  endedAt: Date;
  /** whole seconds */
  streamSeconds: number;
  hungUpBy: 'caller' | 'gateway';
}

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
  /** sequence numbers and chunks as strings, as in one of Exotel's two field tables */
  stringNumbers: boolean;
  mediaFormat: MediaFormat;
  audio: LineAudio;
}

export const MEDIA_FORMATS = ['raw', 'audio/x-raw', 'base64'] as const;
export type MediaFormat = (typeof MEDIA_FORMATS)[number];

/** Writes and reads the messages of one stream; holds its counters, nothing else. */
export interface StreamMessages {
  /** `connected`, then `start` */
  opening(): string[];
  media(frame: Uint8Array): string;
  dtmf(digit: string): string;
  mark(name: string): string;
  stop(): string;
  read(text: string): FromGreenroom;
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
