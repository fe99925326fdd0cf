import { randomUUID } from 'node:crypto';
import type { CallKey, Session } from '@greenroom/contracts';
import { describeCallEnd, type EndReader } from './call-end.contract';
import { announcementOf, claimOf, newKey } from './examples.contract';
import type {
  Claim,
  NextStepCache,
  SessionCache,
  SessionPublisher,
  SessionSignal,
  SessionStore,
  Wake,
} from './ports';

/** What every implementation of the ports must do; imported by specs only. */
export { announcementOf, claimOf, newKey } from './examples.contract';
export { tellersOf } from './call-end.contract';

/** @param readEnd what the store has written of a call's end, which the port itself has no need to read */
export function describeSessionStore(name: string, open: () => SessionStore, readEnd: EndReader): void {
  describe(`${name} as a session store`, () => {
    let store: SessionStore;
    beforeAll(() => {
      store = open();
    });

    it('gives back what was announced, with the customer', async () => {
      const key = newKey();
      const { session, changed, late } = await store.announce(announcementOf(key), { pending: false });
      expect({ changed, late }).toEqual({ changed: true, late: false });
      expect(session).toMatchObject({
        ...key,
        state: 'ready',
        version: 1,
        customer: { fullName: 'Asha Rao' },
      });
      expect(session.announcedAt).not.toBeNull();
      expect(await store.find(key)).toEqual(session);
      expect(await store.findMany([newKey(), key])).toEqual([session]);
    });

    it('finds nothing under a key that differs in one part', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      const others = [
        newKey({ provider: 'twilio', callId: key.callId }),
        newKey({ account: 'b', callId: key.callId }),
      ];
      expect(await Promise.all(others.map((other) => store.find(other)))).toEqual([null, null]);
      expect(await store.findMany(others)).toEqual([]);
    });

    it.each([undefined, null, '', [], {}, 'short'])(
      'refuses the call id %j before any look-up',
      async (callId) => {
        const key = newKey({ callId: callId as string });
        await expect(store.find(key)).rejects.toThrow();
        await expect(store.findMany([newKey(), key])).rejects.toThrow();
        await expect(store.claim(claimOf(key, 'a'))).rejects.toThrow();
        await expect(store.findOutlook(key)).rejects.toThrow();
        await expect(store.decideNext({ key, owner: 'a', epoch: 1 }, 'transfer')).rejects.toThrow();
      },
    );

    it('writes the same announcement once, however many copies come at once', async () => {
      const key = newKey();
      const copies = await Promise.all(
        Array.from({ length: 20 }, () => store.announce(announcementOf(key), { pending: false })),
      );
      expect(copies.filter(({ changed }) => changed)).toHaveLength(1);
      expect(new Set(copies.map(({ session }) => session.sessionId)).size).toBe(1);
      expect(new Set(copies.map(({ session }) => session.customer?.customerId)).size).toBe(1);
      expect((await store.find(key))?.version).toBe(1);
    });

    it('knows a caller again by account and phone', async () => {
      const phone = `+9190${Math.floor(Math.random() * 1e8)
        .toString()
        .padStart(8, '0')}`;
      const first = announcementOf(newKey(), {
        customer: { phone, fullName: 'Asha Rao', language: 'hi', attributes: { a: '1' } },
      });
      const second = announcementOf(newKey(), {
        customer: { phone, fullName: null, language: null, attributes: { b: '2' } },
      });
      await store.announce(first, { pending: false });
      const { session } = await store.announce(second, { pending: false });
      expect(session.customer).toMatchObject({
        fullName: 'Asha Rao',
        language: 'hi',
        attributes: { a: '1', b: '2' },
      });
    });

    it('takes an announcement whose caller is unknown', async () => {
      const { session } = await store.announce(announcementOf(newKey(), { customer: null }), {
        pending: false,
      });
      expect(session).toMatchObject({ state: 'ready', customer: null });
    });

    it('makes a pending session ready when the CRM has answered, once', async () => {
      const key = newKey();
      const { session } = await store.announce(announcementOf(key), { pending: true });
      expect(session).toMatchObject({ state: 'received', enrichment: 'pending' });
      const merged = await store.enrich(key, { fullName: 'Asha R. Rao', attributes: { tier: 'gold' } });
      expect(merged).toMatchObject({
        state: 'ready',
        version: 2,
        enrichment: 'merged',
        customer: { fullName: 'Asha R. Rao', attributes: { loan: 'LN-1', tier: 'gold' } },
      });
      expect(await store.enrich(key, { attributes: {} })).toBeNull();
    });

    it('makes a pending session ready without the CRM when its budget is spent', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: true });
      expect(await store.enrich(key, null)).toMatchObject({ state: 'ready', enrichment: 'gave-up' });
    });

    it('gives the session back when a wait concedes although it has come', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      expect(await store.concede({ key, as: 'timed_out', waitedMs: 10_000 })).toMatchObject({
        state: 'ready',
        version: 1,
      });
    });

    it('leaves a tombstone that a late announcement does not change', async () => {
      const key = newKey();
      expect(await store.concede({ key, as: 'timed_out', waitedMs: 10_000 })).toMatchObject({
        state: 'timed_out',
        announcedAt: null,
      });
      const late = await store.announce(announcementOf(key), { pending: false });
      expect(late).toMatchObject({
        changed: false,
        late: true,
        session: { state: 'timed_out', customer: null },
      });
      expect(await store.claim(claimOf(key, 'a'))).toEqual({ kind: 'over' });
    });

    it('lets a call go on without a customer, and takes the announcement when it comes', async () => {
      const key = newKey();
      await store.concede({ key, as: 'received', waitedMs: 10_000 });
      const claimed = await store.claim(claimOf(key, 'a'));
      expect(claimed).toMatchObject({ kind: 'claimed', session: { state: 'active', customer: null } });
      const { session, changed, late } = await store.announce(announcementOf(key), { pending: false });
      expect({ changed, late }).toEqual({ changed: true, late: false });
      expect(session).toMatchObject({ state: 'active', customer: { fullName: 'Asha Rao' } });
      expect(session.version).toBeGreaterThan(2);
    });

    it('lets one of many connections drive a call', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => store.claim(claimOf(key, `gateway-${index}`))),
      );
      expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === 'owned')).toHaveLength(19);
    });

    it('lets an owner whose answer was lost claim again', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      expect(await store.claim(claimOf(key, 'a'))).toMatchObject({ kind: 'claimed', epoch: 1 });
      expect(await store.claim(claimOf(key, 'a'))).toMatchObject({ kind: 'claimed', epoch: 2 });
      expect(await store.claim(claimOf(key, 'b'))).toMatchObject({ kind: 'owned' });
    });

    it('says until when a call is owned, and gives it away when its owner yields', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      const claimed = await store.claim(claimOf(key, 'a', 10_000));
      if (claimed.kind !== 'claimed') throw new Error('must have claimed');
      const [first, second] = [await store.claim(claimOf(key, 'b')), await store.claim(claimOf(key, 'b'))];
      expect(second).toEqual(first);
      await store.renew({ key, owner: 'a', epoch: claimed.epoch }, 20_000);
      const third = await store.claim(claimOf(key, 'b'));
      if (first.kind !== 'owned' || third.kind !== 'owned') throw new Error('must be owned');
      expect(third.leaseUntil).toBeGreaterThan(first.leaseUntil);
      await store.renew({ key, owner: 'a', epoch: claimed.epoch }, 20_000, true);
      expect(await store.claim(claimOf(key, 'b'))).toMatchObject({ kind: 'claimed', epoch: 2 });
    });

    it('tells a call that nobody has announced from one that is over', async () => {
      expect(await store.claim(claimOf(newKey(), 'a'))).toEqual({ kind: 'unknown' });
    });

    it('takes the id that a session was given before it could be written', async () => {
      const sessionId = randomUUID();
      const announcement = announcementOf(newKey());
      const { session } = await store.announce(announcement, { pending: false, sessionId });
      expect(session.sessionId).toBe(sessionId);
      const again = await store.announce(announcement, { pending: false, sessionId: randomUUID() });
      expect(again.session.sessionId).toBe(sessionId);
    });

    it('ends the calls of dead owners and those that were never answered, and no other', async () => {
      const keys = { dead: newKey(), alive: newKey(), fresh: newKey() };
      for (const key of Object.values(keys)) await store.announce(announcementOf(key), { pending: false });
      await store.claim(claimOf(keys.dead, 'a', -60_000));
      await store.claim(claimOf(keys.alive, 'b'));
      const limits = { graceMs: 30_000, unansweredMs: 60_000 };
      expect(await store.reap(limits)).toMatchObject({ lost: [keys.dead] });
      const states = await Promise.all(
        Object.values(keys).map(async (key) => (await store.find(key))?.state),
      );
      expect(states).toEqual(['ended', 'active', 'ready']);
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect((await store.reap({ graceMs: 30_000, unansweredMs: 10 })).unanswered).toBeGreaterThan(0);
      expect((await store.find(keys.fresh))?.state).toBe('ended');
    });

    it('writes nothing for an owner whose epoch is over', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      const first = await store.claim(claimOf(key, 'a', -1));
      const second = await store.claim(claimOf(key, 'b'));
      if (first.kind !== 'claimed' || second.kind !== 'claimed') throw new Error('both must have claimed');
      expect(second.epoch).toBe(first.epoch + 1);
      const stale = { key, owner: 'a', epoch: first.epoch };
      expect(await store.renew(stale, 15_000)).toBeNull();
      expect(await store.finish(stale, { outcome: 'completed', closeCode: 1000 })).toBe(false);
      expect((await store.find(key))?.state).toBe('active');
    });

    it('renews for the owner and ends once', async () => {
      const key = newKey();
      await store.announce(announcementOf(key), { pending: false });
      const claimed = await store.claim(claimOf(key, 'a'));
      if (claimed.kind !== 'claimed') throw new Error('must have claimed');
      const claim = { key, owner: 'a', epoch: claimed.epoch };
      expect(await store.renew(claim, 15_000)).toBe(claimed.session.version);
      expect(await store.finish(claim, { outcome: 'completed', closeCode: 1000 })).toBe(true);
      expect(await store.finish(claim, { outcome: 'completed', closeCode: 1000 })).toBe(false);
      expect((await store.find(key))?.state).toBe('ended');
      expect(await store.claim(claimOf(key, 'b'))).toEqual({ kind: 'over' });
    });

    it('creates nothing when an event names an unknown call', async () => {
      const key = newKey();
      await store.record(key, { type: 'stream-ended', data: {} });
      expect(await store.find(key)).toBeNull();
    });

    describeNextSteps(() => store);
    describeCallEnd(() => store, readEnd);
  });
}

