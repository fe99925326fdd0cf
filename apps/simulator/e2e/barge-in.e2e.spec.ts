import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Turn } from '@greenroom/contracts';
import { failOnLeaks } from '@greenroom/testing';
import { placeOf } from './compared-audio';
import { accountsFor, useDialogues } from './dialogue-accounts';
import {
  overhearAll,
  PROVIDERS,
  type TalkProvider,
  readSides,
  type OverheardCall,
  type OverheardOptions,
} from './overheard-call';
import { useStack } from './running-stack';

/** from the caller's first sound to silence at the ear, ms */
const STOPPED_WITHIN_MS = 400;
/** a message of Exotel's that has begun to play is played to its end, 200 ms, and our clock cannot know where it is */
const HEARD_WITHIN_MS = 250;
const NO_INPUT_MS = 2000;
/** between what was heard and what was recorded */
const AGREED_MS = 200;
/** Exotel's messages are filled up with silence to a multiple of 20 ms */
const PADDED_MS = 21;

const folder = useDialogues({});
const recordings = mkdtempSync(join(tmpdir(), 'greenroom-recordings-'));
const stack = useStack(() => ({
  accounts: accountsFor({ interrupted: {} }),
  env: { gateway: { DIALOGUES_DIR: folder, RECORDINGS_DIR: recordings } },
}));

const ECHO = { belowDb: 20, delayMs: 250 };
/**
 * Exotel plays a message of 200 ms that has begun to its end: where in it the caller begins decides how much of the 400 ms
 * is left for everything else. These leave 100 ms, for a machine that does other things as well.
 */
const INTERRUPTIONS = [
  { atMs: 1220, text: 'I would like to hear about families.' },
  { atMs: 1460, text: 'No, thank you.' },
  { atMs: 1700, text: 'One moment, please.' },
  { atMs: 2080, text: 'Wait a minute, please.' },
  { atMs: 2440, text: 'I would like to hear about families.' },
];
/** below the shortest speech of each line, 80 and 200 ms, also where it touches one frame more */
const COUGH_MS = { exotel: 40, twilio: 160 };

const account = 'interrupted';
const plansFor = (provider: TalkProvider): Record<string, OverheardOptions> => ({
  ...each('interruption', INTERRUPTIONS, (one) => ({ account, answers: [{ kind: 'interrupt', ...one }] })),
  ...each('interruption on echo', INTERRUPTIONS.slice(0, 2), (one) => ({
    ...{ account, lineEcho: ECHO },
    answers: [{ kind: 'interrupt', ...one }],
  })),
  ...each('key', [1530], (atMs) => ({ account, answers: [{ kind: 'interrupt-press', atMs, keys: '2' }] })),
  ...each('cough', [COUGH_MS[provider], COUGH_MS[provider], 20], (forMs) => ({
    account,
    answers: [
      { kind: 'cough', forMs },
      { kind: 'press', keys: '1', afterMs: 700 },
    ],
  })),
  noise: { account, answers: [{ kind: 'cough', forMs: 300 }] },
  echo: { account, lineEcho: ECHO, answers: [{ kind: 'silence' }] },
  'voice on echo': {
    ...{ account, lineEcho: ECHO },
    answers: [{ kind: 'say', text: 'The second one.', afterMs: 900 }],
  },
});

function each<Item>(name: string, items: readonly Item[], plan: (item: Item) => OverheardOptions) {
  return Object.fromEntries(items.map((item, index) => [`${name} ${index + 1}`, plan(item)]));
}

const found = overhearAll(stack, plansFor);
const named = (provider: TalkProvider, pattern: RegExp): OverheardCall[] =>
  Object.keys(plansFor(provider))
    .filter((name) => pattern.test(name))
    .map((name) => found(provider, name));

