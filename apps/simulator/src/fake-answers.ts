import { randomBytes } from 'node:crypto';
import type { Provider } from '@greenroom/contracts';
import { mintStreamToken } from '@greenroom/telephony';
import { PASSWORD, PUBLIC_BASE_URL, PUBLIC_MEDIA_URL, TOKEN_SECRET } from './fake-credentials';

export interface FakeAnswer {
  status: number;
  text: string;
}

/** What it says when it is asked what is next; `nothing`: 500. */
export type FakeNext = 'transfer' | 'hang-up' | 'nothing' | undefined;

const PERSON = '+918000000003';
const MINUTE_MS = 60_000;

export function fakeStreamUrl(provider: Provider, callId: string): string {
  const key = { provider, account: 'default', callId };
  const token = mintStreamToken(TOKEN_SECRET, key, Date.now() + MINUTE_MS, randomBytes(12));
  return `${PUBLIC_MEDIA_URL}/ws/${provider}/default/${token}`;
}

/** The answer to a webhook that asks what to do with a call, by the last part of its path; '' for all others. */
export function startAnswer(operation: string, callId: string, next: FakeNext): string {
  switch (operation) {
    case 'stream-url':
      return JSON.stringify({ url: `wss://u:${PASSWORD}@media.example.com/asked?kind=vip` });
    case 'voice':
      return twiml(fakeStreamUrl('twilio', callId), next);
    case 'answer.plivo':
      return plivoXml(fakeStreamUrl('plivo', callId));
    case 'texml':
      return texml(fakeStreamUrl('telnyx', callId));
    case 'answer.vonage':
      return ncco(fakeStreamUrl('vonage', callId), callId);
    default:
      return '';
  }
}

/** @param how in which form the provider asks what is next */
export function nextAnswer(how: 'status' | 'xml' | 'ncco', next: FakeNext): FakeAnswer {
  if (next === 'nothing') return { status: 500, text: '' };
  if (how === 'status') return { status: next === 'transfer' ? 302 : 200, text: '' };
  if (how === 'ncco') {
    const endpoint = [{ type: 'phone', number: PERSON.slice(1) }];
    const actions = JSON.stringify([{ action: 'connect', randomFromNumber: true, endpoint }]);
    return { status: 200, text: next === 'transfer' ? actions : '' };
  }
  const verb = next === 'transfer' ? `<Dial callerId="+1"><Number>${PERSON}</Number></Dial>` : '<Hangup/>';
  return { status: 200, text: `<?xml version="1.0"?><Response>${verb}</Response>` };
}

const twiml = (url: string, next: FakeNext): string => `<?xml version="1.0" encoding="UTF-8"?>
<Response><Connect${next === undefined ? '' : ` action="${PUBLIC_BASE_URL}/next?from=stream"`}>
  <Stream url="${url}" statusCallback="${PUBLIC_BASE_URL}/ended">
    <Parameter name="sessionId" value="A &amp; B"/>
  </Stream>
</Connect></Response>`;

const webhookUrl = (provider: Provider, operation: string): string =>
  `${PUBLIC_BASE_URL}/webhooks/${provider}/default/${operation}`;

const plivoXml = (url: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Stream bidirectional="true" keepCallAlive="true" contentType="audio/x-mulaw;rate=8000" extraHeaders="sessionId=ses01"
    statusCallbackUrl="${webhookUrl('plivo', 'stream-status')}">${url}</Stream>
  <Redirect>${webhookUrl('plivo', 'after-stream')}</Redirect>
</Response>`;

const texml = (url: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Connect action="${webhookUrl('telnyx', 'after-stream')}">
    <Stream url="${url}" bidirectionalMode="rtp" statusCallback="${webhookUrl('telnyx', 'stream-status')}">
      <Parameter name="sessionId" value="ses_01"/>
    </Stream>
  </Connect>
</Response>`;

const ncco = (uri: string, callId: string): string =>
  JSON.stringify([
    {
      action: 'connect',
      eventType: 'synchronous',
      eventUrl: [`${webhookUrl('vonage', 'after-stream')}?call_uuid=${callId}`],
      endpoint: [
        {
          type: 'websocket',
          uri,
          'content-type': 'audio/l16;rate=8000',
          headers: { call_uuid: callId, session_id: 'ses_01' },
          authorization: { type: 'vonage' },
        },
      ],
    },
  ]);
