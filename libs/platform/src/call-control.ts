import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallCommand, CallKey, Provider } from '@greenroom/contracts';
import type { Account, Accounts } from './accounts';
import type { Logger } from './logging';
import { Counter, Histogram, type Registry } from './metrics';
import { readBounded } from './read-bounded';
import { sidOf } from './sid';

/** How one provider's REST API takes commands, and what its answers mean: pure, as the telephony adapters have it. */
export interface CommandAdapter {
  /** `https://…` without a slash at its end */
  baseUrl: string;
  /** commands that this provider has */
  commands: readonly CallCommand['kind'][];
  request(
    command: CallCommand,
    credentials: { apiKey: string; apiSecret: string | null },
    options: { idempotencyKey: string; now: number },
  ): { method: string; path: string; headers: Readonly<Record<string, string>>; body: string };
  /** @param status null: no answer */
  outcome(status: number | null, body: string): 'done' | 'gone' | 'retry' | 'refused';
}

export type CommandAdapters = Readonly<Partial<Record<Provider, CommandAdapter>>>;

/** How a command ended, with how often it was tried. `gone`: there is no such call any more, so nothing is left to do. */
export type CommandResult =
  | { result: 'done' | 'gone'; tries: number }
  /** `reason` says nothing of the account's keys, and nothing of what the provider has answered but its status */
  | { result: 'refused' | 'gave-up'; tries: number; reason: string };

export interface CallControlOptions {
  accounts: Accounts;
  adapters: CommandAdapters;
  /** of one try, ms */
  timeoutMs: number;
  /** of all tries of one command, ms */
  budgetMs: number;
  metrics: CallControlMetrics;
  logger: Logger;
}

const RETRY_MS = 200;
const MAX_PAUSE_MS = 2000;
const MAX_ANSWER_BYTES = 65_536;

/** Tells providers over their REST APIs what no answer to their webhooks can say. */
export class CallControl {
  constructor(private readonly options: CallControlOptions) {}

  /**
   * Runs one command, within the budget: each try has its own time-out, and what may pass is tried again after a growing
   * pause. Every try carries the same idempotency key, which is also that of any other process that runs the command.
   * May be repeated. Never rejects. An account without `api` has calls that documents of ours control to their end: nothing
   * is lost if its provider is not told, and nothing is counted.
   */
  async run(key: CallKey, command: CallCommand): Promise<CommandResult> {
    const { accounts, metrics, logger } = this.options;
    const { provider, account, callId } = key;
    const api = accounts.find(provider, account)?.api;
    if (!api) {
      logger.warn({ provider, account, callId, command: command.kind }, 'no api to tell the provider over');
      return { result: 'refused', tries: 0, reason: 'the account has no api' };
    }
    const startedAt = performance.now();
    const result = await this.send(key, command, api);
    const labels = { provider, command: command.kind };
    metrics.commands.inc({ ...labels, result: result.result });
    metrics.duration.observe(labels, (performance.now() - startedAt) / 1000);
    const ms = Math.round(performance.now() - startedAt);
    const fields = { provider, account, callId, command: command.kind, ...result, ms };
    if ('reason' in result) logger.error(fields, 'provider not told what to do with the call');
    else logger.info(fields, 'provider told what to do with the call');
    return result;
  }

  private async send(key: CallKey, command: CallCommand, api: Api): Promise<CommandResult> {
    const { adapters, budgetMs } = this.options;
    const adapter = adapters[key.provider];
    if (!adapter?.commands.includes(command.kind)) {
      return { result: 'refused', tries: 0, reason: 'the provider has no such command' };
    }
    const target = { adapter, api, idempotencyKey: commandIdOf(key, command.kind) };
    const endsAt = performance.now() + budgetMs;
    const left = () => endsAt - performance.now();
    for (let tries = 1; ; tries += 1) {
      const { outcome, reason } = await this.tryOnce(command, target, left());
      if (outcome === 'done' || outcome === 'gone') return { result: outcome, tries };
      if (outcome === 'refused') return { result: 'refused', tries, reason };
      const pause = Math.min(MAX_PAUSE_MS, RETRY_MS * 2 ** (tries - 1));
      if (pause >= left()) return { result: 'gave-up', tries, reason };
      await sleep(pause);
    }
  }

  private async tryOnce(command: CallCommand, target: Target, leftMs: number): Promise<Try> {
    const { adapter, api, idempotencyKey } = target;
    const credentials = { apiKey: api.key, apiSecret: api.secret ?? null };
    let request: ReturnType<CommandAdapter['request']>;
    try {
      request = adapter.request(command, credentials, { idempotencyKey, now: Date.now() });
    } catch {
      // such as a private key that is none: the error's words may hold some of it
      return { outcome: 'refused', reason: 'the request cannot be made with the account’s api' };
    }
    const timeoutMs = Math.max(1, Math.min(this.options.timeoutMs, leftMs));
    const { status, body, reason } = await exchange((api.url ?? adapter.baseUrl) + request.path, request, {
      timeoutMs,
    });
    return { outcome: adapter.outcome(status, body), reason };
  }
}

type Api = NonNullable<Account['api']>;

interface Target {
  adapter: CommandAdapter;
  api: Api;
  idempotencyKey: string;
}

interface Try {
  outcome: ReturnType<CommandAdapter['outcome']>;
  reason: string;
}

/** One request. Never rejects: no answer is the status null. */
async function exchange(
  url: string,
  { method, headers, body }: ReturnType<CommandAdapter['request']>,
  { timeoutMs }: { timeoutMs: number },
): Promise<{ status: number | null; body: string; reason: string }> {
  const aborting = new AbortController();
  const timer = setTimeout(() => aborting.abort(), timeoutMs);
  try {
    // not `error`: with it, undici loses the abort signal. A redirect is an answer like any other.
    const sent = { method, headers, redirect: 'manual', signal: aborting.signal } as const;
    const response = await fetch(url, body === '' ? sent : { ...sent, body });
    const text = (await readBounded(response, MAX_ANSWER_BYTES)) ?? '';
    return { status: response.status, body: text, reason: `status ${response.status}` };
  } catch {
    return { status: null, body: '', reason: aborting.signal.aborted ? 'no answer in time' : 'no answer' };
  } finally {
    clearTimeout(timer);
  }
}

/** One a call and kind of command, in the form of a UUID, which every provider takes. */
export function commandIdOf(key: CallKey, kind: CallCommand['kind']): string {
  const hex = createHash('sha256')
    .update(`${sidOf(key)} ${kind}`)
    .digest('hex');
  // version 8, "custom", and the variant of RFC 9562
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20, 32)].join('-');
}

export type CallControlMetrics = ReturnType<typeof createCallControlMetrics>;

export const createCallControlMetrics = (registry: Registry) => ({
  commands: new Counter({
    name: 'greenroom_call_commands_total',
    help: 'What providers were told over their REST APIs, by how it ended',
    labelNames: ['provider', 'command', 'result'],
    registers: [registry],
  }),
  duration: new Histogram({
    name: 'greenroom_call_command_seconds',
    help: 'Time that it took to tell a provider something over its REST API, all tries together',
    labelNames: ['provider', 'command'],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10],
    registers: [registry],
  }),
});
