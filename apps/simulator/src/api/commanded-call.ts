import type { RuleKeeper } from '../outbound-rules';
import type { StreamPlace, Transfer } from '../stream-place';
import type { Timeline } from '../timeline';
import type { ApiAnswer, ApiSide, ApiVerdict, Command, ReadCommand } from './api-side';

/** A command as it came. */
export interface SeenCommand {
  /** ms on the axis of the call's timeline */
  atMs: number;
  kind: Command['kind'];
  /** what it was answered */
  status: number;
  /** one with the same id had been done: nothing came of this one */
  repeated: boolean;
  /** of a transfer: whom the caller is connected with; null: another command */
  to: string | null;
}

/** What the API does wrong. */
export interface ApiFault {
  /** answers so, and does nothing; left out: does what it is told */
  status?: number | undefined;
  /** ms that the answer takes; a command is done before */
  delayMs?: number | undefined;
  /** so often, from the first command on; every time if left out */
  times?: number | undefined;
}

/** What ended the call, or gave the caller to somebody else. */
export interface Ending {
  command: Exclude<Command, { kind: 'answer' }>;
  status: number;
  /** by `performance.now()` */
  at: number;
}

export interface CommandedParts {
  api: ApiSide;
  fault: ApiFault | undefined;
  /** must the call be taken by a command? */
  rings: boolean;
  rules: RuleKeeper;
  timeline: Timeline;
}

/**
 * One call as the provider's API knows it. It rings until it is answered, by a command or because a stream is there
 * without one; it is over when a command, or the provider, ends it. A command whose id was seen before does nothing.
 */
export class CommandedCall {
  readonly commands: SeenCommand[] = [];
  /** settles with the first `answer` */
  readonly answered: Promise<StreamPlace>;
  /** settles with the first command that ends the call, or transfers it */
  readonly left: Promise<Ending>;
  /** whom the caller was connected with; null: nobody */
  transfer: Transfer | null = null;
  private settleAnswered!: (place: StreamPlace) => void;
  private settleLeft!: (ending: Ending) => void;
  private state: 'ringing' | 'up' | 'over';
  private answers = 0;
  private requests = 0;
  private readonly ids = new Set<string>();
  private hangUp: () => void = () => undefined;

  constructor(private readonly parts: CommandedParts) {
    this.state = parts.rings ? 'ringing' : 'up';
    this.answered = new Promise((resolve) => (this.settleAnswered = resolve));
    this.left = new Promise((resolve) => (this.settleLeft = resolve));
  }

  /** @returns the answer, and after how many ms it is sent */
  take({ kind, command, commandId, wrong }: ReadCommand): { answer: ApiAnswer; delayMs: number } {
    const { fault = {}, rules, timeline } = this.parts;
    this.requests += 1;
    const isFaulty = this.requests <= (fault.times ?? Number.POSITIVE_INFINITY);
    const { status: failure, delayMs = 0 } = isFaulty ? fault : {};
    for (const what of wrong) rules.note(what, what);
    const repeated = commandId !== null && this.ids.has(commandId);
    const answer = this.answerTo(command, { failure, commandId, repeated });
    const { status } = answer;
    const to = typeof command === 'object' && command.kind === 'transfer' ? command.to : null;
    this.commands.push({ atMs: Math.round(timeline.timeOf(performance.now())), kind, status, repeated, to });
    timeline.add('api', `command ${kind}${repeated ? ' once more' : ''}: answered ${status}`);
    return { answer, delayMs };
  }

  /** A stream is there without a command: another one, that nobody here has seen, has answered the call. */
  up(): void {
    if (this.state === 'ringing') this.state = 'up';
  }

  /** The provider has ended the call: every command comes too late from now on. */
  over(): void {
    this.state = 'over';
  }

  /** @param listener told when a command ends the call, at once if one has */
  onHangUp(listener: () => void): void {
    this.hangUp = listener;
    if (this.state === 'over') listener();
  }

  private answerTo(
    command: ReadCommand['command'],
    {
      failure,
      commandId,
      repeated,
    }: { failure: number | undefined; commandId: string | null; repeated: boolean },
  ): ApiAnswer {
    if (failure !== undefined) return { status: failure, body: '' };
    if (typeof command === 'string') return this.parts.api.answer(command);
    if (repeated) return this.parts.api.answer('done');
    const verdict = this.verdictOn(command);
    const answer = this.parts.api.answer(verdict);
    if (verdict !== 'done') return answer;
    if (commandId !== null) this.ids.add(commandId);
    this.obey(command, answer.status);
    return answer;
  }

  private verdictOn({ kind }: Command): ApiVerdict {
    if (this.state === 'over') return 'ended';
    if (kind === 'answer') return this.answers > 0 ? this.answeredTwice() : 'done';
    return kind === 'transfer' && this.state === 'ringing' ? 'not-answered' : 'done';
  }

  private answeredTwice(): ApiVerdict {
    const what = 'the call was answered a second time, by another command';
    this.parts.rules.note(what, what);
    return 'answered-before';
  }

  private obey(command: Command, status: number): void {
    if (command.kind === 'answer') {
      this.answers += 1;
      this.state = 'up';
      for (const what of command.place.wrong ?? []) this.parts.rules.note(what, what);
      return this.settleAnswered(command.place);
    }
    this.settleLeft({ command, status, at: performance.now() });
    if (command.kind === 'transfer') {
      this.transfer = { to: command.to, clientState: command.clientState };
      return;
    }
    this.state = 'over';
    this.hangUp();
  }
}
