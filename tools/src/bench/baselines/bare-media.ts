import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';
import { BARE_MODES, bareEcho } from '../media/bare-echo';

/*
 * A media server with nothing around it: `ws`, and what is needed to say back what it hears. No accounts, no sessions, no
 * pacing, no turns.
 *
 * --mode full | slice | slice-80ms
 *
 * GET / tells how late its event loop was since the last time.
 */

/** As prom-client's, by which ours is told. */
const LAG_RESOLUTION_MS = 10;

const { values } = parseArgs({ options: { mode: { type: 'string' } } });
const mode = BARE_MODES.find((each) => each === values.mode);
if (!mode) throw new Error(`--mode is one of ${BARE_MODES.join(', ')}`);

const delays = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
delays.enable();

const server = createServer((_request, response) => {
  const lagMs = (ns: number): number => Math.max(0, ns / 1e6 - LAG_RESOLUTION_MS);
  response.end(JSON.stringify({ p99Ms: lagMs(delays.percentile(99)), mostMs: lagMs(delays.max) }));
  delays.reset();
});

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  const echo = bareEcho(mode);
  socket.on('message', (data: Buffer) => {
    const reply = echo(data);
    if (reply !== null) socket.send(reply);
  });
  socket.on('error', (error) => console.error(error.message));
});

server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port }));
});
