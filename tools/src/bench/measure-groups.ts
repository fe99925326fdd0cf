import { type Findings, type Group } from './group';

/** How it went with a group. */
export interface Measured extends Required<Findings> {
  group: string;
  about: string;
  tookMs: number;
  /** why it could not be measured; nothing was found then */
  failure: string | null;
}

export interface ApartRequest {
  group: string;
  brief: boolean;
  /** ms; then it is ended, with all that it has started */
  longestMs: number;
  say: (line: string) => void;
}

/** @throws with a message for people, if it cannot be measured, or not in time; nothing of it is left running then */
export type MeasureApart = (request: ApartRequest) => Promise<Findings>;

export interface MeasureOptions {
  brief: boolean;
  say: (line: string) => void;
  measure: MeasureApart;
  /** ms that all of it may take */
  longestMs?: number;
}

/** All groups together, in the brief form, take less. */
const LONGEST_MS = 600_000;
/** What one of several may take of it, so that one that hangs leaves the others their time. */
const LONGEST_BRIEF_MS = 240_000;

/** One after the other. Of one that cannot be measured is kept why, and the others are measured all the same. */
export async function measureGroups(groups: readonly Group[], options: MeasureOptions): Promise<Measured[]> {
  const { longestMs = LONGEST_MS, ...rest } = options;
  const until = performance.now() + longestMs;
  const measured: Measured[] = [];
  for (const group of groups) {
    options.say(`${group.name}: ${group.about}`);
    const leftMs = Math.round(until - performance.now());
    const shareMs = groups.length > 1 ? LONGEST_BRIEF_MS : leftMs;
    const one = await measureOne(group, { ...rest, longestMs: Math.min(group.longestMs, leftMs, shareMs) });
    if (one.failure !== null) options.say(`  not measured: ${one.failure}`);
    measured.push(one);
  }
  return measured;
}

async function measureOne(group: Group, options: Required<MeasureOptions>): Promise<Measured> {
  const { brief, longestMs, measure } = options;
  const startedAt = performance.now();
  const say = (line: string): void => options.say(`  ${line}`);
  const begun = { group: group.name, about: group.about };
  const tookMs = (): number => performance.now() - startedAt;
  try {
    if (longestMs <= 0) throw new Error('The time for all groups was over before its turn came.');
    const { rows, notes, plots = [] } = await measure({ group: group.name, brief, longestMs, say });
    return { ...begun, rows, notes, plots, tookMs: tookMs(), failure: null };
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { ...begun, rows: [], notes: [], plots: [], tookMs: tookMs(), failure };
  }
}
