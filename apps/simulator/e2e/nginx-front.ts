import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, Keeper, waitUntil } from '@greenroom/tools';
import type { Certificate } from './self-signed-certificate';
import type { Behind } from './tls-front';

/** Such as `1.22.1`; null where there is none on the PATH, or one from before 1.19.5, which has no `-e`. */
export function nginxVersion(): string | null {
  const { status, stderr } = spawnSync('nginx', ['-e', 'stderr', '-v'], { encoding: 'utf8' });
  return status === 0 ? (/nginx\/([\d.]+)/.exec(stderr)?.[1] ?? null) : null;
}

const EXAMPLE = join(__dirname, '../../../docker/nginx.conf.example');
const START_MS = 10_000;

/** A real nginx with the configuration that we hand out; only addresses and the certificate's place are put in. */
export class NginxFront {
  private readonly keeper = new Keeper(true);
  private readonly folder = mkdtempSync(join(tmpdir(), 'greenroom-nginx-'));

  constructor(
    private readonly certificate: Certificate,
    private readonly behind: Behind,
  ) {
    this.keeper.removeAtEnd(this.folder);
  }

  /** @returns the port on 127.0.0.1 */
  async open(): Promise<number> {
    const port = await freePort();
    const file = this.write(port);
    const said: string[] = [];
    const nginx = await this.keeper.start({
      command: 'nginx',
      args: ['-e', 'stderr', '-p', this.folder, '-c', file],
      env: { PATH: process.env['PATH'] ?? '' },
      onLine: (line) => said.push(line),
    });
    const ended = nginx.exited.then(() => 'ended' as const);
    const listens = async () => ((await canConnect(port)) ? ('listens' as const) : undefined);
    const found = await Promise.race([ended, waitUntil(listens, { timeoutMs: START_MS })]);
    if (found !== 'listens') throw new Error(`nginx did not start:\n${said.join('\n')}`);
    return port;
  }

  close(): Promise<void> {
    return this.keeper.close();
  }

  /** Everything that nginx writes is in its folder, so that it takes nobody's rights to run. */
  private write(port: number): string {
    const certificate = this.put('tls.crt', this.certificate.cert);
    const key = this.put('tls.key', this.certificate.key);
    const server = [
      ['127.0.0.1:3001', this.behind.webhooks],
      ['127.0.0.1:3002', this.behind.media],
      ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
      ['/etc/nginx/tls/voice.example.com.crt', certificate],
      ['/etc/nginx/tls/voice.example.com.key', key],
    ].reduce((text, [from = '', to = '']) => replaced(text, from, to), readFileSync(EXAMPLE, 'utf8'));
    const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${this.folder}/${name};`,
    );
    // one process, ours, as whoever runs the spec
    const around = `daemon off; master_process off; pid ${this.folder}/pid; events {}`;
    return this.put('nginx.conf', `${around}\nhttp {\n${places.join('\n')}\n${server}\n}\n`);
  }

  private put(name: string, text: string): string {
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  }
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`docker/nginx.conf.example has no ${from}`);
  return text.replaceAll(from, to);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
