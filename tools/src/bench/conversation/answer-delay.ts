import { z } from 'zod';
import { placeCalls } from '../callers';
import { type Findings } from '../group';
import { type OwnStack } from '../own-stack';
import { distributionOf, type Plot } from '../plot';
import { figure } from '../print';
import { atMost, row, type Row } from '../row';
import { median, percentile } from '../statistics';
import { answerFileIn, END_SILENCE_MS } from './assistants';
import { type Provider } from './listen';
import { type Size } from './size';

/** At once, for each provider. */
const CALLS = 2;
/** ms over the end silence */
const ALLOWED_MS = 150;
/** A prompt of 1 s, the pause after it, the answer, the silence behind it, and as much again for a busy machine. */
const PER_TURN_MS = 6000;
/** Until callers are there at all. */
const LONGER_MS = 20_000;

/** What is read of the simulator's `call --json`. All times in ms since the call began. */
const CallSchema = z.object({
  ok: z.boolean(),
  why: z.string().nullable(),
  conversation: z.object({
    prompts: z.array(z.object({ startedAtMs: z.number() })),
    answers: z.array(z.object({ kind: z.string(), atMs: z.number(), endedAtMs: z.number() })),
  }),
});
export type SimulatedCall = z.infer<typeof CallSchema>;

/**
 * From the end of each answer that was spoken to the first sample of the prompt behind it, ms. An answer that was left
 * without a prompt before the next answer is left out.
 */
export function delaysOf({ conversation: { prompts, answers } }: SimulatedCall): number[] {
  return answers.flatMap(({ kind, atMs, endedAtMs }, index) => {
    const until = answers[index + 1]?.atMs ?? Infinity;
    const prompt = prompts.find(({ startedAtMs }) => startedAtMs > atMs && startedAtMs < until);
    return kind === 'wav' && prompt ? [prompt.startedAtMs - endedAtMs] : [];
  });
}

/** How long a caller waits who has spoken: the silence that shows the end, and all that comes on top. */
export async function measureAnswerDelay(
  { stack, folder }: OwnStack,
  { turns }: Size,
  say: (line: string) => void,
): Promise<Findings> {
  say(`cached answers: 2 providers, ${CALLS} calls each of ${turns} turns`);
  const callers = (provider: Provider): Promise<unknown[]> =>
    Promise.all(
      Array.from({ length: CALLS }, (_, index) =>
        placeCalls({
          stack,
          args: [
            '--provider',
            provider,
            '--account',
            'turns',
            ...answerArgs(answerFileIn(folder), turns, index * 2),
          ],
          longestMs: LONGER_MS + turns * PER_TURN_MS,
        }),
      ),
    );
  const [twilio, exotel] = await Promise.all([callers('twilio'), callers('exotel')]);
  const heard = [
    { provider: 'Twilio', calls: z.array(CallSchema).parse(twilio), expected: CALLS * turns },
    { provider: 'Exotel', calls: z.array(CallSchema).parse(exotel), expected: CALLS * turns },
  ];
  return {
    rows: heard.map(rowOf),
    notes: heard.flatMap(notesOf),
    plots: [plotOf(heard)],
  };
}

/**
 * Each caller waits a little longer before an answer than before the one ahead of it: otherwise the end of each would
 * lie in the same place of a frame, and the whole figure hang on that place.
 */
function answerArgs(file: string, turns: number, shiftMs: number): string[] {
  const answers = Array.from({ length: turns }, (_, turn) => {
    const thinksMs = 500 + ((shiftMs + turn * 37) % 100);
    return ['--answer', `after:${thinksMs}:wav:${file}`];
  });
  return [...answers.flat(), '--answer', 'hang-up'];
}

interface Heard {
  provider: string;
  calls: readonly SimulatedCall[];
  /** answers */
  expected: number;
}

const plotOf = (heard: readonly Heard[]): Plot => ({
  title: 'Cached answers',
  x: 'from the end of what the caller says to the answer, ms',
  y: 'of the answers, %',
  series: heard.map(({ provider, calls }) => ({
    name: provider,
    points: distributionOf(calls.flatMap(delaysOf)),
  })),
});

function rowOf({ provider, calls }: Heard): Row {
  const delays = calls.flatMap(delaysOf);
  return row(
    `cached answer after the caller, ${provider}, median of ${delays.length}, ms`,
    { ours: median(delays), baseline: END_SILENCE_MS },
    atMost(END_SILENCE_MS + ALLOWED_MS),
  );
}

function notesOf({ provider, calls, expected }: Heard): string[] {
  const delays = calls.flatMap(delaysOf);
  const broken = calls.find(({ ok }) => !ok);
  const [least, high, most] = [0, 0.95, 1].map((part) => figure(percentile(delays, part)));
  return [
    ...(delays.length < expected
      ? [`Only ${delays.length} of ${expected} answers at ${provider} were answered: ${broken?.why ?? ''}`]
      : []),
    `Cached answer, ${provider}: ${least} to ${most} ms, 95 % within ${high} ms (${delays.length} turns). ` +
      `The baseline is the silence that ends what a caller says.`,
  ];
}
