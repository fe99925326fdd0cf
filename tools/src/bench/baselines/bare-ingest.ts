import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { sessionCacheKey, sessionReadyChannel, type Provider } from '@greenroom/contracts';
import { ANNOUNCE } from '@greenroom/entities';
import { sidOf } from '@greenroom/platform';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { readSettings } from '../../config';
import { type StackDescription } from '../../stack/description';
import { accountOf, basicOf, EXOTEL_PATH, TWILIO_PATH } from '../ingest/webhooks';

/*
 * The same work with nothing in between: node:http, the credential, the parameters, the same prepared statement for each
 * call by itself, SET and PUBLISH in one MULTI, the answer. No validation, no log, no metrics, no bounds.
 *
 *   DATABASE_URL=... bare-ingest.js STACK_FILE
 */

const description = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as StackDescription;
const basic = Buffer.from(basicOf(accountOf(description, 'exotel')));
const { authToken = '' } = accountOf(description, 'twilio');
const twilioUrl = description.publicBaseUrl + TWILIO_PATH;
const redis = new Redis(description.redisUrl);
// as many connections as the ingest has
const pool = new Pool({ connectionString: readSettings().databaseUrl, max: 10, idleTimeoutMillis: 0 });

const SECONDS = 3600;
// as long as a token is
const PLACE = randomBytes(50).toString('base64url');
const TWIML =
  `<?xml version="1.0" encoding="UTF-8"?><Response><Connect action="${description.publicBaseUrl}/webhooks/twilio/default/` +
  `after-stream"><Stream url="${description.publicMediaUrl}/ws/twilio/default/${PLACE}" statusCallback="` +
  `${description.publicBaseUrl}/webhooks/twilio/default/stream-status"><Parameter name="sessionId" value="SESSION"/>` +
  '</Stream></Connect></Response>';

const isEqual = (given: Buffer, expected: Buffer): boolean =>
  given.length === expected.length && timingSafeEqual(given, expected);

function isSigned(signature: string, parameters: URLSearchParams): boolean {
  const names = [...new Set(parameters.keys())].sort();
  const data = twilioUrl + names.map((name) => name + parameters.get(name)).join('');
  const expected = createHmac('sha1', authToken).update(data).digest('base64');
  return isEqual(Buffer.from(signature), Buffer.from(expected));
}

const placeOf = (parameters: URLSearchParams): object => ({
  city: parameters.get('FromCity'),
  state: parameters.get('FromState'),
  country: parameters.get('FromCountry'),
});

interface Row {
  id: string;
  version: number;
}

/** @returns the id of its session */
async function announce(provider: Provider, parameters: URLSearchParams): Promise<string> {
  const callId = parameters.get('CallSid') ?? '';
  const from = `+91${parameters.get('From')?.slice(-10)}`;
  const to = `+91${parameters.get('To')?.slice(-10)}`;
  const attributes = provider === 'twilio' ? placeOf(parameters) : { digits: parameters.get('digits') };
  const customer = [from, parameters.get('CallerName'), null, {}];
  const values = [
    ...[provider, 'default', callId, ...customer],
    ...['ready', 'inbound', from, to, attributes, 'none', null],
  ];
  const { rows } = await pool.query<Row>({ ...ANNOUNCE, values });
  const [session] = rows;
  if (!session) throw new Error('The call was announced before.');
  const { environment } = description;
  const key = { provider, account: 'default', callId };
  const sid = sidOf(key);
  const event = { type: 'session-ready', environment, key, version: session.version, session };
  await redis
    .multi()
    .set(sessionCacheKey(environment, sid), JSON.stringify(session), 'EX', SECONDS)
    .publish(sessionReadyChannel(environment, sid), JSON.stringify(event))
    .exec();
  return session.id;
}

function answer(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function receive(request: IncomingMessage, body: string, response: ServerResponse): Promise<void> {
  const { url = '', headers } = request;
  if (url.startsWith(`${EXOTEL_PATH}?`) && isEqual(Buffer.from(headers.authorization ?? ''), basic)) {
    await announce('exotel', new URLSearchParams(url.slice(EXOTEL_PATH.length + 1)));
    return answer(response, 'text/plain', 'OK');
  }
  const parameters = new URLSearchParams(body);
  if (url === TWILIO_PATH && isSigned(String(headers['x-twilio-signature']), parameters)) {
    return answer(response, 'text/xml', TWIML.replace('SESSION', await announce('twilio', parameters)));
  }
  response.writeHead(403).end();
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => (body += chunk));
  request.on('end', () => {
    receive(request, body, response).catch((error: unknown) => {
      console.error(error);
      response.writeHead(500).end();
    });
  });
});
server.keepAliveTimeout = 75_000;
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ listening: (server.address() as AddressInfo).port }));
});
