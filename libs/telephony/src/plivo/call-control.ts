import type { ApiCredentials, CallControlAdapter, CommandOutcome } from '../port';

const basic = ({ apiKey, apiSecret }: ApiCredentials): string =>
  `Basic ${Buffer.from(`${apiKey}:${apiSecret ?? ''}`, 'utf8').toString('base64')}`;

const RETRIED = new Set([408, 425, 429]);

function outcome(status: number | null): CommandOutcome {
  if (status === null || status >= 500 || RETRIED.has(status)) return 'retry';
  if (status === 404) return 'gone';
  return status >= 200 && status < 300 ? 'done' : 'refused';
}

/**
 * plivo.com/docs/voice/api/call, "Hang up a call": 204, and 404 once there is no such call. Everything else that we ask of
 * Plivo is said in answers. There is no idempotency key, and a DELETE needs none.
 */
export const plivoCallControl: CallControlAdapter = {
  provider: 'plivo',
  baseUrl: 'https://api.plivo.com',
  commands: ['hang-up'],
  request(command, credentials) {
    if (command.kind !== 'hang-up') throw new Error(`Plivo has no command ${command.kind}.`);
    // without an id, the same path hangs up every call of the account
    if (command.callId === '') throw new Error('A call to hang up needs its id.');
    const [account, call] = [credentials.apiKey, command.callId].map(encodeURIComponent);
    return {
      method: 'DELETE',
      path: `/v1/Account/${account ?? ''}/Call/${call ?? ''}/`,
      headers: { authorization: basic(credentials) },
      body: '',
    };
  },
  outcome,
};
