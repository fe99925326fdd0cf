import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider } from '@greenroom/contracts';
import { UsageError } from '../config';
import { RuleKeeper } from '../outbound-rules';
import { sideOf } from '../sides';
import { Timeline } from '../timeline';
import { CommandedCall, type ApiFault } from './commanded-call';
import { ProviderApi } from './provider-api';
import { borrowApi } from './borrow-api';

const IDS: Readonly<Record<string, string>> = {
  twilio: 'CA00000000000000000000000000000001',
  plivo: '3e82ae9d-2c78-4d85-b1a4-6eae7dbafb36',
  telnyx: 'v3:MdI91X4lWFEs7IgbBEOT9M4AigoY08M0WWZFISt1Yw2axZ_IiE4pqg',
  vonage: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
};
const BASIC = `Basic ${Buffer.from('id:secret').toString('base64')}`;
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKEN = `Bearer ${part({ alg: 'RS256' })}.${part({ application_id: 'a', iat: 1, jti: 'b' })}.c2ln`;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string;
}

/** How each provider is told to hang up. */
const HANG_UPS: Readonly<Record<string, Sent>> = {
  twilio: {
    path: `/2010-04-01/Accounts/AC1/Calls/${IDS['twilio']}.json`,
    headers: { authorization: BASIC, ...FORM },
    body: 'Status=completed',
  },
  plivo: {
    method: 'DELETE',
    path: `/v1/Account/MA1/Call/${IDS['plivo']}/`,
    headers: { authorization: BASIC },
  },
  telnyx: {
    path: `/v2/calls/${encodeURIComponent(IDS['telnyx'] ?? '')}/actions/hangup`,
    headers: { authorization: 'Bearer KEY' },
    body: '{}',
  },
  vonage: {
    method: 'PUT',
    path: `/v1/calls/${IDS['vonage']}`,
    headers: { authorization: TOKEN },
    body: '{"action":"hangup"}',
  },
};

const telnyx = (action: string, body: object, headers = { authorization: 'Bearer KEY' }): Sent => ({
  path: `/v2/calls/${encodeURIComponent(IDS['telnyx'] ?? '')}/actions/${action}`,
  headers,
  body: JSON.stringify(body),
});
const STREAM = {
  stream_url: 'wss://voice.example.com/media/telnyx',
  stream_track: 'inbound_track',
  stream_bidirectional_mode: 'rtp',
  stream_bidirectional_codec: 'PCMU',
  stream_bidirectional_target_legs: 'both',
  custom_parameters: [{ name: 'sessionId', value: 'ses_01' }],
};

interface Bench {
  call: CommandedCall;
  rules: RuleKeeper;
  send(what: Sent): Promise<{ status: number; body: string }>;
}

async function withCall(
  provider: Provider,
  use: (bench: Bench) => Promise<void>,
  fault?: ApiFault,
): Promise<void> {
  const side = sideOf({ provider });
  const rules = new RuleKeeper(side.rules);
  if (!side.api) throw new Error('no API');
  const rings = side.controlledBy === 'commands';
  const call = new CommandedCall({ api: side.api, fault, rings, rules, timeline: new Timeline() });
  const api = new ProviderApi();
  const port = await api.listen(0);
  api.expect(provider, IDS[provider] ?? '', call, (what) => rules.note(what, what));
  const send: Bench['send'] = async ({ method = 'POST', path, headers = {}, body }) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body && { body }) });
    return { status: answer.status, body: await answer.text() };
  };
  try {
    await use({ call, rules, send });
  } finally {
    await api.close();
  }
}

