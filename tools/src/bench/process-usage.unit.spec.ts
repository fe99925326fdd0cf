import {
  familyMsOf,
  processorMsIn,
  processorMsOf,
  residentMbOf,
  UsageWatch,
  waitedMsOf,
} from './process-usage';

const NOBODY = 2 ** 30;

describe('what a process uses', () => {
  it('is read behind a name with blanks and brackets in it', () => {
    const stat = '4711 (a (b) c) S 1 4711 4711 0 -1 4194304 900 10 0 0 150 50 7 3 20 0 11 0 123456 1 2 3';
    expect(processorMsIn(stat)).toEqual({ own: 2000, ended: 100 });
  });

  it('is nothing where nothing is told', () => {
    expect(processorMsIn('')).toEqual({ own: 0, ended: 0 });
    expect(familyMsOf(NOBODY)).toBeNull();
    expect(processorMsOf(NOBODY)).toBeNull();
    expect(residentMbOf(NOBODY)).toBeNull();
    expect(waitedMsOf(NOBODY)).toBeNull();
  });

  (process.platform === 'linux' ? it : it.skip)('is told by Linux', () => {
    expect(processorMsOf(process.pid)).toBeGreaterThan(0);
    expect(familyMsOf(process.pid)).toBeGreaterThanOrEqual(processorMsOf(process.pid)!);
    expect(residentMbOf(process.pid)).toBeGreaterThan(10);
  });

  it('counts since the watch began, unless the process was started for it', () => {
    const watch = new UsageWatch();
    watch.add('this one', process.pid);
    watch.add('nobody', NOBODY, 'born');
    const used = watch.stop();
    expect([...used.keys()]).toEqual(['this one', 'nobody']);
    expect(used.get('this one')!.processorMs).toBeLessThan(5000);
    expect(used.get('nobody')).toEqual({ processorMs: 0, waitedMs: 0, mostMb: 0 });
  });
});
