import { type MessagePort, Worker } from 'node:worker_threads';
import { type Arrival } from './deadlines';
import { machineNow } from './machine-clock';

/** A prompt, message by message. */
export interface BarePrompt {
  messages: number;
  /** of audio in each, ms */
  audioMs: number;
  /** how far ahead of real time each may be sent, ms */
  leadMs: number;
}

/** The thread, which gets its text: so it names nothing but its arguments and globals. */
function sendOnTime({ parentPort, workerData }: { parentPort: MessagePort; workerData: BarePrompt }): void {
  const { messages, audioMs, leadMs } = workerData;
  const startedAt = performance.now();
  const dueIn = (sent: number): number =>
    startedAt + Math.max(0, (sent + 1) * audioMs - leadMs) - performance.now();
  let sent = 0;
  const pump = (): void => {
    for (; sent < messages && dueIn(sent) <= 0; sent++) parentPort.postMessage(sent);
    if (sent < messages) setTimeout(pump, Math.max(1, dueIn(sent)));
  };
  pump();
}

/**
 * Absolute pacing and nothing else, by a thread that has nothing else to do, received as a line's audio is: how late that
 * is, this machine makes everybody at this time.
 */
export function hearBareTimer(prompt: BarePrompt): Promise<Arrival[]> {
  const arrivals: Arrival[] = [];
  const text = `(${sendOnTime.toString()})(require('node:worker_threads'))`;
  const worker = new Worker(text, { eval: true, workerData: prompt });
  return new Promise((resolve, reject) => {
    worker.on('message', () => arrivals.push({ atMs: machineNow(), audioMs: prompt.audioMs }));
    worker.once('error', reject);
    worker.once('exit', () => resolve(arrivals));
  });
}
