import fc from 'fast-check';
import { ManualClock } from './manual-clock';
import { Ticker } from './ticker';

function setUp(late?: () => number) {
  const clock = new ManualClock(late);
  const faults: unknown[] = [];
  const ticker = new Ticker(clock, (error) => faults.push(error));
  const told: string[] = [];
  /** an alarm that tells its name, and then does more */
  const alarm = (name: string, more: () => void = () => undefined) =>
    ticker.alarm(() => {
      told.push(name);
      more();
    });
  return { clock, ticker, faults, told, alarm };
}

describe('an alarm', () => {
  it('runs once, when its time has come and not before', () => {
    const { clock, told, alarm } = setUp();
    alarm('a').set(10.4);
    clock.pass(10.3);
    expect(told).toEqual([]);
    clock.pass(2.1);
    expect(told).toEqual(['a']);
    clock.pass(1000);
    expect(told).toEqual(['a']);
  });

  it('runs at the time that was set last, whether that is later or earlier', () => {
    const { clock, told, alarm } = setUp();
    const [sooner, later] = [alarm('sooner'), alarm('later')];
    sooner.set(100);
    later.set(50);
    sooner.set(20);
    later.set(80);
    clock.pass(60);
    expect(told).toEqual(['sooner']);
    clock.pass(30);
    expect(told).toEqual(['sooner', 'later']);
  });

  it('does not run when it was cancelled, and can be set again', () => {
    const { clock, told, alarm } = setUp();
    const one = alarm('one');
    one.set(10);
    one.cancel();
    one.cancel();
    clock.pass(100);
    expect(told).toEqual([]);
    one.set(110);
    clock.pass(100);
    expect(told).toEqual(['one']);
  });

  it('runs soon, and not at once, when it is set to a time that has passed', () => {
    const { clock, told, alarm } = setUp();
    clock.pass(100);
    alarm('late').set(50);
    expect(told).toEqual([]);
    clock.pass(2);
    expect(told).toEqual(['late']);
  });

  it('that sets itself to a time that has passed lets the others have their turn', () => {
    const { clock, told, alarm } = setUp();
    const eager = alarm('eager', () => eager.set(0));
    eager.set(10);
    alarm('other').set(10);
    clock.pass(11);
    expect(told).toEqual(['eager', 'other']);
    clock.pass(1);
    expect(told).toEqual(['eager', 'other', 'eager']);
  });

  it('that throws stops no other, and is told of', () => {
    const { clock, faults, told, alarm } = setUp();
    const broken = alarm('broken', () => {
      throw new Error('broken');
    });
    broken.set(10);
    alarm('other').set(10);
    clock.pass(12);
    expect([told, faults]).toEqual([['broken', 'other'], [new Error('broken')]]);
    broken.set(20);
    clock.pass(20);
    expect(faults).toHaveLength(2);
  });
});

describe('alarms that are due together', () => {
  it('may cancel one another, and put one another off', () => {
    const { clock, told, alarm } = setUp();
    const [cancelled, putOff, broughtForward] = [alarm('cancelled'), alarm('put off'), alarm('brought')];
    alarm('first', () => {
      cancelled.cancel();
      putOff.set(50);
      broughtForward.set(5);
    }).set(10);
    for (const other of [cancelled, putOff, broughtForward]) other.set(10);
    clock.pass(20);
    expect(told).toEqual(['first', 'brought']);
    clock.pass(40);
    expect(told).toEqual(['first', 'brought', 'put off']);
    expect(clock.waiting).toBe(0);
  });

  it('share one timer, though they are not due at quite the same time', () => {
    const { clock, told, alarm } = setUp();
    for (let call = 0; call < 100; call += 1) alarm(`${call}`).set(80 + call / 100);
    clock.pass(82);
    expect([told.length, clock.armed, clock.waiting]).toEqual([100, 1, 0]);
  });
});

