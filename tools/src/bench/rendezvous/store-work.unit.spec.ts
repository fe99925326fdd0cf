import { share, storeWorkFindings, sumOf, withoutPolls } from './store-work';

describe('the work of the stores', () => {
  it('is that of one call, without what the process and the conversation send', () => {
    expect(share({ get: 200, ping: 7, 'greenroom-renew': 40, subscribe: 100 }, 100)).toEqual({
      get: 2,
      subscribe: 1,
    });
  });

  it('is not that of the safety poll', () => {
    const postgres = { 'greenroom-find-many': 3 };
    expect(withoutPolls({ redis: { get: 5, mget: 3 }, postgres }).redis).toEqual({ get: 5 });
    expect(withoutPolls({ redis: { get: 5, mget: 13 }, postgres }).redis).toEqual({ get: 5, mget: 10 });
  });

  it('adds up what waiting and being found take', () => {
    expect(sumOf({ get: 2, subscribe: 1 }, { get: 1, unsubscribe: 1 })).toEqual({
      get: 3,
      subscribe: 1,
      unsubscribe: 1,
    });
  });

  it('is held against its limits', () => {
    const postgres = { 'greenroom-find': 1, 'greenroom-claim': 1 };
    const { rows, notes } = storeWorkFindings([
      { waiting: 100, redis: { get: 3, subscribe: 1, unsubscribe: 1, set: 1, exists: 1 }, postgres },
      { waiting: 10_000, redis: { get: 8 }, postgres: { ...postgres, 'greenroom-claim-holder': 0.5 } },
    ]);
    expect(rows.map(({ ours, holds }) => [ours, holds])).toEqual([
      [7, true],
      [2, true],
      [8, false],
      [2.5, false],
    ]);
    expect(notes[1]).toContain('greenroom-claim-holder 0.50');
  });
});
