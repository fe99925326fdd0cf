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
import { assistantSettings } from './assistant-settings';

const count = (fallback: number) => z.coerce.number().int().min(1).max(1_000_000).default(fallback);
const bytes = (fallback: number) => z.coerce.number().int().min(1024).max(1_073_741_824).default(fallback);

export const GatewaySettings = z.object({
  ...storeSettings,
  ...processSettings,
  ...publicSettings,
  ...callControlSettings,
  PORT: setting.port(3002).describe('port for media streams'),
  ADMIN_PORT: setting.port(3102).describe('port for /healthz, /readyz and /metrics; never public'),
  START_TIMEOUT_MS: setting
    .milliseconds(5000)
    .describe('a socket that has not sent its start message by then is closed'),
  SAFETY_POLL_MS: setting
    .milliseconds(1000)
    .describe('pause between two looks for all waiting streams at once'),
  LEASE_MS: setting
    .milliseconds(15_000)
    .describe('a call whose owner has not renewed for so long may be taken over'),
  MAX_CALL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(86_400)
    .default(3600)
    .describe('a call that is longer is ended'),
  MAX_WAITERS: count(2000).describe('streams that may wait for their session at once'),
  MAX_UNSTARTED: count(500).describe('sockets that may be open before their start message'),
  MAX_REFUSALS_PER_SECOND: count(20).describe(
    'upgrades that one address may get wrong a second; then it gets 503 without a look',
  ),
  MAX_LOOP_LAG_MS: setting
    .milliseconds(200)
    .describe('while the event loop lags more, no new stream is taken'),
  MAX_MESSAGE_BYTES: bytes(65_536).describe('a larger message closes its socket with 1009'),
  MAX_FRAGMENTS: count(16).describe('fragments of one message; more close its socket with 1008'),
  MAX_BUFFERED_CHUNKS: count(1024).describe(
    'network chunks of one unfinished message; more close its socket with 1008',
  ),
  PING_INTERVAL_MS: setting.milliseconds(9000).describe('a peer that leaves two pings unanswered is cut off'),
  MAX_UNSENT_BYTES: bytes(1_048_576).describe('a peer that leaves so much unread is closed'),
  AUDIO_RING_MS: setting
    .milliseconds(5000)
    .describe('caller audio kept while the session is awaited; the oldest is dropped'),
  PLAYBACK_LEAD_MS: setting.milliseconds(400).describe('how far ahead of real time audio is sent'),
  ...assistantSettings,
  DRAIN_SECONDS: z.coerce
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(3600)
    .describe('how long calls may go on after SIGTERM'),
});
export type GatewayConfig = Readonly<z.infer<typeof GatewaySettings>> & {
  accounts: Accounts;
  mediaUrl: string;
};

/** @throws {ConfigError} */
export function readGatewayConfig(environment = process.env): GatewayConfig {
  const settings = parseConfig(GatewaySettings, environment);
  const accounts = loadAccounts(settings.ACCOUNTS_FILE, environment, { demo: settings.DEMO_MODE });
  return { ...settings, mediaUrl: mediaUrlOf(settings), accounts };
}
