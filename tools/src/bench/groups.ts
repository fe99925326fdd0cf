import { CONVERSATION } from './conversation/measure';
import { type Group } from './group';

/** In the order in which they are measured. */
export const GROUPS: readonly Group[] = [CONVERSATION];

/** All of them if none is named. @throws naming what there is, if one of the names is unknown */
export function chooseGroups(names: readonly string[], groups: readonly Group[] = GROUPS): Group[] {
  const known = groups.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no group ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  return groups.filter(({ name }) => names.length === 0 || names.includes(name));
}
