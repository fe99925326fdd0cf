import { z } from 'zod';
import type { ApiSide, ApiVerdict } from '../api/api-side';
import { decodePart, readCommand } from '../api/read-command';
import { parseJson } from '../from-greenroom';

const PATH = /^\/v1\/calls\/([^/]+)$/;

/** developer.vonage.com api/voice, `PUT /v1/calls/{uuid}`. Of a call that is over, only 404 is documented. */
const ANSWERS: Readonly<Partial<Record<ApiVerdict, number>>> = { done: 204, unauthorized: 401, invalid: 400 };

const HangUpSchema = z.object({ action: z.literal('hangup') });
const HeaderSchema = z.object({ alg: z.literal('RS256') });
/** What the token of an application must say (developer.vonage.com getting-started/concepts/authentication). */
const ClaimsSchema = z.object({ application_id: z.string().min(1), iat: z.number(), jti: z.string().min(1) });

export const vonageApi: ApiSide = {
  read(request) {
    const callId = decodePart(PATH.exec(request.path)?.[1]);
    if (!callId) return null;
    const read = readCommand(request, {
      ...{ kind: 'hang-up', callId, method: 'PUT', scheme: 'Bearer' },
      body: (body) =>
        HangUpSchema.safeParse(parseJson(body)).success
          ? { command: { kind: 'hang-up' }, wrong: [] }
          : { command: null, wrong: ['the command hang-up has no {"action":"hangup"}'] },
    });
    const isToken = read.command === 'unauthorized' || isApplicationToken(request.headers.authorization);
    if (isToken) return read;
    const wrong = ['the command hang-up has a token that is none of an application’s, with RS256'];
    return { ...read, command: 'unauthorized', wrong };
  },
  answer(verdict) {
    const status = ANSWERS[verdict] ?? 404;
    return { status, body: status === 204 ? '' : JSON.stringify({ title: verdict }) };
  },
};

/** By its form: the public half of the application's key is Vonage's. */
function isApplicationToken(authorization: string | undefined): boolean {
  const [header, claims, signature] = authorization?.replace(/^Bearer /, '').split('.') ?? [];
  const read = (part: string | undefined): unknown =>
    parseJson(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  return (
    HeaderSchema.safeParse(read(header)).success &&
    ClaimsSchema.safeParse(read(claims)).success &&
    (signature ?? '') !== ''
  );
}
