import { WebSocket } from 'ws';
import type { Answer } from './send';
import type { StreamProbe } from './stream-probe';

/** `closeCode`: what came back when we closed, before any `start`; 1006 if nothing did. */
export type Opened = { opened: true; closeCode: number } | { opened: false; answer: Answer };

const MAX_BYTES = 65_536;

/**
 * Asks for a stream and, if it is given one, closes it at once.
 * @throws what the network says
 */
export function openStream({ url, headers }: StreamProbe, signal: AbortSignal): Promise<Opened> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false, maxPayload: MAX_BYTES });
    let opened = false;
    const give = () => socket.terminate();
    signal.addEventListener('abort', give);
    socket.once('open', () => {
      opened = true;
      socket.close(1000);
    });
    socket.once('unexpected-response', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => void (chunks.length < 64 && chunks.push(chunk)));
      response.once('error', reject);
      response.once('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({
          opened: false,
          answer: { status: response.statusCode ?? 0, headers: response.headers, body },
        });
        request.destroy();
      });
    });
    socket.on('error', (error) => void (opened || reject(error)));
    socket.once('close', (closeCode) => {
      signal.removeEventListener('abort', give);
      if (opened) resolve({ opened: true, closeCode });
    });
  });
}
