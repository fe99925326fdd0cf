/** More slips than this make another word. */
const MAX_SLIPS = 3;
/** Nobody means a longer one. */
const LONGEST_NAME = 64;

/** The name that was probably meant: few letters differ, at most half of them. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  if (name.length > LONGEST_NAME) return null;
  let best: string | null = null;
  let fewest = Math.min(MAX_SLIPS, Math.floor(name.length / 2)) + 1;
  for (const each of known) {
    if (Math.abs(each.length - name.length) >= fewest) continue;
    const slips = slipsBetween(name.toLowerCase(), each.toLowerCase());
    if (slips < fewest) [best, fewest] = [each, slips];
  }
  return best;
}

/** ` Did you mean "…"?`, or nothing. */
export function suggestion(name: string, known: Iterable<string>): string {
  const nearest = nearestName(name, known);
  return nearest === null ? '' : ` Did you mean ${nearest}?`;
}

/** Letters to be inserted, left out or replaced (Levenshtein). */
function slipsBetween(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      line.push(Math.min(replaced, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[other.length] ?? 0;
}
