/**
 * Calls `tick` once a period, each time against the deadline counted from `startedAt`: a late timer is made up for and
 * does not shift the ticks after it, as `setInterval` would.
 * @param startedAt on the clock of `performance.now()`
 * @returns stops it
 */
export function pace(startedAt: number, periodMs: number, tick: () => void): () => void {
  let ticks = 0;
  let timer: NodeJS.Timeout;
  let stopped = false;

  const wake = (): void => {
    while (!stopped && performance.now() >= startedAt + (ticks + 1) * periodMs) {
      ticks += 1;
      tick();
    }
    if (!stopped) arm();
  };
  const arm = (): void => {
    const dueIn = startedAt + (ticks + 1) * periodMs - performance.now();
    timer = setTimeout(wake, Math.max(0, Math.ceil(dueIn)));
  };

  arm();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
