import { withPostgres, withRedis } from './connections';
import { notChecked, ok, wrong, type Check, type Verdict } from './finding';
import { inWords } from './network-error';
import { send } from './send';
import type { Setup } from './setup';

/** Tokens of streams and signatures of webhooks have times in them. ms */
const TOLERATED_MS = 2000;
/** An HTTP date is cut off to its second. */
const DATE_MS = 1000;

/** What another clock showed, and when we asked and were told by our own. Unix ms. */
export interface Sample {
  askedAt: number;
  theirs: number;
  toldAt: number;
  /** how much later than `theirs` it may have been */
  coarseMs?: number;
}

type Ask = (now: () => number, signal: AbortSignal) => Promise<Sample>;

export function clockChecks({ databaseUrl, redisUrl, publicBaseUrl }: Setup, now: () => number): Check[] {
  const clocks: [string, string | null, (url: string) => Ask][] = [
    ['Postgres', databaseUrl, askPostgres],
    ['Redis', redisUrl, askRedis],
    ['PUBLIC_BASE_URL', publicBaseUrl, askServer],
  ];
  return clocks.map(([name, url, ask]) => ({
    group: 'clock' as const,
    name,
    run: async (signal) => {
      if (url === null) return notChecked('its URL is missing or wrong');
      try {
        return judgeClock(await ask(url)(now, signal));
      } catch (error) {
        return notChecked(`it could not be asked: ${inWords(error)}`);
      }
    },
  }));
}

/** The other clock is read somewhere between asking and being told. */
export function judgeClock({ askedAt, theirs, toldAt, coarseMs = 0 }: Sample): Verdict {
  const [ahead, behind] = [theirs - toldAt, askedAt - (theirs + coarseMs)];
  const offMs = Math.max(ahead, behind);
  if (offMs <= TOLERATED_MS)
    return ok(`agrees with this machine’s, within ${Math.max(0, offMs).toFixed(0)} ms`);
  const way = ahead > behind ? 'ahead of' : 'behind';
  return wrong(
    `${(offMs / 1000).toFixed(1)} s ${way} this machine’s: tokens and signatures would be refused. Let both follow NTP`,
  );
}

const askPostgres =
  (url: string): Ask =>
  (now) =>
    withPostgres(url, async (client) => {
      const askedAt = now();
      const { rows } = await client.query<{ ms: string }>(
        'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::text AS ms',
      );
      return { askedAt, theirs: Number(rows[0]?.ms), toldAt: now() };
    });

const askRedis =
  (url: string): Ask =>
  (now) =>
    withRedis(url, async (redis) => {
      const askedAt = now();
      const [seconds, microseconds] = await redis.time();
      return { askedAt, theirs: Number(seconds) * 1000 + Number(microseconds) / 1000, toldAt: now() };
    });

/** Of whoever answers there: the ingest, or the proxy before it. */
const askServer =
  (url: string): Ask =>
  async (now, signal) => {
    const askedAt = now();
    const { headers } = await send(
      { method: 'GET', url: `${url}/webhooks/doctor`, headers: {}, body: '' },
      signal,
    );
    const theirs = Date.parse(headers.date ?? '');
    if (Number.isNaN(theirs)) throw new Error('it does not tell the date');
    return { askedAt, theirs, toldAt: now(), coarseMs: DATE_MS };
  };
