/*
 * The code of the thread that runs flite. Node gets its text, since a bundle is one file: so a function here names nothing
 * but its arguments, the other functions of `PARTS`, and globals.
 *
 * Flite's world consists of its arguments and one file in memory, which it writes. There is no file system, environment
 * or output that a text could reach. (`node:wasi` would serve it too, with a folder on the disk to write to, but it is
 * experimental, and no sandbox by its own documentation.)
 */
import { type MessagePort } from 'node:worker_threads';

export interface FliteRequest {
  voice: string;
  text: string;
}

/** A WAV file, or why there is none. */
export type FliteAnswer = { wav: Uint8Array } | { failed: string };

type Memory = () => ArrayBuffer;

/** Node has it; its types come with those of the DOM only. */
declare const WebAssembly: {
  Module: new (code: Uint8Array) => object;
  Instance: new (
    module: object,
    imports: object,
  ) => { exports: { memory: { buffer: ArrayBuffer }; _start: () => void } };
};

/** Answers each request with the module's only instance for it, so that nothing is left of the text before. */
function runFlite(
  { parentPort, workerData }: { parentPort: MessagePort; workerData: { wasmFile: string } },
  { readFileSync }: { readFileSync: (path: string) => Uint8Array },
): void {
  const module = new WebAssembly.Module(readFileSync(workerData.wasmFile));
  const synthesize = ({ voice, text }: FliteRequest): Uint8Array => {
    let buffer = () => new ArrayBuffer(0);
    const file: Uint8Array[] = [];
    // what follows -t is the text, even where it looks like an option
    const args = ['flite', '-voice', voice, '-o', '/speech.wav', '-t', text];
    const wasi = { ...systemCalls(args, () => buffer()), ...fileCalls(file, () => buffer()) };
    const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: wasi });
    buffer = () => exports.memory.buffer;
    exports._start();
    return joined(file);
  };
  parentPort.on('message', (request: FliteRequest) => {
    try {
      const wav = synthesize(request);
      parentPort.postMessage({ wav } satisfies FliteAnswer, [wav.buffer as ArrayBuffer]);
    } catch (error) {
      parentPort.postMessage({ failed: String(error) } satisfies FliteAnswer);
    }
  });
}

/** @see https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md */
function systemCalls(args: string[], memory: Memory): object {
  const encoded = args.map((arg) => new TextEncoder().encode(`${arg}\0`));
  return {
    args_sizes_get(count: number, size: number) {
      new DataView(memory()).setUint32(count, encoded.length, true);
      new DataView(memory()).setUint32(size, joined(encoded).length, true);
      return 0;
    },
    args_get(pointers: number, buffer: number) {
      let at = buffer;
      encoded.forEach((arg, i) => {
        new DataView(memory()).setUint32(pointers + 4 * i, at, true);
        at += arg.length;
      });
      new Uint8Array(memory()).set(joined(encoded), buffer);
      return 0;
    },
    clock_time_get(_clock: number, _precision: bigint, time: number) {
      new DataView(memory()).setBigUint64(time, 0n, true);
      return 0;
    },
    proc_exit(status: number) {
      throw new Error(`flite ended with status ${status}`);
    },
  };
}

/** One open folder "/", by the descriptor 3, and in it one file, by whatever name it is opened. */
function fileCalls(file: Uint8Array[], memory: Memory): object {
  const [folder, opened, unknown] = [3, 4, 8];
  const put = (at: number, value: bigint) => new DataView(memory()).setBigUint64(at, value, true);
  return {
    fd_prestat_get(descriptor: number, stat: number) {
      if (descriptor !== folder) return unknown;
      put(stat, 1n << 32n);
      return 0;
    },
    fd_prestat_dir_name(_descriptor: number, path: number) {
      new Uint8Array(memory())[path] = 47;
      return 0;
    },
    fd_fdstat_get(descriptor: number, stat: number) {
      put(stat, descriptor === folder ? 3n : 4n);
      put(stat + 8, 2n ** 64n - 1n);
      put(stat + 16, 2n ** 64n - 1n);
      return 0;
    },
    path_open(...args: unknown[]) {
      new DataView(memory()).setUint32(Number(args[8]), opened, true);
      return 0;
    },
    fd_write(descriptor: number, vectors: number, count: number, size: number) {
      const view = new DataView(memory());
      const parts = Array.from({ length: count }, (_, i) => {
        const at = view.getUint32(vectors + 8 * i, true);
        return new Uint8Array(memory()).slice(at, at + view.getUint32(vectors + 8 * i + 4, true));
      });
      // what it prints goes nowhere: it may hold the text
      if (descriptor === opened) file.push(...parts);
      view.setUint32(size, joined(parts).length, true);
      return 0;
    },
    fd_close: () => 0,
    fd_fdstat_set_flags: () => 0,
    fd_read: () => unknown,
    fd_seek: () => unknown,
  };
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const PARTS = [systemCalls, fileCalls, joined];

/** For `new Worker(FLITE_WORKER, {eval: true})`; takes `{wasmFile}` and answers each `FliteRequest` with a `FliteAnswer`. */
export const FLITE_WORKER = `${PARTS.join('\n')}
(${String(runFlite)})(require('node:worker_threads'), require('node:fs'));`;
