import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';

/** The benchmark's own programs: each runs in a process of its own. */
const programsIn = (folder) =>
  Object.fromEntries(
    readdirSync(join(import.meta.dirname, 'src/bench', folder))
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => [`${folder}/${file.slice(0, -3)}`, `src/bench/${folder}/${file}`]),
  );

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
  ...programsIn('baselines'),
  ...programsIn('load'),
});
