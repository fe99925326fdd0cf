import { writeFileSync } from 'node:fs';
import { type KnownAccount } from './accounts-file';
import { type Plan, type Role } from './plan';

/** What `stack.json` says: all that is needed to place calls with a running stack. */
export interface StackDescription {
  /** one for each process */
  webhookUrl: string[];
  mediaUrl: string[];
  /** what the providers are told, and what signatures cover */
  publicBaseUrl: string;
  publicMediaUrl: string;
  apiKey: string;
  /** key of the tokens in streams' URLs, the one that signs */
  streamTokenSecret: string;
  /** where the accounts have their providers' REST APIs: there whoever plays the providers has to listen */
  apiUrl?: string;
  waitTimeoutMs: number;
  redisUrl: string;
  environment: string;
  accounts: KnownAccount[];
  /** `/healthz`, `/readyz` and `/metrics` of each process, by its name */
  adminUrl: Record<string, string>;
}

export type Urls = Pick<
  StackDescription,
  'webhookUrl' | 'mediaUrl' | 'publicBaseUrl' | 'publicMediaUrl' | 'adminUrl'
>;

export function urlsOf(plans: readonly Plan[]): Urls {
  const urls = (role: Role, scheme: string) =>
    plans.filter((plan) => plan.role === role).map(({ port }) => `${scheme}://127.0.0.1:${port}`);
  const webhookUrl = urls('ingest', 'http');
  const mediaUrl = urls('gateway', 'ws');
  return {
    webhookUrl,
    mediaUrl,
    publicBaseUrl: webhookUrl[0] ?? 'http://127.0.0.1:3001',
    publicMediaUrl: mediaUrl[0] ?? 'ws://127.0.0.1:3002',
    adminUrl: Object.fromEntries(plans.map(({ name, adminPort }) => [name, `http://127.0.0.1:${adminPort}`])),
  };
}

/** It holds secrets: readable by nobody else. */
export function writeDescription(file: string, description: StackDescription): void {
  writeFileSync(file, `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
}
