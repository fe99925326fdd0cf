import type { CallLine } from '@greenroom/conversation';
import { Accounts, AccountSchema, createLogger, Registry } from '@greenroom/platform';
import { sessionOf, newKey } from '@greenroom/rendezvous/contract';
import { Assistants } from './assistants';
import { createGatewayMetrics } from './gateway-metrics';
import type { GatewayConfig } from './config';

const none = () => 0;
const logger = createLogger('spec', 'silent');
const metrics = createGatewayMetrics(new Registry(), {
  waiters: none,
  openStreams: none,
  unstarted: none,
  bufferedBytes: none,
});

/** ms of the caller's audio after which the account's assistant plays the first of it */
function delayOf(agent: unknown): number {
  const account = AccountSchema.parse({ name: 'a', provider: 'twilio', agent });
  const config = { accounts: new Accounts([account]), DIALOGUES_DIR: '.' } as unknown as GatewayConfig;
  const played: Int16Array[] = [];
  const line = { sampleRate: 8000, play: (pcm: Int16Array) => played.push(pcm) } as unknown as CallLine;
  const assistants = new Assistants(config, { logger, metrics });
  const echo = assistants.converse(account, line, sessionOf(newKey()), { record: none, logger });
  let ms = 0;
  while (played.length === 0 && ms < 5000) {
    echo.heard(new Int16Array(160));
    ms += 20;
  }
  return ms;
}

it.each([
  ['echo', 400],
  [{ echo: { delayMs: 0 } }, 20],
  [{ echo: { delayMs: 1000 } }, 1000],
])('the account chooses how long its echo holds the caller back: %j', (agent, ms) => {
  expect(delayOf(agent)).toBe(ms);
});
