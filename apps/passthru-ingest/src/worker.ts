import 'reflect-metadata';
import { AdminServer, createLogger, nestLogger, runMain } from '@greenroom/platform';
import { NestFactory } from '@nestjs/core';
import { readWorkerConfig } from './config';
import { WorkerModule } from './worker.module';

void runMain(async () => {
  const config = readWorkerConfig();
  const logger = createLogger('worker', config.LOG_LEVEL);
  const app = await NestFactory.createApplicationContext(WorkerModule.with(config, logger), {
    logger: nestLogger(logger),
    abortOnError: false,
  });
  app.enableShutdownHooks(undefined, { useProcessExit: true });
  const admin = app.get(AdminServer);
  const adminPort = await admin.listen(config.ADMIN_PORT);
  admin.markStarted();
  logger.info({ adminPort }, 'worker is ready');
});
