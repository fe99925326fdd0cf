import { z } from 'zod';

/*
 * When something was seen of which call, on `machineNow`: as each process tells it, whoever it is.
 */

/** Call id, ms, and how it was found; null: nothing was, or it was published. */
const SightingSchema = z.tuple([z.string(), z.number(), z.string().nullable()]);
export type Sighting = z.infer<typeof SightingSchema>;
export const SightingsSchema = z.object({ sightings: z.array(SightingSchema) });

/** What became of the calls of one round. */
export interface Latencies {
  /** from published to found, of each call of which both are known; less than 0: found before it was published */
  ms: number[];
  /** how many were found how */
  found: Readonly<Record<string, number>>;
}

/** Of each call the first of either kind counts. */
export function latenciesOf(published: readonly Sighting[], found: readonly Sighting[]): Latencies {
  const publishedAt = new Map(published.toReversed().map(([callId, atMs]) => [callId, atMs]));
  const counts: Record<string, number> = {};
  const ms: number[] = [];
  const seen = new Set<string>();
  for (const [callId, atMs, how] of found) {
    const from = publishedAt.get(callId);
    if (from === undefined || how === null || seen.has(callId)) continue;
    seen.add(callId);
    ms.push(atMs - from);
    counts[how] = (counts[how] ?? 0) + 1;
  }
  return { ms, found: counts };
}
