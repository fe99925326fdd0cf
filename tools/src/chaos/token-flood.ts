import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Forger, type Forgery } from './forger';

/** connections at once: no more than a listening socket keeps waiting, so that none is turned away by the kernel */
const AT_ONCE = 32;
/** ms; longer than any upgrade may take */
const GIVES_UP_MS = 10_000;
const KEPT_BYTES = 2000;

export interface FloodOptions {
  /** `ws://…` of the gateway */
  mediaUrl: string;
  /** where it comes from; 127.0.0.1 if left out */
  localAddress?: string;
  atLeast: number;
  /** as fast as it goes, if left out */
  perSecond?: number;
  /** goes on at least until this has settled */
  until?: Promise<unknown>;
}

/** What a flood was answered. */
export interface Flooded {
  attempts: number;
  perSecond: number;
  tookMs: number;
  /** each answer as it came, but for its date, and how often */
  answers: Map<string, number>;
  /** from connecting to the end of the answer, ms */
  eachMs: number[];
  /** how often something was shown */
  shown: (which: (forgery: Forgery) => boolean) => number;
}

/** Knocks with one forged token after the other, each on a connection of its own. */
export async function flood(forger: Forger, options: FloodOptions): Promise<Flooded> {
  const { atLeast, perSecond = Infinity, until = Promise.resolve() } = options;
  const answers = new Map<string, number>();
  const eachMs: number[] = [];
  const forgeries: Forgery[] = [];
  const startedAt = performance.now();
  let over = false;
  const isOver = (): void => void (over = true);
  until.then(isOver, isOver);
  const knock = async (): Promise<void> => {
    while (forgeries.length < atLeast || !over) {
      const dueIn = startedAt + (forgeries.length / perSecond) * 1000 - performance.now();
      const forgery = forger.next();
      forgeries.push(forgery);
      if (dueIn > 1) await sleep(dueIn);
      const knockedAt = performance.now();
      const answer = await answerTo(forgery, options);
      eachMs.push(performance.now() - knockedAt);
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, knock));
  const tookMs = performance.now() - startedAt;
  return {
    attempts: forgeries.length,
    perSecond: Math.round((forgeries.length / tookMs) * 1000),
    tookMs,
    answers,
    eachMs,
    shown: (which) => forgeries.filter(which).length,
  };
}

/** The whole answer, byte for byte but for its date; one that opens a stream is left after its first bytes. */
function answerTo({ path, signature }: Forgery, { mediaUrl, localAddress }: FloodOptions): Promise<string> {
  const { hostname, port, host } = new URL(mediaUrl);
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      ...(localAddress !== undefined && { localAddress }),
    });
    let answer = '';
    let trouble = 'closed without an answer';
    socket.setTimeout(GIVES_UP_MS, () => socket.destroy(new Error(`no end after ${GIVES_UP_MS} ms`)));
    socket.on('data', (part: Buffer) => {
      answer += part.toString('latin1');
      if (answer.startsWith('HTTP/1.1 101') || answer.length > KEPT_BYTES) socket.destroy();
    });
    socket.once('error', ({ message }) => (trouble = message));
    socket.once('close', () => resolve(answer === '' ? trouble : answer.replace(/^date:.*\r\n/im, '')));
    socket.write(upgradeRequest(host, path, signature));
  });
}

const upgradeRequest = (host: string, path: string, signature: string): string =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    `X-Twilio-Signature: ${signature}`,
    '\r\n',
  ].join('\r\n');
