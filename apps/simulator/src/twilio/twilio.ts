import { randomBytes } from 'node:crypto';
import type { ProviderSide } from '../provider-side';
import { TwilioMessages } from './stream';
import { readActionUrl, readNextTwiml, readTwiml } from './twiml';
import { actionRequest, signature, statusCompleted, streamStopped, voiceWebhook } from './webhook';

const FIRST_CALLER = 4_155_550_100;

export const twilio: ProviderSide = {
  provider: 'twilio',
  handshakes: 1,
  answerNamesStream: true,
  // any size; more than ten minutes of it is discarded (Twilio's warning 31931)
  rules: { minBytes: 1, maxBytes: Number.POSITIVE_INFINITY, multipleOf: 1, maxLeadMs: 600_000 },
  clears: { cutsPlaying: true, returnsMarks: true },
  newCallId: () => `CA${randomBytes(16).toString('hex')}`,
  newStreamId: () => `MZ${randomBytes(16).toString('hex')}`,
  numbers: (index) => ({ from: `+1${FIRST_CALLER + index}`, to: '+18005551212' }),
  // 8000 Hz and nothing else, whatever is asked for
  lineAudio: () => ({
    encoding: 'mulaw',
    sampleRate: 8000,
    frameMs: 20,
    frameBytes: 160,
    bytesPerMs: 8,
    silence: 0xff,
  }),
  startWebhook: voiceWebhook,
  streamUrlWebhook: () => null,
  readAnswer: readTwiml,
  readActionUrl,
  staticPlace: (call) => ({
    url: `${call.publicMediaUrl}/ws/twilio/${call.account}`,
    parameters: {},
    statusUrl: null,
  }),
  upgradeHeaders: (call, place) => signature(call, place.url, {}),
  messages: (call, place, quirks) => new TwilioMessages(call, place, quirks),
  nextWebhook: (call, ended, { actionUrl }) =>
    actionUrl === null ? null : actionRequest(call, ended, actionUrl),
  readNext: readNextTwiml,
  endWebhooks: (call, ended) => [streamStopped(call, ended), statusCompleted(call, ended)],
};
