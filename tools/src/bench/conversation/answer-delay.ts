import { z } from 'zod';
import { placeCalls } from '../callers';
import { type Findings } from '../group';
import { type OwnStack } from '../own-stack';
import { figure } from '../print';
import { atMost, row } from '../row';
import { median, percentile } from '../statistics';
import { answerFileIn, END_SILENCE_MS } from './assistants';
import { type Provider } from './listen';

/** At once, for each provider. */
const CALLS = 2;
const TURNS = 25;
/** ms over the end silence */
const ALLOWED_MS = 150;
/** A prompt of 1 s, the pause after it, the answer, the silence behind it, and as much again for a busy machine. */
const PER_TURN_MS = 6000;

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
  say: (line: string) => void,
): Promise<Findings> {
  say(`cached answers: 2 providers, ${CALLS} calls each of ${TURNS} turns`);
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
            ...answerArgs(answerFileIn(folder), index * 2),
          ],
          longestMs: TURNS * PER_TURN_MS,
        }),
      ),
    );
  const [twilio, exotel] = await Promise.all([callers('twilio'), callers('exotel')]);
  const findings: Findings = { rows: [], notes: [] };
  for (const [provider, reports] of [['Twilio', twilio] as const, ['Exotel', exotel] as const])
    judge(provider, z.array(CallSchema).parse(reports), findings);
  return findings;
}

/**
 * Each caller waits a little longer before an answer than before the one ahead of it: otherwise the end of each would
 * lie in the same place of a frame, and the whole figure hang on that place.
 */
function answerArgs(file: string, shiftMs: number): string[] {
  const answers = Array.from({ length: TURNS }, (_, turn) => {
    const thinksMs = 500 + ((shiftMs + turn * 37) % 100);
    return ['--answer', `after:${thinksMs}:wav:${file}`];
  });
  return [...answers.flat(), '--answer', 'hang-up'];
}

function judge(provider: string, calls: readonly SimulatedCall[], { rows, notes }: Findings): void {
  const delays = calls.flatMap(delaysOf);
  const broken = calls.find(({ ok }) => !ok);
  if (delays.length < CALLS * TURNS)
    notes.push(
      `Only ${delays.length} of ${CALLS * TURNS} answers at ${provider} were answered: ${broken?.why ?? ''}`,
    );
  const ours = median(delays);
  rows.push(
    row(
      `cached answer after the caller, ${provider}, median, ms`,
      { ours, baseline: END_SILENCE_MS },
      atMost(END_SILENCE_MS + ALLOWED_MS),
    ),
  );
  const [least, high, most] = [0, 0.95, 1].map((part) => figure(percentile(delays, part)));
  notes.push(
    `Cached answer, ${provider}: ${least} to ${most} ms, 95 % within ${high} ms (${delays.length} turns). ` +
      `The baseline is the silence that ends what a caller says.`,
  );
}