describe.each([
  ['twilio', 200, 404],
  ['plivo', 204, 404],
  ['telnyx', 200, 422],
  ['vonage', 204, 404],
] as const)('the API of %s', (provider, done, gone) => {
  const hangUp = HANG_UPS[provider] ?? { path: '' };

  it('hangs up, and says of a call that is over that it is', async () => {
    await withCall(provider, async ({ call, rules, send }) => {
      const told = jest.fn();
      call.onHangUp(told);
      expect(await send(hangUp)).toMatchObject({ status: done });
      expect(await send(hangUp)).toMatchObject({ status: gone });
      expect(told).toHaveBeenCalledTimes(1);
      expect(await call.left).toMatchObject({ command: { kind: 'hang-up' }, status: done });
      expect(call.commands).toMatchObject([
        { kind: 'hang-up', status: done, repeated: false, to: null },
        { kind: 'hang-up', status: gone },
      ]);
      expect(rules.violations).toEqual([]);
    });
  });

  it('does nothing for whom it does not know, or who asks in another way', async () => {
    await withCall(provider, async ({ call, rules, send }) => {
      expect(await send({ ...hangUp, headers: FORM })).toMatchObject({ status: 401 });
      const method = provider === 'twilio' || provider === 'telnyx' ? 'PUT' : 'POST';
      expect((await send({ ...hangUp, method })).status).toBeGreaterThanOrEqual(400);
      expect(call.commands.map(({ status }) => status >= 400)).toEqual([true, true]);
      expect(rules.violations).toEqual([
        expect.stringContaining('has no Authorization'),
        expect.stringContaining(`comes as ${method}`),
      ]);
      expect(await send(hangUp)).toMatchObject({ status: done });
    });
  });

  it('knows no other call, and no other path', async () => {
    await withCall(provider, async ({ call, rules, send }) => {
      const id = encodeURIComponent(IDS[provider] ?? '');
      expect(await send({ ...hangUp, path: hangUp.path.replace(id, 'somebody-elses') })).toMatchObject({
        status: 404,
      });
      expect(await send({ path: `/v9/calls/${id}/hangup` })).toMatchObject({ status: 404 });
      expect(call.commands).toEqual([]);
      expect(rules.violations).toEqual([
        'a request to the API that it does not have: POST /v9/calls/ID/hangup',
      ]);
    });
  });
});

describe('the API of Vonage and of Twilio', () => {
  it.each([
    ['vonage', { headers: { authorization: 'Bearer KEY' } }, 401, 'none of an application’s'],
    ['vonage', { body: '{"action":"mute"}' }, 400, 'no {"action":"hangup"}'],
    ['twilio', { body: 'Status=in-progress' }, 400, 'no Status=completed'],
  ] as const)('(%s) refuses %j', async (provider, more, status, what) => {
    await withCall(provider, async ({ rules, send }) => {
      expect(await send({ ...(HANG_UPS[provider] ?? { path: '' }), ...more })).toMatchObject({ status });
      expect(rules.violations).toEqual([expect.stringContaining(what)]);
    });
  });
});

