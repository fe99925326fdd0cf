export {
  AccountNameSchema,
  CallIdSchema,
  CallKeySchema,
  keyString,
  PROVIDERS,
  ProviderSchema,
  type CallKey,
  type Provider,
} from './identity';
export {
  AnnouncementSchema,
  AttributesSchema,
  CustomerSchema,
  CustomerUpdateSchema,
  SESSION_STATES,
  SessionSchema,
  type Announcement,
  type Attributes,
  type Customer,
  type CustomerUpdate,
  type Enrichment,
  type Session,
  type SessionState,
} from './session';
export { SessionReadySchema, type SessionReady } from './events';
export {
  EnrichSessionSchema,
  JOBS,
  RunCallCommandSchema,
  StoreAnnouncementSchema,
  StoreCallEventSchema,
  type EnrichSession,
  type JobName,
  type RunCallCommand,
  type StoreAnnouncement,
  type StoreCallEvent,
} from './jobs';
export { NextStepSchema, type NextStep } from './next-step';
export { FoundSchema, type CallOutcome, type Found, type WaitOutcome } from './outcomes';
export { CallCommandSchema, type CallCommand } from './call-command';
export { CallEndedSchema, EndReasonSchema, type CallEnded, type EndReason } from './call-ended';
export { TurnEndSchema, TurnSchema, type Turn, type TurnEnd } from './turn';
export { CLOSES, type Close, type CloseName } from './close-codes';
export {
  claimCacheKey,
  jobId,
  nextStepCacheKey,
  queuePrefix,
  QUEUES,
  sessionCacheKey,
  sessionReadyChannel,
  usedTokenKey,
} from './names';
