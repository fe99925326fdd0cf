import { randomBytes } from 'node:crypto';
import { connectAction } from '../connect-verb';
import { mulawLine } from '../mulaw-line';
import { readNextVerb } from '../next-verb';
import type { ProviderSide } from '../provider-side';
import { twilioApi } from './api';
import { TwilioMessages } from './stream';
import { readTwiml } from './twiml';
import { actionRequest, signature, statusCompleted, streamStopped, voiceWebhook } from './webhook';

const FIRST_CALLER = 4_155_550_100;

export const twilio: ProviderSide = {
  provider: 'twilio',
  handshakes: 1,
  controlledBy: 'answers',
  // in all; by default it tries again only where it could not connect (usage/webhooks/webhooks-connection-overrides)
  patience: { answerMs: 15_000, retries: 0 },
  tells: 'when-asked',
  api: twilioApi,
  // any size; more than ten minutes of it is discarded (Twilio's warning 31931)
  rules: { minBytes: 1, maxBytes: Number.POSITIVE_INFINITY, multipleOf: 1, maxLeadMs: 600_000 },
  clears: { cutsPlaying: true, returnsMarks: true },
  newCallId: () => `CA${randomBytes(16).toString('hex')}`,
  newStreamId: () => `MZ${randomBytes(16).toString('hex')}`,
  numbers: (index) => ({ from: `+1${FIRST_CALLER + index}`, to: '+18005551212' }),
  lineAudio: mulawLine,
  startWebhook: voiceWebhook,
  streamUrlWebhook: () => null,
  readAnswer: readTwiml,
  readActionUrl: connectAction,
  staticPlace: (call) => ({
    url: `${call.publicMediaUrl}/ws/twilio/${call.account}`,
    parameters: {},
    statusUrl: null,
  }),
  upgradeHeaders: (call, place) => signature(call, place.url, {}),
  messages: (call, place, quirks) => new TwilioMessages(call, place, quirks),
  progress: () => [],
  nextWebhook: (call, ended, { actionUrl }) =>
    actionUrl === null ? null : actionRequest(call, ended, actionUrl),
  readNext: readNextVerb,
  endWebhooks: (call, ended) => [streamStopped(call, ended), statusCompleted(call, ended)],
};
