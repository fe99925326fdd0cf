export {
  Accounts,
  AccountSchema,
  hasCredential,
  loadAccounts,
  signingSecretsOf,
  type Account,
} from './accounts';
export { AddressRanges, plainAddress } from './address-ranges';
export { AdminServer, type Probe } from './admin-server';
export { authorize, basicHeader, hasApiKey, type Authorized, type Presented } from './authorize';
export { BackgroundCommands } from './background-commands';
export {
  CallControl,
  commandIdOf,
  createCallControlMetrics,
  type CallControlMetrics,
  type CallControlOptions,
  type CommandAdapter,
  type CommandAdapters,
  type CommandResult,
} from './call-control';
export { createLogger, errorFields, maskPhone, nestLogger, type Logger } from './logging';
export { Counter, createRegistry, Gauge, Histogram, Registry } from './metrics';
export {
  callControlSettings,
  ConfigError,
  mediaUrlOf,
  parseConfig,
  processSettings,
  publicSettings,
  setting,
  settingsTable,
  storeSettings,
} from './parse-config';
export { readBounded } from './read-bounded';
export {
  commandConnection,
  connectSoon,
  queueConnection,
  subscriberConnection,
  workerConnection,
} from './redis-connections';
export { RedisUsedTokens } from './redis-used-tokens';
export { RedisClaims } from './redis-claims';
export { RedisNextSteps } from './redis-next-steps';
export { RedisSessionCache } from './redis-session-cache';
export { RedisSessionSignal } from './redis-session-signal';
export { runMain } from './run-main';
export { SessionJobs, workJobs, type JobHandlers } from './session-jobs';
export { sidOf } from './sid';
export { systemClock } from './system-clock';
export { headersAsTheyCame } from './headers-as-they-came';
