import { failOnLeaks } from '@greenroom/testing';
import type { CallOptions, CallResult } from '../src/call-options';
import { placeCall } from '../src/place-call';
import { accountsFor, PERSON, useDialogues } from './dialogue-accounts';
import { PROVIDERS, type TalkProvider } from './overheard-call';
import { useStack } from './running-stack';

const folder = useDialogues({});
const stack = useStack(() => ({
  ...{ ingests: 2, gateways: 2 },
  accounts: accountsFor({ 'handed-over': {}, farewell: {} }),
  env: { gateway: { DIALOGUES_DIR: folder } },
}));

type Plan = () => Partial<CallOptions>;
/** of each provider; the last two together are the calls that connect nobody */
const KINDS = {
  handedOver: { count: 25, lines: 5, plan: () => ({ account: 'handed-over' }) },
  saidGoodbye: { count: 13, lines: 4, plan: () => ({ account: 'farewell' }) },
  hungUp: { count: 12, lines: 4, plan: hangingUp },
} satisfies Record<string, { count: number; lines: number; plan: Plan }>;
type Kind = keyof typeof KINDS;
const CONNECTS_NOBODY = { exotel: 'continue', twilio: 'hang-up' } as const;

/** In the middle of the words behind which a person would have come; and the provider asks before it tells of that. */
function hangingUp(): Partial<CallOptions> {
  const leaving = new AbortController();
  return {
    ...{ account: 'handed-over', afterBotBeforeClose: true, signal: leaving.signal },
    watch: ({ what }) => {
      if (what === 'first audio comes') setTimeout(() => leaving.abort(), 500);
    },
  };
}

const calls = new Map<string, CallResult[]>();
const found = (provider: TalkProvider, kind: Kind): CallResult[] => calls.get(`${provider} ${kind}`) ?? [];

async function place(provider: TalkProvider, kind: Kind): Promise<void> {
  const { count, lines, plan } = KINDS[kind];
  const placed: CallResult[] = [];
  calls.set(`${provider} ${kind}`, placed);
  const line = async (first: number): Promise<void> => {
    for (let index = first; index < count; index += lines) {
      const given = { stack: stack().description, provider, index, afterBot: true, answers: [] };
      placed.push(await placeCall({ ...given, ...plan() }));
    }
  };
  await Promise.all(Array.from({ length: lines }, (_, first) => line(first)));
}

// 100 calls, 26 of them at a time
beforeAll(async () => {
  const kinds = Object.keys(KINDS) as Kind[];
  await Promise.all(PROVIDERS.flatMap((provider) => kinds.map((kind) => place(provider, kind))));
}, 90_000);

describe.each(PROVIDERS)('asked what comes after the stream, with two of each process, %s', (provider) => {
  it('is told of the person, each time that the dialogue hands the caller over', () => {
    const handedOver = found(provider, 'handedOver');
    expect(handedOver).toHaveLength(KINDS.handedOver.count);
    expect(handedOver.filter(({ ok }) => !ok).map(({ why }) => why)).toEqual([]);
    for (const { next } of handedOver) {
      expect(next).toMatchObject({ decision: 'transfer', number: provider === 'twilio' ? PERSON : null });
    }
  });

  it('is told of nobody, each time that it says goodbye', () => {
    const saidGoodbye = found(provider, 'saidGoodbye');
    expect(saidGoodbye).toHaveLength(KINDS.saidGoodbye.count);
    expect(saidGoodbye.filter(({ ok }) => !ok).map(({ why }) => why)).toEqual([]);
    for (const { next } of saidGoodbye) expect(next?.decision).toBe(CONNECTS_NOBODY[provider]);
  });

  it('is told of nobody, where its caller is hanging up while the last words are said', () => {
    const hungUp = found(provider, 'hungUp');
    expect(hungUp).toHaveLength(KINDS.hungUp.count);
    for (const { next, conversation, turns } of hungUp) {
      expect(conversation.prompts).toHaveLength(1);
      expect(turns.filter(({ endedBy }) => endedBy === 'played')).toEqual([]);
      expect(next?.decision).toBe(CONNECTS_NOBODY[provider]);
    }
  });
});
failOnLeaks();
