import type { LineAudio } from '../provider-side';
import type { Prompt, Prompts } from '../prompts';
import { doneBy, type Caller, type CallerAct, type PlannedAct } from './caller';
import { Keypad } from './keypad';
import { Mouth } from './mouth';
import type { Script, ScriptStep } from './script';

export interface ConversationPlan {
  audio: LineAudio;
  opening: Script['opening'];
  steps: readonly ScriptStep[];
  /** ms of silence on the line before the opening */
  sayAfterMs: number;
  /** what is heard on the line, kept by somebody else */
  prompts: Prompts;
  /** told, in words, of each step when it is taken */
  tell: (what: string) => void;
}

/**
 * Holds a conversation: takes one step of its script for each prompt, and then listens until somebody hangs up.
 *
 * A step is for a prompt that began after the step before was due. Steps that interrupt are counted from its first
 * sample. The others wait until it is over (heard, and then the gap in which nothing came) and are counted from its last
 * sample; once it is over their time stands, and a prompt that begins meanwhile is talked over. A prompt that was
 * cleared asks for nothing any more: whoever cleared it will say something else.
 */
export class ConversingCaller implements Caller {
  private readonly mouth: Mouth;
  private readonly keypad = new Keypad();
  private readonly begun: PlannedAct[] = [];
  private readonly prompts: Prompts;
  private taken = 0;
  /** so many of the prompts want nothing of the caller any more */
  private answered = 0;
  /** ms at which a step is due whose prompt is over; null: it is not over yet */
  private dueMs: number | null = null;
  private said = 0;
  private hasHungUp = false;

  constructor(private readonly plan: ConversationPlan) {
    this.mouth = new Mouth(plan.audio);
    this.prompts = plan.prompts;
    if (plan.opening) this.say('opening', plan.opening, plan.sayAfterMs);
  }

  readonly heardBack = false;

  get sentMs(): number {
    return this.mouth.sentMs;
  }

  get saidMs(): number {
    return Math.round(this.said);
  }

  get served(): boolean {
    return this.prompts.latest !== null;
  }

  get acts(): readonly CallerAct[] {
    return doneBy(this.begun, this.sentMs);
  }

  nextFrame(): Uint8Array {
    const untilMs = this.sentMs + this.plan.audio.frameMs;
    for (let step = this.dueStep(untilMs); step; step = this.dueStep(untilMs)) this.take(step);
    return this.mouth.nextFrame();
  }

  nextDigit(): string | null {
    return this.keypad.next(this.sentMs);
  }

  hear(): void {
    // it has heard what the prompts say
  }

  leaves(): boolean {
    return this.hasHungUp;
  }

  complaint(hungUpBy: 'caller' | 'gateway'): string | null {
    const { steps } = this.plan;
    if (!this.served) return 'the assistant said nothing';
    const left = steps.length - this.acts.filter(({ kind }) => kind !== 'opening').length;
    if (left > 0) {
      const end = hungUpBy === 'caller' ? 'the caller gave up' : 'the assistant hung up';
      return `${left} of ${steps.length} answers were left over when ${end}`;
    }
    return hungUpBy === 'gateway' || this.hasHungUp ? null : 'the assistant did not hang up';
  }

  private dueStep(untilMs: number): { step: ScriptStep; dueMs: number } | null {
    const step = this.plan.steps[this.taken];
    if (!step || this.hasHungUp) return null;
    if (step.from === 'end') this.dueMs ??= this.timeAfterPrompt(step, untilMs);
    const dueMs = step.from === 'end' ? this.dueMs : this.timeWithinPrompt(step);
    return dueMs === null || dueMs > untilMs ? null : { step, dueMs };
  }

  /** The prompt that is to be answered; null: none, or it was taken back. */
  private get open(): Prompt | null {
    const { latest, list } = this.prompts;
    return list.length > this.answered && latest?.clearedAtMs === null ? latest : null;
  }

  private timeWithinPrompt(step: ScriptStep): number | null {
    return this.open && this.open.startedAtMs + step.afterMs;
  }

  private timeAfterPrompt(step: ScriptStep, nowMs: number): number | null {
    const { open, prompts } = this;
    return open && prompts.isOver(open, nowMs)
      ? open.endedAtMs + Math.max(step.afterMs, prompts.gapMs)
      : null;
  }

  private take({ step, dueMs }: { step: ScriptStep; dueMs: number }): void {
    const { list } = this.prompts;
    this.taken += 1;
    this.dueMs = null;
    if (step.answers) {
      const begun = list.filter(({ startedAtMs }) => startedAtMs < dueMs).length;
      this.answered = step.from === 'start' ? list.length : begun;
    }
    if (step.sound) this.say(step.kind, step.sound, dueMs);
    else if (step.keys !== '') this.press(step.kind, step.keys, dueMs);
    else this.begun.push({ kind: step.kind, atMs: dueMs, endedAtMs: dueMs });
    this.hasHungUp = step.kind === 'hang-up';
    this.plan.tell(`caller answers prompt ${list.length}: ${step.label}`);
  }

  private say(kind: PlannedAct['kind'], sound: NonNullable<ScriptStep['sound']>, dueMs: number): void {
    const beganAtMs = this.mouth.say(sound, dueMs);
    this.said += sound.lengthMs;
    const [atMs, endedAtMs] = [beganAtMs + sound.audibleFromMs, beganAtMs + sound.audibleToMs];
    this.begun.push({ kind, atMs, endedAtMs });
  }

  private press(kind: PlannedAct['kind'], keys: string, dueMs: number): void {
    const act: PlannedAct = { kind, atMs: null, endedAtMs: dueMs };
    this.begun.push(act);
    this.keypad.press(keys, dueMs, (atMs) => {
      act.atMs ??= atMs;
      act.endedAtMs = atMs;
    });
  }
}
