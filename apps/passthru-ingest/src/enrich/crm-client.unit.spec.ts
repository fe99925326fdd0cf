import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { askCrm } from './crm-client';

/** of a try, and of all: nothing here takes as long on any machine */
const LONG_MS = 20_000;

const session = sessionOf(newKey(), { attributes: { loan: 'LN-1' } });

describe('askCrm', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let asked: number;
  const crm = (more = {}) => ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/customer`,
    secret: 'shared-secret',
    timeoutMs: LONG_MS,
    budgetMs: LONG_MS,
    ...more,
  });
  const reply = (status: number, body: string) => (_: IncomingMessage, response: ServerResponse) =>
    response.writeHead(status).end(body);

  beforeAll((done) => {
    server = createServer((request, response) => {
      asked += 1;
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => answer(request, response, body));
    }).listen(0, '127.0.0.1', done);
  });
  beforeEach(() => (asked = 0));
  afterAll((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  it('sends what is known of the call, signed, and takes the customer', async () => {
    let seen: { headers: IncomingMessage['headers']; body: string } | undefined;
    answer = (request, response, body) => {
      seen = { headers: request.headers, body };
      response.end(JSON.stringify({ fullName: 'Asha Rao', language: 'hi', attributes: { tier: 'gold' } }));
    };
    expect(await askCrm(session, crm(), LONG_MS)).toEqual({
      kind: 'customer',
      update: { fullName: 'Asha Rao', language: 'hi', attributes: { tier: 'gold' } },
      tries: 1,
    });
    const { provider, account, callId, direction, from, to, attributes } = session;
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      provider,
      account,
      callId,
      direction,
      from,
      to,
      attributes,
    });
    const signed = `${String(seen?.headers['webhook-id'])}.${String(seen?.headers['webhook-timestamp'])}.${seen?.body}`;
    expect(seen?.headers['webhook-signature']).toBe(
      `v1,${createHmac('sha256', 'shared-secret').update(signed).digest('base64')}`,
    );
  });

  it('tries again after a failure that may pass', async () => {
    answer = (_, response) => response.writeHead(asked === 1 ? 503 : 200).end('{"fullName":"Asha Rao"}');
    expect(await askCrm(session, crm(), LONG_MS)).toMatchObject({ kind: 'customer', tries: 2 });
  });

  it('takes 404 for an answer: the CRM does not know the caller', async () => {
    answer = reply(404, '');
    expect(await askCrm(session, crm(), LONG_MS)).toEqual({ kind: 'unknown', tries: 1 });
  });

  it.each([
    [401, '', 'status 401'],
    [200, '<html>', 'an answer of another shape'],
    [200, '{"fullName": 5}', 'an answer of another shape'],
    [200, '{"fullName": "\\u0000"}', 'an answer of another shape'],
    [200, '{"attributes": {"a": "\\ud800"}}', 'an answer of another shape'],
    [200, JSON.stringify({ fullName: 'x'.repeat(70_000) }), 'an answer of another shape'],
  ])('gives up at once on an answer that will not get better: %i', async (status, body, reason) => {
    answer = reply(status, body);
    expect(await askCrm(session, crm(), LONG_MS)).toEqual({ kind: 'gave-up', reason, tries: 1 });
  });

  it('gives up when its budget is spent, however often it was tried', async () => {
    answer = () => undefined;
    // a pause of 200 ms between two tries does not fit in
    expect(await askCrm(session, crm({ timeoutMs: 40 }), 150)).toMatchObject({ kind: 'gave-up', tries: 1 });
    const startedAt = performance.now();
    expect(await askCrm(session, crm(), 150)).toMatchObject({ kind: 'gave-up', tries: 1 });
    // by its budget, and not by the time that a try may take
    expect(performance.now() - startedAt).toBeLessThan(LONG_MS / 2);
    expect(await askCrm(session, crm(), 0)).toMatchObject({ kind: 'gave-up', tries: 0 });
  });

  it('follows no redirect', async () => {
    answer = (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    const gaveUp = { kind: 'gave-up', reason: 'status 302', tries: 1 };
    expect(await askCrm(session, crm(), LONG_MS)).toEqual(gaveUp);
  });
});
