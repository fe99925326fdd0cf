import { SettledDebts } from './settled-debts';

/** Marks that end when the spec says so. */
function open() {
  const marks: { debts: readonly string[]; end: (error?: Error) => void }[] = [];
  const lost: string[] = [];
  const mark = (debts: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      marks.push({ debts, end: (error) => (error ? reject(error) : resolve()) });
    });
  const settled = new SettledDebts(mark, (error) => lost.push((error as Error).message));
  const marked = () => marks.map(({ debts }) => debts.join(' '));
  return { settled, marks, marked, lost };
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('debts that were paid', () => {
  it('are marked together, without being asked for', async () => {
    const { settled, marks, marked } = open();
    for (const debt of ['1', '2', '3']) settled.add(debt);
    await until(() => marks.length > 0);
    expect(marked()).toEqual(['1 2 3']);
    marks[0]!.end();
    await settled.drain();
  });

  it('are marked by one statement at a time, and all of them before it is drained', async () => {
    const { settled, marks, marked } = open();
    settled.add('1');
    const drained = settled.drain();
    await until(() => marks.length === 1);
    for (const debt of ['2', '3']) settled.add(debt);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(marked()).toEqual(['1']);
    marks[0]!.end();
    await until(() => marks.length === 2);
    expect(marked()).toEqual(['1', '2 3']);
    marks[1]!.end();
    await drained;
  });

  it('are left to the relay when they cannot be marked, and those after them are not', async () => {
    const { settled, marks, marked, lost } = open();
    settled.add('1');
    await until(() => marks.length === 1);
    settled.add('2');
    marks[0]!.end(new Error('away'));
    await until(() => marks.length === 2);
    marks[1]!.end();
    await settled.drain();
    expect(marked()).toEqual(['1', '2']);
    expect(lost).toEqual(['away']);
  });

  it('are left to the relay when too many wait', async () => {
    const { settled, marks, lost } = open();
    settled.add('0');
    await until(() => marks.length === 1);
    for (let debt = 1; debt <= 10_002; debt += 1) settled.add(String(debt));
    expect(lost).toHaveLength(2);
    marks[0]!.end();
    await until(() => marks.length === 2);
    expect(marks[1]!.debts).toHaveLength(10_000);
    marks[1]!.end();
    await settled.drain();
  });
});
