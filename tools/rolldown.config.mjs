import { bundle } from './bundle.mjs';

export default bundle(import.meta.dirname, {
  chaos: 'src/chaos.ts',
  check: 'src/check.ts',
  demo: 'src/demo.ts',
  mutants: 'src/mutants.ts',
  spin: 'src/spin.ts',
  start: 'src/start.ts',
  test: 'src/test.ts',
});
