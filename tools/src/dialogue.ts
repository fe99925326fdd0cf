import { createInterface } from 'node:readline';
import { standingIn } from './dialogue/config';
import { runDialogue } from './dialogue/run-dialogue';

/** Lines are read whole, without the terminal's raw mode: Ctrl-C and Ctrl-D do what they do everywhere. */
const input = createInterface({ input: process.stdin, terminal: false });
const lines = input[Symbol.asyncIterator]() as AsyncIterator<string, undefined>;

async function ask(prompt: string): Promise<string | null> {
  process.stdout.write(prompt);
  const { done, value } = await lines.next();
  // what is typed is on the screen already; what comes through a pipe is not
  if (done || !process.stdin.isTTY) process.stdout.write(done ? '\n' : `${value}\n`);
  return done ? null : value;
}

void runDialogue(process.argv.slice(2), {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
  ask,
  folder: standingIn(),
}).then((code) => {
  process.exitCode = code;
  input.close();
});
