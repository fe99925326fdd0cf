import { familyMsOf, processorMsOf } from '../process-usage';
import { type Stage } from './stage';

/** Processor time by process, ms. */
export type Spent = Readonly<Record<string, number>>;

const nowOf = ({ own: { stores }, gateway, writer, streams }: Stage): Spent => ({
  gateway: processorMsOf(gateway.pid) ?? 0,
  'who writes the sessions': processorMsOf(writer.pid) ?? 0,
  postgres: stores.postgres ? (familyMsOf(stores.postgres.pid) ?? 0) : 0,
  redis: stores.redis ? (processorMsOf(stores.redis.pid) ?? 0) : 0,
  'who has the streams': processorMsOf(streams.pid) ?? 0,
});

export async function whileSpent<T>(
  stage: Stage,
  work: () => Promise<T>,
): Promise<{ value: T; spent: Spent }> {
  const before = nowOf(stage);
  const value = await work();
  const after = nowOf(stage);
  const spent = Object.entries(after).map(([name, ms]) => [name, ms - (before[name] ?? 0)] as const);
  return { value, spent: Object.fromEntries(spent) };
}
