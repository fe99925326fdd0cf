import { Registry } from '@greenroom/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';
import { createIngestMetrics } from './ingest-metrics';
import { observeRequests } from './observe-requests';

it('counts and times every answer by the template of its route and its status', async () => {
  const registry = new Registry();
  const instance = fastify();
  const app = {
    get: () => ({ metrics: createIngestMetrics(registry) }),
    getHttpAdapter: () => ({ getInstance: () => instance }),
  };
  observeRequests(app as unknown as NestFastifyApplication);
  instance.get<{ Params: { token: string } }>('/hooks/:token', ({ params }, reply) =>
    reply.status(params.token === 'right' ? 200 : 403).send(),
  );
  for (const url of ['/hooks/right', '/hooks/wrong', '/hooks/right', '/elsewhere/secret'])
    await instance.inject(url);
  await instance.close();
  const counted = await registry.getSingleMetric('greenroom_ingest_requests_total')!.get();
  expect(counted.values.map(({ labels, value }) => [labels['route'], labels['status'], value])).toEqual([
    ['/hooks/:token', '200', 2],
    ['/hooks/:token', '403', 1],
    ['none', '404', 1],
  ]);
  const page = await registry.metrics();
  expect(page).toContain('greenroom_ingest_request_seconds_count{route="/hooks/:token"} 3');
  expect(page).not.toContain('secret');
});
