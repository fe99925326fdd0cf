import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { type Keeper } from '../processes/keeper';
import { type RedisRuntime } from './redis-extraction';
import { runServer, type StoreServer } from './server';

export interface RedisOptions {
  keeper: Keeper;
  runtime: RedisRuntime;
  folder: string;
  throwAway: boolean;
}

export async function startRedis(options: RedisOptions): Promise<{ server: StoreServer; url: string }> {
  const { keeper, runtime, folder, throwAway } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const server = await runServer({
    keeper,
    name: 'Redis',
    preferredPort: throwAway ? undefined : 26_379,
    spec: (port) => ({
      command: runtime.command,
      args: settings(folder, port, throwAway),
      cwd: folder,
      env: { PATH: '/usr/bin:/bin', ...runtime.env },
    }),
    answers,
  });
  return { server, url: `redis://127.0.0.1:${server.port}` };
}

function settings(dir: string, port: number, throwAway: boolean): string[] {
  const values = {
    bind: '127.0.0.1',
    port: String(port),
    dir,
    save: '',
    appendonly: throwAway ? 'no' : 'yes',
    // a job that is evicted is a job that is lost
    'maxmemory-policy': 'noeviction',
  };
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}

/** `PING` over a connection of its own; a server that still loads its data answers `-LOADING`. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (data) => settle(data.toString('latin1').startsWith('+PONG')));
    for (const event of ['error', 'timeout', 'close']) socket.once(event, () => settle(false));
  });
}
