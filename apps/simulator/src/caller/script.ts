import type { CallOptions, Speech } from '../call-options';
import { UsageError } from '../config';
import type { LineAudio } from '../provider-side';
import { lineAudioOf } from '../sides';
import { readSpeech } from '../speech';
import type { AnswerKind, AnswerStep } from './answer-step';
import { cough } from './cough';
import { soundOf, withoutSilentEnds, type Sound } from './sound';
import { speakAll, type SpeakAll } from './speak';

/** ms from the end of a prompt until a caller answers who has nothing to think about */
const ANSWER_AFTER_MS = 300;
/** ms from the beginning of a prompt until the caller has to cough */
const COUGH_AT_MS = 300;

/** What the caller has to say on a call, all of it as audio already; many calls may share one. */
export interface Script {
  /** said at the beginning; null: left to the caller */
  opening: Sound | null;
  /** null: the caller wants an echo and no conversation */
  steps: readonly ScriptStep[] | null;
}

export interface ScriptStep {
  kind: AnswerKind;
  /** counted from the beginning or from the end of a prompt */
  from: 'start' | 'end';
  afterMs: number;
  sound: Sound | null;
  keys: string;
  /** the prompt has its answer with this, and the next step waits for another one */
  answers: boolean;
  /** for a person who reads the timeline */
  label: string;
}

/**
 * Turns texts, files and noises into audio, so that none of it is done during a call.
 * @throws {UsageError} if a WAV file cannot be read, or a text cannot be spoken
 */
export async function prepareScript(options: CallOptions, speak: SpeakAll = speakAll): Promise<Script> {
  const audio = lineAudioOf(options);
  const texts = [options.sayText, ...(options.answers ?? []).map(textOf)].filter(isText);
  const spoken = texts.length === 0 ? new Map<string, Speech>() : await speak(texts, audio.sampleRate);
  const said = isText(options.sayText) ? spokenText(spoken, options.sayText) : options.say;
  return {
    opening: said ? soundOf(said, audio) : null,
    steps: options.answers?.map((step) => prepared(step, spoken, audio)) ?? null,
  };
}

function prepared(step: AnswerStep, spoken: ReadonlyMap<string, Speech>, audio: LineAudio): ScriptStep {
  const speech = speechOf(step, spoken);
  return {
    kind: step.kind,
    ...timingOf(step),
    sound: speech && soundOf(speech, audio),
    keys: 'keys' in step ? step.keys : '',
    answers: step.kind !== 'cough',
    label: labelOf(step),
  };
}

const textOf = (step: AnswerStep): string | undefined => ('text' in step ? step.text : undefined);
const isText = (text: string | undefined): text is string => text !== undefined;

function timingOf(step: AnswerStep): { from: 'start' | 'end'; afterMs: number } {
  if ('atMs' in step) return { from: 'start', afterMs: step.atMs };
  if (step.kind === 'cough') return { from: 'start', afterMs: COUGH_AT_MS };
  if (step.kind === 'silence') return { from: 'end', afterMs: 0 };
  return { from: 'end', afterMs: step.afterMs ?? ANSWER_AFTER_MS };
}

function speechOf(step: AnswerStep, spoken: ReadonlyMap<string, Speech>): Speech | null {
  if ('text' in step) return spokenText(spoken, step.text);
  if (step.kind === 'cough') return cough(step.forMs);
  return step.kind === 'wav' ? readFile(step.file) : null;
}

/** What a synthesizer puts before the first word would shift it. */
function spokenText(spoken: ReadonlyMap<string, Speech>, text: string): Speech {
  const speech = spoken.get(text);
  if (!speech) throw new Error('a text of the script was not spoken');
  return withoutSilentEnds(speech);
}

function readFile(file: string): Speech {
  try {
    return readSpeech(file);
  } catch (error) {
    throw new UsageError(`An answer wav:FILE accepts: a WAV file. ${file}: ${(error as Error).message}`);
  }
}

function labelOf(step: AnswerStep): string {
  if ('text' in step) return `“${step.text}”`;
  if ('keys' in step) return `keys ${step.keys}`;
  if (step.kind === 'wav') return step.file;
  return step.kind === 'cough' ? `${step.forMs} ms of cough` : step.kind.replace('-', ' ');
}
