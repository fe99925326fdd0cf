import { randomUUID } from 'node:crypto';
import type { LineAudio, ProviderSide } from '../provider-side';
import type { StreamPlace } from '../stream-place';
import { vonageApi } from './api';
import { bearer } from './jwt';
import { readConnect, readNextNcco, synchronousEventUrl } from './ncco';
import { VonageMessages } from './stream';
import { answerRequest, phoneAnswered, phoneCompleted, streamEvent } from './webhook';

const FIRST_CALLER = 447_700_900_000;
/** of one message, both ways: 20 ms at 8000 Hz */
const FRAME_BYTES = 320;

const LINE: LineAudio = {
  encoding: 'pcm_s16le',
  sampleRate: 8000,
  frameMs: 20,
  frameBytes: FRAME_BYTES,
  bytesPerMs: 16,
  silence: 0,
};

export const vonage: ProviderSide = {
  provider: 'vonage',
  handshakes: 1,
  controlledBy: 'answers',
  // its troubleshooting guide; a post of 2020 has 1 s
  patience: { answerMs: 5000, retries: 2 },
  tells: 'always',
  api: vonageApi,
  // exactly one frame a message; of 3072 messages that it buffers by now, or 1024 in 2021, the fewer
  rules: { minBytes: FRAME_BYTES, maxBytes: FRAME_BYTES, multipleOf: FRAME_BYTES, maxLeadMs: 1024 * 20 },
  // what becomes of a `notify` behind cleared audio is not documented: that it never comes back is the harder case
  clears: { cutsPlaying: true, returnsMarks: false },
  newCallId: randomUUID,
  newStreamId: randomUUID,
  // E.164 without `+`
  numbers: (index) => ({ from: String(FIRST_CALLER + index), to: '447700900999' }),
  lineAudio: () => LINE,
  startWebhook: answerRequest,
  streamUrlWebhook: () => null,
  readAnswer: readConnect,
  readActionUrl: synchronousEventUrl,
  // as an answer of Greenroom's would have said it: the call is named by a header, and the upgrade is signed
  staticPlace: (call) => ({
    url: `${call.publicMediaUrl}/ws/vonage/${call.account}`,
    parameters: { call_uuid: call.callId },
    statusUrl: null,
    authorization: { signed: true },
  }),
  upgradeHeaders: (call, { authorization }: StreamPlace) => {
    if (typeof authorization === 'string') return { Authorization: authorization };
    return authorization ? bearer(call, null) : {};
  },
  messages: (call, place, quirks) => new VonageMessages(call, place, quirks),
  progress: (call, place, step) =>
    step === 'answered'
      ? [phoneAnswered(call)]
      : [streamEvent(call, place, 'answered')].filter((one) => one !== null),
  // whoever has hung up is asked nothing more
  nextWebhook: (call, { place, hungUpBy }, { actionUrl }) =>
    actionUrl === null || hungUpBy !== 'gateway'
      ? null
      : streamEvent(call, { ...place, statusUrl: actionUrl }, 'disconnected'),
  readNext: readNextNcco,
  endWebhooks: (call, ended) => {
    const streamLeg = ended.hungUpBy === 'gateway' ? null : streamEvent(call, ended.place, 'completed');
    return [...(streamLeg ? [streamLeg] : []), phoneCompleted(call, ended)];
  },
};
