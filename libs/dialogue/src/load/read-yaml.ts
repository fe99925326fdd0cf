import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Fault, NodeReader } from './node-reader';
import { type Path, type Places } from './problems';

/** A dialogue is written by hand; the biggest switchboard is a tenth of it. */
const MAX_BYTES = 256 * 1024;

export interface YamlFile {
  /** maps are objects without a prototype; undefined where the file cannot be understood at all */
  data: unknown;
  places: Places;
  faults: readonly Fault[];
}

export function readYaml(text: string): YamlFile {
  const lines = new LineCounter();
  if (text.length > MAX_BYTES || new TextEncoder().encode(text).length > MAX_BYTES) {
    const message = 'the file is larger than 256 KiB: make two dialogues of it';
    return { data: undefined, places: placesIn(text, null, lines), faults: [{ offset: 0, message }] };
  }
  // equal keys are found by the reader: the library compares each with all others
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const broken = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
    offset: pos[0],
    message: `this is not YAML that can be understood: ${firstLine(message)}`,
  }));
  const reader = new NodeReader();
  const places = placesIn(text, document.contents, lines, reader);
  if (broken.length > 0) return { data: undefined, places, faults: broken };
  const data = reader.read(document.contents);
  return { data: reader.isUnusable ? undefined : data, places, faults: reader.faults };
}

const firstLine = (message: string): string => message.split('\n', 1)[0] ?? message;

interface Found {
  key: Node | null;
  value: Node | null;
}

function placesIn(text: string, top: Node | null, lines: LineCounter, reader?: NodeReader): Places {
  const find = (path: Path): Found => {
    let found: Found = { key: null, value: top };
    for (const part of path) {
      const next = childOf(reader?.target(found.value) ?? found.value, part);
      if (!next) return found;
      found = next;
    }
    return found;
  };
  const startOf = (node: Node | null): number => node?.range?.[0] ?? top?.range?.[0] ?? 0;
  return {
    valueAt: (path) => startOf(find(path).value),
    keyAt: (path) => {
      const { key, value } = find(path);
      return startOf(key ?? value);
    },
    partAt: (path, part) => {
      const { value } = find(path);
      const node = reader?.target(value) ?? value;
      const [start, end] = node?.range ?? [startOf(node), startOf(node)];
      const index = text.slice(start, end).indexOf(part);
      return start + Math.max(index, 0);
    },
    lineAndColumn: (offset) => {
      const { line, col } = lines.linePos(offset);
      return { line: Math.max(line, 1), column: Math.max(col, 1) };
    },
  };
}

function childOf(node: Node | null, part: string | number): Found | null {
  if (isMap<Node, Node | null>(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
    return pair ? { key: pair.key, value: pair.value ?? pair.key } : null;
  }
  const item = isSeq<Node>(node) ? node.items[Number(part)] : undefined;
  return item ? { key: null, value: item } : null;
}
