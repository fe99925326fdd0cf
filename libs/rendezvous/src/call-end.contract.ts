import type { CallEnded, CallKey } from '@greenroom/contracts';
import type { CallEnd } from './call-end';
import { announcementOf, claimOf, newKey } from './examples.contract';
import type { SessionStore } from './ports';

/** What a store has written of a call's end. */
export type EndReader = (key: CallKey) => Promise<CallEnd & { lines: Record<string, unknown>[] }>;

const ENDED_AT = 1_769_900_000_123;

/** Everybody who may tell of one call's end, each knowing something else of it. */
export const tellersOf = (key: CallKey): CallEnded[] => [
  { key, reason: null, endedAt: null, durationMs: null, source: 'stream' },
  { key, reason: null, endedAt: null, durationMs: null, source: 'stream-callback' },
  { key, reason: 'completed', endedAt: null, durationMs: 63_000, source: 'status-callback' },
  { key, reason: 'completed', endedAt: ENDED_AT, durationMs: null, source: 'hang-up' },
];

const END: CallEnd = { reason: 'completed', endedAt: ENDED_AT, durationMs: 63_000 };

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((one, index) =>
    permutations([...list.slice(0, index), ...list.slice(index + 1)]).map((rest) => [one, ...rest]),
  );
}

export function describeCallEnd(open: () => SessionStore, readEnd: EndReader): void {
  async function announced(): Promise<CallKey> {
    const key = newKey();
    await open().announce(announcementOf(key), { pending: false });
    return key;
  }
  const tell = async (told: readonly CallEnded[]): Promise<void> => {
    for (const one of told) await open().callEnded(one, { by: one.source });
  };

  it('knows one end of a call, in whichever order it is told, and however often', async () => {
    const states = new Set<string | undefined>();
    for (const order of permutations([0, 1, 2, 3])) {
      const key = await announced();
      const tellers = order.map((index) => tellersOf(key)[index]!);
      await tell([...tellers, ...tellers]);
      const { lines, ...end } = await readEnd(key);
      expect(end).toEqual(END);
      const first = tellers.find(({ reason }) => reason !== null)!.source;
      expect(lines).toEqual([{ by: first, source: first, reason: 'completed' }]);
      const session = await open().find(key);
      states.add(`${session?.state} ${session?.version}`);
    }
    expect([...states]).toEqual(['ended 2']);
  });

  it('knows one end of a call, of which all tell at once', async () => {
    const key = await announced();
    const copies = Array.from({ length: 5 }, () => tellersOf(key)).flat();
    await Promise.all(copies.map((one) => open().callEnded(one, {})));
    const { lines, ...end } = await readEnd(key);
    expect(end).toEqual(END);
    expect(lines).toMatchObject([{ reason: 'completed' }]);
    expect(await open().find(key)).toMatchObject({ state: 'ended', version: 2 });
  });

  it('keeps the reason and the times that it was told first', async () => {
    const key = await announced();
    const first = { key, reason: 'busy', endedAt: ENDED_AT, durationMs: 0, source: 'hang-up' } as const;
    const other = { reason: 'failed', endedAt: ENDED_AT + 5000, durationMs: 5000 } as const;
    await tell([first, { ...first, ...other }]);
    expect(await readEnd(key)).toMatchObject({ reason: 'busy', endedAt: ENDED_AT, durationMs: 0 });
  });

  it('ends no session because of its stream alone', async () => {
    const key = await announced();
    await tell(tellersOf(key).slice(0, 2));
    expect(await open().find(key)).toMatchObject({ state: 'ready', version: 1 });
    const { lines, ...end } = await readEnd(key);
    expect(end).toEqual({ reason: null, endedAt: null, durationMs: null });
    expect(lines).toEqual([{ by: 'stream', source: 'stream', reason: null }]);
  });

  it('takes the end of a stream for no end of a call that goes on with a person', async () => {
    const key = await announced();
    const claimed = await open().claim(claimOf(key, 'a'));
    if (claimed.kind !== 'claimed') throw new Error('must have claimed');
    await open().decideNext({ key, owner: 'a', epoch: claimed.epoch }, 'transfer');
    await tell(tellersOf(key).slice(0, 2));
    expect((await readEnd(key)).lines).toEqual([]);
    await tell(tellersOf(key).slice(2));
    expect((await readEnd(key)).lines).toMatchObject([{ source: 'status-callback' }]);
  });

  it('never goes back: an ended call that is announced again stays ended', async () => {
    const key = await announced();
    await tell(tellersOf(key));
    const again = await open().announce(announcementOf(key), { pending: false });
    expect(again).toMatchObject({ changed: false, session: { state: 'ended' } });
  });

  it('leaves a call that is being driven to its driver when the provider reports its end', async () => {
    const key = await announced();
    await open().claim(claimOf(key, 'a'));
    await tell(tellersOf(key));
    expect(await open().find(key)).toMatchObject({ state: 'active', version: 2 });
    expect(await readEnd(key)).toMatchObject(END);
  });

  it('creates nothing when the end of an unknown call is told', async () => {
    const key = newKey();
    await tell(tellersOf(key));
    expect(await open().find(key)).toBeNull();
  });

  it.each([undefined, null, '', [], {}, 'short'])('refuses the end of the call %j', async (callId) => {
    const [ended] = tellersOf(newKey({ callId: callId as string }));
    await expect(open().callEnded(ended!, {})).rejects.toThrow();
  });
}
