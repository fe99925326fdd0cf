import type { JobName } from './jobs';

/**
 * Names in Redis. `environment` stands in each of them, so that two deployments on one Redis never meet.
 * `sid` is the sha256 of the call's key in hex: a BullMQ job id may not hold `:`, a call id may.
 */
export const sessionCacheKey = (environment: string, sid: string): string =>
  `greenroom:${environment}:session:${sid}`;

export const sessionReadyChannel = (environment: string, sid: string): string =>
  `greenroom:${environment}:session-ready:${sid}`;

export const QUEUES = { sessions: 'sessions' } as const;

export const queuePrefix = (environment: string): string => `greenroom-${environment}`;

/** One job a call and kind, however often it is asked for. */
export const jobId = (name: JobName, sid: string): string => `${name}-${sid}`;

export const claimCacheKey = (environment: string, sid: string): string =>
  `greenroom:${environment}:claim:${sid}`;

export const nextStepCacheKey = (environment: string, sid: string): string =>
  `greenroom:${environment}:next:${sid}`;

/** @param id of a stream token that was used */
export const usedTokenKey = (environment: string, id: string): string =>
  `greenroom:${environment}:used:${id}`;
