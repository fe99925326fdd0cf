import type { ApiSide, ApiVerdict } from '../api/api-side';
import { decodePart, readCommand } from '../api/read-command';

const PATH = /^\/2010-04-01\/Accounts\/[^/]+\/Calls\/([^/]+)\.json$/;

/**
 * `Status=completed` ends a call (twilio.com/docs/voice/api/call-resource). For one that is over, users have met 20404
 * (pipecat-ai/pipecat#2145).
 */
const ANSWERS: Readonly<Partial<Record<ApiVerdict, { status: number; code: number | null }>>> = {
  done: { status: 200, code: null },
  unauthorized: { status: 401, code: 20003 },
  invalid: { status: 400, code: 20001 },
};
const NOT_FOUND = { status: 404, code: 20404 };

export const twilioApi: ApiSide = {
  read(request) {
    const callId = decodePart(PATH.exec(request.path)?.[1]);
    if (!callId) return null;
    return readCommand(request, {
      ...{ kind: 'hang-up', callId, method: 'POST', scheme: 'Basic' },
      body: (body) => {
        const ends = new URLSearchParams(body).get('Status') === 'completed';
        return ends
          ? { command: { kind: 'hang-up' }, wrong: [] }
          : { command: null, wrong: ['the command hang-up has no Status=completed'] };
      },
    });
  },
  answer(verdict) {
    const { status, code } = ANSWERS[verdict] ?? NOT_FOUND;
    return { status, body: JSON.stringify(code === null ? { status: 'completed' } : { code, status }) };
  },
};
