import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WEBHOOK_PORTS } from './webhooks.controller';
import type { WebhookPorts } from './receive-webhook';

/** Counts and times every answer under its route's template: a path may hold a secret. */
export function observeRequests(app: NestFastifyApplication): void {
  const { metrics } = app.get<WebhookPorts>(WEBHOOK_PORTS);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'none';
      metrics.requests.inc({ route, status: String(reply.statusCode) });
      metrics.duration.observe({ route }, reply.elapsedTime / 1000);
      done();
    });
}
