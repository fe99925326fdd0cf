import 'reflect-metadata';
import { migrate } from '@greenroom/entities';
import { createLogger, runMain } from '@greenroom/platform';
import { readMigrateConfig } from './config';

void runMain(async () => {
  const config = readMigrateConfig();
  const migrations = await migrate(config.DATABASE_URL);
  createLogger('migrate', config.LOG_LEVEL).info({ migrations }, 'database schema is up to date');
});
