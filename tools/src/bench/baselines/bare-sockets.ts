import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/*
 * The least that a server of WebSockets can do: the same library with the same options, and every upgrade is taken.
 * Nothing is checked, nothing is kept for a socket, nothing is listened to.
 */

const http = createServer();
const server = new WebSocketServer({ server: http, perMessageDeflate: false });
server.on('connection', (socket) => socket.on('error', () => undefined));
http.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: (http.address() as AddressInfo).port }));
});
