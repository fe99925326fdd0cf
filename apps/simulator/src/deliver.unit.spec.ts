import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver } from './deliver';
import { awaitNext } from './next-step';
import { prepareCall, type Call } from './prepare-call';
import type { Patience, WebhookCall } from './provider-side';

const callTo = (port: number, patience: Patience): Call => {
  const stack = {
    webhookUrl: `http://127.0.0.1:${port}`,
    mediaUrl: 'ws://127.0.0.1:1',
    publicBaseUrl: 'http://127.0.0.1:1',
    publicMediaUrl: 'ws://127.0.0.1:1',
  };
  const call = prepareCall({ stack, provider: 'telnyx' }, { opening: null, steps: [] });
  return { ...call, side: { ...call.side, patience } };
};

const webhook = (attempt: number): WebhookCall => ({
  ...{ method: 'POST', path: '/hook', headers: {}, body: String(attempt) },
  again: webhook,
});

/** @param answers of each request in turn; null: none; beyond them 200 */
async function deliverTo(answers: readonly (number | null)[], patience: Patience, copies = 1) {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on('data', (part: Buffer) => bodies.push(part.toString('utf8')));
    request.on('end', () => {
      const status = answers[bodies.length - 1] === undefined ? 200 : answers[bodies.length - 1];
      if (status) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const call = callTo((server.address() as AddressInfo).port, patience);
  const { status } = await deliver(call, webhook(1), copies);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { status, bodies, retries: call.notes.retries };
}

describe('a webhook', () => {
  const patience = { answerMs: 20_000, retries: 2 };
  /** of which the answers that come must be in time */
  const brief = { answerMs: 1000, retries: 2 };

  it('that is answered is sent once', async () => {
    expect(await deliverTo([], patience)).toEqual({ status: 200, bodies: ['1'], retries: 0 });
    expect(await deliverTo([400], patience)).toEqual({ status: 400, bodies: ['1'], retries: 0 });
  });

  it('that is not answered in time, or with a failure, is sent again, and says which attempt it is', async () => {
    const expected = { status: 200, bodies: ['1', '2', '3'], retries: 2 };
    expect(await deliverTo([null, 503], brief)).toEqual(expected);
  });

  it('is sent no more often than the provider does', async () => {
    expect(await deliverTo([500, 500, 500, 500], patience)).toMatchObject({ status: 500, retries: 2 });
    expect(await deliverTo([null], { answerMs: 100, retries: 0 })).toMatchObject({
      status: null,
      retries: 0,
    });
  });

  it('may come in several copies, of which the worst answer counts', async () => {
    expect(await deliverTo([200, 400, 200], patience, 3)).toEqual({
      status: 400,
      bodies: ['1', '1', '1'],
      retries: 0,
    });
  });
});

describe('a call that a command has to end', () => {
  const call = () => callTo(1, { answerMs: 1, retries: 0 });

  it('was left up where none comes', async () => {
    const left = call();
    expect(await awaitNext(left, 'gateway', performance.now(), 20)).toBeNull();
    expect(left.notes.slips).toEqual(['the call was left up: no hang-up within 20 ms of the stream’s end']);
  });

  it('needs none where the caller has ended it', async () => {
    const ended = call();
    expect(await awaitNext(ended, 'caller', performance.now(), 20)).toBeNull();
    expect(ended.notes.slips).toEqual([]);
  });
});
