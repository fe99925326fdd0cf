import { type Redis } from 'ioredis';

/**
 * Processor time that Redis has used so far, us: of its main thread, which is the one that everything waits for. The
 * kernel tells it to the us, unlike the ticks of 10 ms in `/proc`.
 */
export async function redisProcessorUs(redis: Redis): Promise<number> {
  return processorUsIn(await redis.info('cpu'));
}

/** @param page of `INFO cpu`; servers that do not tell threads apart have the whole process. @throws if it has neither */
export function processorUsIn(page: string): number {
  const value = (name: string): number | null => {
    const [, seconds] = new RegExp(`^${name}:([\\d.]+)\\r?$`, 'm').exec(page) ?? [];
    return seconds === undefined ? null : Number(seconds) * 1e6;
  };
  const user = value('used_cpu_user_main_thread') ?? value('used_cpu_user');
  const system = value('used_cpu_sys_main_thread') ?? value('used_cpu_sys');
  if (user === null || system === null) throw new Error('Redis does not tell its processor time.');
  return user + system;
}
