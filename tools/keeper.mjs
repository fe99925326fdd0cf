// Owns child processes and temporary folders on behalf of the process that forked it, and outlives that process
// by moments only: when the channel to it closes, for whatever reason (a normal end, Ctrl-C, a crash, SIGKILL),
// every child is stopped, last started first, and every folder that was handed over is removed.
//
// It is plain JavaScript, so that it runs from the source tree without a build. It leads a session of its own:
// a Ctrl-C in the terminal reaches the parent only, which then stops its children in the order that it wants.
//
// Messages in:  {op: 'start', id, command, args, cwd, env, uid, gid, stopSignal, graceMs}  {op: 'signal', id, signal}
//               {op: 'stop', id}  {op: 'remove', path}  {op: 'close'}
// Messages out: {event: 'started', id, pid}  {event: 'failed', id, message}  {event: 'line', id, stream, line}
//               {event: 'exited', id, code, signal}  {event: 'closed'}
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** id -> {child, spec, exited: Promise<void>}; insertion order is the order of starting */
const kept = new Map();
const folders = [];
let closing = null;

const tell = (message) => {
  if (process.connected) process.send(message, () => {});
};

function start({ id, command, args, cwd, env, uid, gid, stopSignal, graceMs }) {
  let child;
  try {
    child = spawn(command, args, { cwd, env, uid, gid, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    tell({ event: 'failed', id, message: error.message });
    return;
  }
  const exited = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      kept.delete(id);
      resolve();
      // after the last lines: pipes are drained a moment after the exit, unless a grandchild holds them open
      const report = () => tell({ event: 'exited', id, code, signal });
      Promise.race([drained, new Promise((next) => setTimeout(next, 500))]).then(report);
    });
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      kept.delete(id);
      resolve();
      tell({ event: 'failed', id, message: error.message });
    });
  });
  const drained = Promise.all(['stdout', 'stderr'].map((stream) => forward(id, stream, child[stream])));
  if (child.pid === undefined) return;
  kept.set(id, { child, stopSignal, graceMs, exited });
  tell({ event: 'started', id, pid: child.pid });
}

function forward(id, stream, source) {
  if (!source) return Promise.resolve();
  const lines = createInterface({ input: source });
  lines.on('line', (line) => tell({ event: 'line', id, stream, line }));
  return new Promise((resolve) => lines.once('close', resolve));
}

/** A frozen process takes no signal, and a server waits for its frozen workers: wake both. */
function wake(pid) {
  let workers = [];
  try {
    workers = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
  } catch {
    // not Linux, or gone already
  }
  for (const each of [...workers.filter(Boolean), pid]) {
    try {
      process.kill(each, 'SIGCONT');
    } catch {
      // gone already
    }
  }
}

async function stop(id) {
  const entry = kept.get(id);
  if (!entry) return;
  const { child, stopSignal, graceMs, exited } = entry;
  child.kill(stopSignal);
  wake(child.pid);
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

function closeAll() {
  closing ??= (async () => {
    while (kept.size > 0) await stop([...kept.keys()].at(-1));
    for (const path of folders)
      rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    if (!process.connected) process.exit(0);
    process.send({ event: 'closed' }, () => process.exit(0));
  })();
  return closing;
}

const operations = {
  start: (message) => {
    if (closing) tell({ event: 'failed', id: message.id, message: 'everything is being stopped' });
    else start(message);
  },
  signal: ({ id, signal }) => kept.get(id)?.child.kill(signal),
  stop: ({ id }) => stop(id),
  remove: ({ path }) => folders.push(path),
  close: closeAll,
};

process.on('message', (message) => operations[message.op](message));
process.on('disconnect', closeAll);
process.on('SIGTERM', closeAll);
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
process.on('uncaughtException', (error) => {
  console.error(error);
  closeAll().finally(() => process.exit(1));
});
if (!process.send) {
  console.error('This program is started by the other tools only.');
  process.exit(2);
}
