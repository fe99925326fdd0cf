import { signTwilio, webhookAdapters } from '@greenroom/telephony';
import { failOnLeaks } from '@greenroom/testing';
import { waitUntil } from '@greenroom/tools';
import { WebSocket } from 'ws';
import { readConnectVerb } from '../src/connect-verb';
import { CommandLog } from './command-log';
import type { HeaderLine, RawAnswer } from './raw-request';
import { ROADS, type OpenRoad, type Road } from './roads';
import { useStack } from './running-stack';
import { PUBLIC_BASE_URL, PUBLIC_MEDIA_URL } from './signature-schemes';
import {
  accounts,
  CALLER,
  KINDS,
  proven,
  TEXML_BY_GET,
  unsigned,
  type Kind,
  type Made,
} from './signed-webhooks';
import { tableContents } from './table-contents';
import { changed, CHANGES, notRun, runFor } from './webhook-changes';

/* Nothing listens at PUBLIC_BASE_URL: a webhook is right or wrong by it alone, whatever address it was sent to. */

const api = new CommandLog();
let apiUrl = '';
beforeAll(async () => (apiUrl = await api.open()));
const stack = useStack(() => ({
  accounts: accounts(apiUrl),
  // as behind a proxy on the same machine
  env: { all: { PUBLIC_BASE_URL, PUBLIC_MEDIA_URL, TRUSTED_PROXIES: '127.0.0.1/32' } },
}));
const open = new Map<Road, OpenRoad>();
beforeAll(async () => {
  const { webhookUrl, mediaUrl } = stack().description;
  const hostOf = (url: string | string[]): string => new URL([url].flat()[0] ?? '').host;
  const behind = { webhooks: hostOf(webhookUrl), media: hostOf(mediaUrl) };
  for (const road of ROADS) open.set(road, await road.open(behind));
}, 30_000);
afterAll(async () => {
  for (const road of open.values()) await road.close();
  await api.close();
});
failOnLeaks();

const STRANGER = 'stranger.example.net';
/** nginx does not take an empty one */
const HOSTS = [STRANGER, `${STRANGER}:8443`, 'x'];
const ELSEWHERE = '/webhooks/twilio/twin/status';
const HOSTILE: readonly HeaderLine[] = [
  ['X-Forwarded-Host', `${STRANGER}:8443`],
  ['X-Forwarded-Proto', 'http'],
  ['X-Forwarded-For', '203.0.113.66, not an address'],
  ['X-Forwarded-Port', '80'],
  ['Forwarded', `for=203.0.113.66;host=${STRANGER};proto=http`],
  ['X-Original-URL', ELSEWHERE],
  ['X-Rewrite-URL', ELSEWHERE],
];
/** Nothing; each header by itself; all of them with each host. */
const SURROUNDINGS: readonly { host: string; headers: readonly HeaderLine[] }[] = [
  { host: 'voice.example.com', headers: [] },
  ...HOSTILE.map((line) => ({ host: 'voice.example.com', headers: [line] })),
  ...HOSTS.map((host) => ({ host, headers: HOSTILE })),
];
const [PLAIN] = SURROUNDINGS;

const send = (road: Road, { request }: Made, { host, headers } = PLAIN!): Promise<RawAnswer> =>
  open.get(road)!.webhooks.send({ ...request, headers: [...headers, ...request.headers] }, host);

const NAMES_A_STREAM = new Set(['stream-url', 'voice', 'answer', 'texml']);

/** Taken, and answered with our own URLs only. */
function isTaken({ provider, operation }: Kind, { status, headers, body }: RawAnswer): boolean {
  const stream = `${PUBLIC_MEDIA_URL}/ws/${provider}/default/`;
  const named = !NAMES_A_STREAM.has(operation) || body.includes(stream);
  return status === 200 && named && !JSON.stringify([headers, body]).includes(STRANGER);
}

/** The answer of Greenroom, or that of a front that lets nothing of the kind come to it. */
async function refusal(road: Road, made: Made): Promise<RawAnswer> {
  const answer = await send(road, made);
  const proofs = made.request.headers.filter(([name]) => name === 'Authorization');
  const byFront = road.refusesItself.authorizationTwice && proofs.length > 1 && answer.status === 400;
  return byFront ? { ...answer, status: 403 } : answer;
}

const isRefused = ({ status }: RawAnswer): boolean => status === 401 || status === 403;

/** What was sent, in a line, of those that were not answered as they should. */
async function others(
  sent: readonly { what: string; answer: Promise<RawAnswer> }[],
  expected: (answer: RawAnswer) => boolean,
): Promise<string[]> {
  const answers = await Promise.all(sent.map(async ({ what, answer }) => ({ what, answer: await answer })));
  return answers
    .filter(({ answer }) => !expected(answer))
    .map(({ what, answer }) => `${what}: ${answer.status} ${answer.body.slice(0, 100)}`);
}

