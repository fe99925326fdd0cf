import { monitorEventLoopDelay } from 'node:perf_hooks';

const WINDOW_MS = 1000;
const RESOLUTION_MS = 20;

/** Starts to measure; the result tells how late timers ran on average in the last second, ms. */
export function loopLag(): () => number {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let last = 0;
  setInterval(() => {
    // what is measured contains the sampling interval itself
    last = Number.isNaN(delays.mean) ? 0 : Math.max(0, delays.mean / 1e6 - RESOLUTION_MS);
    delays.reset();
  }, WINDOW_MS).unref();
  return () => last;
}
