import { z } from 'zod';
import { suggestion } from './nearest-name';
import { type Problems } from './problems';
import { isData, type Place } from './reading';

type Shape = Readonly<Record<string, z.ZodType>>;
type Fields<S extends Shape> = { [K in keyof S]?: z.output<S[K]> };

/**
 * Reads the fields of a map one by one, so that one that is wrong hides no other. What a schema says of a value that
 * it refuses completes the sentence "`name` must be …".
 */
export function readFields<S extends Shape>(
  place: Place,
  what: string,
  shape: S,
  problems: Problems,
): Fields<S> {
  const { path, raw } = place;
  if (!isData(raw)) {
    problems.atValue(path, `${what} is a map with ${names(shape)}`);
    return {};
  }
  for (const key of Object.keys(raw)) {
    if (Object.hasOwn(shape, key)) continue;
    const nearest = suggestion(key, Object.keys(shape)) || ` There are ${names(shape)}.`;
    problems.atKey([...path, key], `${what} knows nothing named \`${key}\`.${nearest}`);
  }
  const fields: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(shape)) {
    const parsed = schema.safeParse(raw[key]);
    if (parsed.success) fields[key] = parsed.data;
    else tell({ path: [...path, key], raw: raw[key] }, what, parsed.error.issues, problems);
  }
  return fields as Fields<S>;
}

function tell(
  { path, raw }: Place,
  what: string,
  issues: readonly z.core.$ZodIssue[],
  problems: Problems,
): void {
  const key = String(path.at(-1));
  const [first] = issues;
  if (raw === undefined) problems.atKey(path, `${what} needs \`${key}\`: ${first?.message ?? ''}`);
  else {
    issues.forEach((issue) =>
      problems.atValue(
        [...path, ...(issue.path as (string | number)[])],
        `\`${key}\` must be ${issue.message}`,
      ),
    );
  }
}

const names = (shape: Shape): string =>
  Object.keys(shape)
    .map((key) => `\`${key}\``)
    .join(', ');

/** Letters, digits, - and _: what names of steps and of kept answers are made of. */
export const nameSchema = (what: string) => {
  const says = `${what}: a letter, then letters, digits, - and _, at most 64`;
  return z.string(says).regex(/^\p{L}[\p{L}\p{M}\p{N}_-]{0,63}$/u, says);
};

export const StepNameSchema = nameSchema('the name of a step');

export const wholeSchema = (from: number, to: number) => {
  const says = `a whole number from ${from} to ${to}`;
  return z.int(says).min(from, says).max(to, says);
};
