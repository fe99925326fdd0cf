import 'reflect-metadata';
import { createLogger, Registry, systemClock } from '@greenroom/platform';
import { MemoryNextSteps, MemorySessionBus, MemorySessionStore } from '@greenroom/rendezvous';
import { Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { accountsWith, BASE, keyOf, plivo, telnyx, twilio, vonage } from '../e2e/provider-webhooks';
import { ErrorFilter } from './error-filter';
import { httpAdapter } from './http-adapter';
import { createIngestMetrics } from './ingest-metrics';
import type { IncomingWebhook, WebhookPorts } from './receive-webhook';
import { WEBHOOK_PORTS, WebhooksController } from './webhooks.controller';

const store = new MemorySessionStore();
const bus = new MemorySessionBus();
const logger = createLogger('spec', 'silent');
const commands: string[] = [];
const notKept = () => Promise.reject(new Error('the store is there'));

const ports: WebhookPorts = {
  ...{ store, publisher: bus, cache: bus, nextSteps: new MemoryNextSteps(), clock: systemClock, logger },
  outbox: { settle: () => undefined },
  spool: { storeAnnouncement: notKept, storeCallEvent: notKept },
  queue: { enrich: () => Promise.resolve() },
  commandQueue: { runCallCommand: ({ command }) => Promise.resolve(void commands.push(command.kind)) },
  background: { start: () => undefined },
  metrics: createIngestMetrics(new Registry()),
  accounts: accountsWith(),
  ...{ demo: false, publicBaseUrl: BASE, mediaUrl: 'wss://voice.example.com' },
  ...{ tokenSecrets: ['a secret of at least thirty-two characters'], tokenMs: 60_000 },
  ...{ storeTimeoutMs: 20_000, publishTimeoutMs: 20_000, queueTimeoutMs: 20_000, lookTimeoutMs: 20_000 },
  nextStepWaitMs: 100,
};

@Module({})
class SpecModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  const providers = [
    { provide: WEBHOOK_PORTS, useValue: ports },
    { provide: APP_FILTER, useValue: new ErrorFilter(logger) },
  ];
  const module = { module: SpecModule, controllers: [WebhooksController], providers };
  const adapter = httpAdapter({ TRUSTED_PROXIES: [] });
  app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: false,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});
afterAll(() => app.close());

/** What the controller is sent is what was signed, to the byte. */
function send({ request }: IncomingWebhook, headers: Record<string, string> = {}) {
  const { method, url, body } = request;
  return app
    .getHttpAdapter()
    .getInstance()
    .inject({
      method,
      url: url.slice(BASE.length),
      headers: { ...(request.headers as Record<string, string>), ...headers },
      ...(method === 'POST' ? { payload: body } : {}),
    });
}

/** Characters of one to four bytes, blanks at both ends. */
const odd = { note: '  "ß" \u2028 😀 ' };

describe('a webhook over HTTP', () => {
  it.each([
    ['JSON of Telnyx', telnyx(keyOf({ provider: 'telnyx' }), 'call.initiated', odd), {}],
    [
      'JSON of Telnyx, with its character set',
      telnyx(keyOf({ provider: 'telnyx' }), 'call.answered', odd),
      { 'content-type': 'application/json; charset=utf-8' },
    ],
    [
      'JSON of Telnyx, as something else',
      telnyx(keyOf({ provider: 'telnyx' }), 'call.answered', odd),
      { 'content-type': 'application/vnd.telnyx+json' },
    ],
    ['JSON of Vonage', vonage(keyOf({ provider: 'vonage' }), 'answer', odd), {}],
    ['a form of Plivo', plivo(keyOf({ provider: 'plivo' }), 'answer', { CallerName: 'ß 😀+&=' }), {}],
    ['a form of Twilio', twilio(keyOf({ provider: 'twilio' }), 'voice', { CallerName: 'ß 😀+&=' }), {}],
  ])('reaches its adapter as it came: %s', async (_, webhook, headers) => {
    const answer = await send(webhook, headers);
    expect([answer.statusCode, answer.body]).toEqual([200, expect.not.stringContaining('error')]);
  });

  it('reaches its adapter as it came: the query of a GET', async () => {
    const callId = 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab';
    const posted = vonage(keyOf({ provider: 'vonage', callId }), 'answer').request;
    const query = `?to=447700900001&from=447700900000&uuid=${callId}&SipHeader_X-Note=%F0%9F%98%80+a%2Bb`;
    const answer = await app
      .getHttpAdapter()
      .getInstance()
      .inject({
        method: 'GET',
        url: posted.url.slice(BASE.length) + query,
        headers: { authorization: String(posted.headers['authorization']) },
      });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(JSON.parse(answer.body)).toMatchObject([{ action: 'connect' }]);
    const found = await store.find({ provider: 'vonage', account: 'default', callId });
    expect(found).toMatchObject({ from: '+447700900000', to: '+447700900001' });
  });

  it('asks for the commands that it needs', () => {
    expect(commands).toEqual(['answer']);
  });

  it('is refused when one byte of its body is another', async () => {
    const webhook = telnyx(keyOf({ provider: 'telnyx' }), 'call.initiated', odd);
    const request = { ...webhook.request, body: `${webhook.request.body} ` };
    expect((await send({ ...webhook, request })).statusCode).toBe(403);
  });

  it('is answered in XML where the provider reads XML', async () => {
    const answer = await send(plivo(keyOf({ provider: 'plivo' }), 'answer'));
    expect(answer.headers['content-type']).toContain('text/xml');
    expect(answer.body).toContain('<Stream bidirectional="true"');
  });
});
