import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Provider, Turn } from '@greenroom/contracts';
import { readWav } from '@greenroom/telephony';
import type { CallOptions, CallResult } from '../src/call-options';
import { prepareScript, type Script } from '../src/caller/script';
import { speakAll } from '../src/caller/speak';
import { placeCall } from '../src/place-call';
import type { RunningStack } from './running-stack';

export const PROVIDERS = ['exotel', 'twilio'] as const;
export type TalkProvider = (typeof PROVIDERS)[number];

export interface OverheardOptions extends Omit<CallOptions, 'stack'> {
  /** index of the gateway that has to take the call; any of them if left out */
  gateway?: number;
}

/** What the two sides say of one call, on one axis: unix ms. */
export interface OverheardCall extends Omit<CallResult, 'turns'> {
  /** when the stream began */
  startedAt: number;
  /** what reached the caller's ear */
  heard: readonly { startedAt: number; endedAt: number; cleared: boolean }[];
  /** what the caller did to answer, in its order; the opening is in front of it */
  did: readonly { kind: string; startedAt: number; endedAt: number }[];
  /** as Greenroom has recorded them */
  turns: readonly Turn[];
  /** both channels at the caller's end of the line, from the stream's start on */
  line: Sides;
}

/** Samples of a stereo file: the caller on the left, the assistant on the right. */
export interface Sides {
  /** Hz */
  sampleRate: number;
  caller: Int16Array;
  assistant: Int16Array;
}

/** of both lines */
const LINE_HZ = 8000;
/** ms between two calls: their beginnings are the busiest part of them */
const APART_MS = 60;
/** a script does not ask with whom it is spoken */
const NO_STACK = {} as CallOptions['stack'];
/** Turns are written in the background: nothing has been added for so long when they are all there, ms. */
const SETTLED_MS = 300;

/**
 * All of these calls with each provider, side by side: most of a call is waiting. They are placed before the file's tests.
 * @returns how one of them went
 */
export function overhearAll(
  stack: () => RunningStack,
  plansFor: (provider: TalkProvider) => Readonly<Record<string, OverheardOptions>>,
): (provider: Provider, name: string) => OverheardCall {
  const calls = new Map<string, OverheardCall>();
  const keyOf = (provider: Provider, name: string): string => `${provider} ${name}`;
  beforeAll(async () => {
    const placed = PROVIDERS.flatMap((provider) =>
      Object.entries(plansFor(provider)).map(([name, plan]) => ({
        ...{ key: keyOf(provider, name), options: { ...plan, provider } },
      })),
    );
    const results = await overhear(
      stack(),
      placed.map(({ options }) => options),
    );
    placed.forEach(({ key }, index) => calls.set(key, results[index] as OverheardCall));
  }, 120_000);
  return (provider, name) => {
    const call = calls.get(keyOf(provider, name));
    if (!call) throw new Error(`${keyOf(provider, name)} was not placed`);
    return call;
  };
}

/** These calls side by side; how each of them went, in their order. */
export async function overhear(
  stack: RunningStack,
  calls: readonly OverheardOptions[],
): Promise<OverheardCall[]> {
  const scripts = await scriptsFor(calls);
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-lines-'));
  const fileOf = (index: number): string => join(folder, `${index}.wav`);
  const overheard = await Promise.all(
    calls.map(async (options, index) => {
      await sleep(index * APART_MS);
      return overhearOne(stack, { ...options, recordBoth: fileOf(index) }, scripts[index]);
    }),
  );
  // not before the last of them is over: it takes the time in which the others have to be punctual
  const lines = calls.map((_, index) => readSides(fileOf(index)));
  rmSync(folder, { recursive: true });
  return Promise.all(
    overheard.map(async (call, index) => ({
      ...call,
      line: lines[index] as Sides,
      turns: await settledTurns(stack, call),
    })),
  );
}

/** All that the callers say is spoken before the first of them calls: nothing takes the time of a call then. */
async function scriptsFor(calls: readonly OverheardOptions[]): Promise<Script[]> {
  const texts = calls.flatMap(({ sayText, answers = [] }) => [
    ...(sayText === undefined ? [] : [sayText]),
    ...answers.flatMap((step) => ('text' in step ? [step.text] : [])),
  ]);
  const spoken: Awaited<ReturnType<typeof speakAll>> =
    texts.length === 0 ? new Map() : await speakAll(texts, LINE_HZ);
  const script = (options: OverheardOptions) =>
    prepareScript({ ...options, stack: NO_STACK }, () => Promise.resolve(spoken));
  return Promise.all(calls.map(script));
}

async function overhearOne(
  stack: RunningStack,
  { gateway, ...options }: OverheardOptions,
  script: Script | undefined,
): Promise<CallResult & Pick<OverheardCall, 'startedAt' | 'heard' | 'did'>> {
  const { description } = stack;
  const mediaUrl =
    gateway === undefined ? description.mediaUrl : `ws://127.0.0.1:${stack.gateways[gateway]?.port}`;
  let zero: number | null = null;
  const watch: CallOptions['watch'] = (entry) => {
    zero ??= Date.now() - entry.atMs;
    options.watch?.(entry);
  };
  const result = await placeCall({ ...options, stack: { ...description, mediaUrl }, watch }, script);
  return { ...result, ...onUnixTime(result, zero ?? 0) };
}

export function readSides(file: string): Sides {
  const { samples, sampleRate, channels } = readWav(readFileSync(file));
  if (channels !== 2) throw new Error(`${file} is not stereo`);
  const [caller, assistant] = [new Int16Array(samples.length / 2), new Int16Array(samples.length / 2)];
  for (let index = 0; index < caller.length; index += 1) {
    caller[index] = samples[2 * index] ?? 0;
    assistant[index] = samples[2 * index + 1] ?? 0;
  }
  return { sampleRate, caller, assistant };
}

function onUnixTime({ conversation }: CallResult, zero: number) {
  const { startedAtMs, prompts, opening, answers } = conversation;
  return {
    startedAt: zero + (startedAtMs ?? 0),
    heard: prompts.map(({ startedAtMs: from, endedAtMs: to, cleared }) => ({
      ...{ startedAt: zero + from, endedAt: zero + to },
      cleared,
    })),
    did: [...(opening ? [{ ...opening, kind: 'opening' }] : []), ...answers].map(
      ({ kind, atMs, endedAtMs }) => ({
        ...{ kind, startedAt: zero + atMs, endedAt: zero + endedAtMs },
      }),
    ),
  };
}

async function settledTurns(
  stack: RunningStack,
  { provider, account, callId }: CallResult,
): Promise<readonly Turn[]> {
  for (let known = -1; ; await sleep(SETTLED_MS)) {
    const turns = (await stack.read(provider, callId, account))?.turns ?? [];
    if (turns.length === known) return turns;
    known = turns.length;
  }
}
