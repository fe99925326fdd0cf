import 'reflect-metadata';
import { AdminServer, createLogger, nestLogger, runMain, type Logger } from '@greenroom/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';
import { AppModule } from './app.module';
import { readIngestConfig, type IngestConfig } from './config';
import { observeRequests } from './observe-requests';

const MAX_BODY_BYTES = 65_536;

/** HTTP that gives up on slow and oversized requests, and keeps every body as the text that came. */
function httpAdapter(config: IngestConfig): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: 10_000,
    // longer than a load balancer's: it must never reuse a connection that we are just closing
    keepAliveTimeout: 75_000,
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) => {
      void reply.status(400).send({ error: { status: 400, message: 'The URL is malformed.' } });
    },
  });
  const fastify = adapter.getInstance();
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  return adapter;
}

async function start(config: IngestConfig, logger: Logger): Promise<void> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, logger),
    httpAdapter(config),
    {
      bodyParser: false,
      logger: nestLogger(logger),
      abortOnError: false,
    },
  );
  observeRequests(app);
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  await app.listen(config.PUBLIC_HTTP_PORT, '0.0.0.0');
  const admin = app.get(AdminServer);
  const adminPort = await admin.listen(config.ADMIN_PORT);
  admin.markStarted();
  logger.info({ port: Number(new URL(await app.getUrl()).port), adminPort }, 'ingest is ready');
}

void runMain(async () => {
  const config = readIngestConfig();
  await start(config, createLogger('ingest', config.LOG_LEVEL));
});
