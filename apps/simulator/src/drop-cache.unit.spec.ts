import { createServer, type AddressInfo } from 'node:net';
import { dropFromCache } from './drop-cache';

const key = { provider: 'exotel', account: 'default', callId: '56b1234567abcdef89abcdef12345678' } as const;

/** Speaks as much of Redis as it takes, and says how many keys it has deleted. */
async function withRedis<T>(
  deleted: number,
  use: (redisUrl: string, heard: () => string) => Promise<T>,
): Promise<T> {
  let heard = '';
  const server = createServer((socket) => {
    socket.on('data', (data) => {
      const text = data.toString('utf8');
      heard += text;
      socket.write(
        /\bdel\r\n/i.test(text) ? `:${deleted}\r\n` : '+OK\r\n'.repeat(text.match(/^\*/gm)?.length ?? 0),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await use(`redis://127.0.0.1:${port}`, () => heard);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('dropping a session from the cache', () => {
  it('deletes the key of the call and of nothing else', async () => {
    await withRedis(1, async (redisUrl, heard) => {
      expect(await dropFromCache({ redisUrl, environment: 'spec' }, key)).toBe('dropped');
      // sha256 of `exotel|default|56b1234567abcdef89abcdef12345678`
      const sid = 'fef72ed8ef2588c5fe49413f98d1058eefc487a505ef6b94da52c3675da5bea3';
      expect(heard()).toContain(`greenroom:spec:session:${sid}\r\n`);
    });
  });

  it('says when it was not there', async () => {
    const outcome = await withRedis(0, (redisUrl) => dropFromCache({ redisUrl, environment: 'spec' }, key));
    expect(outcome).toBe('not there');
  });

  it('says when nobody answers, and does not throw', async () => {
    const gone = await withRedis(0, (redisUrl) => Promise.resolve(redisUrl));
    const outcome = await dropFromCache({ redisUrl: gone, environment: 'spec' }, key);
    expect(outcome).not.toBe('dropped');
    expect(outcome).not.toBe('');
  });
});
