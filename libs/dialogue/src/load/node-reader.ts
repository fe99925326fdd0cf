import { isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** An alias counts as everything it stands for: a few of them, one in the other, are a billion words. */
const MAX_NODES = 50_000;
const MAX_DEPTH = 16;

export interface Fault {
  /** UTF-16 units from the beginning of the file */
  offset: number;
  message: string;
}

interface Read {
  data: unknown;
  /** nodes it consists of, aliases spelled out */
  size: number;
}

/** Turns YAML nodes into plain data, and finds what YAML allows and a dialogue does not. */
export class NodeReader {
  readonly faults: Fault[] = [];
  /** its data is not whole, and must not be used */
  isUnusable = false;
  private readonly anchors = new Map<string, Node>();
  private readonly done = new Map<Node, Read>();
  private readonly targets = new Map<Node, Node>();

  read(top: Node | null): unknown {
    const { data, size } = this.readNode(top, 0);
    if (size > MAX_NODES)
      this.refuse(top, `the file has more than ${MAX_NODES} parts, with its aliases spelled out`);
    return data;
  }

  /** What an alias stands for; null for any other node. */
  target(node: Node | null): Node | null {
    return node && (this.targets.get(node) ?? null);
  }

  private readNode(node: Node | null, depth: number): Read {
    if (node === null) return { data: null, size: 1 };
    if (isAlias(node)) return this.readAlias(node);
    if (depth > MAX_DEPTH) {
      this.refuse(node, `this is nested more than ${MAX_DEPTH} levels deep`);
      return { data: null, size: 1 };
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) this.anchors.set(node.anchor, node);
    const read = this.readParts(node, depth);
    this.done.set(node, read);
    return read;
  }

  private readParts(node: Node, depth: number): Read {
    if (isMap<Node, Node | null>(node)) return this.readMap(node.items, depth);
    if (isScalar(node)) return { data: node.value, size: 1 };
    const items = isSeq<Node>(node) ? node.items.map((item) => this.readNode(item, depth + 1)) : [];
    return { data: items.map(({ data }) => data), size: sum(items) };
  }

  private readMap(pairs: readonly Pair<Node, Node | null>[], depth: number): Read {
    const data = Object.create(null) as Record<string, unknown>;
    const values = pairs.map(({ key, value }) => {
      const read = this.readNode(value, depth + 1);
      const name = this.nameOf(key);
      if (name !== null && Object.hasOwn(data, name)) {
        this.fault(key, `"${name}" stands twice in this map: leave one of them out`);
      } else if (name !== null) data[name] = read.data;
      return read;
    });
    return { data, size: sum(values) };
  }

  private nameOf(key: Node): string | null {
    if (isScalar(key) && ['string', 'number', 'boolean'].includes(typeof key.value)) return String(key.value);
    this.fault(key, 'this is no name of a setting; a text that begins with {{ needs quotes around it');
    return null;
  }

  private readAlias(alias: Node & { source: string }): Read {
    const target = this.anchors.get(alias.source);
    const read = target && this.done.get(target);
    if (target && read) {
      this.targets.set(alias, target);
      return read;
    }
    this.refuse(
      alias,
      target
        ? `*${alias.source} stands within &${alias.source} itself`
        : `there is no anchor &${alias.source} above this`,
    );
    return { data: null, size: 1 };
  }

  private refuse(node: Node | null, message: string): void {
    this.isUnusable = true;
    this.fault(node, message);
  }

  private fault(node: Node | null, message: string): void {
    this.faults.push({ offset: node?.range?.[0] ?? 0, message });
  }
}

const sum = (parts: readonly Read[]): number => parts.reduce((total, { size }) => total + size, 1);
