/** What fast-check is to be run with. */
export interface Parameters {
  numRuns: number;
  seed?: number;
  endOnFailure: boolean;
}

/**
 * `FC_SEED` replays the runs of a seed, which fast-check prints with each failure; `FC_RUNS` is the percentage of the
 * usual number of runs. Whoever asks for less than that wants to know whether something fails, and not the smallest
 * call in which it does: to look for that takes minutes.
 */
export function parametersFrom(env: Readonly<Record<string, string | undefined>>) {
  const seed = env['FC_SEED'];
  const percent = Number(env['FC_RUNS'] ?? '100');
  return {
    runs: (usual: number): number => Math.max(1, Math.ceil((usual * percent) / 100)),
    all: (numRuns: number): Parameters => ({
      numRuns,
      endOnFailure: percent < 100,
      ...(seed ? { seed: Number(seed) } : {}),
    }),
  };
}
