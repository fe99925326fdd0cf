import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failOnLeaks } from '@greenroom/testing';
import { waitUntil } from '@greenroom/tools';
import type { CallOptions, CallResult } from '../src/call-options';
import { placeCall } from '../src/place-call';
import { useStack } from './running-stack';

let crm: Server;
const CRM_ANSWERS: Readonly<Record<string, { afterMs: number; status: number }>> = {
  '/slow': { afterMs: 2000, status: 200 },
  '/broken': { afterMs: 0, status: 500 },
};

beforeAll(async () => {
  crm = createServer(({ url }, response) => {
    const { afterMs, status } = CRM_ANSWERS[url ?? ''] ?? { afterMs: 0, status: 404 };
    setTimeout(
      () => response.writeHead(status).end('{"fullName":"From the CRM","attributes":{"tier":"gold"}}'),
      afterMs,
    );
  });
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
});

const account = (name: string, more: string) =>
  `- {name: ${name}, provider: exotel, country: IN, agent: echo, credentials: {basic: [{username: u, password: password-1}]}, ${more}}`;

const enrichedAt = (path: string) =>
  `enrich: {url: "http://127.0.0.1:${(crm.address() as AddressInfo).port}${path}", secret: crm-secret-1, timeoutMs: 3000, budgetMs: 4000}`;

const stack = useStack(() => ({
  accounts: [
    account('default', 'session: {timeoutMs: 10000}'),
    account('goes-on', 'session: {timeoutMs: 1500, onTimeout: continue}'),
    account('hurried', 'session: {timeoutMs: 1000}'),
    account('crm', enrichedAt('/slow')),
    account('broken-crm', enrichedAt('/broken')),
  ].join('\n'),
}));

afterAll(() => {
  crm.closeAllConnections();
  crm.close();
});
failOnLeaks();

const call = (name: string, more: Partial<CallOptions>) =>
  placeCall({ stack: stack().description, account: name, ...more });

const eventsOf = async (callId: string) => {
  const rows = await stack().database.query<{ type: string }>(
    `SELECT e.type FROM call_events e JOIN call_sessions s ON s.id = e.session_id WHERE s.call_id = $1 ORDER BY e.id`,
    [callId],
  );
  return rows.map(({ type }) => type);
};

const rowOf = async (callId: string) => {
  const sql = `SELECT s.*, c.full_name FROM call_sessions s LEFT JOIN customers c ON c.id = s.customer_id WHERE call_id = $1`;
  const [row] = await stack().database.query<{
    state: string;
    version: number;
    outcome: string | null;
    enrichment: string;
    customer_id: string | null;
    full_name: string | null;
  }>(sql, [callId]);
  return row;
};

/** The second stream is there while the first one talks. */
async function twoStreams() {
  const callId = `twice${Date.now().toString(16)}`;
  let first: Promise<CallResult> | undefined;
  await new Promise<void>((resolve) => {
    const watch = ({ what }: { what: string }): void => void (what === 'first audio comes' && resolve());
    first = call('default', { callId, holdMs: 7000, watch });
    void first.finally(resolve);
  });
  const second = await call('default', { callId, noWebhook: true });
  return { callId, first: (await first)!, second };
}

/** The second stream comes when the first one is over. */
async function oneAfterTheOther() {
  const callId = `after${Date.now().toString(16)}`;
  await call('default', { callId });
  return call('default', { callId, noWebhook: true });
}

const place = () => ({
  unknown: call('goes-on', { noWebhook: true, holdMs: 3000, limitMs: 6000 }),
  lateData: call('goes-on', { webhookDelayMs: 2500, holdMs: 4000 }),
  tooLate: call('hurried', { webhookDelayMs: 1500 }),
  slowCrm: call('crm', {}),
  brokenCrm: call('broken-crm', {}),
  twoStreams: twoStreams(),
  oneAfterTheOther: oneAfterTheOther(),
});

let placed: ReturnType<typeof place>;

/** All of them at once: most of a call is waiting. */
beforeAll(async () => {
  placed = place();
  await Promise.all(Object.values(placed));
}, 60_000);

describe('an account whose policy is to go on', () => {
  it('talks to an unknown caller when nobody announces the call', async () => {
    const result = await placed.unknown;
    expect(result.audio.heardBack).toBe(true);
    expect(await rowOf(result.callId)).toMatchObject({
      state: 'ended',
      outcome: 'completed',
      customer_id: null,
    });
  });

  it('takes the data that comes while it talks', async () => {
    const result = await placed.lateData;
    const row = await rowOf(result.callId);
    expect(row?.customer_id).not.toBeNull();
    expect(
      stack().logs.some((line) => JSON.stringify(line).includes('session changed during the call')),
    ).toBe(true);
  });
});

describe('an announcement that comes after its wait has ended', () => {
  it('is answered 200 and changes nothing', async () => {
    const result = await placed.tooLate;
    expect(result).toMatchObject({ outcome: 'no-customer-data', webhook: { status: 200 } });
    expect(await rowOf(result.callId)).toMatchObject({ state: 'timed_out', version: 1, customer_id: null });
  });
});

describe('an account with a CRM', () => {
  it('has the stream wait for the CRM, and its data', async () => {
    const result = await placed.slowCrm;
    expect(result).toMatchObject({ ok: true, customer: { fullName: 'From the CRM' } });
    expect(result.waitedMs).toBeGreaterThan(1700);
    // found within 2.5 s of its commit, even where an event is lost
    expect(result.waitedMs).toBeLessThan(2000 + 2500);
    // the caller has hung up, which is also the end of the call; it is written after the stream's
    const isOver = async () => (await eventsOf(result.callId)).includes('call-ended') || undefined;
    await waitUntil(isOver, { timeoutMs: 20_000 });
    expect(await eventsOf(result.callId)).toEqual([
      'announced',
      'crm-answered',
      'claimed',
      'conversation-ended',
      'call-ended',
    ]);
  });

  it('goes on without it when its budget is spent, and says so', async () => {
    const result = await placed.brokenCrm;
    expect(result.outcome).toBe('answered');
    expect(result.waitedMs).toBeGreaterThan(2000);
    expect(result.waitedMs).toBeLessThan(5000);
    expect(await rowOf(result.callId)).toMatchObject({ enrichment: 'gave-up' });
    expect(await eventsOf(result.callId)).toContain('crm-gave-up');
  });
});

describe('two streams of one call', () => {
  it('become one conversation: the other is closed with 4409', async () => {
    const { callId, first, second } = await placed.twoStreams;
    expect(second.close).toMatchObject({ code: 4409 });
    expect(first).toMatchObject({ audio: { heardBack: true }, close: { code: 1000 } });
    expect((await eventsOf(callId)).filter((type) => type === 'claimed')).toHaveLength(1);
  });

  it('are answered one after the other with 4410 for the one that comes too late', async () => {
    expect((await placed.oneAfterTheOther).close).toMatchObject({ code: 4410 });
  });
});
