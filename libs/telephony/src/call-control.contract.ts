import type { ApiCredentials, ApiRequest, CallCommand, CallControlAdapter, CommandOutcome } from './port';
import { NOW } from './signature.contract';

export interface CallControlSamples {
  credentials: ApiCredentials;
  baseUrl: string;
  /**
   * Each command, and the request that it is, whole, with the key `COMMAND_KEY` at `NOW`. `headers` may hold asymmetric
   * matchers where a token is signed. The path has the call id percent-encoded.
   */
  requests: readonly {
    name: string;
    command: CallCommand;
    request: { method: ApiRequest['method']; path: string; headers: unknown; body: string };
  }[];
  /** where the request has the idempotency key; null: the provider takes none */
  idempotencyKey: ((request: ApiRequest) => unknown) | null;
  /** what this provider's answers mean beyond the table of statuses; at least one that is `gone` */
  outcomes: readonly { name: string; status: number; body: string; outcome: CommandOutcome }[];
}

export const COMMAND_KEY = '00000000-0000-4000-8000-000000000001';

const OPTIONS = { idempotencyKey: COMMAND_KEY, now: NOW };

/** All that `CallIdSchema` allows and a path does not. */
const HOSTILE_ID = '../v3:a/b+c=@..';

export function describeCallControlAdapter(adapter: CallControlAdapter, samples: CallControlSamples): void {
  const { credentials, requests } = samples;

  describe(`the REST commands of ${adapter.provider}`, () => {
    it('go to the provider over https', () => {
      expect(adapter.baseUrl).toBe(samples.baseUrl);
      expect(adapter.baseUrl).toMatch(/^https:\/\/[a-z0-9.-]+(\/[\w.-]+)*$/);
    });

    it('are those that it says it has, and no others', () => {
      const kinds = new Set(requests.map(({ command }) => command.kind));
      expect([...kinds].sort()).toEqual([...adapter.commands].sort());
      for (const command of COMMANDS.filter(({ kind }) => !kinds.has(kind))) {
        expect(() => adapter.request(command, credentials, OPTIONS)).toThrow(command.kind);
      }
    });

    it.each(requests)('ask for it: $name', ({ command, request }) => {
      const made = adapter.request(command, credentials, OPTIONS);
      expect(made).toEqual(request);
      expect(made.path).toMatch(/^\/[\x21-\x7e]+$/);
      expect(Object.keys(made.headers)).toEqual(Object.keys(made.headers).map((name) => name.toLowerCase()));
      expect(adapter.request(command, credentials, OPTIONS)).toEqual(made);
    });

    describePaths(adapter, samples);
    describeCredentials(adapter, samples);
    describeKey(adapter, samples);
    describeOutcomes(adapter, samples);
  });
}

const COMMANDS: readonly CallCommand[] = [
  { kind: 'answer', callId: '56b1234567abcdef', streamUrl: 'wss://voice.example.com/media', parameters: {} },
  { kind: 'hang-up', callId: '56b1234567abcdef' },
  { kind: 'transfer', callId: '56b1234567abcdef', to: '+14155550199' },
];

function describePaths(adapter: CallControlAdapter, { credentials, requests }: CallControlSamples): void {
  it.each(requests)('are of one call, whatever its id: $name', ({ command, request }) => {
    const other = adapter.request({ ...command, callId: HOSTILE_ID }, credentials, OPTIONS);
    const id = encodeURIComponent(command.callId);
    expect(request.path).toContain(id);
    expect(other.path).toBe(request.path.replace(id, encodeURIComponent(HOSTILE_ID)));
    expect(other.path.split('/')).toHaveLength(request.path.split('/').length);
  });
}

function describeCredentials(
  adapter: CallControlAdapter,
  { credentials, requests }: CallControlSamples,
): void {
  it.each(requests)('have no secret but in their headers: $name', ({ command }) => {
    const secret = credentials.apiSecret ?? credentials.apiKey;
    const { path, body, headers } = adapter.request(command, credentials, OPTIONS);
    expect(`${path} ${body}`).not.toContain(secret);
    expect(`${path} ${body}`).not.toContain(Buffer.from(secret).toString('base64'));
    expect(headers.authorization).toMatch(/^(Basic|Bearer) [\x21-\x7e]+$/);
  });
}

function describeKey(adapter: CallControlAdapter, samples: CallControlSamples): void {
  const { credentials, requests, idempotencyKey } = samples;
  const other = { idempotencyKey: '00000000-0000-4000-8000-000000000002', now: NOW };

  it.each(requests)('can be told from another command, where the provider asks: $name', ({ command }) => {
    const made = adapter.request(command, credentials, OPTIONS);
    const again = adapter.request(command, credentials, other);
    if (idempotencyKey === null) {
      expect({ ...again, headers: {} }).toEqual({ ...made, headers: {} });
      expect(Object.keys(again.headers)).toEqual(Object.keys(made.headers));
    } else {
      expect(idempotencyKey(made)).toBe(COMMAND_KEY);
      expect(idempotencyKey(again)).toBe(other.idempotencyKey);
    }
  });
}

const STATUSES: readonly [status: number | null, outcome: CommandOutcome][] = [
  ...[200, 201, 202, 204].map((status) => [status, 'done'] as [number, CommandOutcome]),
  ...[408, 429, 500, 502, 503, 504, 599].map((status) => [status, 'retry'] as [number, CommandOutcome]),
  [null, 'retry'],
  ...[400, 401, 402, 403, 405, 406, 415, 422].map(
    (status) => [status, 'refused'] as [number, CommandOutcome],
  ),
  // nothing is to be found elsewhere, and credentials go nowhere else
  ...[301, 302, 307].map((status) => [status, 'refused'] as [number, CommandOutcome]),
];

const BODIES = ['', 'null', '{', '[]', '{}', '"x"', '<html>', '{"code":{}}', '{"errors":[null]}', '\u0000'];

function describeOutcomes(adapter: CallControlAdapter, samples: CallControlSamples): void {
  it.each(STATUSES)('with status %j are %s', (status, outcome) => {
    for (const body of BODIES) expect(adapter.outcome(status, body)).toBe(outcome);
  });

  it.each(samples.outcomes)('are $outcome: $name ($status)', ({ status, body, outcome }) => {
    expect(adapter.outcome(status, body)).toBe(outcome);
  });

  it('know a call that is gone', () => {
    expect(samples.outcomes.map(({ outcome }) => outcome)).toContain('gone');
  });

  it('are judged by the status even where the body says that the call is gone', () => {
    for (const { body } of samples.outcomes.filter(({ outcome }) => outcome === 'gone')) {
      for (const status of [401, 403]) expect(adapter.outcome(status, body)).toBe('refused');
      for (const status of [429, 500, 503, null]) expect(adapter.outcome(status, body)).toBe('retry');
      expect(adapter.outcome(200, body)).toBe('done');
    }
  });

  it('are judged whatever the body is', () => {
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    for (const body of [deep, `{"errors":${deep}}`, 'x'.repeat(100_000)]) {
      for (const status of [200, 404, 422, 500]) expect(typeof adapter.outcome(status, body)).toBe('string');
    }
  });
}
