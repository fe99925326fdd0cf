/**
 * What the caller does about one prompt, as data. `afterMs` counts from the end of the prompt at the caller's ear, `atMs`
 * from its beginning there.
 */
export type AnswerStep =
  | { kind: 'say'; text: string; afterMs?: number | undefined }
  /** says what is in a WAV file */
  | { kind: 'wav'; file: string; afterMs?: number | undefined }
  /** presses keys, one after the other */
  | { kind: 'press'; keys: string; afterMs?: number | undefined }
  | { kind: 'hang-up'; afterMs?: number | undefined }
  /** says nothing until the next prompt comes */
  | { kind: 'silence' }
  /** begins to speak while the prompt is heard */
  | { kind: 'interrupt'; atMs: number; text: string }
  | { kind: 'interrupt-press'; atMs: number; keys: string }
  /** a burst of noise while the prompt is heard, which is still to be answered by the next step */
  | { kind: 'cough'; forMs: number };

export type AnswerKind = AnswerStep['kind'];

export const ANSWER_SYNTAX =
  'say:TEXT, wav:FILE, press:KEYS or hang-up, each of them also with after:MS: before it; ' +
  'silence, interrupt:MS:TEXT, interrupt-press:MS:KEYS or cough:MS';

const HOUR_MS = 3_600_000;
const KEYS = /^[0-9*#A-D]{1,32}$/;

/** Each gets what stands behind its name and a colon; null where there is no colon. */
const READERS: Readonly<Record<string, (rest: string | null) => AnswerStep | null>> = {
  say: (rest) => (hasText(rest) ? { kind: 'say', text: rest } : null),
  wav: (rest) => (hasText(rest) ? { kind: 'wav', file: rest } : null),
  press: (rest) => (hasKeys(rest) ? { kind: 'press', keys: rest } : null),
  silence: (rest) => (rest === null ? { kind: 'silence' } : null),
  'hang-up': (rest) => (rest === null ? { kind: 'hang-up' } : null),
  interrupt: (rest) => {
    const { ms, behind } = readMs(rest);
    return ms !== null && hasText(behind) ? { kind: 'interrupt', atMs: ms, text: behind } : null;
  },
  'interrupt-press': (rest) => {
    const { ms, behind } = readMs(rest);
    return ms !== null && hasKeys(behind) ? { kind: 'interrupt-press', atMs: ms, keys: behind } : null;
  },
  cough: (rest) => {
    const { ms, behind } = readMs(rest);
    return ms !== null && ms > 0 && behind === null ? { kind: 'cough', forMs: ms } : null;
  },
  after: (rest) => {
    const { ms, behind } = readMs(rest);
    const step = ms === null || behind === null ? null : parseAnswerStep(behind);
    return step && ms !== null && isDelayable(step) ? { ...step, afterMs: ms } : null;
  },
};

/** Reads what `ANSWER_SYNTAX` describes. Null: it is something else. */
export function parseAnswerStep(text: string): AnswerStep | null {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const rest = colon < 0 ? null : text.slice(colon + 1);
  return Object.hasOwn(READERS, name) ? (READERS[name]?.(rest) ?? null) : null;
}

function readMs(text: string | null): { ms: number | null; behind: string | null } {
  const [, digits, behind = null] = /^(\d{1,7})(?::(.*))?$/s.exec(text ?? '') ?? [];
  const ms = digits === undefined ? null : Number(digits);
  return { ms: ms !== null && ms <= HOUR_MS ? ms : null, behind };
}

/** Behind an `after`, a second one has been read already and would be lost. */
function isDelayable(step: AnswerStep): step is Extract<AnswerStep, { afterMs?: number | undefined }> {
  return ['say', 'wav', 'press', 'hang-up'].includes(step.kind) && !('afterMs' in step);
}

const hasText = (text: string | null): text is string => text !== null && text.trim() !== '';
const hasKeys = (text: string | null): text is string => text !== null && KEYS.test(text);
