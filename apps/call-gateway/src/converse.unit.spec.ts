import type { Conversation } from '@greenroom/conversation';
import { AccountSchema, createLogger, Registry, systemClock } from '@greenroom/platform';
import type { SessionReader } from '@greenroom/rendezvous';
import { newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { mediaAdapters } from '@greenroom/telephony';
import type { AnswerPorts, Line, OwnedCall } from './call';
import { converse } from './converse';
import { createGatewayMetrics } from './gateway-metrics';
import type { StreamListener } from './media-connection';
import { Recordings } from './recordings';
import { Ticker } from './ticker';

const none = () => 0;

/** A call in conversation with this one, on a line that the spec speaks for. */
function converseWith(conversation: Conversation, find: SessionReader['find'] = () => Promise.resolve(null)) {
  const key = newKey();
  const gone = new AbortController();
  let closedBy: string | null = null;
  let listener: StreamListener = () => undefined;
  const connection = {
    codec: mediaAdapters.exotel.open(),
    buffer: { audioMs: 0 },
    ended: gone.signal,
    get closedBy() {
      return closedBy;
    },
    closeCode: 1011,
    listen: (tell: StreamListener) => (listener = tell),
    send: () => true,
    close: (why: string) => {
      closedBy ??= why;
      gone.abort();
    },
  };
  const line = {
    connection,
    key,
    logger: createLogger('spec', 'silent'),
    route: { account: AccountSchema.parse({ name: 'a', provider: 'exotel' }), adapter: mediaAdapters.exotel },
    start: { format: { encoding: 'pcm_s16le', sampleRate: 8000 } },
  } as unknown as Line;
  const claim = { lost: new AbortController().signal, holds: true };
  const call = {
    session: sessionOf(key),
    claim,
    changed: { notify: () => undefined },
  } as unknown as OwnedCall;
  const ports = {
    store: { find },
    clock: systemClock,
    ticker: new Ticker(systemClock, none),
    maxCallMs: 60_000,
    leadMs: 400,
    metrics: createGatewayMetrics(new Registry(), {
      waiters: none,
      openStreams: none,
      unstarted: none,
      bufferedBytes: none,
    }),
    recordings: new Recordings(null),
    assistants: { converse: () => conversation },
  } as unknown as AnswerPorts;
  const ending = converse(line, call, ports);
  return { ending, tell: listener, hangUp: () => gone.abort(), call };
}

it('an agent that throws ends its own call only, and the call is written down as failed', async () => {
  const broken = () => {
    throw new Error('broken agent');
  };
  const { ending, tell } = converseWith({
    heard: broken,
    pressed: broken,
    played: broken,
    sessionChanged: broken,
    ended: none,
  });
  expect(() => tell({ kind: 'dtmf', digit: '1' }, 0)).not.toThrow();
  expect(await ending).toEqual({ outcome: 'failed', closeCode: 1011 });
});

it('a conversation is told of everything in its order, and how long ago the caller’s audio came', async () => {
  const told: unknown[][] = [];
  const { ending, tell, hangUp } = converseWith({
    heard: (pcm, agoMs) => told.push(['heard', [...pcm], agoMs]),
    pressed: (digit) => told.push(['pressed', digit]),
    played: (mark) => told.push(['played', mark]),
    sessionChanged: none,
    ended: () => told.push(['ended']),
  });
  const payload = Uint8Array.of(1, 0, 2, 0);
  tell({ kind: 'audio', payload, timestampMs: null, cameAt: 1000 }, 3500);
  tell({ kind: 'dtmf', digit: '1' }, 3500);
  tell({ kind: 'audio', payload, timestampMs: null, cameAt: 4000 }, 4000);
  tell({ kind: 'mark', name: 'm' }, 4000);
  hangUp();
  await ending;
  expect(told).toEqual([
    ['heard', [1, 2], 2500],
    ['pressed', '1'],
    ['heard', [1, 2], 0],
    ['played', 'm'],
    ['ended'],
  ]);
});

describe('a change of the session', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  /** The store is away for the first so many looks; afterwards the session has this version. */
  function changing(version: number, awayFor: number) {
    const told: number[] = [];
    let looks = 0;
    const find: SessionReader['find'] = (key) =>
      looks++ < awayFor ? Promise.reject(new Error('away')) : Promise.resolve({ ...sessionOf(key), version });
    const sessionChanged = (session: { version: number }) => void told.push(session.version);
    const parts = { heard: none, pressed: none, played: none, ended: none, sessionChanged };
    return { ...converseWith(parts, find), told, looks: () => looks };
  }

  it('is told of, though the store could not be asked at once', async () => {
    const { call, told, hangUp, ending } = changing(7, 2);
    call.changed.notify();
    await jest.advanceTimersByTimeAsync(5000);
    expect(told).toEqual([7]);
    hangUp();
    await ending;
  });

  it('is not asked for any more when the call is over', async () => {
    const { call, told, hangUp, ending, looks } = changing(7, Infinity);
    call.changed.notify();
    await jest.advanceTimersByTimeAsync(500);
    hangUp();
    await ending;
    await jest.advanceTimersByTimeAsync(5000);
    expect([told, looks(), jest.getTimerCount()]).toEqual([[], 1, 0]);
  });
});
