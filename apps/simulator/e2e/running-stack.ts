import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Turn } from '@greenroom/contracts';
import { createTestDatabase, testServers, type TestDatabase } from '@greenroom/testing';
import type { StackInput } from '../src/config';
import { startStack, type Stack, type StackOptions } from '@greenroom/tools';

export interface RunningStack extends Omit<Stack, 'description'> {
  description: StackInput & { publicBaseUrl: string; publicMediaUrl: string };
  database: TestDatabase;
  /** as an operator sees a call; of account `default` if left out */
  read(provider: string, callId: string, account?: string): Promise<CallView | null>;
  /** summed up over the gateways, or of the one with this name */
  metric(name: string, where?: Readonly<Record<string, string>>, gateway?: string): Promise<number>;
}

export interface CallView {
  session: {
    sessionId: string;
    state: string;
    version: number;
    customer: { fullName: string | null; phone: string } | null;
    enrichment: string;
  };
  call: { outcome: string | null; found: string | null; waitedMs: number | null; closeCode: number | null };
  turns: Turn[];
  events: { type: string; data: Record<string, unknown> }[];
}

type Given = Partial<StackOptions> & { accounts?: string };

/** The built processes on a database and a Redis name of their own; stopped, and all gone, after the file's tests. */
export function useStack(options: (database: TestDatabase) => Given): () => RunningStack {
  let running: RunningStack | null = null;
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-e2e-'));
  beforeAll(async () => {
    const database = await createTestDatabase();
    const { accounts, ...more } = options(database);
    const accountsFile = accounts ? join(folder, 'accounts.yaml') : undefined;
    if (accountsFile && accounts) writeFileSync(accountsFile, accounts);
    const stack = await startStack({
      databaseUrl: database.url,
      redisUrl: testServers().redisUrl,
      accountsFile,
      ...more,
    });
    const description = stack.description as RunningStack['description'];
    running = { ...stack, description, database, read: reader(stack), metric: metricReader(stack) };
  }, 60_000);
  afterAll(async () => {
    await running?.stop();
    await running?.database.drop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);
  return () => {
    if (!running) throw new Error('the stack is not running');
    return running;
  };
}

function reader({ description }: Stack): RunningStack['read'] {
  return async (provider, callId, account = 'default') => {
    const url = `${description.publicBaseUrl}/v1/sessions/${provider}/${account}/${encodeURIComponent(callId)}`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${description.apiKey}` } });
    return response.status === 200 ? ((await response.json()) as CallView) : null;
  };
}

function metricReader({ gateways }: Stack): RunningStack['metric'] {
  return async (name, where = {}, gateway) => {
    const asked = gateways.filter((each) => gateway === undefined || each.name === gateway);
    const pages = await Promise.all(
      asked.map(async ({ adminPort }) => (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text()),
    );
    const lines = pages.flatMap((page) => page.split('\n').filter((line) => line.startsWith(`${name}{`)));
    const wanted = Object.entries(where).map(([label, value]) => `${label}="${value}"`);
    const matching = lines.filter((line) => wanted.every((label) => line.includes(label)));
    return matching.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  };
}
