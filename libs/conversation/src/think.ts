import { type Session } from '@greenroom/contracts';
import { type Agent, type CallerTurn } from './agent';
import { type SpeechRecognizer, type SpeechSynthesizer, type Utterance } from './speech';
import { type Doing, type PreparedReply } from './turn-state';

export interface ThinkPorts {
  agent: Agent;
  synthesizer: SpeechSynthesizer;
  /** null: what is said counts as an answer without words */
  recognizer: SpeechRecognizer | null;
}

export interface Question {
  id: number;
  about: Doing;
  /** what the caller has said, where something was said */
  pcm: Int16Array;
  sampleRate: number;
  session: Session;
  memory: unknown;
  signal: AbortSignal;
}

export interface Thought {
  reply: PreparedReply;
  /** of each utterance, in their order */
  audio: readonly Int16Array[];
  memory: unknown;
}

/** Words are known before the reply is: they are told as soon as they are. */
type TellWords = (words: string | null) => void;

/** From what the caller did to a reply that can be played: words, the agent's answer, and its audio. */
export async function think(question: Question, ports: ThinkPorts, tellWords: TellWords): Promise<Thought> {
  const { session, memory, signal } = question;
  const turn = await turnOf(question, ports);
  // whoever goes on while the words are awaited withdraws the question before anybody has heard of it
  signal.throwIfAborted();
  if (turn.kind === 'answered') tellWords(turn.speech?.words ?? null);
  const { memory: next, reply } = await ports.agent.reply(memory, turn, { session, signal });
  signal.throwIfAborted();
  const audio = await sayAll(reply.say, question, ports);
  return { reply: prepared(question, reply, audio), audio, memory: next };
}

/** The last words of a call that cannot go on. */
export async function excuse(question: Question, words: Utterance, ports: ThinkPorts): Promise<Thought> {
  const audio = await sayAll([words], question, ports);
  const reply = { say: [words], then: { kind: 'hang-up' }, step: null } as const;
  return { reply: prepared(question, reply, audio), audio, memory: question.memory };
}

async function turnOf(question: Question, { agent, recognizer }: ThinkPorts): Promise<CallerTurn> {
  const { about, pcm, sampleRate, session, signal } = question;
  if (about.kind !== 'answered') return { kind: about.kind };
  const { speechMs: durationMs, digits, interrupted } = about;
  if (durationMs === null) return { kind: 'answered', speech: null, digits, interrupted };
  // keys say it all: nobody waits for the words beside them
  const listensTo = digits === null ? recognizer : null;
  const language = agent.languageOf(session);
  const words = (await listensTo?.recognize({ pcm, sampleRate }, { language, signal })) ?? null;
  return { kind: 'answered', speech: { pcm, sampleRate, durationMs, words }, digits, interrupted };
}

const sayAll = (say: readonly Utterance[], { sampleRate, signal }: Question, { synthesizer }: ThinkPorts) =>
  Promise.all(say.map((utterance) => synthesizer.synthesize(utterance, { sampleRate, signal })));

function prepared(
  { id, sampleRate }: Question,
  { say, then, step }: Awaited<ReturnType<Agent['reply']>>['reply'],
  audio: readonly Int16Array[],
): PreparedReply {
  const utterances = say.map(({ text }, index) => ({
    mark: `${id}.${index + 1}`,
    text,
    lengthMs: ((audio[index]?.length ?? 0) / sampleRate) * 1000,
  }));
  return { id, utterances, then, step };
}
