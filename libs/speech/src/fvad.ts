import { readFile } from 'node:fs/promises';

/**
 * The functions of libfvad. Handles and pointers are addresses in `memory`; -1 stands for an argument that it does not
 * take, 0 from `create` and `malloc` for no memory.
 * @see https://github.com/dpirch/libfvad/blob/master/include/fvad.h
 */
export interface Fvad {
  memory: { buffer: ArrayBuffer };
  create(): number;
  destroy(handle: number): void;
  malloc(bytes: number): number;
  free(pointer: number): void;
  /** @param mode 0 (takes most for voice) to 3 (takes least) */
  setMode(handle: number, mode: number): number;
  setSampleRate(handle: number, sampleRate: number): number;
  /** @returns 1 for voice, 0 for none */
  process(handle: number, samples: number, count: number): number;
}

/** Node has it; its types come with those of the DOM only. */
declare const WebAssembly: {
  instantiate(code: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

/** What the functions are called in fvad.wasm of @echogarden/fvad-wasm 0.2.0, and how many arguments they take. */
const EXPORTS: Readonly<Record<Exclude<keyof Fvad, 'memory'>, readonly [name: string, parameters: number]>> =
  {
    create: ['e', 0],
    malloc: ['f', 1],
    destroy: ['h', 1],
    free: ['i', 1],
    setMode: ['j', 2],
    setSampleRate: ['k', 2],
    process: ['l', 3],
  };

/**
 * The wasm without the script that comes with it: that one is an ES module only, which neither jest nor a CommonJS
 * bundle loads alike on Node 20, and it sets `process.exitCode`. The price is the minified names above, so another
 * version is refused here rather than found out in a call.
 * @throws if the module is not the one that is known
 */
export async function loadFvad(): Promise<Fvad> {
  const code = await readFile(require.resolve('@echogarden/fvad-wasm/fvad.wasm'));
  const { instance } = await WebAssembly.instantiate(code, {
    a: {
      a: () => {
        throw new Error('an assertion of libfvad failed');
      },
      // its memory does not grow: 16 MB hold 20,000 detectors
      b: () => 0,
    },
  });
  const { c: memory, d: construct } = instance.exports;
  const functions = Object.entries(EXPORTS).map(([role, [name, parameters]]) => {
    const found = instance.exports[name];
    if (typeof found !== 'function' || found.length !== parameters) throw unknownVersion();
    return [role, found] as const;
  });
  if (typeof construct !== 'function' || !memory) throw unknownVersion();
  (construct as () => void)();
  const fvad = { memory, ...Object.fromEntries(functions) } as Fvad;
  if (!behaves(fvad)) throw unknownVersion();
  return fvad;
}

/** Functions of one shape are told apart by what they refuse. */
function behaves(fvad: Fvad): boolean {
  const handle = fvad.create();
  const answers = [
    fvad.setMode(handle, 3),
    fvad.setMode(handle, 4),
    fvad.setSampleRate(handle, 8000),
    fvad.setSampleRate(handle, 24000),
    fvad.process(handle, 0, 1),
  ];
  fvad.destroy(handle);
  return answers.join() === '0,-1,0,-1,-1';
}

const unknownVersion = (): Error =>
  new Error('fvad.wasm is of another version than 0.2.0: set the names of its exports anew');
