import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { AddressRanges } from '@greenroom/platform';
import { notChecked, ok, warning, wrong, type Check, type NamedVerdict, type Verdict } from './finding';
import { inWords } from './network-error';
import type { Setup } from './setup';

/** Loopback, link-local, and addresses of private networks: RFC 1918, 4193, 6598. */
const PRIVATE = new AddressRanges([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
]);

const DAY_MS = 86_400_000;
const RENEW_DAYS = 14;

export function urlChecks(setup: Setup, now: () => number): Check[] {
  const { publicBaseUrl, mediaUrl, trustsProxies } = setup;
  const urls: [string, string | null][] = [['PUBLIC_BASE_URL', publicBaseUrl]];
  if (mediaUrl !== null && originOf(mediaUrl) !== originOf(publicBaseUrl))
    urls.push(['PUBLIC_MEDIA_URL', mediaUrl]);
  return urls.map(([name, url]) => ({
    group: 'url' as const,
    name,
    run: async (signal) => {
      if (url === null) return notChecked(`${name} is missing or wrong`);
      const host = { name, ...(await judgeHost(url)) };
      if (host.status === 'wrong') return [host];
      return [
        host,
        { name: `${name} TLS`, ...(await judgeTls(url, { now: now(), trustsProxies }, signal)) },
      ] satisfies NamedVerdict[];
    },
  }));
}

/** The same for `https://host` and `wss://host`. */
const originOf = (url: string | null): string | null =>
  url?.replace(/^(ws|http)(s?):\/\/([^/]*).*$/, '$2$3') ?? null;

/** Signatures are made over the URL, so what nobody signs must not be in it. */
async function judgeHost(url: string): Promise<Verdict> {
  const { hostname, username, search, hash } = new URL(url);
  if (username || search || hash) return wrong('a user name, a query or a fragment must not be in it');
  const host = hostname.replace(/^\[|\]$/g, '');
  try {
    const addresses = (await lookup(host, { all: true })).map(({ address }) => address);
    const shown = isIP(host) ? host : `${host} is ${addresses.join(', ')}`;
    if (!addresses.some((address) => PRIVATE.includes(address))) return ok(shown);
    return warning(
      `${shown}: an address of a private network, as seen from here. Providers cannot reach such`,
    );
  } catch (error) {
    return wrong(`${host}: ${inWords(error)}`);
  }
}

interface Circumstances {
  /** unix ms */
  now: number;
  trustsProxies: boolean;
}

async function judgeTls(
  url: string,
  { now, trustsProxies }: Circumstances,
  signal: AbortSignal,
): Promise<Verdict> {
  const { protocol, hostname, port } = new URL(url);
  if (!/^(https|wss):$/.test(protocol))
    return warning(`${protocol}// has no TLS: providers want https:// and wss://`);
  try {
    const host = hostname.replace(/^\[|\]$/g, '');
    const seen = await handshake({ host, port: Number(port || 443) }, signal);
    const verdict = judgeCertificate(seen, now);
    if (verdict.status !== 'ok' || trustsProxies) return verdict;
    return warning(
      `${verdict.message}. TRUSTED_PROXIES is empty: behind the proxy that ends TLS, all callers have its address, ` +
        'share one limit of refusals, and allowCidrs cannot be right',
    );
  } catch (error) {
    return wrong(inWords(error));
  }
}

export interface SeenCertificate {
  /** why Node does not trust it; null if it does */
  problem: (Error & { code?: string }) | string | null;
  /** unix ms */
  validTo: number;
  issuer: string;
}

export function judgeCertificate({ problem, validTo, issuer }: SeenCertificate, now: number): Verdict {
  if (problem !== null) return wrong(inWords(typeof problem === 'string' ? withCode(problem) : problem));
  const until = `valid until ${new Date(validTo).toISOString().slice(0, 10)}, issued by ${issuer}`;
  return validTo - now < RENEW_DAYS * DAY_MS ? warning(`${until}: renew it`) : ok(until);
}

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

/** Looks at the certificate, whatever is wrong with it. */
function handshake(
  { host, port }: { host: string; port: number },
  signal: AbortSignal,
): Promise<SeenCertificate> {
  return new Promise((resolve, reject) => {
    const servername = isIP(host) ? {} : { servername: host };
    const socket = connect({ host, port, ...servername, rejectUnauthorized: false });
    const give = () => socket.destroy();
    signal.addEventListener('abort', give);
    socket.once('secureConnect', () => {
      resolve(seenOn(socket));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', give));
  });
}

function seenOn(socket: TLSSocket): SeenCertificate {
  const { valid_to: validTo, issuer } = socket.getPeerCertificate() as Partial<PeerCertificate>;
  const problem = socket.authorized ? null : (socket.authorizationError as Error | string | undefined);
  return { problem: problem ?? null, validTo: Date.parse(validTo ?? ''), issuer: nameOf(issuer) };
}

/** A name may have several of a part. */
const nameOf = (issuer: PeerCertificate['issuer'] | undefined): string =>
  [issuer?.O ?? issuer?.CN ?? 'nobody'].flat().join(' ');
