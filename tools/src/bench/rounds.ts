import { ratioOf, spreadOf, type Spread } from './statistics';

/**
 * Plays every variant once a round, in their order: A B A B. What the machine does meanwhile befalls all of them alike,
 * and only figures of one round are compared.
 * @returns of each variant what each round gave
 */
export async function playRounds<Name extends string, Figure>(
  count: number,
  variants: Readonly<Record<Name, (round: number) => Promise<Figure>>>,
): Promise<Record<Name, Figure[]>> {
  const names = Object.keys(variants) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Figure[]>;
  for (let round = 1; round <= count; round++) {
    for (const name of names) figures[name].push(await variants[name](round));
  }
  return figures;
}

export interface Compared {
  ours: Spread;
  baseline: Spread;
  /** of the rounds' own ratios, not of the medians; null: a baseline was 0 */
  ratio: Spread | null;
}

/** @param ours one figure for each round, as of the baseline. @throws {RangeError} if they are not as many */
export function compareRounds(ours: readonly number[], baseline: readonly number[]): Compared {
  if (ours.length !== baseline.length) throw new RangeError('There is a round of only one of the two.');
  const ratios = ours.map((figure, round) => ratioOf(figure, baseline[round] ?? null));
  const known = ratios.filter((ratio) => ratio !== null);
  return {
    ours: spreadOf(ours),
    baseline: spreadOf(baseline),
    ratio: known.length === ratios.length ? spreadOf(known) : null,
  };
}
