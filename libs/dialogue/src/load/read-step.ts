import { z } from 'zod';
import { type Ask, type Step, type StepEnd } from '../dialogue';
import { type Text } from '../text';
import { type Answers, readAnswers } from './read-answers';
import { readFields, StepNameSchema } from './read-fields';
import { questionOf, type Settings, SettingsShape, withSettings } from './read-settings';
import { readText } from './read-text';
import { type Data, isData, type Place, type Reading } from './reading';

const StepShape = {
  say: z.unknown(),
  ask: z.unknown(),
  goto: StepNameSchema.optional(),
  hangup: z.literal(true, 'true').optional(),
  transfer: z.literal(true, 'true').optional(),
};
const ENDS = ['ask', 'goto', 'hangup', 'transfer'] as const;

const AskShape = {
  answers: z.unknown(),
  speech: StepNameSchema.optional(),
  noInput: z.unknown(),
  noMatch: z.unknown(),
  otherwise: StepNameSchema,
  ...SettingsShape,
};

/** Reads one step of a dialogue. */
export function readStep(place: Place & { name: string }, defaults: Settings, reading: Reading): Step {
  const { name, path, raw } = place;
  const { problems } = reading;
  const what = `the step ${name}`;
  const fields = readFields(place, what, StepShape, problems);
  const ends = ENDS.filter((end) => isData(raw) && Object.hasOwn(raw, end));
  if (ends.length !== 1 && isData(raw)) {
    const found = ends.length === 0 ? 'this one has none of them' : `this one has ${ends.join(' and ')}`;
    problems.atKey(path, `a step ends with one of ask, goto, hangup and transfer: ${found}`);
  }
  const say =
    fields.say === undefined ? null : readText({ path: [...path, 'say'], raw: fields.say }, reading);
  if (ends.includes('ask') && fields.say === undefined) {
    problems.atKey([...path, 'ask'], `${what} asks without a question: add \`say\``);
  }
  if (fields.goto) reading.gotos.push({ path: [...path, 'goto'], step: fields.goto });
  return { name, say, then: endOf(fields, { path: [...path, 'ask'], defaults, reading }) };
}

interface AskPlace {
  path: Place['path'];
  defaults: Settings;
  reading: Reading;
}

function endOf(
  fields: { ask?: unknown; goto?: string | undefined; transfer?: true | undefined },
  { path, defaults, reading }: AskPlace,
): StepEnd {
  if (fields.ask !== undefined)
    return { kind: 'ask', ask: readAsk({ path, raw: fields.ask }, defaults, reading) };
  if (fields.goto !== undefined) return { kind: 'goto', step: fields.goto };
  return { kind: fields.transfer ? 'transfer' : 'hang-up' };
}

function readAsk(place: Place, defaults: Settings, reading: Reading): Ask {
  const { path, raw } = place;
  const fields = readFields(place, '`ask`', AskShape, reading.problems);
  for (const key of ['speech', 'otherwise'] as const) {
    const step = fields[key];
    if (step !== undefined) reading.gotos.push({ path: [...path, key], step });
  }
  const answers = readAnswers({ path: [...path, 'answers'], raw: fields.answers }, reading);
  if (isData(raw)) checkAnswerable({ path, raw }, answers, reading);
  const settings = withSettings(defaults, fields);
  const textAt = (key: 'noInput' | 'noMatch'): Text | null =>
    fields[key] === undefined ? null : readText({ path: [...path, key], raw: fields[key] }, reading);
  return {
    question: questionOf(settings, answers),
    attempts: settings.attempts,
    ...answers,
    speech: fields.speech ?? null,
    noInput: textAt('noInput'),
    noMatch: textAt('noMatch'),
    otherwise: fields.otherwise ?? '',
  };
}

function checkAnswerable(
  { path, raw }: Place & { raw: Data },
  answers: Answers,
  { problems }: Reading,
): void {
  const { choices, digits, anything } = answers;
  const byWordsOnly =
    choices.length > 0 && choices.every(({ digit }) => digit === null) && !digits && !anything;
  if (byWordsOnly && !Object.hasOwn(raw, 'speech')) {
    problems.atKey(
      [...path, 'answers'],
      'nobody can answer this where no recogniser is configured: give an answer a `digit`, or add `speech: step`',
    );
  }
  if (anything && Object.hasOwn(raw, 'noMatch')) {
    problems.atKey([...path, 'noMatch'], '`noMatch` is never said here, since anything is an answer');
  }
}
