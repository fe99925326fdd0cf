import { type Session, type Turn } from '@greenroom/contracts';
import { CallerAudio } from './caller-audio';
import { type CallLine, type Conversation, type StartConversation } from './conversation';
import { type EndpointerSettings, type SpeechEvent } from './endpointer';
import { type OpenDetector, type Utterance } from './speech';
import { excuse, think, type Thought, type ThinkPorts } from './think';
import { beginTurns, takeTurn, wakesAt } from './turn-machine';
import {
  type Counted,
  type Doing,
  type Effect,
  type Input,
  type State,
  type Step,
  type TurnLimits,
  type TurnTaken,
} from './turn-state';

export interface TalkPorts extends ThinkPorts {
  openDetector: OpenDetector;
  clock: TalkClock;
  /** unix ms, for what is kept */
  unixNow: () => number;
  limits: TurnLimits;
  /** said when the agent, or the audio of its reply, has failed; then the call ends */
  excuse: Utterance;
  /** Told of each turn, once, when it has ended. Must not throw, and must not wait. */
  record: (turn: Turn) => void;
  onCounted: (what: Counted) => void;
  onFault: (error: unknown) => void;
}

/** `now` is monotonic, in ms; the result of `after` cancels the timer. */
export interface TalkClock {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

/** From the caller's first sound over a prompt to silence at the caller's ear, ms. */
const BARGE_IN_BUDGET_MS = 400;
const DETECTION_MS = 20;
/** Shortest and longest of what the line's granularity may leave for telling speech from a cough. */
const OVER_PROMPT_MS = { least: 60, most: 200 };
const IN_SILENCE_MS = 160;

/** A conversation in turns: what the line tells goes through the turn machine, and its effects are carried out. */
export const startTalk =
  (ports: TalkPorts): StartConversation =>
  (line, session) =>
    new Talk(line, session, ports);

class Talk implements Conversation {
  private state: State;
  private readonly audio: CallerAudio;
  private memory: unknown;
  private thinking: AbortController | null = null;
  private thought: Thought | null = null;
  /** transcript of the answer in hand */
  private words: string | null = null;
  private turns = 0;
  private armedFor: number | null = null;
  private cancelTimer = (): void => undefined;
  /** unix ms of the clock's zero */
  private readonly epoch: number;

  constructor(
    private readonly line: CallLine,
    private session: Session,
    private readonly ports: TalkPorts,
  ) {
    const now = ports.clock.now();
    this.epoch = ports.unixNow() - now;
    this.memory = ports.agent.begin();
    const { state, effects } = beginTurns(now, ports.limits);
    this.state = state;
    const detector = ports.openDetector(line.sampleRate);
    this.audio = new CallerAudio(detector, line.sampleRate, listeningFor(state, line));
    this.settle({ state, effects });
  }

  heard(pcm: Int16Array, agoMs = 0): void {
    if (this.state.is === 'closed') return;
    this.audio.hear(pcm, this.ports.clock.now() - agoMs, this.spoke);
  }

  pressed(key: string): void {
    this.feed({ kind: 'key', at: this.ports.clock.now(), key });
  }

  played(name: string): void {
    this.feed({ kind: 'mark', at: this.ports.clock.now(), name });
  }

  /** Used from the next turn on. */
  sessionChanged(session: Session): void {
    this.session = session;
  }

  ended(): void {
    if (this.state.is === 'closed') return;
    this.feed({ kind: 'line-closed', at: this.ports.clock.now() });
    this.thinking?.abort();
    this.cancelTimer();
    this.audio.close();
  }

  private readonly spoke = (event: SpeechEvent, at: number): 'new' | 'more' => {
    const { state } = this;
    const answer = state.is === 'thinking' && state.about.kind === 'answered' ? state.about : state;
    const more = 'speechMs' in answer && answer.speechMs !== null;
    if (event.kind === 'began') this.feed({ kind: 'voice-began', at, agoMs: event.agoMs });
    else this.feed({ kind: 'voice-ended', at, speechMs: event.speechMs, why: event.why });
    return more ? 'more' : 'new';
  };

  private feed(input: Input): void {
    this.settle(takeTurn(this.state, input, this.ports.limits));
  }

  private settle({ state, effects }: Step): void {
    this.state = state;
    this.audio.configure(listeningFor(state, this.line));
    effects.forEach((effect) => this.perform(effect));
    this.arm();
  }

