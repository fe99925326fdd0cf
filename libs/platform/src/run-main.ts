import { errorFields } from './logging';
import { ConfigError } from './parse-config';

/** Runs a process's start. What keeps it from starting is told on stderr in plain words, and the exit code is 1. */
export async function runMain(start: () => Promise<void>): Promise<void> {
  exitOnSecondSignal();
  try {
    await start();
  } catch (error) {
    const { message, code } = errorFields(error);
    const text =
      error instanceof ConfigError ? error.message : `Cannot start: ${message || code || 'unknown error'}`;
    process.stderr.write(`${text}\n`);
    process.exit(1);
  }
}

/** The first signal begins an orderly end, which may take as long as calls do; the second ends the process now. */
function exitOnSecondSignal(): void {
  let signals = 0;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      signals += 1;
      if (signals > 1) process.exit(1);
    });
  }
}