describe('Telnyx’s commands', () => {
  it('answer the call, once, however often the same one comes', async () => {
    await withCall('telnyx', async ({ call, rules, send }) => {
      const answer = telnyx('answer', { ...STREAM, command_id: 'one' });
      const answers = await Promise.all([send(answer), send(answer), send(answer)]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await call.answered).toMatchObject({
        url: STREAM.stream_url,
        parameters: { sessionId: 'ses_01' },
      });
      expect(call.commands.map(({ repeated }) => repeated)).toEqual([false, true, true]);
      expect(rules.violations).toEqual([]);
      expect(await send(telnyx('answer', { ...STREAM, command_id: 'two' }))).toMatchObject({ status: 422 });
      expect(rules.violations).toEqual(['the call was answered a second time, by another command']);
    });
  });

  it('transfer a call that has been answered, and leave it up', async () => {
    await withCall('telnyx', async ({ call, send }) => {
      const transfer = telnyx('transfer', { to: '+18005550199', target_leg_client_state: 'c3RhdGU=' });
      const early = await send(transfer);
      expect(early).toMatchObject({ status: 422, body: expect.stringContaining('90034') as string });
      await send(telnyx('answer', STREAM));
      expect(await send(transfer)).toMatchObject({ status: 200 });
      expect(call.transfer).toEqual({ to: '+18005550199', clientState: 'c3RhdGU=' });
      expect(call.commands.at(-1)).toMatchObject({ kind: 'transfer', to: '+18005550199' });
      expect(await send(telnyx('hangup', {}))).toMatchObject({ status: 200 });
    });
  });

  it('come too late for a call that the caller has ended', async () => {
    await withCall('telnyx', async ({ call, send }) => {
      call.over();
      const late = await send(telnyx('answer', STREAM));
      expect(late).toMatchObject({ status: 422, body: expect.stringContaining('90018') as string });
    });
  });

  it('may come for a call whose stream is there already', async () => {
    await withCall('telnyx', async ({ call, rules, send }) => {
      call.up();
      expect(await send(telnyx('transfer', { to: '+18005550199' }))).toMatchObject({ status: 200 });
      expect(await send(telnyx('answer', STREAM))).toMatchObject({ status: 200 });
      expect(rules.violations).toEqual([]);
    });
  });

  it.each([
    ['answer', { ...STREAM, stream_bidirectional_mode: undefined }, 200, 'mp3'],
    ['answer', { ...STREAM, stream_bidirectional_codec: 'OPUS' }, 200, 'answer sends OPUS'],
    ['answer', { ...STREAM, stream_bidirectional_target_legs: undefined }, 200, 'opposite leg'],
    ['answer', { ...STREAM, stream_track: 'outbound_track' }, 200, 'caller’s voice'],
    ['answer', { ...STREAM, stream_url: 'nowhere' }, 422, 'stream_url'],
    ['answer', { ...STREAM, custom_parameters: { sessionId: 'ses_01' } }, 422, 'custom_parameters'],
    ['hangup', { command_id: 1 }, 422, 'not a JSON object as documented'],
    ['transfer', {}, 422, 'no `to`'],
  ])('%s %j is against the rules', async (action, body, status, what) => {
    await withCall('telnyx', async ({ rules, send }) => {
      expect(await send(telnyx(action, body))).toMatchObject({ status });
      expect(rules.violations).toEqual([expect.stringContaining(what)]);
    });
  });
});

describe('an API that is not well', () => {
  const answer = telnyx('answer', { ...STREAM, command_id: 'one' });

  it('fails so often, and has done nothing then', async () => {
    await withCall(
      'telnyx',
      async ({ call, send }) => {
        const statuses = [await send(answer), await send(answer), await send(answer)].map(
          ({ status }) => status,
        );
        expect(statuses).toEqual([503, 503, 200]);
        expect(call.commands.map(({ repeated }) => repeated)).toEqual([false, false, false]);
      },
      { status: 503, times: 2 },
    );
  });

  it('answers late what it has done in time', async () => {
    await withCall(
      'telnyx',
      async ({ call, send }) => {
        const startedAt = performance.now();
        let isAnswered = false;
        const answering = send(answer).finally(() => (isAnswered = true));
        await call.answered;
        expect(isAnswered).toBe(false);
        expect(await answering).toMatchObject({ status: 200 });
        expect(performance.now() - startedAt).toBeGreaterThan(190);
      },
      { delayMs: 200 },
    );
  });
});

describe('an API that several calls share', () => {
  const isOpen = (port: number): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      async (response) => {
        await response.body?.cancel();
        return true;
      },
      () => false,
    );

  it('listens from the first to the last of them', async () => {
    const port = await freePort();
    const [one, two] = await Promise.all([borrowApi(port), borrowApi(port)]);
    expect(one.api).toBe(two.api);
    await one.giveBack();
    expect(await isOpen(port)).toBe(true);
    await two.giveBack();
    expect(await isOpen(port)).toBe(false);
    const three = await borrowApi(port);
    expect(await isOpen(port)).toBe(true);
    await three.giveBack();
  });

  it('says so where the port is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(borrowApi(port)).rejects.toThrow(UsageError);
    await expect(borrowApi(port)).rejects.toThrow(`Port ${port}, where Greenroom sends its commands`);
    await new Promise((resolve) => taken.close(resolve));
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
