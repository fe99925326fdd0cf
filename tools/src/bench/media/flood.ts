import { type CallerLine } from './caller-line';
import { type Flood, type Flooded } from './load-messages';
import { assertOpen } from './play';
import { watchUsage } from './usage-window';

/**
 * As many frames of silence as the servers deal with: each line sends some at once, with a ping behind them, and the next ones when
 * that is answered. So nothing piles up, and the servers have always something to do.
 */
export async function flood(lines: readonly CallerLine[], options: Flood, silence: Buffer): Promise<Flooded> {
  const { burst, warmUpMs, windowMs, watch } = options;
  let frames = 0;
  let going = true;
  const idle = lines.map(
    (line) =>
      new Promise<void>((resolve) => {
        line.onPong = () => {
          frames += burst;
          if (going && line.ended === null) line.sayBurst(burst, silence);
          else resolve();
        };
        line.sayBurst(burst, silence);
      }),
  );
  const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await after(warmUpMs);
  const [startedAt, before, used] = [performance.now(), frames, watchUsage(watch)];
  await after(windowMs);
  const result = { tookMs: performance.now() - startedAt, frames: frames - before, ...used() };
  going = false;
  assertOpen(lines);
  await Promise.all(idle);
  return result;
}
