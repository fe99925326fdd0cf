import { signTwilio } from '@greenroom/telephony';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type StackDescription } from '../../stack/description';
import { type Assistant } from './accounts';
import { type Call } from './load-messages';

const AT_ONCE = 20;
const ANNOUNCE_MS = 10_000;

const AnnouncedSchema = z.object({ streamUrl: z.url() });

/** Calls that are known already when their streams come, so that none of them waits. */
export async function announceCalls(
  description: StackDescription,
  account: Assistant,
  count: number,
): Promise<Call[]> {
  const calls: Call[] = [];
  while (calls.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - calls.length) }, () =>
      announce(description, account),
    );
    calls.push(...(await Promise.all(some)));
  }
  return calls;
}

/** As systems announce calls that they place themselves: the answer has the URL of the stream, its token included. */
async function announce(description: StackDescription, account: Assistant): Promise<Call> {
  const { webhookUrl, apiKey, accounts } = description;
  const callId = `CA${randomBytes(16).toString('hex')}`;
  const customer = { phone: '+14155550142', fullName: 'Asha Rao', language: 'en' };
  const response = await fetch(`${webhookUrl[0]}/v1/sessions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ provider: 'twilio', account, callId, customer }),
    signal: AbortSignal.timeout(ANNOUNCE_MS),
  });
  const answer = await response.text();
  if (response.status !== 201) throw new Error(`A call was not announced: ${response.status} ${answer}`);
  const { streamUrl } = AnnouncedSchema.parse(JSON.parse(answer));
  const { authToken = '' } =
    accounts.find((each) => each.provider === 'twilio' && each.account === account) ?? {};
  return {
    path: new URL(streamUrl).pathname,
    headers: { 'X-Twilio-Signature': signTwilio(authToken, streamUrl) },
    ...{ callId, streamId: newStreamId() },
  };
}

/** Nobody has to know of them. */
export const bareCalls = (count: number): Call[] =>
  Array.from({ length: count }, () => ({
    ...{ path: '/', headers: {}, callId: 'CA00', streamId: newStreamId() },
  }));

const newStreamId = (): string => `MZ${randomBytes(16).toString('hex')}`;
