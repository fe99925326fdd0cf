import type { ApiSide, ApiVerdict } from '../api/api-side';
import { decodePart, readCommand } from '../api/read-command';

const PATH = /^\/v1\/Account\/[^/]+\/Call\/([^/]+)\/$/;

/** plivo.com/docs/voice/api/call, "Hang up a call": 204, and 404 once there is no such call. */
const ANSWERS: Readonly<Partial<Record<ApiVerdict, number>>> = { done: 204, unauthorized: 401, invalid: 400 };

export const plivoApi: ApiSide = {
  read(request) {
    const callId = decodePart(PATH.exec(request.path)?.[1]);
    if (!callId) return null;
    return readCommand(request, {
      ...{ kind: 'hang-up', callId, method: 'DELETE', scheme: 'Basic' },
      body: () => ({ command: { kind: 'hang-up' }, wrong: [] }),
    });
  },
  answer(verdict) {
    const status = ANSWERS[verdict] ?? 404;
    return { status, body: status === 204 ? '' : JSON.stringify({ error: verdict }) };
  },
};
