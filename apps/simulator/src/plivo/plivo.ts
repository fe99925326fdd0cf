import { randomUUID } from 'node:crypto';
import { mulawLine } from '../mulaw-line';
import { readNextVerb } from '../next-verb';
import type { ProviderSide } from '../provider-side';
import { plivoApi } from './api';
import { PlivoMessages } from './stream';
import {
  answerRequest,
  hangUpRequest,
  redirectRequest,
  streamStarted,
  streamStopped,
  upgradeSignature,
} from './webhook';
import { readStreamXml, redirectUrl } from './xml';

const FIRST_CALLER = 14_155_550_100;

export const plivo: ProviderSide = {
  provider: 'plivo',
  handshakes: 1,
  controlledBy: 'answers',
  // the defaults of its URL fragments, `rt` and `rc`; another page has 3 retries or 60 s
  patience: { answerMs: 40_000, retries: 1 },
  tells: 'always',
  api: plivoApi,
  // the streaming guide: at most 16 kB of base64 in a message, and about 60 s in its buffer
  rules: { minBytes: 1, maxBytes: 12_288, multipleOf: 1, maxLeadMs: 60_000 },
  // a checkpoint comes back only if all before it was played (docs.plivo.com, checkpoint event); of what is being played
  // when `clearAudio` comes nothing is said: that it goes on is the harder case
  clears: { cutsPlaying: false, returnsMarks: false },
  newCallId: randomUUID,
  newStreamId: randomUUID,
  numbers: (index) => ({ from: String(FIRST_CALLER + index), to: '18005551212' }),
  lineAudio: mulawLine,
  startWebhook: answerRequest,
  streamUrlWebhook: () => null,
  readAnswer: readStreamXml,
  readActionUrl: redirectUrl,
  staticPlace: (call) => ({
    url: `${call.publicMediaUrl}/ws/plivo/${call.account}`,
    parameters: {},
    statusUrl: null,
  }),
  upgradeHeaders: upgradeSignature,
  messages: (call, place, quirks) => new PlivoMessages(call, place, quirks),
  progress: (call, place, step) => (step === 'started' ? [streamStarted(call, place)] : []),
  // whoever has hung up is asked nothing more
  nextWebhook: (call, { hungUpBy }, { actionUrl }) =>
    actionUrl === null || hungUpBy !== 'gateway' ? null : redirectRequest(call, actionUrl),
  readNext: readNextVerb,
  endWebhooks: (call, ended) => [streamStopped(call, ended), hangUpRequest(call, ended)],
};
