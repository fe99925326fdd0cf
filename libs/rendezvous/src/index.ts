export { awaitSession, LAST_LOOK_MS, type AwaitPorts, type AwaitRequest } from './await-session';
export { endsSession, mergeCallEnd, UNTOLD, type CallEnd } from './call-end';
export { ChannelRegistry, type SubscriberLink } from './channel-registry';
export { type LookPorts } from './look';
export { MemoryNextSteps } from './memory-next-steps';
export { MemorySessionBus } from './memory-session-bus';
export { MemorySessionStore } from './memory-session-store';
export {
  type Announced,
  type AnnounceOptions,
  type CallEvent,
  type Claim,
  type ClaimCache,
  type ClaimRequest,
  type ClaimResult,
  type Concession,
  type Clock,
  type Ending,
  type NextStepCache,
  type Outlook,
  type Reaped,
  type SessionCache,
  type SessionPublisher,
  type SessionReader,
  type SessionSignal,
  type SessionStore,
  type Subscription,
  type Wake,
} from './ports';
export { advances, isTakeable, stateRank } from './session-state';
export { type AwaitResult } from './waiter';
export { WaitingRoom, type WaitingRoomOptions } from './waiting-room';
export { watchSession } from './watch-session';
