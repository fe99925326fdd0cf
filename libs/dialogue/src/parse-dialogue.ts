import { z } from 'zod';
import { type Dialogue, type Step } from './dialogue';
import { DialogueError } from './dialogue-error';
import { type ByLanguage, canonicalLanguage } from './language';
import { checkFlow } from './load/check-flow';
import { checkRecalls, checkTranslations } from './load/check-translations';
import { suggestion } from './load/nearest-name';
import { Problems } from './load/problems';
import { readFields, StepNameSchema } from './load/read-fields';
import { readDefaults } from './load/read-settings';
import { readStep } from './load/read-step';
import { readByLanguage } from './load/read-text';
import { readYaml } from './load/read-yaml';
import { isData, type Place, type Reading } from './load/reading';
import { synthesizedLanguages, utterancesOf } from './utterances';

const DialogueShape = {
  language: z
    .string('the language that is spoken by default, as a BCP 47 tag such as en or hi-IN')
    .refine((tag) => canonicalLanguage(tag) !== null, 'a BCP 47 tag, such as en or hi-IN'),
  voice: z.unknown(),
  start: StepNameSchema,
  unknown: StepNameSchema.optional(),
  known: StepNameSchema.optional(),
  defaults: z.unknown(),
  steps: z.unknown(),
};

/**
 * Reads a dialogue and looks for everything that could go wrong on a call. The format is in docs/dialogues.md.
 * @param fileName for messages
 * @throws {DialogueError} that lists every problem with its place
 */
export function parseDialogue(text: string, fileName: string): Dialogue {
  const { data, places, faults } = readYaml(text);
  const problems = new Problems(places);
  faults.forEach(({ offset, message }) => problems.at(offset, message));
  const dialogue = data === undefined ? null : readDialogue({ path: [], raw: data }, fileName, problems);
  const found = problems.list();
  if (found.length > 0 || !dialogue) throw new DialogueError(fileName, found);
  return dialogue;
}

function readDialogue(place: Place, fileName: string, problems: Problems): Dialogue | null {
  const fields = readFields(place, 'a dialogue', DialogueShape, problems);
  if (!isData(place.raw)) return null;
  const reading = startReading(canonicalLanguage(fields.language ?? '') ?? 'en', problems);
  const entries = readEntries(fields, reading);
  const voices = readVoices(fields.voice, reading);
  const steps = readSteps(fields.steps, fields.defaults, reading);
  const { start, unknown, known } = entries;
  checkFlow(steps, [start, unknown, ...(known === null ? [] : [known])], reading);
  checkRecalls(reading, (name) => suggestion(name, reading.stores));
  const languages = fields.language === undefined ? [] : checkTranslations(reading);
  const parts = { fileName, language: reading.language, languages, voices, ...entries, steps };
  return {
    ...parts,
    synthesized: synthesizedLanguages(parts),
    transfers: [...steps.values()].some(({ then }) => then.kind === 'transfer'),
    utterances: (session) => utterancesOf(parts, session),
  };
}

type Entries = Pick<Dialogue, 'start' | 'unknown' | 'known'>;

function readEntries(
  fields: { [K in keyof Entries]?: string | undefined },
  { gotos, problems }: Reading,
): Entries {
  for (const key of ['start', 'unknown', 'known'] as const) {
    const step = fields[key];
    if (step !== undefined) gotos.push({ path: [key], step });
  }
  const { start = '', unknown = start, known = null } = fields;
  if (known !== null && fields.unknown === undefined) {
    problems.atKey(
      ['known'],
      '`known` says where to go on from the way of `unknown` callers, and there is none',
    );
  }
  return { start, unknown, known };
}

const startReading = (language: string, problems: Problems): Reading => ({
  problems,
  language,
  gotos: [],
  translations: [],
  stores: new Set(),
  recalls: [],
});

function readSteps(raw: unknown, defaults: unknown, reading: Reading): Map<string, Step> {
  const settings = readDefaults({ path: ['defaults'], raw: defaults }, reading);
  if (!isData(raw) || Object.keys(raw).length === 0) {
    reading.problems.atKey(['steps'], 'a dialogue needs `steps`: a map from their names to steps');
    return new Map();
  }
  const steps = Object.entries(raw).map(([name, step]) => {
    const path = ['steps', name];
    const named = StepNameSchema.safeParse(name);
    if (!named.success)
      reading.problems.atKey(path, `"${name}" cannot be ${named.error.issues[0]?.message ?? ''}`);
    return readStep({ name, path, raw: step }, settings, reading);
  });
  return new Map(steps.map((step) => [step.name, step]));
}

/** One voice is the default language's; several are given by language. */
function readVoices(raw: unknown, reading: Reading): ByLanguage<string> {
  const readVoice = ({ path, raw: voice }: Place): string | null => {
    if (typeof voice === 'string' && voice.trim() !== '') return voice.trim();
    reading.problems.atValue(path, 'a `voice` is the name of one, or a map from languages to names');
    return null;
  };
  const place = { path: ['voice'], raw };
  if (raw === undefined) return new Map();
  if (isData(raw)) return readByLanguage({ ...place, raw }, reading, readVoice);
  const voice = readVoice(place);
  return new Map(voice === null ? [] : [[reading.language, voice]]);
}
