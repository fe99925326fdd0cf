export { ANNOUNCE } from './announce-statements';
export { Batcher, type BatcherOptions } from './batcher';
export { CallRecords, type CallRecord } from './call-records';
export {
  assertMigrated,
  createDataSource,
  createPool,
  migrate,
  warmUp,
  type DatabaseOptions,
} from './data-source';
export { PgOutbox } from './pg-outbox';
export { PgSessionStore } from './pg-session-store';
export { PgTurnStore, type KeyedTurn } from './pg-turn-store';
