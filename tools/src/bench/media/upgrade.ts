import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { type Call } from './load-messages';

const HANDSHAKE_MS = 15_000;
/** All sockets read into the same memory: what was read is dealt with before the next one reads. */
const INCOMING = Buffer.alloc(256 * 1024);
const END_OF_HEADERS = '\r\n\r\n';

/** The server has answered otherwise. */
export class Refused extends Error {
  constructor(readonly status: number) {
    super(`A line was refused with ${status}.`);
  }
}

export interface Upgraded {
  socket: Socket;
  /** what came behind the answer already */
  rest: Buffer;
}

/**
 * Opens a WebSocket.
 * @param read gets what comes later; what it throws ends the socket
 * @throws {Refused} if it was refused; another error if it was not answered in time
 */
export function upgrade(
  port: number,
  call: Call,
  read: (chunk: Buffer, length: number) => void,
): Promise<Upgraded> {
  return new Promise((resolve, reject) => {
    let answer: string | null = '';
    const receive = (length: number): boolean => {
      try {
        if (answer === null) {
          read(INCOMING, length);
          return true;
        }
        answer += INCOMING.toString('latin1', 0, length);
        const rest = restOf(answer);
        if (rest === null) return true;
        answer = null;
        clearTimeout(late);
        resolve({ socket, rest: Buffer.from(rest, 'latin1') });
        return true;
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
        return false;
      }
    };
    const onread = { buffer: INCOMING, callback: receive };
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread });
    const late = setTimeout(
      () => socket.destroy(new Error('A line was not answered in time.')),
      HANDSHAKE_MS,
    );
    socket.once('connect', () => socket.write(requestOf(port, call)));
    socket.on('error', reject);
    socket.once('close', () => {
      clearTimeout(late);
      reject(new Error('A line was closed before it was answered.'));
    });
  });
}

/** Null: the answer goes on. @throws {Refused} if it is another answer */
function restOf(answer: string): string | null {
  const end = answer.indexOf(END_OF_HEADERS);
  if (end < 0) return null;
  const status = Number(answer.split(' ')[1]);
  if (status !== 101) throw new Refused(status);
  return answer.slice(end + END_OF_HEADERS.length);
}

function requestOf(port: number, { path, headers }: Call): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return lines.join('\r\n') + END_OF_HEADERS;
}
