import {
  callControlSettings,
  loadAccounts,
  parseConfig,
  mediaUrlOf,
  processSettings,
  publicSettings,
  setting,
  storeSettings,
  type Accounts,
} from '@greenroom/platform';
import { z } from 'zod';

const keys = z
  .string()
  .transform((text) => text.split(',').map((key) => key.trim()))
  .refine(
    (list) => list.every((key) => key.length >= 16),
    'each key has at least 16 characters; a comma separates two',
  )
  .default([]);

/** Settings of the process that takes webhooks. */
export const IngestSettings = z.object({
  ...storeSettings,
  ...processSettings,
  ...publicSettings,
  ...callControlSettings,
  PUBLIC_HTTP_PORT: setting.port(3001).describe('port for webhooks and the API; PORT means the same'),
  ADMIN_PORT: setting.port(3101).describe('port for /healthz, /readyz and /metrics; never public'),
  API_KEYS: keys.describe('keys for /v1/sessions, separated by commas; none: the API refuses everybody'),
  STORE_TIMEOUT_MS: setting
    .milliseconds(1000)
    .describe('a write that takes longer is spooled to the queue instead'),
  PUBLISH_TIMEOUT_MS: setting
    .milliseconds(250)
    .describe('how long a webhook waits for Redis before it is answered'),
  NEXT_STEP_WAIT_MS: setting
    .milliseconds(2000)
    .describe(
      'how long a webhook that asks what comes after a stream waits for it to be written; then it is told: no transfer',
    ),
});
export type IngestConfig = Readonly<z.infer<typeof IngestSettings>> & {
  accounts: Accounts;
  mediaUrl: string;
};

/** Settings of the process that works the outbox and the jobs off. */
export const WorkerSettings = z.object({
  ...storeSettings,
  ...processSettings,
  ...callControlSettings,
  ADMIN_PORT: setting.port(3103).describe('port for /healthz, /readyz and /metrics; never public'),
  RELAY_INTERVAL_MS: setting.milliseconds(200).describe('pause between two looks at an empty outbox'),
  REAP_INTERVAL_MS: setting
    .milliseconds(5000)
    .describe('pause between two looks for calls whose gateway has died'),
  REAP_GRACE_MS: setting
    .milliseconds(5000)
    .describe('a call is ended as lost so long after its lease has run out'),
  UNANSWERED_MS: setting
    .milliseconds(3_600_000)
    .describe('a session that no stream has asked for is ended after so long'),
  OUTBOX_RETENTION_HOURS: z.coerce
    .number()
    .min(0.01)
    .max(720)
    .default(24)
    .describe('how long published rows are kept'),
});
export type WorkerConfig = Readonly<z.infer<typeof WorkerSettings>> & { accounts: Accounts };

/** @throws {ConfigError} */
export function readIngestConfig(environment = process.env): IngestConfig {
  const settings = parseConfig(IngestSettings, {
    ...environment,
    PUBLIC_HTTP_PORT: environment['PUBLIC_HTTP_PORT'] ?? environment['PORT'],
  });
  return { ...settings, mediaUrl: mediaUrlOf(settings), accounts: accountsOf(settings, environment) };
}

/** @throws {ConfigError} */
export function readWorkerConfig(environment = process.env): WorkerConfig {
  const settings = parseConfig(WorkerSettings, environment);
  return { ...settings, accounts: accountsOf(settings, environment) };
}

/** @throws {ConfigError} */
export const readMigrateConfig = (environment = process.env) =>
  parseConfig(
    z.object({ DATABASE_URL: storeSettings.DATABASE_URL, LOG_LEVEL: processSettings.LOG_LEVEL }),
    environment,
  );

const accountsOf = (
  settings: { ACCOUNTS_FILE: string; DEMO_MODE: boolean },
  environment: NodeJS.ProcessEnv,
): Accounts => loadAccounts(settings.ACCOUNTS_FILE, environment, { demo: settings.DEMO_MODE });
