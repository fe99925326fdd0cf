import { StoreCallEventSchema } from '@greenroom/contracts';
import { MemorySessionStore } from '@greenroom/rendezvous';
import { announcementOf, newKey } from '@greenroom/rendezvous/contract';
import { callEventOf, writeCallEvent, type CallNews } from './call-event';

const key = newKey({ provider: 'twilio' });
const details = { note: 'a' };
const of = (news: object) => ({ callId: key.callId, status: 's', details, ...news }) as unknown as CallNews;
const ended = { kind: 'call-ended', reason: 'busy', endedAt: 1_769_900_000_000, durationMs: 0 };

describe('what a webhook tells of a call', () => {
  it.each([
    [{ kind: 'progress' }, null],
    [{ kind: 'stream-ended', asksNext: true }, null],
    [
      { kind: 'stream-ended', asksNext: false },
      { reason: null, source: 'stream-callback' },
    ],
    [ended, { reason: 'busy', endedAt: ended.endedAt, durationMs: 0, source: 'status-callback' }],
  ])('of its end, by %j, is %j', (news, end) => {
    const told = callEventOf(of(news), 'status', key);
    if (end === null) expect(told.ended).toBeNull();
    else expect(told.ended).toMatchObject(end);
    expect(told.event).toMatchObject({ type: news.kind, data: { status: 's', note: 'a' } });
    expect(StoreCallEventSchema.parse(told)).toEqual(told);
  });

  it.each([
    ['hangup', 'completed', 'hang-up'],
    ['events', 'call.hangup', 'hang-up'],
    ['event', 'completed', 'status-callback'],
  ])('at %s with %s comes from a %s', (operation, status, source) => {
    expect(callEventOf(of({ ...ended, status }), operation, key).ended?.source).toBe(source);
  });

  it('of the end of a stream is nothing where calls outlive their streams', () => {
    const news = of({ kind: 'stream-ended', asksNext: false });
    expect(callEventOf(news, 'events', newKey({ provider: 'telnyx' })).ended).toBeNull();
  });

  it.each([
    [-1, -1],
    [Number.NaN, Number.NaN],
    [Infinity, 2 ** 31],
    [1e16, 1e12],
  ])('has no time that nobody could keep: %d and %d', (endedAt, durationMs) => {
    const told = callEventOf(of({ ...ended, endedAt, durationMs }), 'status', key);
    expect(told.ended).toMatchObject({ endedAt: null, durationMs: null });
  });

  it('is another fact from another webhook, so that neither is taken for a repeat', () => {
    const [one, other] = ['status', 'hangup'].map((operation) => callEventOf(of(ended), operation, key));
    expect(one?.event.once).not.toBe(other?.event.once);
    expect(callEventOf(of(ended), 'status', key)).toEqual(one);
  });
});

it('an end is one line of its own, and the end of a stream another', async () => {
  const store = new MemorySessionStore();
  await store.announce(announcementOf(key), { pending: false });
  const stream = callEventOf(of({ kind: 'stream-ended', asksNext: false }), 'stream-status', key);
  const call = callEventOf(of(ended), 'status', key);
  for (const told of [stream, call, stream, call]) await writeCallEvent(store, told);
  const [row] = [...store.rows.values()];
  expect(row?.events.map(({ type }) => type)).toEqual(['announced', 'stream-ended', 'call-ended']);
  expect(row).toMatchObject({ end: { reason: 'busy', durationMs: 0 }, session: { state: 'ended' } });
});
