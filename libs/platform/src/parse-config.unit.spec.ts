import { z } from 'zod';
import { ConfigError, parseConfig, setting, settingsTable, storeSettings } from './parse-config';

const schema = z.object({
  ...storeSettings,
  PORT: setting.port(3001).describe('port'),
  PUBLIC_BASE_URL: setting.url('http:', 'https:').describe('public URL'),
});

const good = {
  DATABASE_URL: 'postgres://u:p@localhost/x',
  REDIS_URL: 'redis://localhost',
  PUBLIC_BASE_URL: 'https://voice.example.com',
};

describe('parseConfig', () => {
  it('fills defaults and freezes', () => {
    const config = parseConfig(schema, { ...good, PORT: '', EXTRA: 'x' });
    expect(config).toMatchObject({ PORT: 3001, ENVIRONMENT: 'production', DATABASE_POOL_SIZE: 10 });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names every wrong setting and what it accepts, and shows no value', () => {
    const wrong = {
      DATABASE_URL: 'mysql://root:hunter2@db',
      PORT: 'eighty',
      ENVIRONMENT: 'A B',
      PUBLIC_BASE_URL: good.PUBLIC_BASE_URL,
    };
    const act = () => parseConfig(schema, wrong);
    expect(act).toThrow(ConfigError);
    for (const part of [
      'DATABASE_URL: must be a URL that begins with postgres://',
      'REDIS_URL: is not set',
      'PORT:',
      'ENVIRONMENT: must be 1 to 32',
    ]) {
      expect(act).toThrow(part);
    }
    expect(act).not.toThrow(/hunter2|eighty/);
  });

  it('describes itself as a table', () => {
    expect(settingsTable(schema)).toContain('| `PUBLIC_BASE_URL` | **required** | public URL |');
    expect(settingsTable(schema)).toContain('| `PORT` | `3001` | port |');
  });
});
