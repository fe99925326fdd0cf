/** The throw-away servers of this run, started by jest's global set-up. */
export function testServers(): { databaseUrl: string; redisUrl: string; template: string } {
  const read = (name: string): string => {
    const value = process.env[name];
    if (!value)
      throw new Error(`${name} is not set: this spec runs under jest's projects "int" or "e2e" only.`);
    return value;
  };
  return {
    databaseUrl: read('TEST_DATABASE_URL'),
    redisUrl: read('TEST_REDIS_URL'),
    template: read('TEST_TEMPLATE'),
  };
}