async function drive(store: SessionStore, leaseMs?: number): Promise<Claim> {
  const key = newKey();
  await store.announce(announcementOf(key), { pending: false });
  return claim(store, key, { owner: 'a', ...(leaseMs === undefined ? {} : { leaseMs }) });
}

async function claim(
  store: SessionStore,
  key: CallKey,
  { owner, leaseMs }: { owner: string; leaseMs?: number },
): Promise<Claim> {
  const claimed = await store.claim(claimOf(key, owner, leaseMs));
  if (claimed.kind !== 'claimed') throw new Error('must have claimed');
  return { key, owner, epoch: claimed.epoch };
}

function describeNextSteps(open: () => SessionStore): void {
  const [completed, transferred] = (['completed', 'transferred'] as const).map((outcome) => ({
    outcome,
    closeCode: 1000,
  }));

  it('knows nothing of what comes after a call that it does not know', async () => {
    expect(await open().findOutlook(newKey())).toBeNull();
  });

  it('tells how a call stands until its driver decides what comes next', async () => {
    const store = open();
    const key = newKey();
    await store.announce(announcementOf(key), { pending: false });
    expect(await store.findOutlook(key)).toEqual({ state: 'ready', next: null });
    const own = await claim(store, key, { owner: 'a' });
    expect(await store.findOutlook(key)).toEqual({ state: 'active', next: null });
    expect(await store.decideNext(own, 'transfer')).toBe(true);
    expect(await store.findOutlook(key)).toEqual({ state: 'active', next: 'transfer' });
    await store.finish(own, transferred!);
    expect(await store.findOutlook(key)).toEqual({ state: 'ended', next: 'transfer' });
  });

  it('takes repeats of a decision for one, and no version comes of it', async () => {
    const store = open();
    const own = await drive(store);
    const version = await store.renew(own, 15_000);
    const decisions = Array.from({ length: 5 }, () => store.decideNext(own, 'transfer'));
    expect(await Promise.all(decisions)).toEqual([true, true, true, true, true]);
    expect(await store.renew(own, 15_000)).toBe(version);
  });

  it('takes no decision from an owner whose epoch is over, nor for a call that is', async () => {
    const store = open();
    const stale = await drive(store, -1);
    const own = await claim(store, stale.key, { owner: 'b' });
    expect(await store.decideNext(stale, 'transfer')).toBe(false);
    for (const other of [{ owner: 'a' }, { epoch: own.epoch - 1 }, { key: { ...own.key, account: 'b' } }]) {
      expect(await store.decideNext({ ...own, ...other }, 'transfer')).toBe(false);
    }
    expect(await store.findOutlook(stale.key)).toEqual({ state: 'active', next: null });
    await store.finish(own, completed!);
    expect(await store.decideNext(own, 'transfer')).toBe(false);
    expect(await store.findOutlook(stale.key)).toEqual({ state: 'ended', next: null });
  });

  it('leaves a decision as it is when another owner takes the call over', async () => {
    const store = open();
    const first = await drive(store);
    await store.decideNext(first, 'transfer');
    await store.renew(first, 15_000, true);
    const second = await claim(store, first.key, { owner: 'b' });
    await store.finish(second, completed!);
    expect(await store.findOutlook(first.key)).toEqual({ state: 'ended', next: 'transfer' });
  });

  it('takes the end of a call that was transferred for the decision', async () => {
    const store = open();
    const own = await drive(store);
    await store.finish(own, transferred!);
    expect(await store.findOutlook(own.key)).toEqual({ state: 'ended', next: 'transfer' });
  });
}

