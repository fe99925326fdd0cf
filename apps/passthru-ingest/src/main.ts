import 'reflect-metadata';
import { AdminServer, createLogger, nestLogger, runMain, type Logger } from '@greenroom/platform';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { AppModule } from './app.module';
import { readIngestConfig, type IngestConfig } from './config';
import { httpAdapter } from './http-adapter';
import { observeRequests } from './observe-requests';

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
