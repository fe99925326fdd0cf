import type { IncomingMessage } from 'node:http';
import { AddressRanges, plainAddress, type Logger } from '@greenroom/platform';
import { admitUpgrade, type AdmissionPorts } from './admit-upgrade';
import type { GatewayConfig } from './config';
import type { GatewayMetrics } from './gateway-metrics';
import type { LiveStreams } from './live-streams';
import type { MediaWsOptions } from './media-ws.adapter';
import { RefusalLimit } from './refusal-limit';

interface Parts {
  /** how late the event loop runs now, ms */
  lagMs: () => number;
  streams: LiveStreams;
  usedTokens: { wasUsed(id: string): Promise<boolean> };
  metrics: GatewayMetrics;
  logger: Logger;
}

/** Lines about one address whose upgrades are turned away unseen: a stranger does not decide how much is logged. */
const UNSEEN_TOLD_PER_SECOND = 1;

/** How this process decides upgrades, and what it tells of them. A path may hold a secret, so it is never logged. */
export function upgradeOptions(
  config: GatewayConfig,
  { streams, usedTokens, metrics, logger, lagMs }: Parts,
): MediaWsOptions {
  const remoteAddress = addressReader(config.TRUSTED_PROXIES);
  const refusals = new RefusalLimit(config.MAX_REFUSALS_PER_SECOND, () => performance.now());
  const told = new RefusalLimit(UNSEEN_TOLD_PER_SECOND, () => performance.now());
  const full = (request: IncomingMessage) => {
    if (streams.draining) return 'Shutting down.';
    if (!refusals.quiet && refusals.exceeded(remoteAddress(request))) return 'Too many wrong upgrades.';
    if (lagMs() > config.MAX_LOOP_LAG_MS) return 'Overloaded.';
    return streams.unstarted >= config.MAX_UNSTARTED ? 'Too many sockets that have not started.' : null;
  };
  const ports: AdmissionPorts = {
    accounts: config.accounts,
    demo: config.DEMO_MODE,
    mediaUrl: config.mediaUrl,
    tokenSecrets: config.STREAM_TOKEN_SECRETS,
    now: Date.now,
    remoteAddress,
    full,
  };
  return {
    maxMessageBytes: config.MAX_MESSAGE_BYTES,
    maxFragments: config.MAX_FRAGMENTS,
    maxBufferedChunks: config.MAX_BUFFERED_CHUNKS,
    pingIntervalMs: config.PING_INTERVAL_MS,
    admit: (request) => admitUpgrade(request, ports),
    wasUsed: ({ id }) => usedTokens.wasUsed(id),
    onUpgrade: (admission, request) => {
      const status = admission.admitted ? 101 : admission.status;
      metrics.upgrades.inc({ status: String(status) });
      if (admission.admitted)
        return logger.debug({ provider: admission.route.account.provider }, 'stream connected');
      const address = remoteAddress(request);
      if (status !== 503) refusals.count(address);
      if (status === 503 && told.exceeded(address)) return;
      if (status === 503) told.count(address);
      logger.warn({ status, reason: admission.reason }, 'upgrade refused');
    },
  };
}

/**
 * The peer's address; behind a proxy that is trusted, the last one in `X-Forwarded-For` that is not itself trusted, or the
 * first where all are: as Fastify has it for webhooks, since an account's address ranges hold for both.
 */
function addressReader(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  const trusted = new AddressRanges(trustedProxies);
  return (request) => {
    const peer = plainAddress(request.socket.remoteAddress ?? '');
    if (!trusted.includes(peer)) return peer;
    const hops = String(request.headers['x-forwarded-for'] ?? '')
      .split(',')
      .map((hop) => hop.trim())
      .filter((hop) => hop !== '');
    return hops.findLast((hop) => !trusted.includes(hop)) ?? hops[0] ?? peer;
  };
}
