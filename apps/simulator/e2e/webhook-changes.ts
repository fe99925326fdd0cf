import type { HeaderLine, RawRequest } from './raw-request';
import { PATH_SECRETS, proven, unsigned, type Kind, type Made } from './signed-webhooks';
import { SCHEMES } from './signature-schemes';

/** What is done to a webhook that was right; each has to be refused. */
export const CHANGES = [
  'another secret',
  'another path',
  'another value of a parameter',
  'a parameter more',
  'a parameter less',
  'another byte in the body',
  'a header missing',
  'a header empty',
  'a header twice',
  'a header cut short',
  'another algorithm',
  'another time',
] as const;
export type Change = (typeof CHANGES)[number];

/** Why a change is not among those that have to be refused. */
export type NotRun =
  /** the scheme does not cover it, so the request stays right: the spec makes sure that it does */
  | { unseen: string }
  /** there is nothing to change */
  | { absent: string };

const NOTHING_SIGNED = { unseen: 'Exotel signs nothing' };
const NO_BODY = { absent: 'a GET has no body' };
const NO_TIME = { absent: 'there is no time and no nonce in the scheme' };
const URL_UNSIGNED = { unseen: 'the URL is not signed' };

const ofParameters = (why: NotRun) => ({
  'another value of a parameter': why,
  'a parameter more': why,
  'a parameter less': why,
});

type Exceptions = Readonly<Partial<Record<Change, NotRun>>>;

const EXCEPTIONS: Readonly<Record<Kind['provider'], Record<Kind['method'], Exceptions>>> = {
  exotel: {
    GET: { ...ofParameters(NOTHING_SIGNED), 'another byte in the body': NO_BODY, 'another time': NO_TIME },
    POST: {
      ...{ ...ofParameters(NOTHING_SIGNED), 'another byte in the body': NOTHING_SIGNED },
      'another time': NO_TIME,
    },
  },
  twilio: {
    GET: { 'another byte in the body': NO_BODY, 'another time': NO_TIME },
    POST: { 'another time': NO_TIME },
  },
  plivo: { GET: { 'another byte in the body': NO_BODY }, POST: {} },
  telnyx: { GET: {}, POST: { 'another path': URL_UNSIGNED } },
  vonage: {
    GET: {
      ...{ 'another path': URL_UNSIGNED, ...ofParameters(URL_UNSIGNED) },
      'another byte in the body': NO_BODY,
    },
    POST: { 'another path': URL_UNSIGNED },
  },
};

export const notRun = ({ provider, method }: Kind, change: Change): NotRun | null =>
  EXCEPTIONS[provider][method][change] ?? null;

/** The changes of this kind that have to be refused. */
export const runFor = (kind: Kind): Change[] => CHANGES.filter((change) => notRun(kind, change) === null);

/** Webhooks of new calls, each changed in this one way; several where there are several headers or forgeries. */
export function changed(kind: Kind, change: Change): Made[] {
  return MAKERS[change](kind);
}

type Maker = (kind: Kind) => Made[];

/** Signed first, then changed. */
const afterwards =
  (edit: (request: RawRequest) => RawRequest): Maker =>
  (kind) => {
    const { request, callId } = proven(kind, unsigned(kind));
    return [{ request: edit(request), callId }];
  };

/** Each header that proves something in turn. */
const eachHeader =
  (edit: (line: HeaderLine) => HeaderLine[]): Maker =>
  (kind) =>
    proven(kind, unsigned(kind)).lines.map((_, at) => {
      const { request, callId, lines } = proven(kind, unsigned(kind));
      const headers = request.headers.flatMap((line) => (line === lines[at] ? edit(line) : [line]));
      return { request: { ...request, headers }, callId };
    });

/** Proven by these other lines. */
const instead =
  (which: 'forgeries' | 'untimely'): Maker =>
  ({ provider, ...rest }) => {
    const { secrets, [which]: ways } = SCHEMES[provider];
    return ways.map((way) => {
      const { request, callId } = unsigned({ provider, ...rest });
      const headers = [...request.headers, ...way(request, secrets[0])];
      return { request: { ...request, headers }, callId };
    });
  };

const MAKERS: Readonly<Record<Change, Maker>> = {
  'another secret': (kind) => [proven(kind, unsigned(kind), 2)],
  'another path': (kind) => otherPaths(kind),
  'another value of a parameter': afterwards(inParameters(otherValue)),
  'a parameter more': afterwards(inParameters(oneMore)),
  'a parameter less': afterwards(inParameters(oneLess)),
  'another byte in the body': afterwards((request) => ({ ...request, body: otherDigit(request.body) })),
  'a header missing': eachHeader(() => []),
  'a header empty': eachHeader(([name]) => [[name, '']]),
  'a header twice': eachHeader((line) => [line, line]),
  'a header cut short': eachHeader(([name, value]) => [[name, value.slice(0, -1)]]),
  'another algorithm': instead('forgeries'),
  'another time': instead('untimely'),
};

/** At Exotel the path holds a secret; at the others it is that of an account with the same secrets. */
function otherPaths(kind: Kind): Made[] {
  const [right, , other] = PATH_SECRETS;
  const edits =
    kind.provider === 'exotel'
      ? [(path: string) => path.replace(right, other), (path: string) => path.replace(`/${right}`, '')]
      : [(path: string) => path.replace('/default/', '/twin/')];
  return edits.flatMap((edit) => afterwards((request) => ({ ...request, path: edit(request.path) }))(kind));
}

/** In query, form or JSON, whichever holds the parameters; all else stays byte for byte. */
function inParameters(edit: (parameters: string) => string): (request: RawRequest) => RawRequest {
  return (request) => {
    if (request.method === 'POST') return { ...request, body: edit(request.body) };
    const [path = '', query = ''] = request.path.split('?');
    return { ...request, path: `${path}?${edit(query)}` };
  };
}

const isJson = (parameters: string): boolean => parameters.startsWith('{');

/** The first one: what stands in front of it, its name and its first letter stay. */
function otherValue(parameters: string): string {
  return isJson(parameters)
    ? parameters.replace(/(:\s*"[^"]*)"/, '$1x"')
    : parameters.replace(/=[^&]*/, '$&x');
}

function oneMore(parameters: string): string {
  return isJson(parameters) ? parameters.replace('{', '{"x":"1",') : `${parameters}&x=1`;
}

function oneLess(parameters: string): string {
  if (!isJson(parameters)) return parameters.split('&').slice(0, -1).join('&');
  const entries = Object.entries(JSON.parse(parameters) as object);
  return JSON.stringify(Object.fromEntries(entries.slice(0, -1)));
}

/** The last one that there is: every body has some. */
function otherDigit(body: string): string {
  return body.replace(/\d(?=\D*$)/, (digit) => (digit === '9' ? '8' : '9'));
}
