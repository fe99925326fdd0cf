import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WEBHOOK_PORTS } from './webhooks.controller';
import type { WebhookPorts } from './receive-webhook';

/** Counts and times every answer under its route's template: a path may hold a secret. */
export function observeRequests(app: NestFastifyApplication): void {
  const { metrics } = app.get<WebhookPorts>(WEBHOOK_PORTS);
  // there are few of them: looking their labels up again for each request would cost more than counting
  const durations = remembered((route: string) => metrics.duration.labels(route));
  const requests = remembered((route: string) =>
    remembered((status: number) => metrics.requests.labels(route, String(status))),
  );
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      requests(route)(reply.statusCode).inc();
      durations(route).observe(reply.elapsedTime / 1000);
      done();
    });
}

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const found = known.get(key) ?? make(key);
    known.set(key, found);
    return found;
  };
}