export function describeNextStepCache(name: string, open: () => NextStepCache): void {
  describe(`${name} as a cache of next steps`, () => {
    it('gives back what was put, under its own key only, however often it is put', async () => {
      const [cache, key] = [open(), newKey()];
      expect(await cache.get(key)).toBeNull();
      await cache.put(key, 'transfer');
      await cache.put(key, 'transfer');
      expect(await cache.get(key)).toBe('transfer');
      expect(await cache.get(newKey())).toBeNull();
      expect(await cache.get({ ...key, account: 'other' })).toBeNull();
    });

    it.each([undefined, null, '', [], 'short'])('refuses the call id %j', async (callId) => {
      const key = newKey({ callId: callId as string });
      await expect(open().get(key)).rejects.toThrow();
      await expect(open().put(key, 'transfer')).rejects.toThrow();
    });
  });
}

export type Bus = { cache: SessionCache; publisher: SessionPublisher; signal: SessionSignal };

export function describeSessionBus(name: string, open: () => Bus): void {
  describe(`${name} as session cache and signal`, () => {
    let bus: Bus;
    beforeAll(() => {
      bus = open();
    });

    it('gives back what was put, under its own key only', async () => {
      const session = sessionOf(newKey());
      await bus.cache.put(session);
      expect(await bus.cache.find(session)).toEqual(session);
      expect(await bus.cache.findMany([newKey(), session])).toEqual([session]);
      expect(await bus.cache.find({ ...session, account: 'other' })).toBeNull();
    });

    it.each([undefined, null, '', [], 'short'])(
      'refuses the call id %j before any look-up',
      async (callId) => {
        await expect(bus.cache.find(newKey({ callId: callId as string }))).rejects.toThrow();
      },
    );

    it('wakes every subscriber of the key with the session, after it can be read, and no other', async () => {
      const session = sessionOf(newKey());
      const seen: [Session | null, Session | null][] = [];
      const other = jest.fn();
      const woken = new Promise<void>((resolve) => {
        const look: Wake = (told) =>
          void bus.cache
            .find(session)
            .then((found) => (seen.push([told, found]), seen.length === 2 && resolve()));
        subscriptions.push(bus.signal.subscribe(session, look), bus.signal.subscribe(session, look));
      });
      subscriptions.push(bus.signal.subscribe(newKey(), other));
      expect(await Promise.all(subscriptions.map(({ acknowledged }) => acknowledged))).toEqual([
        true,
        true,
        true,
      ]);
      await bus.publisher.publish(session);
      await woken;
      expect(seen).toEqual([
        [session, session],
        [session, session],
      ]);
      expect(other).not.toHaveBeenCalled();
    });

    it('wakes nobody after the subscription was closed', async () => {
      const session = sessionOf(newKey());
      const closed = jest.fn();
      const first = bus.signal.subscribe(session, closed);
      await first.acknowledged;
      first.close();
      const woken = new Promise<void>((resolve) =>
        subscriptions.push(bus.signal.subscribe(session, () => resolve())),
      );
      await subscriptions.at(-1)?.acknowledged;
      await bus.publisher.publish(session);
      await woken;
      expect(closed).not.toHaveBeenCalled();
    });

    const subscriptions: { acknowledged: Promise<boolean>; close(): void }[] = [];
    afterEach(() => subscriptions.splice(0).forEach((subscription) => subscription.close()));
  });
}

export function sessionOf(key: CallKey, more: Partial<Session> = {}): Session {
  return {
    sessionId: randomUUID(),
    ...key,
    state: 'ready',
    version: 1,
    direction: 'inbound',
    from: '+919000000001',
    to: null,
    customer: null,
    attributes: {},
    enrichment: 'none',
    announcedAt: 1_700_000_000_000,
    ...more,
  };
}
