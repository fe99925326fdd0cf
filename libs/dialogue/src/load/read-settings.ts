import { z } from 'zod';
import { type Question } from '@greenroom/conversation';
import { type Ask } from '../dialogue';
import { readFields, wholeSchema } from './read-fields';
import { type Place, type Reading } from './reading';

/** How a question is asked; may stand in `defaults` for all questions, and in a question for it alone. */
export const SettingsShape = {
  attempts: wholeSchema(1, 10).optional(),
  bargeIn: z.boolean('true or false').optional(),
  noInputMs: wholeSchema(1000, 60_000).optional(),
  minimumSpeechMs: wholeSchema(20, 2000).optional(),
  endSilenceMs: wholeSchema(200, 5000).optional(),
  longestMs: wholeSchema(1000, 120_000).optional(),
  digitPauseMs: wholeSchema(500, 10_000).optional(),
};

export interface Settings {
  attempts: number;
  bargeIn: boolean;
  noInputMs: number;
  /** null: as short as the line allows */
  minimumSpeechMs: number | null;
  endSilenceMs: number;
  longestMs: number;
  digitPauseMs: number;
}

export const BUILT_IN: Settings = {
  attempts: 3,
  bargeIn: true,
  noInputMs: 5000,
  minimumSpeechMs: null,
  endSilenceMs: 800,
  longestMs: 15_000,
  digitPauseMs: 2500,
};

export function readDefaults(place: Place, { problems }: Reading): Settings {
  if (place.raw === undefined) return BUILT_IN;
  return withSettings(BUILT_IN, readFields(place, '`defaults`', SettingsShape, problems));
}

/** Those that are written, over those that are not. */
export function withSettings(
  settings: Settings,
  own: { [K in keyof Settings]?: Settings[K] | undefined },
): Settings {
  const written = (Object.keys(settings) as (keyof Settings)[]).filter((key) => own[key] !== undefined);
  return { ...settings, ...Object.fromEntries(written.map((key) => [key, own[key]])) };
}

/** The question as the conversation is told of it. Without answers by keys, none are awaited. */
export function questionOf(
  settings: Settings,
  { choices, digits }: Pick<Ask, 'choices' | 'digits'>,
): Question {
  const { bargeIn, noInputMs, minimumSpeechMs, endSilenceMs, longestMs, digitPauseMs } = settings;
  const oneKey = choices.some(({ digit }) => digit !== null) ? 1 : 0;
  const length = Math.max(digits?.length ?? 0, oneKey);
  const finishKey = digits?.finishKey ?? null;
  return {
    bargeIn,
    noInputMs,
    speech: { minimumMs: minimumSpeechMs, endSilenceMs, longestMs },
    digits: length > 0 ? { length, finishKey, pauseMs: digitPauseMs } : null,
  };
}
