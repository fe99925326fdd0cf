import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** Resolves when the dependency answers, rejects with the reason when it does not. */
export type Probe = () => Promise<unknown>;

/** Both stores must be gone for so long before a process says that it is not ready: one alone is enough to serve. */
const GONE_MS = 5000;
const PROBE_MS = 1000;

/**
 * For the operator and Kubernetes, on a port of its own that is never public:
 * `/healthz` (the event loop answers), `/readyz` (one line for each dependency), `/metrics` (Prometheus).
 */
export class AdminServer {
  private readonly server: Server;
  private lastServedAt = performance.now();
  private started = false;
  private draining = false;

  constructor(
    private readonly registry: Registry,
    private readonly probes: Readonly<Record<string, Probe>>,
  ) {
    this.server = createServer((request, response) => {
      void this.answer(request.url ?? '').then(({ status, body, type }) => {
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
      });
    });
  }

  /** @returns the port, which the system chooses when 0 is asked for */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** From now on `/readyz` tells the truth about the stores; until then it says 503. */
  markStarted(): void {
    this.started = true;
  }

  markDraining(): void {
    this.draining = true;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(url: string): Promise<{ status: number; body: string; type: string }> {
    const path = url.split('?')[0];
    if (path === '/healthz') return { status: 200, body: 'ok\n', type: 'text/plain' };
    if (path === '/readyz') return this.readiness();
    if (path === '/metrics') {
      return { status: 200, body: await this.registry.metrics(), type: this.registry.contentType };
    }
    return { status: 404, body: 'Try /healthz, /readyz or /metrics.\n', type: 'text/plain' };
  }

  private async readiness(): Promise<{ status: number; body: string; type: string }> {
    const lines = await Promise.all(
      Object.entries(this.probes).map(([name, probe]) => probeLine(name, probe)),
    );
    if (lines.some(({ ok }) => ok)) this.lastServedAt = performance.now();
    const storesGone = performance.now() - this.lastServedAt > GONE_MS;
    const ready = this.started && !this.draining && !storesGone;
    const state = this.draining ? 'draining' : ready ? 'ready' : 'not ready';
    const body = [state, ...lines.map(({ line }) => line), ''].join('\n');
    return { status: ready ? 200 : 503, body, type: 'text/plain' };
  }
}

async function probeLine(name: string, probe: Probe): Promise<{ ok: boolean; line: string }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PROBE_MS} ms`)), PROBE_MS);
  });
  try {
    await Promise.race([probe(), late]);
    return { ok: true, line: `${name}: ok` };
  } catch (error) {
    return { ok: false, line: `${name}: ${error instanceof Error ? error.message : 'failed'}` };
  } finally {
    clearTimeout(timer);
  }
}
