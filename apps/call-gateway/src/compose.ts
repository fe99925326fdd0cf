import { hostname } from 'node:os';
import { startEcho } from '@greenroom/conversation';
import { systemClock, type Logger, type Registry } from '@greenroom/platform';
import { WaitingRoom } from '@greenroom/rendezvous';
import type { AnswerPorts } from './call';
import type { GatewayConfig } from './config';
import { createGatewayMetrics, type GatewayMetrics } from './gateway-metrics';
import { LiveStreams } from './live-streams';
import type { ConnectionOptions } from './media-connection';
import type { MediaWsOptions } from './media-ws.adapter';
import { loopLag } from './loop-lag';
import { Stores } from './stores';
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
  const answer: AnswerPorts = {
    awaiting: { ...look, room },
    store: stores.sessions,
    claims: stores.claims,
    clock: systemClock,
    agents: { echo: startEcho },
    metrics,
    logger,
    gateway: `${hostname()}:${process.pid}`,
    leaseMs: config.LEASE_MS,
    leadMs: config.PLAYBACK_LEAD_MS,
    maxCallMs: config.MAX_CALL_SECONDS * 1000,
  };
  const connection: ConnectionOptions = {
    startTimeoutMs: config.START_TIMEOUT_MS,
    audioRingMs: config.AUDIO_RING_MS,
    maxUnsentBytes: config.MAX_UNSENT_BYTES,
    metrics,
    logger,
  };
  const upgrades = upgradeOptions(config, { streams, metrics, logger, lagMs: loopLag() });
  return { stores, streams, answer, connection, upgrades };
}
