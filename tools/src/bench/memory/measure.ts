import { type StackOptions } from '../../stack';
import { type StackProcess } from '../../stack/stack-process';
import { type Findings, type Group } from '../group';
import { serve } from '../own-process';
import { type OwnStack, withOwnStack } from '../own-stack';
import { playRounds } from '../rounds';
import { StreamGenerator } from '../rendezvous/stream-generator';
import { findingsOf, type Round } from './findings';
import { atRest, writeCollector } from './settled-memory';
import { measureSockets, type SocketCosts } from './socket-costs';
import { measureWaiting } from './waiting-costs';

interface Settings {
  rounds: number;
  sockets: number;
  calls: number;
}

const ALONE: Settings = { rounds: 5, sockets: 10_000, calls: 1000 };
const BRIEF: Settings = { rounds: 5, sockets: 10_000, calls: 1000 };

/** The default of AUDIO_RING_MS. */
const RING_MS = 5000;
/** More than any part of this needs, so that sockets stay that say nothing. */
const LONG_MS = '600000';
const MANY = '20000';
/** As long as an account may let its streams wait. */
const WAIT_MS = 60_000;

const GATEWAY = 'gateway';
const BARE = 'bare-sockets';

const stackOptions = (folder: string): Partial<StackOptions> => ({
  waitTimeoutMs: WAIT_MS,
  env: {
    gateway: {
      NODE_OPTIONS: writeCollector(folder, GATEWAY),
      START_TIMEOUT_MS: LONG_MS,
      // ten thousand pings are no part of a handshake
      PING_INTERVAL_MS: LONG_MS,
      AUDIO_RING_MS: String(RING_MS),
      MAX_UNSTARTED: MANY,
      MAX_WAITERS: MANY,
      // a collection of all garbage is one long turn of the event loop
      MAX_LOOP_LAG_MS: LONG_MS,
    },
  },
});

const measure = (say: (line: string) => void, settings: Settings): Promise<Findings> =>
  withOwnStack({ prepare: stackOptions, say }, async (own) => {
    const streams = await StreamGenerator.start(own.stack.stackFile);
    try {
      const { rounds } = settings;
      const gateway = gatewayOf(own);
      let givenBack = (): Promise<void> => Promise.resolve();
      const { ours, bare } = await playRounds<'ours' | 'bare', Round>(rounds, {
        bare: async (round) => {
          say(
            `round ${round} of ${rounds}: ${settings.sockets} sockets, then ${settings.calls} waiting calls`,
          );
          // started anew each time: memory that was used once is not given back
          await gateway.restart();
          // which takes as long as a round of the bare server's
          givenBack = await atRest(gateway.pid);
          return { sockets: await ofBareSockets(own, streams, { ...settings, round }) };
        },
        ours: async (round) => {
          await givenBack();
          return ofGateway(own, streams, { ...settings, round });
        },
      });
      return findingsOf(ours, bare);
    } finally {
      await streams.end();
    }
  });

interface InRound extends Settings {
  round: number;
}

function gatewayOf({ stack }: OwnStack): StackProcess {
  const [gateway] = stack.gateways;
  if (!gateway) throw new Error('There is no gateway.');
  return gateway;
}

async function ofGateway(
  own: OwnStack,
  streams: StreamGenerator,
  { round, ...settings }: InRound,
): Promise<Round> {
  const gateway = gatewayOf(own);
  const shared = { streams, folder: own.folder };
  const server = { name: GATEWAY, process: gateway, port: gateway.port ?? 0 };
  const sockets = await measureSockets(server, { ...shared, ...settings, series: `sockets${round}` });
  const options = {
    ...shared,
    name: GATEWAY,
    calls: settings.calls,
    series: `waiting${round}`,
    ringMs: RING_MS,
  };
  const waiting = await measureWaiting(gateway, options);
  await streams.leave();
  return { sockets, waiting };
}

async function ofBareSockets(
  own: OwnStack,
  streams: StreamGenerator,
  { round, sockets }: InRound,
): Promise<SocketCosts> {
  const { folder } = own;
  const env = { NODE_OPTIONS: writeCollector(folder, BARE) };
  const served = await serve({ program: 'baselines/bare-sockets', args: [], env });
  try {
    const server = { name: BARE, process: served, port: served.port };
    const costs = await measureSockets(server, { streams, folder, sockets, series: `bare${round}` });
    await streams.leave();
    return costs;
  } finally {
    await served.stop();
  }
}

export const MEMORY: Group = {
  name: 'memory',
  about: 'what open sockets and waiting calls cost the gateway, beside a bare server of WebSockets',
  longestMs: 600_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};
