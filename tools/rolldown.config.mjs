import { bundle } from './bundle.mjs';

export default bundle(import.meta.dirname, {
  check: 'src/check.ts',
  demo: 'src/demo.ts',
  start: 'src/start.ts',
  test: 'src/test.ts',
});
