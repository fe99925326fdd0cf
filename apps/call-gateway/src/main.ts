import 'reflect-metadata';
import { AdminServer, createLogger, nestLogger, runMain, type Logger } from '@greenroom/platform';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule, UPGRADE_OPTIONS } from './app.module';
import { readGatewayConfig, type GatewayConfig } from './config';
import { MediaWsAdapter, type MediaWsOptions } from './media-ws.adapter';

async function start(config: GatewayConfig, logger: Logger): Promise<void> {
  const http = new FastifyAdapter({
    requestTimeout: 10_000,
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(config, logger), http, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.useWebSocketAdapter(new MediaWsAdapter(app, app.get<MediaWsOptions>(UPGRADE_OPTIONS)));
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  await app.listen(config.PORT, '0.0.0.0');
  const admin = app.get(AdminServer);
  const adminPort = await admin.listen(config.ADMIN_PORT);
  admin.markStarted();
  logger.info({ port: Number(new URL(await app.getUrl()).port), adminPort }, 'gateway is ready');
}

void runMain(async () => {
  const config = readGatewayConfig();
  await start(config, createLogger('gateway', config.LOG_LEVEL));
});