  private arm(): void {
    const at = wakesAt(this.state);
    if (at === this.armedFor) return;
    this.cancelTimer();
    this.armedFor = at;
    if (at === null) return;
    const { clock } = this.ports;
    this.cancelTimer = clock.after(Math.max(0, at - clock.now()), () => {
      this.armedFor = null;
      this.feed({ kind: 'clock', at: clock.now() });
    });
  }

  private readonly actions: { readonly [K in Effect['do']]: (effect: Extract<Effect, { do: K }>) => void } = {
    ask: ({ id, about }) =>
      this.ask(id, about, (question) =>
        think(question, this.ports, (words) => {
          this.words = words;
        }),
      ),
    apologise: ({ id }) =>
      this.ask(id, { kind: 'heard' }, (question) => excuse(question, this.ports.excuse, this.ports)),
    withdraw: () => this.thinking?.abort(),
    play: () => this.play(),
    clear: () => {
      this.audio.gate.cleared(this.ports.clock.now());
      this.line.clear();
    },
    record: ({ turn }) => this.record(turn),
    count: ({ what }) => this.ports.onCounted(what),
    'hang-up': () => this.line.hangUp(),
    transfer: () => this.line.transfer(),
  };

  private perform(effect: Effect): void {
    try {
      // each effect has its action, of just its type
      (this.actions[effect.do] as (effect: Effect) => void)(effect);
    } catch (error) {
      // the others are done all the same, and the watchdogs armed: nobody catches what a timer throws
      this.ports.onFault(error);
    }
  }

  /** The answer comes as an input of its own; whoever asks does not wait for it. */
  private ask(id: number, about: Doing, answer: (question: Parameters<typeof think>[0]) => Promise<Thought>) {
    const thinking = new AbortController();
    this.thinking = thinking;
    const { signal } = thinking;
    const question = {
      ...{ id, about, signal, memory: this.memory, session: this.session },
      ...{ pcm: this.audio.said(), sampleRate: this.line.sampleRate },
    };
    void Promise.resolve()
      .then(() => answer(question))
      .then(
        (thought) => {
          if (signal.aborted) return;
          this.thought = thought;
          this.feed({ kind: 'reply-ready', at: this.ports.clock.now(), reply: thought.reply });
        },
        (error: unknown) => {
          if (signal.aborted) return;
          this.ports.onFault(error);
          this.feed({ kind: 'reply-failed', at: this.ports.clock.now(), id });
        },
      )
      // of a reply that makes no sense; it then counts as one that never came
      .catch((error: unknown) => this.ports.onFault(error));
  }

  /** From here on the reply has happened, and so has all that led to it. */
  private play(): void {
    const { thought } = this;
    if (!thought) return;
    this.thought = null;
    this.memory = thought.memory;
    this.audio.forget();
    let at = this.ports.clock.now();
    thought.reply.utterances.forEach(({ mark, lengthMs }, index) => {
      const pcm = thought.audio[index] ?? new Int16Array(0);
      this.line.play(pcm);
      this.line.mark(mark);
      this.audio.gate.playing(pcm, at);
      at += lengthMs;
    });
  }

  private record(turn: TurnTaken): void {
    this.turns += 1;
    const spoken = turn.who === 'caller' && turn.speechMs !== null;
    const text = spoken ? this.words : turn.text;
    if (turn.who === 'caller') this.words = null;
    this.ports.record({
      ...turn,
      number: this.turns,
      text,
      startedAt: Math.round(this.epoch + turn.startedAt),
      endedAt: Math.round(this.epoch + turn.endedAt),
    });
  }
}

/** Over a prompt as quickly as the line allows; in silence there is time to tell a word from a cough. */
function listeningFor(state: State, { granularity }: CallLine): EndpointerSettings {
  const { minimumMs, endSilenceMs, longestMs } = state.question.speech;
  const left = BARGE_IN_BUDGET_MS - DETECTION_MS - granularity.inboundMs - granularity.uncutMs;
  const overPrompt = Math.min(OVER_PROMPT_MS.most, Math.max(OVER_PROMPT_MS.least, left));
  return {
    minimumMs: minimumMs ?? (state.is === 'speaking' ? overPrompt : IN_SILENCE_MS),
    endSilenceMs,
    longestMs,
  };
}
