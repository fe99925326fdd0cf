import { hostname } from 'node:os';
import {
  BackgroundCommands,
  CallControl,
  createCallControlMetrics,
  errorFields,
  systemClock,
  type Logger,
  type Registry,
} from '@greenroom/platform';
import { WaitingRoom } from '@greenroom/rendezvous';
import { callControlAdapters } from '@greenroom/telephony';
import { Assistants } from './assistants';
import type { AnswerPorts } from './call';
import type { GatewayConfig } from './config';
import { createGatewayMetrics, type GatewayMetrics } from './gateway-metrics';
import { LiveStreams } from './live-streams';
import type { ConnectionOptions } from './media-connection';
import type { MediaWsOptions } from './media-ws.adapter';
import { loopLag } from './loop-lag';
import { Recordings } from './recordings';
import { Stores } from './stores';
import { Ticker } from './ticker';
import { TurnWriter } from './turn-writer';
import { upgradeOptions } from './upgrade-options';

export interface Parts {
  stores: Stores;
  streams: LiveStreams;
  answer: AnswerPorts;
  connection: ConnectionOptions;
  upgrades: MediaWsOptions;
}

/** Wires the rendezvous, the stores and the streams of this process together. Nothing is connected yet. */
export function compose(config: GatewayConfig, logger: Logger, registry: Registry): Parts {
  const streams = new LiveStreams();
  const metrics: GatewayMetrics = createGatewayMetrics(registry, {
    waiters: () => room.size,
    openStreams: () => streams.size,
    unstarted: () => streams.unstarted,
    bufferedBytes: () => streams.bufferedBytes,
  });
  const stores = new Stores(config, logger, {
    onForeignEvent: () => metrics.foreignEvents.inc(),
    onDeadLink: () => metrics.deadLinks.inc(),
  });
  const look = {
    cache: stores.cache,
    store: stores.sessions,
    signal: stores.signal,
    clock: systemClock,
    onFault: (where: string) => metrics.faults.inc({ where }),
  };
  const room = new WaitingRoom(look, {
    maxWaiters: config.MAX_WAITERS,
    pollMs: config.SAFETY_POLL_MS,
    random: Math.random,
  });
  const answer = answerPorts(config, { ...look, room }, { stores, metrics, logger, registry });
  const connection: ConnectionOptions = {
    startTimeoutMs: config.START_TIMEOUT_MS,
    audioRingMs: config.AUDIO_RING_MS,
    maxUnsentBytes: config.MAX_UNSENT_BYTES,
    metrics,
    logger,
  };
  const upgrades = upgradeOptions(config, {
    streams,
    usedTokens: stores.usedTokens,
    metrics,
    logger,
    lagMs: loopLag(),
  });
  return { stores, streams, answer, connection, upgrades };
}

interface Shared {
  stores: Stores;
  metrics: GatewayMetrics;
  logger: Logger;
  registry: Registry;
}

function answerPorts(
  config: GatewayConfig,
  awaiting: AnswerPorts['awaiting'],
  { stores, metrics, logger, registry }: Shared,
): AnswerPorts {
  return {
    awaiting,
    store: stores.sessions,
    claims: stores.claims,
    clock: systemClock,
    ticker: new Ticker(systemClock, (error) => logger.error(errorFields(error), 'playback failed')),
    nextSteps: stores.nextSteps,
    usedTokens: stores.usedTokens,
    assistants: new Assistants(config, { logger, metrics }),
    turns: new TurnWriter({
      store: stores.turns,
      clock: systemClock,
      logger,
      onLost: (turns) => metrics.lostTurns.inc(turns),
    }),
    recordings: new Recordings(config.RECORDINGS_DIR ?? null),
    commands: new BackgroundCommands(
      new CallControl({
        accounts: config.accounts,
        adapters: callControlAdapters,
        timeoutMs: config.CALL_CONTROL_TIMEOUT_MS,
        budgetMs: config.CALL_CONTROL_BUDGET_MS,
        metrics: createCallControlMetrics(registry),
        logger,
      }),
    ),
    metrics,
    logger,
    gateway: `${hostname()}:${process.pid}`,
    leaseMs: config.LEASE_MS,
    leadMs: config.PLAYBACK_LEAD_MS,
    maxCallMs: config.MAX_CALL_SECONDS * 1000,
  };
}
