import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { repositoryRoot } from '../../config';

/** What the figures were taken on. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGb: number;
  kernel: string;
  node: string;
  /** of the sources; null: this is no checkout */
  revision: string | null;
}

/** Over 1, 5 and 15 minutes, as the kernel counts it. */
export type Load = readonly [number, number, number];

export function readMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    memoryGb: totalmem() / 2 ** 30,
    kernel: `${type()} ${release()}`,
    node: process.version,
    revision: readRevision(),
  };
}

export function readLoad(): Load {
  const [one = 0, five = 0, fifteen = 0] = loadavg();
  return [one, five, fifteen];
}

export const loadText = (load: Load): string => load.map((each) => each.toFixed(1)).join(', ');

/** More than half of its cores were taken before anything was measured. */
export const wasBusy = ([one]: Load, cores: number): boolean => one > cores / 2;

function readRevision(): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', ['--no-optional-locks', ...args], {
      cwd: repositoryRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 5000,
    }).trim();
  try {
    const revision = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain') === '' ? revision : `${revision}, with changes`;
  } catch {
    return null;
  }
}
