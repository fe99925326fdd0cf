import { parseArgs, type ParseArgsConfig } from 'node:util';
import { UsageError } from './config';
import { contradictionIn } from './contradictions';
import { flag, OPTION_NAMES, OptionsSchema, type Arguments } from './option-schema';

const REPEATED: ReadonlySet<string> = new Set(['param', 'answer']);

/** @throws {UsageError} that says what is accepted */
export function parseArguments(argv: readonly string[]): Arguments {
  const parsed = OptionsSchema.safeParse(split(argv));
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `--${String(path[0])} accepts: ${message}`);
    throw new UsageError(lines.join('\n'));
  }
  const contradiction = contradictionIn(parsed.data);
  if (contradiction !== null) throw new UsageError(contradiction);
  return parsed.data;
}

function split(argv: readonly string[]): Record<string, unknown> {
  try {
    return parseArgs({ args: [...argv], options: shapes(), allowPositionals: false }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw new UsageError(message);
    const accepted = OPTION_NAMES.map((name) => `--${name}`).join(' ');
    throw new UsageError(`${message.replace(/\. .*/s, '')}.\nAccepted: ${accepted}`);
  }
}

function shapes(): NonNullable<ParseArgsConfig['options']> {
  const shape: Readonly<Record<string, unknown>> = OptionsSchema.shape;
  return Object.fromEntries(
    OPTION_NAMES.map((name) => [
      name,
      { type: shape[name] === flag ? 'boolean' : 'string', multiple: REPEATED.has(name) },
    ]),
  );
}
