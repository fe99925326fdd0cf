import { Counter, Histogram, type Registry } from '@greenroom/platform';

export interface IngestMetrics {
  requests: Counter<'route' | 'status'>;
  duration: Histogram<'route'>;
  webhooks: { inc: (labels: { provider: string; kind: string }) => void };
  late: Counter<'provider'>;
  untold: Counter;
  spooled: Counter;
  nextSteps: Counter<'provider' | 'result'>;
  unkept: Counter;
}

export const createIngestMetrics = (registry: Registry): IngestMetrics => ({
  requests: new Counter({
    name: 'greenroom_ingest_requests_total',
    help: 'Requests by route and status',
    labelNames: ['route', 'status'],
    registers: [registry],
  }),
  duration: new Histogram({
    name: 'greenroom_ingest_request_seconds',
    help: 'Time from request to answer',
    labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  }),
  webhooks: countWebhooks(registry),
  late: new Counter({
    name: 'greenroom_ingest_late_announcements_total',
    help: 'Announcements of calls whose stream had already waited in vain',
    labelNames: ['provider'],
    registers: [registry],
  }),
  spooled: new Counter({
    name: 'greenroom_ingest_spooled_webhooks_total',
    help: 'Webhooks that were kept in the queue since Postgres was away',
    registers: [registry],
  }),
  nextSteps: new Counter({
    name: 'greenroom_ingest_next_steps_total',
    help: 'Answers to what comes after a stream; unknown: not written in time, no-number: a transfer to nobody',
    labelNames: ['provider', 'result'],
    registers: [registry],
  }),
  unkept: new Counter({
    name: 'greenroom_ingest_unkept_events_total',
    help: 'Events that were answered although they could be neither written nor kept in the queue',
    registers: [registry],
  }),
  untold: new Counter({
    name: 'greenroom_ingest_untold_sessions_total',
    help: 'Sessions that were written but could not be published at once; the outbox delivers them',
    registers: [registry],
  }),
});

function countWebhooks(registry: Registry): IngestMetrics['webhooks'] {
  const counter = new Counter({
    name: 'greenroom_ingest_webhooks_total',
    help: 'Webhooks that were understood, by what they tell',
    labelNames: ['provider', 'kind'],
    registers: [registry],
  });
  const counters = remembered((provider: string) =>
    remembered((kind: string) => counter.labels(provider, kind)),
  );
  return { inc: ({ provider, kind }) => counters(provider)(kind).inc() };
}

/**
 * Makes each of few things once. Labels are looked up by a name that is put together of all of them, which costs more for
 * each request than counting it.
 */
export function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}