const tellsTheCaller = ({ request: { path, body } }: Made): boolean => /Zo(ë|%C3%AB)/.test(path + body);

const callIds = (calls: readonly Made[]): string[] => calls.map(({ callId }) => callId);

/** How many of these calls there are, each with what its webhook said of the caller. */
async function known(calls: readonly Made[]): Promise<{ calls: number; callers: string[] }> {
  const rows = await stack().database.query<{ name: string | null }>(
    `SELECT DISTINCT ON (s.id) c.full_name AS name FROM call_sessions s LEFT JOIN customers c ON c.id = s.customer_id
     WHERE s.call_id = ANY($1)`,
    [callIds(calls)],
  );
  const names = rows.flatMap(({ name }) => name ?? []);
  return { calls: rows.length, callers: [...new Set(names)] };
}

const commandsOf = (calls: readonly Made[]): string[] =>
  api.commands.filter((command) => calls.some(({ callId }) => command.includes(callId)));

const commanded = (calls: readonly Made[]): Promise<true | undefined> =>
  waitUntil(() => Promise.resolve(commandsOf(calls).length > 0 ? true : undefined), { timeoutMs: 5000 });

describe(`the webhooks, sent ${ROADS.map(({ name }) => name).join(', ')}`, () => {
  it('are all that announce a call', () => {
    const announcing = Object.values(webhookAdapters).flatMap(({ provider, operations, parse }) =>
      Object.entries(operations).flatMap(([operation, methods]) =>
        methods.flatMap((method) => {
          const kind = { name: `${provider} ${operation} ${method}`, provider, operation, method };
          const { path, headers, body } = unsigned(kind).request;
          const own = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
          const request = { method, url: PUBLIC_BASE_URL + path, headers: own, body };
          const { kind: understood } = parse(operation, request, { name: 'default', country: 'US' });
          return understood === 'announcement' ? [kind.name] : [];
        }),
      ),
    );
    expect(announcing.sort()).toEqual([...KINDS, TEXML_BY_GET].map(({ name }) => name).sort());
  });

  it('are changed in so many ways, in so many requests', () => {
    const counts = KINDS.map((kind) => {
      const requests = runFor(kind).flatMap((change) => changed(kind, change));
      return [kind.name, [runFor(kind).length, requests.length]];
    });
    expect(CHANGES).toHaveLength(12);
    expect(Object.fromEntries(counts)).toEqual({
      // [changes of the 12, requests: one for each header, forgery or time]
      'exotel passthru GET': [7, 10],
      'exotel passthru POST': [7, 10],
      'exotel stream-url GET': [7, 10],
      'exotel stream-url POST': [7, 10],
      'twilio voice GET': [10, 11],
      'twilio voice POST': [11, 12],
      'plivo answer GET': [11, 18],
      'plivo answer POST': [12, 19],
      'telnyx events POST': [11, 18],
      'telnyx texml POST': [11, 18],
      'vonage answer GET': [7, 14],
      'vonage answer POST': [11, 18],
    });
  });
});

