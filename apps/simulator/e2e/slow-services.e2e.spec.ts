import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Provider } from '@greenroom/contracts';
import { failOnLeaks } from '@greenroom/testing';
import { AudioService } from './audio-service';
import { BABBLE_HZ, babble, hush, joined } from './babble';
import { placeOf } from './compared-audio';
import { accountsFor, useDialogues } from './dialogue-accounts';
import { overhear, PROVIDERS, readSides, type OverheardCall, type OverheardOptions } from './overheard-call';
import { useStack } from './running-stack';

const WORDS = 'I have lost my card.';
const SPOKEN_AFTER_MS = 5000;
const QUESTION_MS = 1500;
/** from the end of the question on, ms: the longer one is 30 s behind the end of the words */
const PRESSED_AFTER_MS = { short: 5500, long: 33_000 };
const [WORDY, SLOW] = [0, 1];
/** ms that the caller's audio may be off in the recording, and a turn in the record */
const [OFF_MS, AGREED_MS] = [150, 200];
const WEBHOOK_DELAY_MS = 3000;
const MB = 1_048_576;

const folder = useDialogues({ 'goodbye.wav': babble(800, 1) });
const recordings = mkdtempSync(join(tmpdir(), 'greenroom-recordings-'));

let slow: AudioService;
let wordy: AudioService;
beforeAll(async () => {
  const speech = babble(QUESTION_MS, 2);
  slow = await AudioService.open({ words: null, speech, speechAfterMs: SPOKEN_AFTER_MS });
  wordy = await AudioService.open({ words: WORDS, speech, speechAfterMs: 0 });
});

const stack = useStack(() => ({
  gateways: 2,
  accounts: accountsFor({ 'slow-services': {}, 'early-words': {} }),
  env: {
    gateway: { DIALOGUES_DIR: folder, RECORDINGS_DIR: recordings, TRANSCRIPTION_URL: wordy.url },
    'gateway-2': {
      SPEECH_URL: slow.url,
      SPEECH_BUDGET_MS: '7000',
      TRANSCRIPTION_URL: slow.url,
      TRANSCRIPTION_BUDGET_MS: '35000',
      REPLY_TIMEOUT_MS: '40000',
    },
  },
}));

/** Speaks when the question is over, and presses a key when that was not answered. No two moments of its line are alike. */
function waitingCaller(provider: Provider, index: number, afterMs: number): OverheardOptions {
  const samples = joined(
    hush(SPOKEN_AFTER_MS + QUESTION_MS + 700, index + 100),
    babble(1000, index + 200),
    hush(afterMs + 10_000, index + 300),
  );
  return {
    ...{ provider, account: 'slow-services', gateway: SLOW, index },
    ...{ say: { samples, sampleRate: BABBLE_HZ }, sayAfterMs: 0 },
    answers: [{ kind: 'press', keys: '1', afterMs }],
  };
}

const earlyCaller = (provider: Provider, sayAfterMs: number): OverheardOptions => ({
  ...{ provider, account: 'early-words', gateway: WORDY, webhookDelayMs: WEBHOOK_DELAY_MS },
  ...{ sayText: WORDS, sayAfterMs, answers: [{ kind: 'hang-up' }] },
});

const residentBytes = (): Promise<number> => stack().metric('process_resident_memory_bytes', {}, 'gateway-2');
let waiting: OverheardCall[];
let early: OverheardCall[];
let grownBytes: number;

beforeAll(async () => {
  const { short, long } = PRESSED_AFTER_MS;
  const callers = Array.from({ length: 10 }, (_, index) =>
    waitingCaller(PROVIDERS[index % 2] as Provider, index, index < 8 ? short : long),
  );
  const first = await overhear(stack(), callers.slice(0, 3));
  const before = await residentBytes();
  const [others, said] = await Promise.all([
    overhear(stack(), callers.slice(3)),
    overhear(
      stack(),
      PROVIDERS.flatMap((provider) => [earlyCaller(provider, 0), earlyCaller(provider, 1200)]),
    ),
  ]);
  waiting = [...first, ...others];
  early = said;
  grownBytes = (await residentBytes()) - before;
}, 120_000);

