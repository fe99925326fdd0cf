import { type Findings, type Group } from './group';
import { type ApartRequest, measureGroups } from './measure-groups';
import { row } from './row';

const group = (name: string, longestMs = 900_000): Group => ({
  ...{
    name,
    about: `about ${name}`,
    longestMs,
    measure: () => Promise.reject(new Error('not in this process')),
  },
});

const FOUND: Findings = { rows: [row('speed, us', { ours: 1 })], notes: ['quiet'] };

/** Measures the groups with what is given; keeps what each was asked, and what was said. */
async function play(
  groups: Group[],
  measure: (request: ApartRequest) => Promise<Findings> = () => Promise.resolve(FOUND),
  longestMs?: number,
) {
  const asked: ApartRequest[] = [];
  const said: string[] = [];
  const measured = await measureGroups(groups, {
    ...{ brief: groups.length > 1, say: (line) => said.push(line) },
    ...(longestMs === undefined ? {} : { longestMs }),
    measure: (request) => {
      asked.push(request);
      return measure(request);
    },
  });
  return { measured, asked, said };
}

const failing = (name: string) => (request: ApartRequest) =>
  request.group === name ? Promise.reject(new Error(`${name} broke`)) : Promise.resolve(FOUND);

describe('the groups', () => {
  it('are measured one after the other, and each says what it does', async () => {
    const { measured, asked, said } = await play([group('media'), group('ingest')], ({ say }) => {
      say('round 1');
      return Promise.resolve(FOUND);
    });
    expect(asked.map(({ group: name, brief }) => [name, brief])).toEqual([
      ['media', true],
      ['ingest', true],
    ]);
    expect(said).toEqual(['media: about media', '  round 1', 'ingest: about ingest', '  round 1']);
    expect(measured.map(({ rows, notes, plots, failure }) => [rows, notes, plots, failure])).toEqual(
      Array(2).fill([FOUND.rows, ['quiet'], [], null]),
    );
  });

  it('are measured although one of them cannot be', async () => {
    const groups = [group('media'), group('ingest'), group('memory')];
    const { measured, said } = await play(groups, failing('ingest'));
    expect(measured.map(({ failure, rows }) => [failure, rows.length])).toEqual([
      [null, 1],
      ['ingest broke', 0],
      [null, 1],
    ]);
    expect(said).toContain('  not measured: ingest broke');
  });

  it('leave each other their time', async () => {
    const { asked } = await play([group('media'), group('memory', 60_000)]);
    expect(asked.map(({ longestMs }) => longestMs)).toEqual([240_000, 60_000]);
  });

  it('have more of it where one is measured alone', async () => {
    const { asked } = await play([group('media', 300_000)]);
    expect(asked[0]?.longestMs).toBe(300_000);
    const all = await play([group('media')]);
    expect(all.asked[0]?.longestMs).toBe(600_000);
  });

  it('are not begun once the time of all is over', async () => {
    const { measured, asked } = await play([group('media'), group('ingest')], undefined, 0);
    expect(asked).toEqual([]);
    expect(measured.map(({ failure }) => failure)).toEqual(
      Array(2).fill('The time for all groups was over before its turn came.'),
    );
  });
});