describe('the ticker', () => {
  it('has no timer while no alarm is set', () => {
    const { clock, alarm } = setUp();
    const alarms = Array.from({ length: 10 }, (_, index) => alarm(`${index}`));
    expect(clock.waiting).toBe(0);
    alarms.forEach((each, index) => each.set(100 + 10 * index));
    expect(clock.waiting).toBe(1);
    alarms.forEach((each) => each.cancel());
    expect(clock.waiting).toBe(0);
    alarms[0]?.set(50);
    clock.pass(60);
    expect(clock.waiting).toBe(0);
  });

  it('arms no timer for an alarm that is put off again and again', () => {
    const { clock, told, alarm } = setUp();
    const pause = alarm('pause');
    for (let frame = 0; frame < 1000; frame += 1) {
      pause.set(clock.now() + 160);
      clock.pass(20);
    }
    // once each time that an old time comes, which is every 160 ms at most
    expect(clock.armed).toBeLessThanOrEqual(20_000 / 140);
    expect(told).toEqual([]);
    clock.pass(160);
    expect(told).toEqual(['pause']);
  });

  it('goes on when a timer comes too soon', () => {
    const { clock, told, alarm } = setUp(() => -1.9);
    alarm('one').set(10.5);
    clock.pass(10.4);
    expect(told).toEqual([]);
    clock.pass(3);
    expect(told).toEqual(['one']);
  });

  it('loses no time, however late its timers are: 250 of 250 messages of 20 ms go in 5 s', () => {
    const lates = [0, 3, 1, 7, 0, 15, 2];
    let timers = 0;
    const { clock, told, alarm } = setUp(() => lates[(timers += 1) % lates.length] as number);
    let due = 20;
    const each = alarm('message', () => each.set((due += 20)));
    each.set(due);
    clock.pass(5000 + 15 + 2);
    expect(told).toHaveLength(250);
  });

  it('makes up for a standstill at once', () => {
    const { clock, told, alarm } = setUp(() => 0);
    const alarms = [10, 20, 30, 40].map((at) => [alarm(`${at}`), at] as const);
    const stuck = alarm('stuck', () => clock.pass(100));
    stuck.set(5);
    for (const [each, at] of alarms) each.set(at);
    clock.pass(10);
    clock.pass(2);
    expect(told).toEqual(['stuck', '10', '20', '30', '40']);
  });

  it('runs many in the order in which they are due', () => {
    const { clock, ticker } = setUp();
    const order: number[] = [];
    for (let index = 0; index < 500; index += 1) {
      const at = 1 + ((index * 7919) % 500);
      ticker.alarm(() => order.push(at)).set(at);
    }
    clock.pass(502);
    expect(order).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  });

  const steps = fc.array(
    fc.record({
      alarm: fc.nat(9),
      what: fc.constantFrom('set', 'set', 'set', 'cancel'),
      inMs: fc.double({ min: -5, max: 200, noNaN: true }),
      thenMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 40, noNaN: true })),
    }),
    { maxLength: 30 },
  );

  it('runs each alarm at the time that was set last, up to 2 ms late, whatever is set and cancelled', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const { clock, ticker, faults } = setUp();
        const dues = new Map<number, number>();
        const early: number[] = [];
        const alarms = Array.from({ length: 10 }, (_, index) =>
          ticker.alarm(() => {
            if ((dues.get(index) ?? Infinity) > clock.now()) early.push(index);
            dues.delete(index);
          }),
        );
        const wrongAfter = (ms: number) => {
          clock.pass(ms);
          const late = [...dues.values()].filter((due) => due <= clock.now() - 2);
          return [
            ...early,
            ...late,
            ...faults,
            clock.waiting === Math.min(1, dues.size) ? [] : 'timers',
          ].flat();
        };
        for (const { alarm, what, inMs, thenMs } of plan) {
          const at = clock.now() + inMs;
          if (what === 'set') alarms[alarm]?.set(at);
          else alarms[alarm]?.cancel();
          // what is set to the past is due from now on
          if (what === 'set') dues.set(alarm, Math.max(at, clock.now()));
          else dues.delete(alarm);
          expect(wrongAfter(thenMs)).toEqual([]);
        }
        expect([wrongAfter(300), dues.size]).toEqual([[], 0]);
      }),
      { numRuns: 60 },
    );
  });
});