describe.each(PROVIDERS)('over %s, while the services for speech are slow', (provider) => {
  const calls = () => waiting.filter((call) => call.provider === provider);

  it('each call goes on as it should, behind 5 s without a voice', () => {
    expect(calls()).toHaveLength(5);
    for (const call of calls()) {
      expect(call).toMatchObject({ ok: true, why: null, close: { code: 1000 } });
      const [question] = call.heard;
      expect((question?.startedAt ?? 0) - call.startedAt).toBeGreaterThanOrEqual(SPOKEN_AFTER_MS);
    }
  });

  it('keys answer the question for which words are still awaited, also after 30 s', () => {
    for (const { turns, did, heard } of calls()) {
      expect(turns.map(({ who, step, endedBy }) => [who, step, endedBy])).toEqual([
        ['assistant', 'question', 'played'],
        ['caller', 'question', 'digits-complete'],
        ['assistant', 'goodbye', 'played'],
      ]);
      const [answer, spoken, pressed, goodbye] = [turns[1]!, did[0]!, did[1]!, heard[1]!];
      expect(answer).toMatchObject({ digits: '1', text: null });
      expect(answer.speechMs).toBeGreaterThan(500);
      // by our own clock: nobody was late to listen
      expect(Math.abs(answer.startedAt - spoken.startedAt)).toBeLessThan(AGREED_MS);
      expect(goodbye.startedAt - pressed.startedAt).toBeLessThan(500);
    }
    const hungMs = calls().map(({ did }) => did[1]!.startedAt - did[0]!.endedAt);
    expect(Math.max(...hungMs)).toBeGreaterThan(30_000);
  });

  it('no frame of the caller is lost, changed or late', async () => {
    for (const { callId, account, line, heard, startedAt } of calls()) {
      const view = await stack().read(provider, callId, account);
      const kept = readSides(join(recordings, `${view?.session.sessionId}.wav`)).caller;
      const perMs = line.sampleRate / 1000;
      const place = placeOf(line.caller.subarray(0, 1000 * perMs), kept);
      expect(place).toBeGreaterThanOrEqual(0);
      expect(place / perMs).toBeLessThan(OFF_MS);
      // the last frames may meet the close on their way
      const length = ((heard.at(-1)?.endedAt ?? 0) - startedAt - 200) * perMs;
      expect(placeOf(line.caller.subarray(0, length), kept, place)).toBe(place);
    }
  });
});

it('memory does not grow with calls that wait', () => {
  expect(slow.heard.length).toBeGreaterThanOrEqual(waiting.length);
  expect(grownBytes / MB).toBeLessThan(30);
});

describe.each(PROVIDERS)('over %s, words that are said before the session is there', (provider) => {
  const calls = () => early.filter((call) => call.provider === provider);

  it('are understood, and are the first turn', () => {
    expect(calls()).toHaveLength(2);
    for (const call of calls()) {
      expect(call).toMatchObject({ ok: true, why: null, webhook: { delayMs: WEBHOOK_DELAY_MS } });
      const [words, question] = call.turns;
      expect(words).toMatchObject({ number: 1, who: 'caller', text: WORDS, endedBy: 'end-silence' });
      expect(question).toMatchObject({ number: 2, who: 'assistant', step: 'reason' });
      // they were over before anybody could listen
      expect(call.did[0]?.endedAt).toBeLessThan(call.startedAt + WEBHOOK_DELAY_MS);
    }
  });

  it('are sent to be understood as they were said, to the last sample', () => {
    for (const { did, line, startedAt } of calls()) {
      const perMs = line.sampleRate / 1000;
      const [from, to] = [did[0]?.startedAt ?? 0, did[0]?.endedAt ?? 0].map((at) => (at - startedAt) * perMs);
      const spoken = line.caller.subarray(from, to);
      const sent = wordy.heard.find(({ samples }) => placeOf(spoken, samples) >= 0);
      expect(sent).toMatchObject({ sampleRate: line.sampleRate, channels: 1 });
      expect(((sent?.samples.length ?? 0) - spoken.length) / perMs).toBeLessThan(400);
    }
  });
});

afterAll(async () => {
  await slow.close();
  await wordy.close();
  rmSync(recordings, { recursive: true });
});
failOnLeaks();
