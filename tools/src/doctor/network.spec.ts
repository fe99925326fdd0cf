import { generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { postgresChecks } from './check-postgres';
import { redisChecks } from './check-redis';
import { urlChecks } from './check-url';
import { perform, type Finding } from './finding';
import { readSetup, type Environment, type Setup } from './setup';

/** DER, as far as a certificate needs it. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const content = Buffer.concat(parts);
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
};
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const time = (year: number) => der(0x17, Buffer.from(`${String(year).slice(2)}0101000000Z`));
/** 1.3.101.112 */
const ED25519 = sequence(der(0x06, Buffer.from([0x2b, 0x65, 0x70])));
/** 2.5.4.3, common name */
const named = (name: string) =>
  sequence(der(0x31, sequence(der(0x06, Buffer.from([0x55, 0x04, 0x03])), der(0x0c, Buffer.from(name)))));

/** A certificate that nobody but itself vouches for. */
function selfSigned(until: number): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const name = named('voice.example.com');
  const body = sequence(
    der(0x02, Buffer.from([7])),
    ED25519,
    name,
    sequence(time(2020), time(until)),
    name,
    spki,
  );
  const signature = der(0x03, Buffer.from([0]), sign(null, body, privateKey));
  const certificate = new X509Certificate(sequence(body, ED25519, signature));
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    cert: certificate.toString(),
  };
}

const servers: { server: Server; sockets: Set<Socket> }[] = [];

async function serve(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  servers.push({ server, sockets });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const { server, sockets } of servers.splice(0)) {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function examine(
  checks: (setup: Setup) => ReturnType<typeof postgresChecks>,
  environment: Environment,
) {
  const found: Finding[] = [];
  for (const check of checks(readSetup(environment, '/', null))) found.push(...(await perform(check)));
  return found.map(({ check, status, message }) => `${status} ${check}: ${message}`);
}

const tls = (setup: Setup) => urlChecks(setup, Date.now);

describe('a certificate', () => {
  it.each([
    [2049, /^wrong PUBLIC_BASE_URL TLS: its certificate is self-signed/],
    [2021, /^wrong PUBLIC_BASE_URL TLS: its certificate (has expired|is self-signed)/],
  ])('that nobody trusts is named, until %d', async (until, says) => {
    const port = await serve(createTlsServer(selfSigned(until)));
    const found = await examine(tls, { PUBLIC_BASE_URL: `https://127.0.0.1:${port}` });
    expect(found).toEqual([
      expect.stringMatching(/^warning PUBLIC_BASE_URL: .*private network/),
      expect.stringMatching(says),
    ]);
  });

  it('is missed where no TLS is spoken', async () => {
    const port = await serve(createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    const [, found] = await examine(tls, { PUBLIC_BASE_URL: `https://127.0.0.1:${port}` });
    expect(found).toMatch(/^wrong PUBLIC_BASE_URL TLS: no TLS is spoken there/);
  });

  it('is looked for at both URLs, where they differ', async () => {
    const found = await examine(tls, {
      PUBLIC_BASE_URL: 'http://127.0.0.1:1',
      PUBLIC_MEDIA_URL: 'ws://127.0.0.2:1',
    });
    expect(found.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
      'warning PUBLIC_BASE_URL',
      'warning PUBLIC_BASE_URL TLS',
      'warning PUBLIC_MEDIA_URL',
      'warning PUBLIC_MEDIA_URL TLS',
    ]);
    expect(await examine(tls, { PUBLIC_BASE_URL: 'http://127.0.0.1:1' })).toHaveLength(2);
  });

  it('is of no use to a URL that holds more than a place', async () => {
    const found = await examine(tls, { PUBLIC_BASE_URL: 'https://user@127.0.0.1' });
    expect(found).toEqual([expect.stringMatching(/^wrong PUBLIC_BASE_URL: a user name/)]);
  });
});

describe('a store', () => {
  it('that accepts connections and says nothing is named', async () => {
    const port = await serve(createServer(() => undefined));
    const [database, redis] = await Promise.all([
      examine(postgresChecks, { DATABASE_URL: `postgres://u:password@127.0.0.1:${port}/d` }),
      examine((setup) => redisChecks(setup).slice(1), { REDIS_URL: `redis://127.0.0.1:${port}` }),
    ]);
    expect(database).toEqual([expect.stringMatching(/^wrong Postgres: .*DATABASE_URL: no answer in time/)]);
    expect(redis).toEqual([expect.stringMatching(/^wrong Redis of the queue: .*no answer in time/)]);
  });

  /** says the same to every command */
  const refusing = (reply: string) =>
    createServer((socket) => {
      socket.on('data', (data) => {
        const commands = data.toString('latin1').match(/^\*\d+\r$/gm) ?? [];
        socket.write(`-${reply}\r\n`.repeat(commands.length));
      });
    });

  it.each([
    ['NOAUTH Authentication required.', /REDIS_URL: it wants a password: put it into the URL \(NOAUTH\)/],
    ['WRONGPASS invalid username-password pair', /REDIS_URL: user or password is wrong \(WRONGPASS\)/],
    [
      'NOPERM this user has no permissions',
      /REDIS_URL: this user may not do that: extend its ACL \(NOPERM\)/,
    ],
  ])('that says %s is understood, and no password shown', async (reply, says) => {
    const port = await serve(refusing(reply));
    const [found] = await examine(redisChecks, { REDIS_URL: `redis://u:password@127.0.0.1:${port}` });
    expect(found).toMatch(says);
    expect(found).toContain(`wrong Redis: 127.0.0.1:${port}, `);
  });

  it('of compose is left alone from outside', async () => {
    // names of RFC 2606: nobody has them
    const found = await examine((setup) => postgresChecks({ ...setup, composed: true }), {
      DATABASE_URL: 'postgres://u@postgres.invalid/d',
    });
    expect(found).toEqual([expect.stringMatching(/^not-checked Postgres: of compose/)]);
  });
});
