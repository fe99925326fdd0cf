import { freePort, isFree } from '../processes/free-port';

export type Role = 'ingest' | 'worker' | 'gateway';

/** One process of the stack, before it runs. */
export interface Plan {
  /** `ingest`, or `ingest-2` for the second of several */
  name: string;
  role: Role;
  /** bundle, relative to the top of the repository */
  bundle: string;
  /** where its public side listens; the worker has none */
  port: number | null;
  adminPort: number;
}

const ROLES: Record<Role, { bundle: string; port: number | null; adminPort: number; listensFor: string }> = {
  ingest: {
    bundle: 'dist/apps/passthru-ingest/main.js',
    port: 3001,
    adminPort: 3101,
    listensFor: 'webhooks',
  },
  worker: {
    bundle: 'dist/apps/passthru-ingest/worker.js',
    port: null,
    adminPort: 3103,
    listensFor: 'nobody',
  },
  gateway: {
    bundle: 'dist/apps/call-gateway/main.js',
    port: 3002,
    adminPort: 3102,
    listensFor: 'media streams',
  },
};

export interface Counts {
  ingests: number;
  gateways: number;
}

/** In the order of starting. With `default` ports the first of each role has the documented ones. */
export async function planProcesses(
  { ingests, gateways }: Counts,
  ports: 'default' | 'free',
): Promise<Plan[]> {
  const roles: Role[] = [...many('ingest', ingests), 'worker', ...many('gateway', gateways)];
  const seen = new Map<Role, number>();
  const plans: Plan[] = [];
  for (const role of roles) {
    const number = (seen.get(role) ?? 0) + 1;
    seen.set(role, number);
    const { bundle, ...fixed } = ROLES[role];
    const useFixed = ports === 'default' && number === 1;
    plans.push({
      name: number === 1 ? role : `${role}-${number}`,
      role,
      bundle,
      port: fixed.port === null ? null : useFixed ? fixed.port : await freePort(),
      adminPort: useFixed ? fixed.adminPort : await freePort(),
    });
  }
  return plans;
}

const many = (role: Role, count: number): Role[] => Array.from({ length: count }, () => role);

/** @throws when somebody else listens on one of the documented ports */
export async function assertDefaultPortsFree(): Promise<void> {
  const taken: string[] = [];
  for (const { port, adminPort, listensFor } of Object.values(ROLES)) {
    if (port !== null && !(await isFree(port))) taken.push(`${port} (${listensFor})`);
    if (!(await isFree(adminPort))) taken.push(`${adminPort} (health and metrics)`);
  }
  if (taken.length === 0) return;
  throw new Error(
    `Ports that are needed are taken by other programs: ${taken.join(', ')}.\n` +
      'Stop those (perhaps another npm start), or let free ports be chosen: npm start -- --free-ports',
  );
}
