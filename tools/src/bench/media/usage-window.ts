import { processorMsOf } from '../process-usage';
import { type Used } from './load-messages';

/** Begins to watch. The result ends it. @returns the processor time since then; of a process that has ended, none */
export function watchUsage(pids: readonly number[]): () => Used {
  const own = process.cpuUsage();
  const before = pids.map(processorMsOf);
  return () => {
    const { user, system } = process.cpuUsage(own);
    const processorMs = pids.map((pid, index) => (processorMsOf(pid) ?? 0) - (before[index] ?? 0));
    return { processorMs, ownMs: (user + system) / 1000 };
  };
}
