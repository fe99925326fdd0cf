import type { CallKey, Session } from '@greenroom/contracts';
import type { BackgroundCommands, Logger } from '@greenroom/platform';
import type { AwaitPorts, ClaimCache, Clock, NextStepCache, SessionStore } from '@greenroom/rendezvous';
import type { StreamStart } from '@greenroom/telephony';
import type { MediaRoute } from './admit-upgrade';
import type { Assistants } from './assistants';
import type { CallClaim } from './call-claim';
import type { GatewayMetrics } from './gateway-metrics';
import type { MediaConnection } from './media-connection';
import type { Recordings } from './recordings';
import type { Ticker } from './ticker';
import type { TurnWriter } from './turn-writer';

/** What answering a call needs of this process. */
export interface AnswerPorts {
  awaiting: AwaitPorts;
  store: SessionStore;
  claims: ClaimCache;
  clock: Clock;
  /** paces the audio of all calls */
  ticker: Ticker;
  nextSteps: NextStepCache;
  usedTokens: { use(id: string, expiresAt: number): Promise<boolean> };
  assistants: Assistants;
  turns: TurnWriter;
  recordings: Recordings;
  /** what the provider is told over its REST API; nothing waits for it but the end of this process */
  commands: Pick<BackgroundCommands, 'start' | 'drain'>;
  metrics: GatewayMetrics;
  logger: Logger;
  /** name of this process in claims */
  gateway: string;
  leaseMs: number;
  leadMs: number;
  /** longest call, ms */
  maxCallMs: number;
}

/** A stream that has said which call it is. */
export interface Line {
  connection: MediaConnection;
  route: MediaRoute;
  start: StreamStart;
  key: CallKey;
  logger: Logger;
}

/** A call that is ours to drive. */
export interface OwnedCall {
  session: Session;
  claim: CallClaim;
  /** called when the session has changed under us */
  changed: { notify: () => void };
}
