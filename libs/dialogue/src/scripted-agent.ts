import { type Session } from '@greenroom/contracts';
import { type Agent, type CallerTurn, type Reply, type Then } from '@greenroom/conversation';
import { type Ask, type Dialogue, type Step } from './dialogue';
import { takeAnswer, type Taken } from './take-answer';
import { type Text } from './text';
import { languageFor, utter } from './utterances';
import { valuesIn } from './values';

/** Plain data: it survives JSON, and may be kept between two turns by whoever calls. */
export interface DialogueMemory {
  /** where the call is; null: it has not begun */
  step: string | null;
  /** so often the question of this step has been asked */
  attempt: number;
  /** BCP 47: what was spoken last, and so the language of the next answer */
  language: string;
  /** did the call begin without a customer, who has not become known since? */
  unknown: boolean;
  answers: Readonly<Record<string, string>>;
}

/** Where a turn leads to. */
type Move =
  | { kind: 'go'; step: string; taken: Taken | null }
  | { kind: 'again'; first: Text | null }
  | { kind: 'stay' };

interface Spoken {
  memory: DialogueMemory;
  texts: readonly (Text | null)[];
}

/**
 * Holds the conversation that a dialogue describes. Where the call is and what it says next follow from the memory,
 * the turn and the session alone.
 * @param speaks can this language be said? The default language of the dialogue always must be; others are left out
 *   where they cannot, unless they consist of recordings
 */
export function scriptedAgent(
  dialogue: Dialogue,
  speaks: (language: string) => boolean = () => true,
): Agent<DialogueMemory> {
  const languages = dialogue.languages.filter((tag) => !dialogue.synthesized.includes(tag) || speaks(tag));
  const languageOf = (session: Session): string => languageFor(dialogue, session, languages);
  return {
    begin: () => ({ step: null, attempt: 0, language: dialogue.language, unknown: false, answers: {} }),
    languageOf,
    reply: (memory, turn, { session }) => {
      const { memory: after, texts } = advance(dialogue, memory, turn, session);
      const next = { memory: { ...after, language: languageOf(session) }, texts };
      return { memory: next.memory, reply: replyOf(dialogue, next, session) };
    },
  };
}

function advance(dialogue: Dialogue, memory: DialogueMemory, turn: CallerTurn, session: Session): Spoken {
  const here = dialogue.steps.get(memory.step ?? '');
  const unknown = session.customer === null;
  if (!here || turn.kind === 'arrived') {
    return begin(dialogue, { ...memory, unknown, answers: {} });
  }
  if (here.then.kind !== 'ask') return { memory, texts: [] };
  const move = moveIn(here.then.ask, memory, turn);
  const after = { ...remember(memory, move), unknown: memory.unknown && unknown };
  const becameKnown = memory.unknown && !unknown;
  if (becameKnown && dialogue.known !== null && !endsByChoice(dialogue, move)) {
    return enter(dialogue, after, dialogue.known);
  }
  return follow(dialogue, after, here, move);
}

const begin = (dialogue: Dialogue, memory: DialogueMemory): Spoken =>
  enter(dialogue, memory, memory.unknown ? dialogue.unknown : dialogue.start);

function follow(dialogue: Dialogue, memory: DialogueMemory, here: Step, move: Move): Spoken {
  if (move.kind === 'go') return enter(dialogue, memory, move.step);
  if (move.kind === 'stay') return { memory, texts: [] };
  return { memory: { ...memory, attempt: memory.attempt + 1 }, texts: [move.first, here.say] };
}

function moveIn(ask: Ask, { attempt, language }: DialogueMemory, turn: CallerTurn): Move {
  if (turn.kind !== 'answered' && turn.kind !== 'silent') return { kind: 'stay' };
  const taken = turn.kind === 'answered' ? takeAnswer(ask, turn, language) : null;
  if (taken) return { kind: 'go', step: taken.goto, taken };
  if (attempt >= ask.attempts) return { kind: 'go', step: ask.otherwise, taken: null };
  return { kind: 'again', first: turn.kind === 'silent' ? ask.noInput : ask.noMatch };
}

function remember(memory: DialogueMemory, move: Move): DialogueMemory {
  const keep = move.kind === 'go' ? move.taken?.keep : null;
  if (!keep) return memory;
  const others = Object.entries(memory.answers).filter(([name]) => name !== keep.name);
  const answers = keep.value === null ? others : [...others, [keep.name, keep.value] as const];
  return { ...memory, answers: Object.fromEntries(answers) };
}

/** Whoever asked for a person, or for the end, is not kept on the line to be told that their name was found. */
function endsByChoice(dialogue: Dialogue, move: Move): boolean {
  if (move.kind !== 'go' || move.taken === null) return false;
  const last = stepsFrom(dialogue, move.step).at(-1);
  return last?.then.kind === 'hang-up' || last?.then.kind === 'transfer';
}

/** This step and those that follow it without a question: one reply. No circle is among them, or it were refused. */
function stepsFrom({ steps }: Dialogue, name: string): Step[] {
  const way: Step[] = [];
  let step = steps.get(name);
  while (step) {
    way.push(step);
    step = step.then.kind === 'goto' ? steps.get(step.then.step) : undefined;
  }
  return way;
}

function enter(dialogue: Dialogue, memory: DialogueMemory, name: string): Spoken {
  const way = stepsFrom(dialogue, name);
  return {
    memory: { ...memory, step: way.at(-1)?.name ?? name, attempt: 1 },
    texts: way.map(({ say }) => say),
  };
}

function replyOf(dialogue: Dialogue, { memory, texts }: Spoken, session: Session): Reply {
  const { answers, language } = memory;
  const valueOf = valuesIn({ session, answers }, language);
  const say = texts.flatMap((text) => (text && utter(dialogue, text, language, valueOf)) ?? []);
  return { say, then: thenOf(dialogue.steps.get(memory.step ?? '')), step: memory.step };
}

function thenOf(step: Step | undefined): Then {
  const kind = step?.then.kind;
  if (step?.then.kind === 'ask') return { kind: 'ask', question: step.then.ask.question };
  return { kind: kind === 'transfer' ? 'transfer' : 'hang-up' };
}
