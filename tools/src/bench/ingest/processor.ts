import { familyMsOf } from '../process-usage';

/** Processor time so far, ms, of each process with its children, by name. @throws if one of them has ended */
export function processorOf(pids: Readonly<Record<string, number>>): Record<string, number> {
  const used = Object.entries(pids).map(([name, pid]) => {
    const ms = familyMsOf(pid);
    if (ms === null) throw new Error(`${name} has ended.`);
    return [name, ms] as const;
  });
  return Object.fromEntries(used);
}
