import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../config';

export interface ProcessSpec {
  command: string;
  args: readonly string[];
  cwd?: string;
  /** the whole environment of the process */
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
  /** asks the process to end, `SIGTERM` by default */
  stopSignal?: NodeJS.Signals;
  /** ms after which SIGKILL follows, 10,000 by default */
  graceMs?: number;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
}

export interface Exit {
  code: number | null;
  signal: string | null;
}

export interface KeptProcess {
  readonly pid: number;
  /** settles once, after the last line was delivered; never rejects */
  readonly exited: Promise<Exit>;
  signal(name: NodeJS.Signals): void;
  /** Asks it to end, waits, and kills it after the grace time. */
  stop(): Promise<Exit>;
}

type Report =
  | { event: 'started'; id: number; pid: number }
  | { event: 'failed'; id: number; message: string }
  | { event: 'line'; id: number; stream: 'stdout' | 'stderr'; line: string }
  | { event: 'exited'; id: number; code: number | null; signal: string | null }
  | { event: 'closed' };

interface Entry {
  spec: ProcessSpec;
  pid?: number;
  started: (pid: number) => void;
  failed: (error: Error) => void;
  exited: (exit: Exit) => void;
}

/**
 * Starts processes through `keeper.mjs`, which stops them and removes the folders handed over
 * however this process ends, SIGKILL included. Closing stops the last started first.
 */
export class Keeper {
  private readonly child: ChildProcess;
  private readonly entries = new Map<number, Entry>();
  private readonly gone: Promise<void>;
  private nextId = 1;
  private waiting = 0;

  /**
   * @param background the processes alone do not keep this process from ending (and them with it), as for servers
   * that somebody may forget to close; waiting for one to start or to stop does
   */
  constructor(private readonly background = false) {
    this.child = fork(join(repositoryRoot(), 'tools', 'keeper.mjs'), [], {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: {},
    });
    this.child.on('message', (report) => this.receive(report as Report));
    this.gone = new Promise((resolve) => {
      this.child.once('exit', () => {
        this.abandon();
        resolve();
      });
    });
    this.hold(false);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** @throws when the process cannot be started at all; one that starts and ends at once does not throw */
  async start(spec: ProcessSpec): Promise<KeptProcess> {
    const id = this.nextId++;
    const plain = { ...spec, onLine: undefined };
    let settle: (exit: Exit) => void = () => {};
    const exited = new Promise<Exit>((resolve) => (settle = resolve));
    const answer = new Promise<number>((started, failed) => {
      this.entries.set(id, { spec, started, failed, exited: settle });
      this.send({ op: 'start', id, stopSignal: 'SIGTERM', graceMs: 10_000, ...plain });
    });
    const pid = await this.await(answer);
    return {
      pid,
      exited,
      signal: (signal) => this.send({ op: 'signal', id, signal }),
      stop: () => {
        this.send({ op: 'stop', id });
        return this.await(exited);
      },
    };
  }

  /** Runs a command to its end. */
  async run(spec: ProcessSpec): Promise<Exit & { output: string }> {
    const lines: string[] = [];
    const { exited } = await this.start({ ...spec, onLine: (line) => lines.push(line) });
    return { ...(await this.await(exited)), output: lines.join('\n') };
  }

  /** Has the folder removed, with what is in it, after the last process has ended. */
  removeAtEnd(path: string): void {
    this.send({ op: 'remove', path });
  }

  async close(): Promise<void> {
    this.send({ op: 'close' });
    await this.await(this.gone);
  }

  private async await<T>(answer: Promise<T>): Promise<T> {
    if (this.waiting++ === 0) this.hold(true);
    try {
      return await answer;
    } finally {
      if (--this.waiting === 0) this.hold(false);
    }
  }

  private hold(yes: boolean): void {
    if (!this.background) return;
    for (const handle of [this.child, this.child.channel]) {
      if (yes) handle?.ref();
      else handle?.unref();
    }
  }

  private send(message: object): void {
    if (this.child.connected) this.child.send(message, () => {});
    else if ('id' in message) this.abandon();
  }

  private receive(report: Report): void {
    if (report.event === 'closed') return;
    const entry = this.entries.get(report.id);
    if (!entry) return;
    if (report.event === 'line') entry.spec.onLine?.(report.line, report.stream);
    else if (report.event === 'started') entry.started((entry.pid = report.pid));
    else {
      this.entries.delete(report.id);
      if (report.event === 'failed') entry.failed(new Error(`${entry.spec.command}: ${report.message}`));
      else entry.exited({ code: report.code, signal: report.signal });
    }
  }

  /** The keeper itself is gone: if somebody killed it, what it kept is ours to end. */
  private abandon(): void {
    for (const entry of this.entries.values()) {
      if (entry.pid === undefined) {
        entry.failed(new Error(`${entry.spec.command} was not started: its keeper has ended.`));
        continue;
      }
      try {
        process.kill(entry.pid, 'SIGKILL');
      } catch {
        // it has ended with its keeper
      }
      entry.exited({ code: null, signal: 'SIGKILL' });
    }
    this.entries.clear();
  }
}
