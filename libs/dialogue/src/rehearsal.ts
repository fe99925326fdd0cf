import { type Session } from '@greenroom/contracts';
import { type Agent, type CallerTurn, type Reply } from '@greenroom/conversation';
import { type Dialogue } from './dialogue';
import { type DialogueMemory, scriptedAgent } from './scripted-agent';

const { signal } = new AbortController();

export const silence: CallerTurn = { kind: 'silent' };

/** @param words null: spoken where no recogniser is configured */
export const spoken = (words: string | null): CallerTurn => answered({ words });

export const pressed = (digits: string): CallerTurn => answered({ digits });

export function answered({
  words,
  digits = null,
}: {
  words?: string | null;
  digits?: string | null;
}): CallerTurn {
  const speech =
    words === undefined ? null : { pcm: new Int16Array(0), sampleRate: 8000, durationMs: 900, words };
  return { kind: 'answered', speech, digits, interrupted: null };
}

export function sessionOf(customer: Partial<Session['customer']>, more: Partial<Session> = {}): Session {
  const someone = {
    customerId: null,
    phone: '+919000000001',
    fullName: null,
    language: null,
    attributes: {},
  };
  return {
    sessionId: '00000000-0000-4000-8000-000000000001',
    provider: 'exotel',
    account: 'default',
    callId: 'call-0001',
    state: 'active',
    version: 1,
    direction: 'inbound',
    from: '+919000000001',
    to: null,
    customer: customer && { ...someone, ...customer },
    attributes: {},
    enrichment: 'none',
    announcedAt: 0,
    ...more,
  };
}

/** One call of a dialogue, without a line: the specs play both sides. */
export class Rehearsal {
  reply: Reply = { say: [], then: { kind: 'go-on' }, step: null };
  memory: DialogueMemory;
  private readonly agent: Agent<DialogueMemory>;

  constructor(
    dialogue: Dialogue,
    public session: Session,
    speaks?: (language: string) => boolean,
  ) {
    this.agent = scriptedAgent(dialogue, speaks);
    this.memory = this.agent.begin();
    this.take({ kind: 'arrived' });
  }

  /** @returns what is said then, as one text */
  take(turn: CallerTurn): string {
    const next = this.agent.reply(this.memory, turn, { session: this.session, signal });
    if (next instanceof Promise) throw new Error('A dialogue needs no time to reply.');
    this.memory = next.memory;
    this.reply = next.reply;
    return this.text;
  }

  get text(): string {
    return this.reply.say.map(({ text }) => text).join(' ');
  }

  get isOver(): boolean {
    return this.reply.then.kind !== 'ask';
  }
}
