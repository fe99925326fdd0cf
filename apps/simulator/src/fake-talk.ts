import type { LineAudio } from './provider-side';

/** A message as the fakes speak it, whatever the provider: that of Twilio, whose names most of them share. */
export type StreamMessage = Record<string, unknown> & {
  event: string;
  media?: { payload: string };
  start?: { callId: string };
  mark?: { name: string };
  dtmf?: { digit: string };
};

/** One stream as a fake has it. */
export interface FakeLine {
  audio: LineAudio;
  /** such as `{event: 'media', media: {payload}}` */
  send(message: object): void;
  /** ends the conversation, and the call with it */
  hangUp(): void;
}

/** What a fake does on one stream once it knows the call. */
export interface FakeTalk {
  /** the session is there */
  begin(): void;
  /** each message, `start` among them */
  take(message: StreamMessage): void;
}
