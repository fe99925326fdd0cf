/**
 * Calls `tick` once a period, each time against the deadline counted from the first one: a late timer is made up
 * for and does not shift the ticks after it, as `setInterval` would.
 * @returns stops it
 */
export function pace(periodMs: number, tick: () => void): () => void {
  const startedAt = performance.now();
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