describe.each(PROVIDERS)('over a prompt of %s', (provider) => {
  const interrupted = () => named(provider, /^(interruption|key)/);

  it('a caller who speaks, or presses a key, has silence in the ear within 400 ms', () => {
    const stops = interrupted().map(({ conversation }) => conversation.bargeIns);
    expect(stops).toHaveLength(8);
    expect(stops.filter((bargeIns) => bargeIns.length !== 1)).toEqual([]);
    const late = stops.flat().filter(({ stoppedAfterMs }) => stoppedAfterMs > STOPPED_WITHIN_MS);
    expect(late).toEqual([]);
  });

  it('the record says how much of it was heard, in time and in words', () => {
    for (const call of interrupted()) {
      const { turn, heardMs } = questionOf(call);
      expect(turn).toMatchObject({ who: 'assistant', step: 'offer', endedBy: 'barge-in' });
      expect(Math.abs((turn.heardMs ?? 0) - heardMs)).toBeLessThanOrEqual(HEARD_WITHIN_MS);
      const { text, heardText } = turn;
      expect(heardText).toMatch(/^We have three/);
      expect(text?.startsWith(`${heardText} `)).toBe(true);
    }
  });

  it('the recording has as much of it as was heard, where it was heard', async () => {
    for (const call of interrupted()) {
      const view = await stack().read(provider, call.callId, call.account);
      const kept = readSides(join(recordings, `${view?.session.sessionId}.wav`)).assistant;
      const [ear, recorded] = [firstSound(call.line.assistant), firstSound(kept)];
      const perMs = call.line.sampleRate / 1000;
      expect(Math.abs(recorded.from - ear.from) / perMs).toBeLessThan(AGREED_MS);
      expect(Math.abs(recorded.to - ear.to) / perMs).toBeLessThanOrEqual(HEARD_WITHIN_MS);
      // and it is the same sound
      const piece = call.line.assistant.subarray(ear.from, ear.from + 500 * perMs);
      expect(placeOf(piece, kept)).toBe(recorded.from);
    }
  });

  it('what interrupts it is the answer', () => {
    for (const call of interrupted()) {
      expect(call).toMatchObject({ ok: true, why: null });
      const [, answer, goodbye] = call.turns;
      expect(answer).toMatchObject({ who: 'caller', step: 'offer' });
      expect(answer?.digits ?? answer?.speechMs).toBeTruthy();
      expect(goodbye).toMatchObject({ step: 'goodbye', endedBy: 'played' });
    }
  });

  it('a noise that is shorter than speech stops nothing', () => {
    const coughs = named(provider, /^cough/);
    expect(coughs).toHaveLength(3);
    // the same noise does, where it is longer
    expect(found(provider, 'noise').conversation.bargeIns).toHaveLength(1);
    for (const call of coughs) {
      expect(call).toMatchObject({ ok: true, why: null, conversation: { bargeIns: [], clears: [] } });
      expect(call.did[0]).toMatchObject({ kind: 'cough' });
      const { turn, heardMs } = questionOf(call);
      expect(turn.endedBy).toBe('played');
      expect(Math.abs(heardMs - (turn.lengthMs ?? 0))).toBeLessThan(PADDED_MS);
    }
  });

  it('its own echo is nobody’s voice, neither over it nor after it', () => {
    const call = found(provider, 'echo');
    expect(call).toMatchObject({ ok: true, why: null, conversation: { clears: [] } });
    expect(call.turns.map(({ endedBy }) => endedBy)).toEqual(['played', 'no-input', 'played']);
    const [question, goodbye] = call.heard;
    const waited = (goodbye?.startedAt ?? 0) - (question?.endedAt ?? 0);
    expect(Math.abs(waited - NO_INPUT_MS)).toBeLessThan(300);
  });

  it('its echo does not hide the answer behind it', () => {
    const call = found(provider, 'voice on echo');
    expect(call).toMatchObject({ ok: true, why: null, conversation: { clears: [] } });
    const [, answer] = call.turns;
    expect(answer).toMatchObject({ who: 'caller', endedBy: 'end-silence' });
    expect(Math.abs((answer?.startedAt ?? 0) - (call.did[0]?.startedAt ?? 0))).toBeLessThan(200);
  });
});
afterAll(() => rmSync(recordings, { recursive: true }));
failOnLeaks();

/** What is heard until there is silence for 600 ms, which no prompt has within it: its first sample, and the one behind it. */
function firstSound(samples: Int16Array): { from: number; to: number } {
  const from = samples.findIndex((sample) => sample !== 0);
  let to = from;
  for (let at = from; at < Math.min(samples.length, to + 4800); at += 1) if (samples[at] !== 0) to = at + 1;
  return { from, to };
}

function questionOf({ turns, heard }: OverheardCall): { turn: Turn; heardMs: number } {
  const [turn, prompt] = [turns[0], heard[0]];
  if (!turn || !prompt) throw new Error('the question was not heard');
  return { turn, heardMs: prompt.endedAt - prompt.startedAt };
}
