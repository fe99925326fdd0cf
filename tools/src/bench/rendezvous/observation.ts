import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { waitUntil } from '../../processes/wait-until';
import { type StackProcess } from '../../stack/stack-process';
import { SightingsSchema } from './sightings';

/** What the gateway tells when a wait is over. */
const CHANNEL = 'greenroom:session-found';

/** Nobody else listens to it: most of the others end a process of ours in order. */
const SIGNAL = 'SIGWINCH';

interface ObserverOptions {
  channel: string;
  signal: NodeJS.Signals;
  /** where it writes what it has seen */
  file: string;
}

/**
 * Part of the process that is observed, which gets its text: so it names nothing but its arguments and globals. It keeps
 * in memory what is told on the channel, and how often which command is sent to Redis and which statement to Postgres; it
 * writes that down when the signal comes, and begins anew.
 */
function observe({ channel, signal, file }: ObserverOptions, load: NodeJS.Require): void {
  const { subscribe } = load('node:diagnostics_channel') as typeof import('node:diagnostics_channel');
  const fs = load('node:fs') as typeof import('node:fs');
  type Method = (this: unknown, ...given: unknown[]) => unknown;
  const fresh = () => ({ sightings: [] as unknown[], redis: {}, postgres: {} });
  let seen = fresh();
  const counting = (of: object, method: string, where: 'redis' | 'postgres', key: string): void => {
    const methods = of as Record<string, Method>;
    const original = methods[method] as Method;
    methods[method] = function (...given) {
      const counts: Record<string, number> = seen[where];
      const name = String((given[0] as Record<string, unknown> | undefined)?.[key] ?? given[0]);
      counts[name] = (counts[name] ?? 0) + 1;
      return original.apply(this, given);
    };
  };
  const [{ Redis }, { Client }] = [load('ioredis'), load('pg')] as [
    { Redis: Constructor },
    { Client: Constructor },
  ];
  counting(Redis.prototype, 'sendCommand', 'redis', 'name');
  counting(Client.prototype, 'query', 'postgres', 'name');
  subscribe(channel, (message) => {
    const { key, found = null } = message as { key: { callId: string }; found?: string | null };
    // as machineNow
    seen.sightings.push([key.callId, Number(process.hrtime.bigint()) / 1e6, found]);
  });
  process.on(signal, () => {
    const text = JSON.stringify(seen);
    seen = fresh();
    fs.writeFileSync(`${file}.part`, text);
    fs.renameSync(`${file}.part`, file);
  });
}

interface Constructor {
  prototype: object;
}

const fileIn = (folder: string): string => join(folder, 'found.json');

/** @returns the value of NODE_OPTIONS with which a gateway can be observed; its threads are left alone */
export function writeObserver(folder: string): string {
  const file = join(folder, 'observe-found.cjs');
  const options = { channel: CHANNEL, signal: SIGNAL, file: fileIn(folder) };
  // what the process itself loads, from where it loads it
  const load = `require('node:module').createRequire(process.argv[1])`;
  const call = `(${observe.toString()})(${JSON.stringify(options)}, ${load})`;
  // the schema is brought up to date with the same options, and has nothing to be observed
  const is = `require('node:worker_threads').isMainThread && /main\\.js$/.test(process.argv[1])`;
  writeFileSync(file, `if (${is}) ${call};\n`);
  return `--require=${JSON.stringify(file)}`;
}

const CountsSchema = z.record(z.string(), z.number());
const ObservedSchema = SightingsSchema.extend({ redis: CountsSchema, postgres: CountsSchema });
/** What a process told, and how often it sent which command and which statement. */
export type Observed = z.infer<typeof ObservedSchema>;

const TOLD_WITHIN_MS = 10_000;

/**
 * What has been seen since this was last asked for.
 * @throws if the process does not tell
 */
export async function takeObserved(process: StackProcess, folder: string): Promise<Observed> {
  const file = fileIn(folder);
  process.signal(SIGNAL);
  const told = () => Promise.resolve(existsSync(file) || undefined);
  if (!(await waitUntil(told, { timeoutMs: TOLD_WITHIN_MS, everyMs: 20 })))
    throw new Error(`${process.name} does not tell what was seen of it.`);
  const observed = ObservedSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  rmSync(file);
  return observed;
}
