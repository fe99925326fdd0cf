import { type Question } from './agent';

/** Keys that were pressed for one answer, and what would complete it. Pure: the clock is an argument, in ms. */
export interface DigitCollector {
  readonly digits: string;
  /** when the answer is complete without a further key; null: no key was pressed yet */
  readonly completeAt: number | null;
}

export const NO_DIGITS: DigitCollector = { digits: '', completeAt: null };

/** More than any person types on purpose. */
const MAX_DIGITS = 64;
const KEY = /^[0-9*#A-D]$/;

export const isKey = (key: string): boolean => KEY.test(key);

/**
 * @param wanted what the question awaits; null: any single key is an answer by itself
 * @returns the new collector, and whether the answer is complete with this key. The finish key is not part of the
 *   answer; before any other key it counts as one, so that a lone `#` is not lost. What is no key changes nothing.
 */
export function pressKey(
  collector: DigitCollector,
  key: string,
  wanted: Question['digits'],
  now: number,
): { collector: DigitCollector; complete: boolean } {
  if (!isKey(key)) return { collector, complete: false };
  if (wanted !== null && key === wanted.finishKey && collector.digits !== '') {
    return { collector, complete: true };
  }
  const digits = collector.digits + key;
  const complete = digits.length >= Math.min(wanted?.length ?? 1, MAX_DIGITS);
  return { collector: { digits, completeAt: now + (wanted?.pauseMs ?? 0) }, complete };
}