describe.each(ROADS.map((road) => [road.name, road] as const))('webhooks %s', (_name, road) => {
  it.each(KINDS.map((kind) => [kind.name, kind] as const))(
    'are taken when they are right, whatever stands around them: %s',
    async (_kind, kind) => {
      const sent = SURROUNDINGS.map((around) => ({ around, made: proven(kind, unsigned(kind)) }));
      const answers = sent.map(({ around, made }) => ({
        what: JSON.stringify(around),
        answer: send(road, made, around),
      }));
      expect(await others(answers, (answer) => isTaken(kind, answer))).toEqual([]);
      const { calls, callers } = await known(sent.map(({ made }) => made));
      expect(calls).toBe(SURROUNDINGS.length);
      // whatever was encoded has come through
      expect(callers).toEqual(sent.every(({ made }) => tellsTheCaller(made)) ? [CALLER] : []);
    },
    30_000,
  );

  it('are taken with either of two secrets', async () => {
    const sent = KINDS.map((kind) => {
      const made = proven(kind, unsigned(kind, { pathSecret: 'a-second-path-secret' }), 1);
      return { kind, what: kind.name, answer: send(road, made) };
    });
    expect(await others(sent, ({ status }) => status === 200)).toEqual([]);
  });

  it('are taken at a path that is written in another way, since it goes on as it came', async () => {
    const sent = KINDS.map((kind) => {
      const { request, callId } = unsigned(kind);
      const path = request.path.replace('/default/', '/d%65f%61ult/');
      return {
        what: kind.name,
        answer: send(road, proven(kind, { request: { ...request, path }, callId })),
      };
    });
    expect(await others(sent, ({ status }) => status === 200)).toEqual([]);
  });

  it('are refused in every way in which they can be changed, and nothing comes of them', async () => {
    const before = await tableContents(stack().database);
    const calls = KINDS.flatMap((kind) =>
      runFor(kind).flatMap((change) =>
        changed(kind, change).map((made, at) => ({ what: `${kind.name}, ${change} ${at}`, made })),
      ),
    );
    const sent = calls.map(({ what, made }) => ({ what, answer: refusal(road, made) }));
    expect(await others(sent, isRefused)).toEqual([]);
    expect(await tableContents(stack().database)).toEqual(before);
    // what one that is right does change, and does have sent
    const [event] = KINDS.filter(({ operation }) => operation === 'events');
    const right = proven(event!, unsigned(event!));
    await send(road, right);
    expect(await tableContents(stack().database)).not.toEqual(before);
    expect(await commanded([right])).toBe(true);
    expect(commandsOf(calls.map(({ made }) => made))).toEqual([]);
  }, 30_000);

  it('of one account are refused at another', async () => {
    const sent = KINDS.map((kind) => {
      const made = proven(kind, unsigned(kind, { account: 'neighbour' }));
      return { what: kind.name, answer: send(road, made) };
    });
    expect(await others(sent, isRefused)).toEqual([]);
  });

  it('are taken by the TeXML of an account by POST only, since nothing of a GET is signed', async () => {
    const byGet = await send(road, proven(TEXML_BY_GET, unsigned(TEXML_BY_GET)));
    expect(isRefused(byGet)).toBe(true);
  });

  it('with an empty Host are stopped by a front, and taken without one', async () => {
    const sent = KINDS.map((kind) => {
      const answer = send(road, proven(kind, unsigned(kind)), { host: '', headers: HOSTILE });
      return { what: kind.name, answer };
    });
    expect(await others(sent, ({ status }) => status === (road.refusesItself.emptyHost ? 400 : 200))).toEqual(
      [],
    );
  });

  it('lead to streams that open with what was signed, whatever stands around it, and not from a browser', async () => {
    const [voice] = KINDS.filter(({ operation, method }) => operation === 'voice' && method === 'POST');
    const { body } = await send(road, proven(voice!, unsigned(voice!)));
    const url = readConnectVerb(body)?.url ?? '';
    const { pathname } = new URL(url);
    const signature = (over: string) => ({ 'X-Twilio-Signature': signTwilio('a first auth token', over) });
    const right = signature(url);
    for (const { host, headers } of SURROUNDINGS) {
      const around = { Host: host, ...Object.fromEntries(headers) };
      expect(await upgrade(road, pathname, { ...around, ...right })).toBe('open');
    }
    const [around] = HOSTS.map((host) => ({ Host: host, ...Object.fromEntries(HOSTILE) }));
    const refused: Record<string, string | string[]>[] = [
      { ...right, Origin: `https://${STRANGER}` },
      { ...right, Origin: PUBLIC_BASE_URL },
      // the right signature twice
      { 'X-Twilio-Signature': [right['X-Twilio-Signature'], right['X-Twilio-Signature']] },
      signature(`wss://${STRANGER}${pathname}`),
      signature(open.get(road)!.media.url + pathname),
      {},
    ];
    for (const headers of refused) {
      expect(await upgrade(road, pathname, { ...around, ...headers })).toBe('403');
    }
  });
});

describe('webhooks that are changed where nothing is signed', () => {
  const unseen = KINDS.flatMap((kind) =>
    CHANGES.flatMap((change) => {
      const why = notRun(kind, change);
      return why && 'unseen' in why ? [{ kind, change, what: `${kind.name}, ${change}: ${why.unseen}` }] : [];
    }),
  );

  it('are taken, so that none of those is left out for nothing', async () => {
    const sent = unseen.flatMap(({ kind, change, what }) =>
      changed(kind, change).map((made) => ({ what, answer: send(ROADS[0]!, made) })),
    );
    expect(sent.length).toBeGreaterThan(0);
    expect(await others(sent, ({ status }) => status === 200)).toEqual([]);
  });
});

/** `open` where it is taken and what is sent comes back, the status otherwise. */
function upgrade(road: Road, path: string, headers: Record<string, string | string[]>): Promise<string> {
  const { url, tls } = open.get(road)!.media;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url + path, { headers, ...tls });
    socket.once('error', reject);
    socket.once('unexpected-response', (_, response) => {
      response.resume().once('end', () => resolve(String(response.statusCode)));
    });
    socket.once('open', () => socket.ping());
    socket.once('pong', () => {
      socket.terminate();
      resolve('open');
    });
  });
}
