import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sessionReadyChannel, type CallKey, type Session, type SessionReady } from '@greenroom/contracts';
import { sidOf } from '@greenroom/platform';
import { type Redis } from 'ioredis';
import { EVERYBODYS_CALL, waitingCall, WAITING } from './calls';

/** `per call`: each event on the channel of its call. `shared`: all of them on one, to which every gateway listens. */
export type Channel = 'per call' | 'shared';
export const CHANNELS = ['per call', 'shared'] as const;

/** `apart`: one by one, 1 ms or more between two of them. `burst`: so many at once, as often as that comes to the same. */
export type Pace = 'apart' | 'burst';
export const PACES = ['apart', 'burst'] as const;
export const BURST = 10;

interface Event {
  channel: string;
  text: string;
}

/** As large as they usually are. */
const sessionOf = (key: CallKey): Session => ({
  ...key,
  ...{ sessionId: randomUUID(), state: 'ready', version: 1, direction: 'inbound', enrichment: 'none' },
  ...{ from: '+919000000001', to: '+918000000002', announcedAt: Date.now() },
  customer: {
    customerId: randomUUID(),
    phone: '+919000000001',
    fullName: 'Asha Rao',
    language: null,
    attributes: {},
  },
  attributes: { fromCity: 'Bengaluru', fromState: 'Karnataka', fromCountry: 'IN' },
});

/** Publishes events, as an ingest does when a session is ready. */
export class Announcer {
  private readonly events: Readonly<Record<Channel, readonly Event[]>>;

  constructor(
    private readonly redis: Redis,
    environment: string,
  ) {
    const eventOf = (key: CallKey): Event => {
      const session = sessionOf(key);
      const event: SessionReady = { type: 'session-ready', environment, key, version: 1, session };
      return { channel: sessionReadyChannel(environment, sidOf(key)), text: JSON.stringify(event) };
    };
    this.events = {
      'per call': Array.from({ length: WAITING }, (_, index) => eventOf(waitingCall(0, index))),
      shared: [eventOf(EVERYBODYS_CALL)],
    };
  }

  /** Resolves when Redis has taken all of them. */
  async announce(count: number, channel: Channel, pace: Pace): Promise<void> {
    const size = pace === 'apart' ? 1 : BURST;
    for (let sent = 0; sent < count; sent += size) {
      await this.publish(sent, Math.min(size, count - sent), channel);
      await sleep(size);
    }
  }

  private async publish(from: number, count: number, channel: Channel): Promise<void> {
    const events = this.events[channel];
    const pipeline = this.redis.pipeline();
    for (let index = from; index < from + count; index++) {
      const event = events[index % events.length];
      if (event) pipeline.publish(event.channel, event.text);
    }
    const failed = (await pipeline.exec())?.find(([error]) => error)?.[0];
    if (failed) throw failed;
  }
}
