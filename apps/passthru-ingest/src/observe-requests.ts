import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { remembered } from './ingest-metrics';
import { WEBHOOK_PORTS } from './webhooks.controller';
import type { WebhookPorts } from './receive-webhook';

/** Counts and times every answer under its route's template: a path may hold a secret. */
export function observeRequests(app: NestFastifyApplication): void {
  const { metrics } = app.get<WebhookPorts>(WEBHOOK_PORTS);
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
