import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { failOnLeaks } from '@greenroom/testing';
import { waitUntil } from '@greenroom/tools';
import type { CallOptions } from '../src/call-options';
import { placeCall } from '../src/place-call';
import { useStack } from './running-stack';

let crm: Server;
let crmAnswer: { afterMs: number; status: number };

beforeAll(async () => {
  crm = createServer((_, response) => {
    const { afterMs, status } = crmAnswer;
    setTimeout(
      () => response.writeHead(status).end('{"fullName":"From the CRM","attributes":{"tier":"gold"}}'),
      afterMs,
    );
  });
  await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
});

const account = (name: string, more: string) =>
  `- {name: ${name}, provider: exotel, country: IN, agent: echo, credentials: {basic: [{username: u, password: password-1}]}, ${more}}`;

const stack = useStack(() => ({
  accounts: [
    account('default', 'session: {timeoutMs: 10000}'),
    account('goes-on', 'session: {timeoutMs: 1500, onTimeout: continue}'),
    account('hurried', 'session: {timeoutMs: 1000}'),
    account(
      'crm',
      `enrich: {url: "http://127.0.0.1:${(crm.address() as AddressInfo).port}/", secret: crm-secret-1, timeoutMs: 3000, budgetMs: 4000}`,
    ),
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

describe('an account whose policy is to go on', () => {
  it('talks to an unknown caller when nobody announces the call', async () => {
    const result = await call('goes-on', { noWebhook: true, holdMs: 3000, limitMs: 6000 });
    expect(result.audio.heardBack).toBe(true);
    expect(await rowOf(result.callId)).toMatchObject({
      state: 'ended',
      outcome: 'completed',
      customer_id: null,
    });
  }, 20_000);

  it('takes the data that comes while it talks', async () => {
    const result = await call('goes-on', { webhookDelayMs: 2500, holdMs: 4000 });
    const row = await rowOf(result.callId);
    expect(row?.customer_id).not.toBeNull();
    expect(
      stack().logs.some((line) => JSON.stringify(line).includes('session changed during the call')),
    ).toBe(true);
  }, 20_000);
});

describe('an announcement that comes after its wait has ended', () => {
  it('is answered 200 and changes nothing', async () => {
    const result = await call('hurried', { webhookDelayMs: 1500 });
    expect(result).toMatchObject({ outcome: 'no-customer-data', webhook: { status: 200 } });
    expect(await rowOf(result.callId)).toMatchObject({ state: 'timed_out', version: 1, customer_id: null });
  }, 20_000);
});

describe('an account with a CRM', () => {
  it('has the stream wait for the CRM, and its data', async () => {
    crmAnswer = { afterMs: 2000, status: 200 };
    const result = await call('crm', {});
    expect(result).toMatchObject({ ok: true, customer: { fullName: 'From the CRM' } });
    expect(result.waitedMs).toBeGreaterThan(1700);
    expect(result.waitedMs).toBeLessThan(3000);
    // the caller has hung up, which is also the end of the call; it is written after the stream's
    const isOver = async () => (await eventsOf(result.callId)).includes('call-ended') || undefined;
    await waitUntil(isOver, { timeoutMs: 5000 });
    expect(await eventsOf(result.callId)).toEqual([
      'announced',
      'crm-answered',
      'claimed',
      'conversation-ended',
      'call-ended',
    ]);
  }, 20_000);

  it('goes on without it when its budget is spent, and says so', async () => {
    crmAnswer = { afterMs: 0, status: 500 };
    const result = await call('crm', {});
    expect(result.outcome).toBe('answered');
    expect(result.waitedMs).toBeGreaterThan(2000);
    expect(result.waitedMs).toBeLessThan(5000);
    expect(await rowOf(result.callId)).toMatchObject({ enrichment: 'gave-up' });
    expect(await eventsOf(result.callId)).toContain('crm-gave-up');
  }, 20_000);
});

describe('two streams of one call', () => {
  it('become one conversation: the other is closed with 4409', async () => {
    const callId = `twice${Date.now().toString(16)}`;
    const first = call('default', { callId, holdMs: 7000 });
    await sleep(1000);
    const second = await call('default', { callId, noWebhook: true });
    expect(second.close).toMatchObject({ code: 4409 });
    expect(await first).toMatchObject({ audio: { heardBack: true }, close: { code: 1000 } });
    expect((await eventsOf(callId)).filter((type) => type === 'claimed')).toHaveLength(1);
  }, 20_000);

  it('are answered one after the other with 4410 for the one that comes too late', async () => {
    const callId = `after${Date.now().toString(16)}`;
    await call('default', { callId });
    expect((await call('default', { callId, noWebhook: true })).close).toMatchObject({ code: 4410 });
  }, 20_000);
});
