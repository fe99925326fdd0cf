import { processorUsIn } from './redis-processor';

const CHILDREN = 'used_cpu_sys_children:9.5\r\nused_cpu_user_children:9.5\r\n';

describe('the processor time of Redis', () => {
  it('is that of its main thread, user and system', () => {
    const page =
      `# CPU\r\nused_cpu_sys:2.000001\r\nused_cpu_user:3.5\r\n${CHILDREN}` +
      'used_cpu_sys_main_thread:1.000002\r\nused_cpu_user_main_thread:0.25\r\n';
    expect(processorUsIn(page)).toBeCloseTo(1_250_002, 3);
  });

  it('is that of the process where threads are not told apart', () => {
    expect(processorUsIn(`# CPU\r\nused_cpu_sys:2.000001\r\nused_cpu_user:3.5\r\n${CHILDREN}`)).toBeCloseTo(
      5_500_001,
      3,
    );
  });

  it('is not made up where nothing is told', () => {
    expect(() => processorUsIn(CHILDREN)).toThrow('Redis does not tell its processor time.');
  });
});
