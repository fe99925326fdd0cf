export type StreamMessage = Record<string, unknown> & {
  event: string;
  media?: { payload: string };
  start?: { call_sid?: string; callSid?: string; media_format?: { sample_rate?: string } };
  mark?: { name: string };
  dtmf?: { digit: string };
};

/** What a fake does on one stream once it knows the call. */
export interface FakeTalk {
  /** the stream's `start`; before anything else */
  greet(start: StreamMessage): void;
  /** the session is there */
  begin(): void;
  /** each message, `start` among them */
  take(message: StreamMessage): void;
}
