import { errorFields } from './logging';
import { ConfigError } from './parse-config';

/** Runs a process's start. What keeps it from starting is told on stderr in plain words, and the exit code is 1. */
export async function runMain(start: () => Promise<void>): Promise<void> {
  try {
    await start();
    exitOnSecondSignal();
  } catch (error) {
    const { message, code } = errorFields(error);
    const text =
      error instanceof ConfigError ? error.message : `Cannot start: ${message || code || 'unknown error'}`;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}

/**
 * Once a process has started, the first signal begins an orderly end, which may take as long as calls do, and the second
 * ends it now. Before that, any signal ends it.
 */
function exitOnSecondSignal(): void {
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
    });
  }
}
