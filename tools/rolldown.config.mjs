import { bundle } from './bundle.mjs';

export default bundle(import.meta.dirname, {
  bench: 'src/bench.ts',
  chaos: 'src/chaos.ts',
  check: 'src/check.ts',
  demo: 'src/demo.ts',
  dialogue: 'src/dialogue.ts',
  doctor: 'src/doctor.ts',
  mutants: 'src/mutants.ts',
  spin: 'src/spin.ts',
  start: 'src/start.ts',
  test: 'src/test.ts',
});
