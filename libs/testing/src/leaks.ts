import { setTimeout as sleep } from 'node:timers/promises';

const COUNTED = ['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'ProcessWrap'];

const open = (): number => process.getActiveResourcesInfo().filter((kind) => COUNTED.includes(kind)).length;

/** what the test runner itself has open; this module is loaded before any test runs */
const before = open();

/**
 * Fails the spec file if it leaves a socket, a server or a child process behind.
 * Call it after the file's own `afterAll`: such hooks run in the order in which they are defined.
 */
export function failOnLeaks(): void {
  afterAll(async () => {
    // a socket that was told to close needs a few turns of the event loop to be gone
    for (let tries = 0; tries < 40 && open() > before; tries += 1) await sleep(50);
    const left = process.getActiveResourcesInfo().filter((kind) => COUNTED.includes(kind));
    if (left.length > before) throw new Error(`left open after the last test: ${left.join(', ')}`);
  });
}
