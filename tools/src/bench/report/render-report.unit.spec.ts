import { type Measured } from '../measure-groups';
import { atMost, row } from '../row';
import { parsePage } from './parse-page';
import { renderReport, type Report } from './render-report';

const measured = (more: Partial<Measured> = {}): Measured => ({
  ...{ group: 'fleet', about: 'one event', tookMs: 12_300, failure: null },
  rows: [row('Redis, us', { ours: 44, baseline: 40, spread: [0.9, 1.2] }, atMost(50))],
  notes: ['a quiet note'],
  plots: [{ title: 'All of it', x: 'gateways', y: 'us', series: [{ name: 'ours', points: [[1, 2]] }] }],
  ...more,
});

const report = (groups: Measured[], more: Partial<Report> = {}): Report => ({
  ...{ startedAt: new Date(1_700_000_000_000), tookMs: 61_000, command: 'npm run bench -- fleet' },
  machine: {
    ...{
      processor: 'Xeon',
      cores: 2,
      memoryGb: 23.5,
      kernel: 'Linux 6.1',
      node: 'v20.20.2',
      revision: 'abc1234',
    },
  },
  ...{ loadBefore: [0.1, 0.2, 0.3], loadAfter: [1.5, 0.9, 0.5], measured: groups },
  ...more,
});

const page = (groups: Measured[], more: Partial<Report> = {}): string => renderReport(report(groups, more));

const missed = row('Redis, us', { ours: 60, baseline: 40 }, atMost(50));
const known = row('memory, MB', { ours: 80 });

describe('the report', () => {
  it('is one page that needs nothing else', () => {
    const text = page([measured()]);
    expect(parsePage(text)).toMatchObject({ unbalanced: [] });
    expect(parsePage(text).texts).not.toMatch(/[<>]/);
    expect(text).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script|<link|<img|src=|url\(|@import|https?:/);
  });

  it('says when, on what, how busy that was, and how to do it again', () => {
    const text = page([measured()]);
    for (const fact of ['2023-11-14 22:13 UTC', 'Xeon', '23.5 GiB', 'Linux 6.1', 'v20.20.2', 'abc1234'])
      expect(text).toContain(fact);
    expect(text).toContain('0.1, 0.2, 0.3');
    expect(text).toContain('1.5, 0.9, 0.5');
    expect(text).toContain('<kbd>npm run bench -- fleet</kbd>');
  });

  it('shows by sign and word which goals hold', () => {
    const text = page([measured({ rows: [...measured().rows, missed, known] })]);
    expect(text).toContain('1 of 2 goals hold');
    expect(text.match(/✓ holds/g)).toHaveLength(1);
    // in the table, and above everything
    expect(text.match(/✗ not held/g)).toHaveLength(2);
    expect(text.match(/<tr class="failed"/g)).toHaveLength(1);
  });

  it('says at once that all goals hold', () => {
    expect(page([measured()])).toContain('✓ 1 of 1 goals hold');
    expect(page([measured({ rows: [known] })])).not.toContain('✓');
  });

  it('names what was not measured, with its reason and beside what was', () => {
    const broken = measured({
      group: 'memory',
      rows: [],
      notes: [],
      plots: [],
      failure: 'no <Redis>\nat all',
    });
    const text = page([broken, measured()]);
    expect(text).toContain('no &lt;Redis&gt;\nat all');
    expect(text.match(/✗ not measured/g)).toHaveLength(2);
    expect(text).toContain('1 of 1 goals hold');
    expect(parsePage(text)).toMatchObject({ unbalanced: [] });
  });

  it('shows what the rounds were between, and no figure where there is none', () => {
    expect(page([measured()])).toContain('1.10 (0.90..1.20)');
    const text = page([measured({ rows: [row('none', { ours: Number.NaN })] })]);
    expect(text).not.toMatch(/NaN|undefined|null/);
  });

  it('warns where something else ran on the machine', () => {
    expect(page([measured()])).not.toContain('Something else ran');
    expect(page([measured()], { loadBefore: [1.2, 0.3, 0.1] })).toContain('Something else ran');
  });

  it('may be of nothing', () => {
    const text = page([], { machine: { ...report([]).machine, revision: null } });
    expect(text).toContain('0 of 0 goals hold');
    expect(text).not.toContain('Revision');
    expect(parsePage(text)).toMatchObject({ unbalanced: [] });
  });
});

describe('texts of groups', () => {
  const filledWith = (text: string): string =>
    page(
      [
        measured({
          ...{ group: text, about: text, notes: [text], failure: text },
          rows: [{ ...missed, name: text, goal: text }],
          plots: [{ title: text, x: text, y: text, series: [{ name: text, points: [[1, 2]] }] }],
        }),
      ],
      {
        command: text,
        machine: { processor: text, cores: 2, memoryGb: 1, kernel: text, node: text, revision: text },
      },
    );
  const harmless = parsePage(filledWith('Monday')).tags;

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['the end of our style', '</style><img src=x onerror=alert(1)>'],
    ['the end of what it stands in', '</title></svg></td></table><iframe src="https://example.org">'],
    ['the end of an attribute', '"><svg onload=alert(1)>'],
    ['an attribute', '"onfocus="alert(1)" autofocus="'],
    ['what is escaped already', '&lt;b&gt; &amp; &#60;i&#62;'],
    ['characters that nobody sees', '\u0000\ud800'],
  ])('with %s add nothing to the page but text', (_, text) => {
    const { tags, texts, unbalanced } = parsePage(filledWith(text));
    expect(tags).toEqual(harmless);
    expect(texts).not.toMatch(/[<>]/);
    expect(unbalanced).toEqual([]);
  });

  it('hold the parser of this spec to its word', () => {
    expect(parsePage('<p class="a">x</p>')).toEqual({ tags: ['p class'], texts: '\nx\n', unbalanced: [] });
    expect(parsePage('<p onclick=alert(1)>x</p>').texts).toMatch(/[<>]/);
    expect(parsePage('<p>x</b>').unbalanced).not.toEqual([]);
  });
});
