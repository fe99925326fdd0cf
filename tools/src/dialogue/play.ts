import { type Customer, type Session } from '@greenroom/contracts';
import { type CallerTurn, type Question, type Reply } from '@greenroom/conversation';
import { type Dialogue, scriptedAgent } from '@greenroom/dialogue';
import { type Caller } from './options';
import { typedTurn } from './typed-turn';

export interface Terminal {
  say: (line: string) => void;
  /** The next line that is typed; null: there is none any more. */
  ask: (prompt: string) => Promise<string | null>;
}

interface Call {
  session: Session;
  /** who the caller turns out to be */
  customer: Customer;
  dialogue: Dialogue;
  terminal: Terminal;
}

/** Holds the conversation of a dialogue with whoever sits at the terminal. */
export async function play(dialogue: Dialogue, caller: Caller, terminal: Terminal): Promise<void> {
  const customer = customerOf(caller);
  const call = { session: sessionOf(caller.unknown ? null : customer), customer, dialogue, terminal };
  const agent = scriptedAgent(dialogue);
  const { signal } = new AbortController();
  let memory = agent.begin();
  let turn: CallerTurn | null = { kind: 'arrived' };
  while (turn) {
    const next = await agent.reply(memory, turn, { session: call.session, signal });
    memory = next.memory;
    turn = await answerTo(next.reply, call);
  }
}

/** @returns null when the call is over */
async function answerTo({ say, then, step }: Reply, call: Call): Promise<CallerTurn | null> {
  const { dialogue, terminal } = call;
  for (const { text, language, audioFile } of say) {
    const marks = [...(language === dialogue.language ? [] : [language]), ...(audioFile ? [audioFile] : [])];
    terminal.say(`assistant: ${marks.map((mark) => `[${mark}] `).join('')}${text}`);
  }
  if (then.kind === 'ask') return typedAnswer(then.question, step ?? '', call);
  if (then.kind === 'go-on') return { kind: 'heard' };
  terminal.say(
    then.kind === 'transfer' ? 'The assistant transfers the call to a person.' : 'The assistant hangs up.',
  );
  return null;
}

async function typedAnswer(question: Question, step: string, call: Call): Promise<CallerTurn | null> {
  const { terminal, customer } = call;
  for (;;) {
    const line = await terminal.ask(`${step}> `);
    const typed = line === null ? ({ kind: 'hang-up' } as const) : typedTurn(line, question);
    switch (typed.kind) {
      case 'turn':
        return typed.turn;
      case 'hang-up':
        terminal.say('The caller hangs up.');
        return null;
      case 'known':
        call.session = sessionOf(customer);
        terminal.say(`The caller is known now: ${customer.fullName ?? 'without a name'}.`);
        break;
      case 'not-understood':
        terminal.say('There are /known and /hang up. See --help.');
    }
  }
}

const PHONE = '+919000000001';

const customerOf = ({ name, language, attributes }: Caller): Customer => ({
  customerId: null,
  phone: PHONE,
  fullName: name,
  language,
  attributes,
});

const sessionOf = (customer: Customer | null): Session => ({
  sessionId: '00000000-0000-4000-8000-000000000001',
  provider: 'exotel',
  account: 'terminal',
  callId: 'terminal-0001',
  state: 'active',
  version: 1,
  direction: 'inbound',
  from: customer ? PHONE : null,
  to: null,
  customer,
  attributes: {},
  enrichment: 'none',
  announcedAt: customer ? 0 : null,
});
