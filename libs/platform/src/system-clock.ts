import type { Clock } from '@greenroom/rendezvous';

/** Monotonic: a jump of the wall clock moves no deadline. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
