import { loadText, readLoad, readMachine, wasBusy } from './machine';

describe('the machine', () => {
  it('is told with all that figures depend on', () => {
    const machine = readMachine();
    for (const text of [machine.processor, machine.kernel]) expect(text).not.toBe('');
    expect(machine.cores).toBeGreaterThanOrEqual(1);
    expect(machine.memoryGb).toBeGreaterThan(0.1);
    expect(machine.node).toBe(process.version);
    // an archive of the sources has none
    if (machine.revision !== null) expect(machine.revision).toMatch(/^[0-9a-f]{7,}(, with changes)?$/);
  });

  it('is busy when more than half of it is taken', () => {
    expect([wasBusy([1.1, 0, 0], 2), wasBusy([1, 4, 4], 2), wasBusy([1.1, 0, 0], 8)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('tells its load over 1, 5 and 15 minutes', () => {
    expect(loadText([0.04, 1.25, 12])).toBe('0.0, 1.3, 12.0');
    expect(readLoad()).toHaveLength(3);
  });
});
