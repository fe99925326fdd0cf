/** What is looked at, in this order. */
export const GROUPS = [
  'settings',
  'accounts',
  'dialogues',
  'tokens',
  'stores',
  'clock',
  'url',
  'webhooks',
  'media',
  'admin',
] as const;
export type Group = (typeof GROUPS)[number];

/** A warning does not keep calls from being taken, as far as can be told from here. */
export type Status = 'ok' | 'warning' | 'wrong' | 'not-checked';

export interface Verdict {
  status: Status;
  /** what was found or, where it is wrong, what is wrong and what to do */
  message: string;
}

export interface Finding extends Verdict {
  group: Group;
  check: string;
}

export const ok = (message: string): Verdict => ({ status: 'ok', message });
export const warning = (message: string): Verdict => ({ status: 'warning', message });
export const wrong = (message: string): Verdict => ({ status: 'wrong', message });
export const notChecked = (message: string): Verdict => ({ status: 'not-checked', message });

export interface Check {
  group: Group;
  name: string;
  /**
   * One verdict on the check itself, or several that have names of their own. What it throws counts as wrong.
   * @param signal aborted when nobody waits any more: it has to let go of what it holds
   */
  run: (signal: AbortSignal) => Promise<Verdict | readonly NamedVerdict[]>;
  /** ms; `LIMIT_MS` if not given */
  limitMs?: number;
}

export type NamedVerdict = Verdict & { name: string };

/** A check that takes longer is given up. */
export const LIMIT_MS = 5000;

/** Never rejects, and never takes longer than the check's limit. */
export async function perform({ group, name, run, limitMs = LIMIT_MS }: Check): Promise<Finding[]> {
  const giveUp = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Verdict>((resolve) => {
    timer = setTimeout(() => {
      resolve(wrong(`no answer within ${limitMs / 1000} s: given up`));
      giveUp.abort();
    }, limitMs);
  });
  const work = run(giveUp.signal).catch((error: unknown) =>
    wrong(`the check failed: ${error instanceof Error ? error.message : String(error)}`),
  );
  const found = await Promise.race([work, late]);
  clearTimeout(timer);
  const verdicts = 'status' in found ? [{ ...found, name }] : found;
  return verdicts.map(({ name: check, status, message }) => ({ group, check, status, message }));
}
