import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below 32768, where the systems' ephemeral ranges begin: an outgoing connection can take a port from those
 * at any moment, and a client that retries in vain can even connect to itself.
 */
const LOWEST = 20_000;
const HIGHEST = 31_999;

const given = new Set<number>();

/** Whether nobody listens on this port, be it on 127.0.0.1 or on all addresses: some systems allow both at once. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, exclusive: true, ...(host && { host }) }, () => server.close(() => resolve(true)));
  });
}

/** A port that is free now and was not given out before by this process. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && !given.has(preferred) && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port between ${LOWEST} and ${HIGHEST} was found.`);
}
