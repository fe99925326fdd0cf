import { DRAIN } from './drain';
import { DUPLICATES } from './duplicates';
import { FORGED_TOKENS } from './forged-tokens';
import { FUZZ } from './fuzz';
import { INGEST_KILLED } from './ingest-killed';
import { LOST_EVENTS } from './lost-events';
import { OWNERS } from './owners';
import { POSTGRES_AWAY } from './postgres-away';
import { REDIS_AWAY } from './redis-away';
import { type Scenario, type Size } from './scenario';
import { STUCK_PEERS } from './stuck-peers';
import { WAITS } from './waits';

/** In the order in which they are told of. */
export const SCENARIOS: readonly Scenario[] = [
  ...LOST_EVENTS,
  ...REDIS_AWAY,
  ...POSTGRES_AWAY,
  ...INGEST_KILLED,
  ...DUPLICATES,
  ...WAITS,
  ...DRAIN,
  ...FUZZ,
  ...FORGED_TOKENS,
  ...OWNERS,
  ...STUCK_PEERS,
];

/** @throws naming what there is, if one of the names is unknown */
export function choose(names: readonly string[], size: Size): Scenario[] {
  const known = SCENARIOS.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no scenario ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return SCENARIOS.filter(({ name, onlyFull }) =>
    names.length > 0 ? names.includes(name) : size === 'full' || !onlyFull,
  );
}
