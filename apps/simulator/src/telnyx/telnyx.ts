import { randomBytes, randomUUID } from 'node:crypto';
import { mulawLine } from '../mulaw-line';
import { readNextVerb } from '../next-verb';
import type { ProviderSide } from '../provider-side';
import { telnyxApi } from './api';
import {
  callAnswered,
  callHangUp,
  callInitiated,
  streamingFailed,
  streamingStarted,
  streamingStopped,
  transferLeg,
} from './events';
import { TelnyxMessages } from './stream';
import {
  afterStreamRequest,
  readTexml,
  texmlActionUrl,
  texmlAnswered,
  texmlCompleted,
  texmlRequest,
  texmlStream,
} from './texml';

const FIRST_CALLER = 14_155_550_100;

/** What both of Telnyx's ways to control a call have in common. */
const line = {
  provider: 'telnyx',
  handshakes: 1,
  // 2 s, then once more, then the failover URL; how often in all is not documented
  patience: { answerMs: 2000, retries: 2 },
  tells: 'always',
  api: telnyxApi,
  // 20 ms to 30 s in one message; how far ahead it may come is not documented
  rules: { minBytes: 160, maxBytes: 240_000, multipleOf: 1, maxLeadMs: Number.POSITIVE_INFINITY },
  // the marks that wait come back at once; of what is being played nothing is said: that it goes on is the harder case
  clears: { cutsPlaying: false, returnsMarks: true },
  newCallId: () => `v3:${randomBytes(41).toString('base64url')}`,
  newStreamId: randomUUID,
  numbers: (index) => ({ from: `+${FIRST_CALLER + index}`, to: '+18005551212' }),
  lineAudio: mulawLine,
  streamUrlWebhook: () => null,
  staticPlace: (call) => ({
    url: `${call.publicMediaUrl}/ws/telnyx/${call.account}`,
    parameters: {},
    statusUrl: null,
  }),
  upgradeHeaders: () => ({}),
  messages: (call, place, quirks) => new TelnyxMessages(call, place, quirks),
} satisfies Partial<ProviderSide>;

/** Call Control: nothing is read of an answer but its status, and commands say all that is to be done. */
export const telnyx: ProviderSide = {
  ...line,
  controlledBy: 'commands',
  startWebhook: callInitiated,
  readAnswer: () => null,
  readActionUrl: () => null,
  progress: (call, place, step) =>
    step === 'answered' ? [callAnswered(call)] : [streamingStarted(call, place)],
  streamFailed: streamingFailed,
  nextWebhook: () => null,
  readNext: () => null,
  endWebhooks: (call, ended) => [
    ...(ended.failed ? [] : [streamingStopped(call, ended)]),
    ...(ended.transfer ? transferLeg(call, ended.transfer, ended) : []),
    callHangUp(call, ended),
  ],
};

export const telnyxTexml: ProviderSide = {
  ...line,
  controlledBy: 'answers',
  startWebhook: texmlRequest,
  readAnswer: readTexml,
  readActionUrl: texmlActionUrl,
  progress: (call, place, step) =>
    step === 'answered' ? [texmlAnswered(call)] : [texmlStream(call, place, 'stream-started')],
  nextWebhook: (call, ended, { actionUrl }) =>
    actionUrl === null ? null : afterStreamRequest(call, ended, actionUrl),
  readNext: readNextVerb,
  endWebhooks: (call, ended) => [
    texmlStream(call, ended.place, 'stream-stopped'),
    texmlCompleted(call, ended),
  ],
};
