import { mediaAdapters, openStreamToken } from '@greenroom/telephony';
import { type StackDescription } from '../stack/description';
import { Forger, type ForgedKind } from './forger';
import { BAD, BAD_STARTS, ODD, randomFrom, UNKNOWN } from './hostile-messages';
import { resultLine, table } from './print';
import { Findings, type Outcome, percentile } from './scenario';
import { choose, SCENARIOS } from './scenarios';

describe('the choice of scenarios', () => {
  it('is all of them, each with a name of its own', () => {
    expect(choose([], 'full')).toEqual(SCENARIOS);
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('leaves out what waits for leases in the short form, unless it is asked for', () => {
    expect(choose([], 'short').some(({ onlyFull }) => onlyFull)).toBe(false);
    expect(choose(['dead-owner'], 'short').map(({ name }) => name)).toEqual(['dead-owner']);
  });

  it('names what there is when a name is unknown', () => {
    expect(() => choose(['no-such'], 'full')).toThrow(/no scenario no-such.*pubsub-killed/);
  });
});

describe('findings', () => {
  it('hold until one promise does not', () => {
    const findings = new Findings();
    findings.expect(true, 'never told');
    expect(findings.outcome({ placed: 1, found: 1, lost: 0, worstMs: 1.4 })).toMatchObject({
      ok: true,
      worstMs: 1,
    });
    findings.expect(false, 'one was lost');
    expect(findings.outcome({ placed: 1, found: 0, lost: 1, worstMs: null })).toMatchObject({
      ok: false,
      faults: ['one was lost'],
    });
  });

  it('take percentiles by the nearest rank', () => {
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2);
    expect(percentile([4, 1, 3, 2], 0.99)).toBe(4);
    expect(percentile([], 0.99)).toBe(0);
  });
});

describe('what is printed', () => {
  const [scenario] = SCENARIOS;
  if (!scenario) throw new Error('there are no scenarios');
  const outcome: Outcome = {
    placed: 200,
    found: 199,
    lost: 1,
    worstMs: 2600,
    notes: ['a note'],
    faults: ['one was lost'],
    ok: false,
  };

  it('says first what did not hold', () => {
    const line = resultLine({ scenario, outcome, tookMs: 1234 });
    expect(line).toBe('  DOES NOT HOLD  pubsub-killed (1.2 s)  one was lost; a note');
  });

  it('ends with a table', () => {
    const [, , row] = table([{ scenario, outcome, tookMs: 1234 }]);
    expect(row).toMatch(/^pubsub-killed +200 +199 +1 +2600 +.*NO$/);
  });
});

describe('hostile messages', () => {
  it('are the same for the same seed, and fit into one message', () => {
    const all = (seed: number) => {
      const random = randomFrom(seed);
      return [...BAD, ...BAD_STARTS, ...ODD, ...UNKNOWN].map((make) => make(random).toString());
    };
    expect(all(7)).toEqual(all(7));
    expect(all(7)).not.toEqual(all(8));
    expect(Math.max(...all(7).map((text) => Buffer.byteLength(text)))).toBeLessThan(65_536);
  });
});

describe('forged tokens', () => {
  const authToken = 'of-the-account';
  const stack = {
    streamTokenSecret: 'a secret of the stack, of more than 32 characters',
    publicMediaUrl: 'ws://gateway.example',
    accounts: [{ provider: 'twilio', account: 'default', authToken }],
  } as StackDescription;
  const route = { provider: 'twilio', account: 'default' } as const;
  const open = (token: string, where: Parameters<typeof openStreamToken>[2] = route, now = Date.now()) =>
    openStreamToken([stack.streamTokenSecret], token, where, now);
  const right = new Forger(stack).right('CA00000001');
  const forger = new Forger(stack, { here: [right], elsewhere: [right] });
  const forgeries = Array.from({ length: 800 }, () => forger.next());
  const tokensOf = (kind: ForgedKind): string[] =>
    forgeries.filter((each) => each.kind === kind).map(({ path }) => path.split('/').at(-1) ?? '');

  it('open nothing, but for those that were used, and come in equal numbers', () => {
    const opened = forgeries.filter(({ path }) => open(path.split('/').at(-1) ?? ''));
    expect(new Set(opened.map(({ kind }) => kind))).toEqual(new Set(['used here', 'used elsewhere']));
    expect(opened).toHaveLength(200);
    expect(tokensOf('random bytes')).toHaveLength(100);
  });

  it('are wrong in one way only', () => {
    const all = (kind: ForgedKind, opens: (token: string) => unknown) =>
      expect(tokensOf(kind).filter((token) => !opens(token))).toEqual([]);
    all('other provider', (token) => open(token, { provider: 'plivo', account: 'default' }));
    all('other account', (token) => open(token, { provider: 'twilio', account: 'welcome' }));
    all('expired', (token) => open(token, route, Date.now() - 60_000));
    all('foreign secret', (token) => token.length === right.length);
    all('cut short', (token) => token.length < right.length);
  });

  it('are rightly signed but for a tenth of each kind', () => {
    const verified = ({ path, signature }: (typeof forgeries)[number]) =>
      mediaAdapters.twilio.verifyUpgrade(
        stack.publicMediaUrl + path,
        { 'x-twilio-signature': signature },
        [authToken],
        Date.now(),
      );
    const wrong = forgeries.filter((each) => !verified(each));
    expect(wrong.map(({ rightlySigned }) => rightlySigned)).toEqual(wrong.map(() => false));
    expect(wrong).toHaveLength(80);
    expect(wrong.filter(({ kind }) => kind === 'used elsewhere')).toHaveLength(10);
  });
});
