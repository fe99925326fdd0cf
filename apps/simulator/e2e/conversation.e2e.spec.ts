import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider, Turn } from '@greenroom/contracts';
import { failOnLeaks, TcpProxy, testServers } from '@greenroom/testing';
import { babble } from './babble';
import { asOn, placeOf } from './compared-audio';
import { accountsFor, useDialogues } from './dialogue-accounts';
import {
  overhearAll,
  PROVIDERS,
  readSides,
  type OverheardCall,
  type OverheardOptions,
} from './overheard-call';
import { useStack } from './running-stack';

const MARK_MARGIN_MS = 1000;
/** of the question with the long prompt, and of the others */
const [LONG_NO_INPUT_MS, NO_INPUT_MS] = [5000, 2000];
const PROMPT_MS = 20_000;
const AWAY_MS = 3000;
/** what timers and messages may add to a time that is kept */
const [PUNCTUAL_MS, AGREED_MS] = [300, 200];
/** Exotel's messages are filled up with silence to a multiple of 20 ms; a few more are for the clock */
const COMPLETE_MS = 60;
const [PLAIN, ALL_AT_ONCE, BEHIND_PROXY] = [0, 1, 2];

const GOODBYE = babble(1530, 1);
const folder = useDialogues({ 'twenty-seconds.wav': babble(PROMPT_MS, 2), 'goodbye.wav': GOODBYE });
const recordings = mkdtempSync(join(tmpdir(), 'greenroom-recordings-'));

let crm: Server;
let postgres: TcpProxy;
beforeAll(async () => {
  crm = createServer((_, response) => response.end('{"fullName":"Asha Rao"}'));
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
  const { hostname, port } = new URL(testServers().databaseUrl);
  postgres = await TcpProxy.open({ host: hostname, port: Number(port) });
});

const stack = useStack(({ url }) => {
  const proxied = new URL(url);
  proxied.host = `127.0.0.1:${postgres.port}`;
  const enrich = { url: `http://127.0.0.1:${(crm.address() as AddressInfo).port}/`, secret: 'crm-secret-1' };
  return {
    gateways: 3,
    accounts: accountsFor({
      'two-questions': {},
      'long-prompt': {},
      'late-data': { enrich, session: { timeoutMs: 1500, onTimeout: 'continue' } },
    }),
    env: {
      gateway: {
        DIALOGUES_DIR: folder,
        RECORDINGS_DIR: recordings,
        MARK_MARGIN_MS: String(MARK_MARGIN_MS),
      },
      'gateway-2': { PLAYBACK_LEAD_MS: '30000' },
      'gateway-3': { DATABASE_URL: proxied.href },
    },
  };
});

const press = (afterMs: number) => ({ kind: 'press', keys: '1', afterMs }) as const;
const silence = { kind: 'silence' } as const;
const two = { account: 'two-questions', gateway: PLAIN };
const outage = { begins: 0, writtenAtItsEnd: -1, ended: 0 };

const found = overhearAll(stack, (): Record<string, OverheardOptions> => ({
  'long prompt': { account: 'long-prompt', gateway: ALL_AT_ONCE, answers: [silence] },
  spoken: { ...two, answers: [{ kind: 'say', text: 'I like red, and blue.', afterMs: 900 }, silence] },
  'first mark lost': { ...two, loseMarks: 'first', answers: [silence, press(500), press(500)] },
  // the first answer comes before the margin is over, the last one after it
  'all marks lost': { ...two, loseMarks: 'all', answers: [press(600), silence, press(MARK_MARGIN_MS + 500)] },
  'late data': {
    ...{ account: 'late-data', gateway: PLAIN, webhookDelayMs: 3000 },
    answers: [press(2500), press(500)],
  },
  'postgres away': {
    ...{ ...two, gateway: BEHIND_PROXY, answers: [press(500), press(500)] },
    watch: ({ what }) => {
      if (what === 'first audio comes' && ++outage.begins === PROVIDERS.length) void takePostgresAway();
    },
  },
}));

/** What has been sent to it is lost, and nobody is told so. */
async function takePostgresAway(): Promise<void> {
  postgres.blackhole();
  await sleep(AWAY_MS);
  outage.writtenAtItsEnd = await countTurns(BEHIND_PROXY);
  outage.ended = Date.now();
  postgres.passes();
  postgres.reset();
}

