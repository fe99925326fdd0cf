import type { Redis } from 'ioredis';

/**
 * What is sent to Redis meanwhile of keys and channels that carry `mark`, in its order: other specs use the same server, so
 * its own counters tell of them too.
 */
export async function sentDuring(
  redis: Redis,
  mark: string,
  work: () => Promise<unknown>,
): Promise<string[][]> {
  const monitor = await redis.duplicate().monitor();
  const sent: string[][] = [];
  const seen = new Promise<void>((resolve) => {
    monitor.on('monitor', (_time: string, words: string[]) => {
      if (words[0] === 'echo' && words[1] === mark) resolve();
      else if (words.some((word) => word.includes(mark))) sent.push(words);
    });
  });
  try {
    await work();
    await redis.echo(mark);
    await seen;
    return sent;
  } finally {
    monitor.disconnect();
  }
}
