import { join } from 'node:path';
import { wholeEnvironment } from './config';
import { standingIn } from './dialogue/config';
import { runDoctor } from './doctor/run-doctor';

// such as those of the YAML parser, which quotes lines of the accounts file
process.removeAllListeners('warning');

void runDoctor(process.argv.slice(2), {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
  standingIn: standingIn(),
  folder: process.cwd(),
  // this bundle is dist/tools/doctor.js
  dist: join(__dirname, '..'),
  environment: wholeEnvironment(),
  now: Date.now,
}).then((code) => {
  process.exitCode = code;
  // a server that does not answer may keep a socket open
  setTimeout(() => process.exit(), 500).unref();
});
