import { CONVERSATION } from './conversation/measure';
import { FLEET, FLEET_TRIAL } from './fleet/measure';
import { type Group } from './group';
import { INGEST, INGEST_TRIAL } from './ingest/measure';
import { MEDIA, MEDIA_TRIAL } from './media/measure';
import { MEMORY } from './memory/measure';
import { RENDEZVOUS } from './rendezvous/measure';

/** In the order in which they are measured. */
export const GROUPS: readonly Group[] = [RENDEZVOUS, MEDIA, INGEST, MEMORY, FLEET, CONVERSATION];

/** Never among all of them: they show that a group can be measured, and their figures are worth nothing. */
const TRIALS: readonly Group[] = [MEDIA_TRIAL, INGEST_TRIAL, FLEET_TRIAL];

/** All of them if none is named. @throws naming what there is, if one of the names is unknown */
export function chooseGroups(
  names: readonly string[],
  groups: readonly Group[] = GROUPS,
  trials: readonly Group[] = TRIALS,
): Group[] {
  if (names.length === 0) return [...groups];
  const known = [...groups, ...trials];
  const unknown = names.filter((name) => !known.some((group) => group.name === name));
  if (unknown.length === 0) return known.filter(({ name }) => names.includes(name));
  const all = groups.map(({ name }) => name).join(', ');
  throw new Error(`There is no group ${unknown.join(', ')}. There are: ${all}.`);
}
