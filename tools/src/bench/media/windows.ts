import { setTimeout as sleep } from 'node:timers/promises';
import { playRounds } from '../rounds';
import { type Flooded, type Played } from './load-messages';
import { type Rig, type ServerKind } from './rig';
import { type Lag } from './servers';
import { type Settings, type Size } from './settings';

/** What one server did in one window. */
export interface Window extends Omit<Played, 'processorMs'> {
  /** ms */
  processorMs: number;
  lag: Lag;
  /** processor time of the gateway with as many lines, on which nothing is said meanwhile, ms; not beside itself */
  idleMs: number | null;
}

type Variant = readonly [kind: ServerKind, size: Size];

/** Those that are compared with each other, next to each other. */
const COMPARED: readonly Variant[] = [
  ['echo', 'some'],
  ['full', 'some'],
  ['slice-80ms', 'some'],
  ['slice', 'some'],
  ['talk', 'some'],
  ['talk', 'few'],
  ['echo', 'few'],
  ['echo', 'many'],
  ['full', 'many'],
];

/** Those that are drawn beside them. */
const DRAWN: readonly Variant[] = [
  ['full', 'few'],
  ['slice', 'few'],
  ['slice', 'many'],
];

/** What all rounds gave, by server and number of calls. */
export class Windows {
  constructor(private readonly byName: Readonly<Record<string, readonly Window[]>>) {}

  /** @throws if none was played */
  of(kind: ServerKind, size: Size): readonly Window[] {
    const windows = this.byName[nameOf([kind, size])];
    if (!windows) throw new Error(`Nothing was played to ${kind} with ${size} calls.`);
    return windows;
  }

  all(): { kind: string; windows: readonly Window[] }[] {
    return Object.entries(this.byName).map(([kind, windows]) => ({ kind, windows }));
  }
}

const nameOf = ([kind, size]: Variant): string => `${kind} ${size}`;

export async function playWindows(
  rig: Rig,
  settings: Settings,
  say: (line: string) => void,
): Promise<Windows> {
  const { rounds, drawnRounds, windowMs, warmUpMs } = settings;
  say('the servers get warm');
  const short = { ...settings, windowMs: windowMs / 4, talkWarmUpMs: warmUpMs };
  await playRounds(1, playsOf(rig, [...COMPARED, ...DRAWN], short));
  say(`${rounds} rounds of ${COMPARED.length} windows of ${windowMs / 1000} s`);
  const compared = await playRounds(rounds, playsOf(rig, COMPARED, settings));
  say(`${drawnRounds} of what is drawn beside them`);
  const drawn = await playRounds(drawnRounds, playsOf(rig, DRAWN, settings));
  return new Windows({ ...compared, ...drawn });
}

/** By name, in their order. */
const playsOf = (
  rig: Rig,
  variants: readonly Variant[],
  settings: Settings,
): Record<string, () => Promise<Window>> =>
  Object.fromEntries(
    variants.map((variant) => [nameOf(variant), () => playWindow(rig, variant, settings)] as const),
  );

/** How late audio may be and still count, ms. */
const PATIENCE_MS = 4000;

/** The lag is told of the time between two looks. */
async function playWindow(rig: Rig, [kind, size]: Variant, settings: Settings): Promise<Window> {
  const server = rig.server(kind, size);
  const { sizes, windowMs } = settings;
  const talks = kind === 'talk';
  await server.lag();
  // ours is there beside the bare one, with all of its calls
  const idle = kind === 'full' ? rig.server('echo', size) : null;
  const played = await rig.load.play({
    ...{ group: server.name, lines: sizes[size], says: talks ? 'answers' : 'numbers', windowMs },
    ...{ warmUpMs: talks ? settings.talkWarmUpMs : settings.warmUpMs, patienceMs: PATIENCE_MS },
    watch: [server.pid, ...(idle ? [idle.pid] : [])],
  });
  const [processorMs = 0, idleMs = null] = played.processorMs;
  return { ...played, processorMs, idleMs, lag: await server.lag() };
}

/**
 * Frames that callers send at once, before they wait for the server: as many as come after a hole of half a second in the
 * network. With fewer, what is measured is how fast the generator writes and is answered: by five, it took half a core.
 */
export const BURST_FRAMES = 25;
/** Whoever was speaking has ended, and what is said to that. */
const QUIET_MS = 2000;

export type Processes = 'one' | 'two';

/** As many frames as one process of ours takes, and two. */
export async function floodProcesses(
  rig: Rig,
  settings: Settings,
  say: (line: string) => void,
): Promise<Record<Processes, Flooded[]>> {
  const servers = [rig.server('talk', 'some'), rig.server('talk', 'few')];
  const flood = (count: number) => () => {
    const some = servers.slice(0, count);
    return rig.load.flood({
      ...{ groups: some.map(({ name }) => name), watch: some.map(({ pid }) => pid) },
      ...{ lines: settings.floodLines, burst: BURST_FRAMES },
      ...{ warmUpMs: settings.warmUpMs, windowMs: settings.floodMs },
    });
  };
  say(`${settings.rounds} rounds of as many frames as one process takes, and two`);
  await sleep(QUIET_MS);
  return playRounds(settings.rounds, { one: flood(1), two: flood(2) });
}
