import { randomBytes } from 'node:crypto';
import type { ProviderSide } from '../provider-side';
import { ExotelMessages } from './stream';
import {
  basic,
  passthruAfterBot,
  passthruAtStart,
  placeAt,
  readPassthruAnswer,
  readStreamUrl,
  streamUrlRequest,
  terminalStatus,
} from './webhook';

const FIRST_CALLER = 9_000_000_001;
const FRAME_MS = 100;
const BYTES_PER_SAMPLE = 2;

export const exotel: ProviderSide = {
  provider: 'exotel',
  // Exotel repeats a failed handshake once (support article 3000132302)
  handshakes: 2,
  controlledBy: 'console',
  // the longest that is told of it; it sends nothing again
  patience: { answerMs: 15_000, retries: 0 },
  tells: 'when-asked',
  api: null,
  // support article 3000108630: 3.2 kB to 100 kB, always a multiple of 320 bytes. That much audio far ahead of
  // its time makes calls hang up is what Exotel's samples warn of; 2 s is our reading of "paced".
  rules: { minBytes: 3200, maxBytes: 100_000, multipleOf: 320, maxLeadMs: 2000 },
  // 3000108630: `clear` removes only media whose play-out has not begun. Nothing is said of the marks behind it:
  // that they never come back is the harder case.
  clears: { cutsPlaying: false, returnsMarks: false },
  // 32 of 0-9a-z and not always hex: live ids end like `…198g`
  newCallId: () => `${randomBytes(14).toString('hex')}19${letterOrDigit()}${letterOrDigit()}`,
  newStreamId: () => randomBytes(16).toString('hex'),
  // national numbers with a leading 0, not E.164
  numbers: (index) => ({ from: `0${FIRST_CALLER + index}`, to: '08000000002' }),
  lineAudio: (sampleRate) => {
    const bytesPerMs = (sampleRate * BYTES_PER_SAMPLE) / 1000;
    const frameBytes = bytesPerMs * FRAME_MS;
    return { encoding: 'pcm_s16le', sampleRate, frameMs: FRAME_MS, frameBytes, bytesPerMs, silence: 0 };
  },
  startWebhook: passthruAtStart,
  streamUrlWebhook: streamUrlRequest,
  readAnswer: readStreamUrl,
  readActionUrl: () => null,
  staticPlace: (call, path, query) => {
    const where =
      path === 'call' ? `/ws/call/${encodeURIComponent(call.callId)}` : `/ws/exotel/${call.account}`;
    const search = new URLSearchParams(query).toString();
    return placeAt(`${call.publicMediaUrl}${where}${search && `?${search}`}`);
  },
  upgradeHeaders: (call, place) => basic(call, place.url),
  messages: (call, place, quirks) => new ExotelMessages(call, place, quirks),
  progress: () => [],
  nextWebhook: (call, ended, { afterBot }) => (afterBot ? passthruAfterBot(call, ended) : null),
  readNext: readPassthruAnswer,
  endWebhooks: (call, ended) => [terminalStatus(call, ended)],
};

function letterOrDigit(): string {
  return ((randomBytes(1)[0] ?? 0) % 36).toString(36);
}
