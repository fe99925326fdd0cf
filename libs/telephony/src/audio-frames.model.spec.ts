import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import * as fc from 'fast-check';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { FrameTemplate } from './frame-template';
import { dice, FRAMES, streamOf, type FrameProvider } from './hostile-frame.contract';
import { mediaAdapters } from './index';
import type { InboundMessage, MediaAdapter, MediaCodec } from './port';

/*
 * What the bytes of a message are read to is what its text is parsed to, whatever it is: by position where it has the form
 * of those before, by the parser otherwise. Faults that are put into a copy of the reading are found by the same frames.
 */

jest.setTimeout(300_000);

const { FC_SEED: seed, FC_RUNS: percent = '100' } = process.env;
const PROVIDERS = Object.keys(FRAMES) as FrameProvider[];
/** of one stream, so that what it has learned from strange ones does not last */
const FRAMES_EACH = 25;
const STREAMS = Math.ceil((4000 * Number(percent)) / 100);

interface Difference {
  frame: string;
  read: InboundMessage;
  parsed: InboundMessage;
}

const alike = (a: InboundMessage, b: InboundMessage): boolean =>
  a.kind === 'audio' && b.kind === 'audio'
    ? a.sequence === b.sequence &&
      a.timestampMs === b.timestampMs &&
      Buffer.compare(a.payload, b.payload) === 0
    : JSON.stringify(a) === JSON.stringify(b);

/** The first frame of a stream from this seed that is not read as it is parsed. */
function difference(provider: FrameProvider, stream: number, reading: MediaCodec): Difference | null {
  const roll = dice(stream);
  const parsing = mediaAdapters[provider].open();
  const start = JSON.stringify(FRAMES[provider].start);
  parsing.decode(start);
  reading.decodeText(Buffer.from(start));
  const frames = streamOf(provider, roll);
  for (let n = 1; n <= FRAMES_EACH; n += 1) {
    const frame = frames(n);
    const read = reading.decodeText(frame);
    const parsed = parsing.decode(frame.toString('utf8'));
    if (!alike(read, parsed)) return { frame: frame.toString('latin1'), read, parsed };
  }
  return null;
}

describe.each(PROVIDERS)('audio of %s', (provider) => {
  it('is read from its bytes as it is parsed from its text', () => {
    const byTemplate = jest.spyOn(FrameTemplate.prototype, 'read');
    let audio = 0;
    const streams = fc.property(fc.noBias(fc.nat()), (stream) => {
      const found = difference(provider, stream, mediaAdapters[provider].open());
      if (found) throw new Error(JSON.stringify(found));
      audio += byTemplate.mock.results.filter(({ value }) => value !== null).length;
      byTemplate.mockClear();
    });
    fc.assert(streams, { numRuns: STREAMS, ...(seed ? { seed: Number(seed) } : {}) });
    byTemplate.mockRestore();
    // two of five frames are as they should be; some of those come before, or in, a stream that is strange as a whole
    expect(audio).toBeGreaterThan((STREAMS * FRAMES_EACH) / 5);
  });
});

type Module = './frame-template' | './json-leaves' | './base64';

const FAULTS: readonly [name: string, file: Module, from: string, to: string][] = [
  ['more digits than a number holds', './frame-template', 'digits > MAX_DIGITS ||', ''],
  ['no digits at all', './frame-template', 'digits === 0 ||', ''],
  [
    'a bare zero before other digits',
    './frame-template',
    '(bare && digits > 1 && bytes[from] === ZERO)',
    'false',
  ],
  ['anything before a number', './frame-template', 'if (!holds(bytes, start, before)) return -1;', ''],
  ['anything before the payload', './frame-template', '!holds(bytes, at, this.beforePayload) ||', ''],
  ['anything behind the payload', './frame-template', '|| !holds(bytes, end, this.afterPayload)', ''],
  ['one quote around the payload', './frame-template', 'at <= end ?', 'true ?'],
  [
    'a longer message that begins right',
    './frame-template',
    'bytes.length - this.afterPayload.length',
    "bytes.indexOf(34, bytes.indexOf('load') + 7)",
  ],
  ['any third byte of four', './frame-template', 'differ(bytes[at + i + 2], expected[i + 2])', '0'],
  ['any last bytes of a piece', './frame-template', 'if (bytes[at + i] !== expected[i]) return false;', ';'],
  [
    'the number of the first message in all of them',
    './frame-template',
    '(this.counts[sequence] as number)',
    'this.first.sequence',
  ],
  ['names that stand twice', './json-leaves', '|| names.has(path)', ''],
  ['names in disguise', './json-leaves', '!PLAIN_NAME.test(name) ||', ''],
  ['the alphabet of URLs', './base64', "if (text.includes('-') || text.includes('_')) return null;", ''],
];

/** Opens codecs over a copy of the reading in which one thing is otherwise. */
async function faulty(
  provider: FrameProvider,
  [, file, from, to]: (typeof FAULTS)[number],
): Promise<() => MediaCodec> {
  const source = readFileSync(join(__dirname, `${file}.ts`), 'utf8');
  expect(source.split(from)).toHaveLength(2);
  const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022 };
  const { outputText } = transpileModule(source.replace(from, to), { compilerOptions });
  const run = compileFunction(outputText, ['exports', 'require']) as (exports: object, load: unknown) => void;
  const exports = {};
  // by this file's own `require`: the two are in one folder
  run(exports, require);
  let adapter: MediaAdapter | undefined;
  await jest.isolateModulesAsync(async () => {
    jest.doMock(file, () => exports);
    adapter = ((await import(`./${provider}/media`)) as Record<string, MediaAdapter>)[`${provider}Media`];
  });
  jest.dontMock(file);
  return adapter!.open;
}

/** In the first of so many streams, by any of the providers. */
async function isSeen(fault: (typeof FAULTS)[number]): Promise<boolean> {
  const opens: [FrameProvider, () => MediaCodec][] = [];
  for (const provider of PROVIDERS) opens.push([provider, await faulty(provider, fault)]);
  const streams = Array.from({ length: 200 }, (_, stream) => stream);
  return streams.some((stream) =>
    opens.some(([provider, open]) => difference(provider, stream, open()) !== null),
  );
}

describe('a copy of the reading', () => {
  it('is found to be right as it is', async () => {
    expect(await isSeen(['none', './frame-template', 'return at;', 'return at;'])).toBe(false);
  });

  it.each(FAULTS)('is found to be wrong that allows %s', async (...fault) => {
    expect(await isSeen(fault)).toBe(true);
  });
});
