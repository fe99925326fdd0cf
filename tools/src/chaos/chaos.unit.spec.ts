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
