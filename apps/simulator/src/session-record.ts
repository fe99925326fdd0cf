import { setTimeout as sleep } from 'node:timers/promises';
import { FoundSchema, SessionSchema, TurnSchema, type CallKey } from '@greenroom/contracts';
import { z } from 'zod';
import type { Stack } from './config';
import { pickOne, sendRequest } from './send-request';

/**
 * How long the record of a call is asked for, ms. Nothing is promised about it; a run of many calls on a small machine
 * keeps the API busy with just these questions, so they become rarer.
 */
const RECORDED_WITHIN_MS = 10_000;
const POLL_MS = 100;
const MAX_POLL_MS = 1000;

const RecordSchema = z.object({
  session: SessionSchema,
  call: z
    .object({
      outcome: z.string().nullish(),
      found: FoundSchema.nullish(),
      waitedMs: z.number().nullish(),
    })
    .nullish(),
  /** of a call without a conversation there are none */
  turns: z.array(TurnSchema).nullish(),
  events: z
    .array(z.object({ at: z.string(), type: z.string(), data: z.record(z.string(), z.unknown()).nullish() }))
    .default([]),
});
/** What Greenroom itself says of a call. */
export type SessionRecord = z.infer<typeof RecordSchema>;

/** `problem` says in words why there is no record, or what is missing in it. */
export interface SessionReading {
  record: SessionRecord | null;
  problem: string | null;
}

/** Reads it until the outcome is in it, or the time is over. Null where there is no API key to ask with. */
export async function readSessionRecord(stack: Stack, key: CallKey): Promise<SessionReading | null> {
  if (stack.apiKey === undefined) return null;
  const until = performance.now() + RECORDED_WITHIN_MS;
  let reading = await readOnce(stack, key);
  for (let pause = POLL_MS; reading.problem !== null && performance.now() < until; pause *= 2) {
    await sleep(Math.min(pause, MAX_POLL_MS));
    reading = await readOnce(stack, key);
  }
  return reading;
}

async function readOnce({ webhookUrl, apiKey }: Stack, key: CallKey): Promise<SessionReading> {
  const answer = await sendRequest(pickOne(webhookUrl), {
    method: 'GET',
    path: `/v1/sessions/${key.provider}/${key.account}/${encodeURIComponent(key.callId)}`,
    headers: { Accept: 'application/json', Authorization: `Bearer ${apiKey ?? ''}` },
    body: '',
  });
  if (answer.status !== 200) {
    return { record: null, problem: `its session was answered with ${answer.status ?? answer.body}` };
  }
  try {
    const record = RecordSchema.parse(JSON.parse(answer.body));
    return { record, problem: record.call?.outcome ? null : 'its outcome was not recorded in time' };
  } catch (error) {
    return { record: null, problem: `its session could not be understood: ${messageOf(error)}` };
  }
}

const messageOf = (error: unknown): string =>
  error instanceof z.ZodError ? z.prettifyError(error).replaceAll('\n', ' ') : String(error);

/** One line for each event, with its plain facts. */
export function eventLines({ events }: SessionRecord): { at: string; what: string }[] {
  return events.map(({ at, type, data }) => {
    const facts = Object.entries(data ?? {})
      // the owner's name says nothing to whoever reads a timeline
      .filter(([name]) => name !== 'owner')
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .map(([name, value]) => `${name} ${String(value)}`);
    return { at, what: [type, ...facts].join(', ') };
  });
}