async function countTurns(gateway: number): Promise<number> {
  const [row] = await stack().database.query<{ turns: number }>(
    `SELECT count(*)::int AS turns FROM call_turns t JOIN call_events e ON e.session_id = t.session_id
     WHERE e.type = 'claimed' AND e.data ->> 'owner' LIKE $1`,
    [`%:${stack().gateways[gateway]?.pid}/%`],
  );
  return row?.turns ?? -1;
}

const told = ({ turns }: OverheardCall): string[] =>
  turns.map(({ who, step, endedBy }) => `${who} ${step} ${endedBy}`);
const at = <Item>(list: readonly Item[], index: number): Item => {
  const item = list.at(index);
  if (!item) throw new Error(`there are ${list.length}, and none at ${index}`);
  return item;
};

describe.each(PROVIDERS)('a conversation over %s', (provider) => {
  const ALL = ['long prompt', 'spoken', 'first mark lost', 'all marks lost', 'late data', 'postgres away'];

  it('waits for an answer from the end of the prompt in the ear on, however early it was sent', () => {
    const call = found(provider, 'long prompt');
    const [prompt, next] = [at(call.heard, 0), at(call.heard, 1)];
    // all of it was sent in the first moments
    const { sentAtMs } = at(call.conversation.marks, 0);
    expect(sentAtMs - (call.conversation.startedAtMs ?? 0)).toBeLessThan(1000);
    expect(Math.abs(prompt.endedAt - prompt.startedAt - PROMPT_MS)).toBeLessThan(1);
    expect(told(call)).toEqual([
      'assistant question played',
      'caller question no-input',
      'assistant goodbye played',
    ]);
    const silent = at(call.turns, 1);
    expect(Math.abs(silent.endedAt - prompt.endedAt - LONG_NO_INPUT_MS)).toBeLessThan(PUNCTUAL_MS);
    expect(Math.abs(next.startedAt - prompt.endedAt - LONG_NO_INPUT_MS)).toBeLessThan(PUNCTUAL_MS);
    expectEarlyMediaAtMost(provider, call);
  });

  it('opens the caller’s turn although the mark never comes, within the margin, and goes on', () => {
    const call = found(provider, 'first mark lost');
    expect(call).toMatchObject({ ok: true, why: null, close: { code: 1000 } });
    expect(told(call)).toEqual([
      ...['assistant colour mark-lost', 'caller colour no-input'],
      ...['assistant colour played', 'caller colour digits-complete'],
      ...['assistant size played', 'caller size digits-complete', 'assistant goodbye played'],
    ]);
    const [prompt, next] = [at(call.heard, 0), at(call.heard, 1)];
    expectOpened(at(call.turns, 0), prompt);
    const waited = next.startedAt - prompt.endedAt;
    expect(waited).toBeGreaterThan(NO_INPUT_MS);
    expect(waited).toBeLessThan(NO_INPUT_MS + MARK_MARGIN_MS + PUNCTUAL_MS);
  });

  it('ends in order although no mark ever comes', () => {
    const call = found(provider, 'all marks lost');
    expect(call).toMatchObject({ ok: true, why: null, close: { code: 1000 }, marks: { returned: 0 } });
    expect(told(call)).toEqual([
      // the caller was faster than the margin: to our knowledge, over the prompt
      ...['assistant colour barge-in', 'caller colour digits-complete'],
      ...['assistant size mark-lost', 'caller size no-input'],
      ...['assistant size mark-lost', 'caller size digits-complete', 'assistant goodbye mark-lost'],
    ]);
    const [first] = call.turns;
    expect(first).toMatchObject({ heardMs: first?.lengthMs, heardText: first?.text });
    for (const index of [2, 4, 6]) expectOpened(at(call.turns, index), at(call.heard, index / 2));
  });

  it.each(ALL)('says goodbye to its last sample (%s)', (name) => {
    const { heard, turns, line, startedAt } = found(provider, name);
    const [goodbye, turn] = [at(heard, -1), at(turns, -1)];
    expect(turn.step).toBe('goodbye');
    expect(Math.abs(goodbye.endedAt - goodbye.startedAt - (turn.lengthMs ?? 0))).toBeLessThan(COMPLETE_MS);
    if (turn.text?.includes('Asha')) return;
    const place = placeOf(asOn(provider, GOODBYE), line.assistant);
    const endedAt = startedAt + ((place + GOODBYE.length) * 1000) / line.sampleRate;
    expect(place).toBeGreaterThan(0);
    expect(Math.abs(goodbye.endedAt - endedAt)).toBeLessThan(COMPLETE_MS);
  });

  it('takes a caller for a stranger until the data comes, and uses it from the next turn on', () => {
    const call = found(provider, 'late data');
    expect(call).toMatchObject({ ok: true, found: null, customer: { fullName: 'Asha Rao' } });
    expect(call.turns.map(({ text, digits }) => text ?? digits)).toEqual([
      'Hello. I do not know you yet. Is there anything that I can do for you?',
      '1',
      'Thank you Asha Rao. Press any key to end this call.',
      '1',
      'Goodbye Asha Rao.',
    ]);
  });

  it.each(ALL)('has the same times in its record as in the caller’s ear (%s)', (name) => {
    const { heard, turns, did } = found(provider, name);
    const said = turns.filter(({ who }) => who === 'assistant');
    expect(said).toHaveLength(heard.length);
    const off = said.flatMap((turn, index) => {
      const { startedAt, endedAt } = at(heard, index);
      return [turn.startedAt - startedAt, ...(turn.endedBy === 'played' ? [turn.endedAt - endedAt] : [])];
    });
    const answers = turns.filter(({ speechMs, digits }) => speechMs !== null || digits !== null);
    const acts = did.filter(({ kind }) => kind !== 'silence');
    expect(answers).toHaveLength(acts.length);
    off.push(...answers.map((turn, index) => turn.startedAt - at(acts, index).startedAt));
    expect(off.filter((ms) => Math.abs(ms) > AGREED_MS)).toEqual([]);
  });

  it.each(ALL)('is recorded as both of them heard it, where they heard it (%s)', async (name) => {
    const call = found(provider, name);
    const view = await stack().read(provider, call.callId, call.account);
    const kept = readSides(join(recordings, `${view?.session.sessionId}.wav`));
    const perMs = kept.sampleRate / 1000;
    const pieces = call.heard.map(({ startedAt, endedAt }) => ({
      side: 'assistant' as const,
      startedAt,
      endedAt,
    }));
    const spoken = call.did
      .filter(({ kind }) => kind === 'say')
      .map(({ startedAt, endedAt }) => ({ side: 'caller' as const, startedAt, endedAt }));
    for (const { side, startedAt, endedAt } of [...pieces, ...spoken]) {
      const from = Math.round((startedAt - call.startedAt) * perMs);
      const piece = call.line[side].subarray(from, Math.round((endedAt - call.startedAt) * perMs));
      const place = placeOf(piece, kept[side], Math.max(0, from - 2 * AGREED_MS * perMs));
      expect(place).toBeGreaterThanOrEqual(0);
      expect(Math.abs(place - from) / perMs).toBeLessThan(AGREED_MS);
    }
  });

  it('is written down although Postgres was away for 3 s in the middle of it', async () => {
    const call = found(provider, 'postgres away');
    expect(call).toMatchObject({ ok: true, why: null });
    expect(outage.writtenAtItsEnd).toBe(0);
    const view = await stack().read(provider, call.callId, call.account);
    const turns = view?.turns ?? [];
    expect(turns.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(turns.filter(({ endedAt }) => endedAt < outage.ended).length).toBeGreaterThanOrEqual(2);
    // as many as there are: it counts what it says it does
    expect(await countTurns(BEHIND_PROXY)).toBe(PROVIDERS.length * turns.length);
    expect(await stack().metric('greenroom_gateway_lost_turns_total')).toBe(0);
  });
});

/** Not before it was heard, and not after the margin. */
function expectOpened({ endedBy, startedAt, endedAt, lengthMs }: Turn, heard: { endedAt: number }): void {
  expect(endedBy).toBe('mark-lost');
  expect(endedAt).toBeGreaterThanOrEqual(heard.endedAt);
  expect(endedAt - startedAt - (lengthMs ?? 0)).toBeLessThan(MARK_MARGIN_MS + PUNCTUAL_MS);
}

/** To be sent at once is against Exotel's rules, which is why nobody does it outside of this spec. */
function expectEarlyMediaAtMost(provider: Provider, { violations, close, why }: OverheardCall): void {
  expect(close?.code).toBe(1000);
  if (provider === 'twilio') return expect([...violations, why]).toEqual([null]);
  expect(violations).toEqual([expect.stringMatching(/^media \d+ ms before its turn/)]);
  expect(why).toBe(`against the provider’s rules: ${violations[0]}`);
}

afterAll(async () => {
  crm.closeAllConnections();
  crm.close();
  await postgres.close();
  rmSync(recordings, { recursive: true });
});
failOnLeaks();
