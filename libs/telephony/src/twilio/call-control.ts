import { parseObject, readText } from '../json';
import type { ApiCredentials, CallControlAdapter, CommandOutcome } from '../port';

/*
 * Hanging up (twilio.com/docs/voice/api/call-resource, "Update a Call resource"). The stream's own end goes on with the
 * TwiML, and a transfer is TwiML too, so nothing else needs a command. Twilio takes no idempotency key here; a second
 * hang-up finds the call gone.
 */

const FORM = 'application/x-www-form-urlencoded';

/**
 * Codes of a call that is over: 20404, as reported in pipecat-ai/pipecat#2145 for a call that the caller had ended, and
 * 21220 "Invalid call state", a call that is not in progress (twilio.com/docs/api/errors). A 404 without the code is an
 * API URL that is not Twilio's.
 */
const GONE: ReadonlyMap<number, string> = new Map([
  [404, '20404'],
  [400, '21220'],
]);

function outcome(status: number | null, body: string): CommandOutcome {
  if (status === null || status === 408 || status === 429 || status >= 500) return 'retry';
  if (status >= 200 && status < 300) return 'done';
  const code = GONE.get(status);
  return code !== undefined && readText(parseObject(body) ?? {}, 'code') === code ? 'gone' : 'refused';
}

const basic = ({ apiKey, apiSecret }: ApiCredentials): string =>
  `Basic ${Buffer.from(`${apiKey}:${apiSecret ?? ''}`, 'utf8').toString('base64')}`;

export const twilioCallControl: CallControlAdapter = {
  provider: 'twilio',
  baseUrl: 'https://api.twilio.com',
  commands: ['hang-up'],
  request(command, credentials) {
    if (command.kind !== 'hang-up') throw new Error(`Twilio has no command for this: ${command.kind}`);
    const account = encodeURIComponent(credentials.apiKey);
    return {
      method: 'POST',
      path: `/2010-04-01/Accounts/${account}/Calls/${encodeURIComponent(command.callId)}.json`,
      headers: { authorization: basic(credentials), 'content-type': FORM, accept: 'application/json' },
      // also ends a call that still rings; `canceled` would leave one that has been answered
      body: 'Status=completed',
    };
  },
  outcome,
};
