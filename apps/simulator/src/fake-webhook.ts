import type { IncomingMessage } from 'node:http';
import type { Provider } from '@greenroom/contracts';
import { providerOf } from './fake-credentials';

/** A webhook as a fake understands it. */
export interface FakeWebhook {
  method: string;
  /** without the query */
  path: string;
  provider: Provider;
  /** last part of the path */
  operation: string;
  /** of form, query, or JSON: what stands at its top, or in Telnyx's payload */
  parameters: Record<string, string>;
  /** Telnyx's `event_type`, Vonage's `status`; else '' */
  event: string;
  callId: string;
  from: string;
  /** Twilio's idempotency token, or Telnyx's id of the event */
  token: string | undefined;
}

interface TelnyxEvent {
  id: string | undefined;
  event_type: string;
  payload: Record<string, string>;
}

export function readFakeWebhook(request: IncomingMessage, body: string): FakeWebhook {
  const { pathname } = new URL(request.url ?? '', 'http://fake');
  const { id, event_type: event, payload } = contentOf(request, body);
  const first = (...names: string[]): string => names.map((name) => payload[name]).find(Boolean) ?? '';
  return {
    method: request.method ?? '',
    path: pathname,
    provider: providerOf(request),
    operation: pathname.split('/').at(-1) ?? '',
    parameters: payload,
    event: event || first('status'),
    callId: first('CallSid', 'CallUUID', 'call_control_id', 'uuid'),
    from: first('From', 'from'),
    token: id,
  };
}

/** All of them as though they were Telnyx's. */
function contentOf({ method, url = '', headers }: IncomingMessage, body: string): TelnyxEvent {
  const { search } = new URL(url, 'http://fake');
  if (headers['content-type']?.includes('json')) return parse(body);
  const payload = Object.fromEntries(new URLSearchParams(method === 'GET' ? search : body));
  return { id: headers['i-twilio-idempotency-token'] as string | undefined, event_type: '', payload };
}

function parse(body: string): TelnyxEvent {
  const json = JSON.parse(body) as { data?: TelnyxEvent } & Record<string, string>;
  return json.data ?? { id: undefined, event_type: '', payload: json };
}
