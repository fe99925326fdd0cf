import { z } from 'zod';
import { brokenRules } from '../broken-rules';
import { parseJson } from '../from-greenroom';
import type { NextStep } from '../provider-side';
import type { StreamPlace } from '../stream-place';

/* NCCO: a JSON array of actions; behind the last of them the call ends (developer.vonage.com voice-api ncco-reference). */

/** Of all headers together, as JSON. */
const MAX_HEADERS = 512;
const CONTENT_TYPE = 'audio/l16;rate=8000';
/** The message that begins a stream has these names for itself. */
const TAKEN = ['event', 'content-type'];

const ActionSchema = z.looseObject({ action: z.string() });
const NccoSchema = z.array(ActionSchema);
const WebSocketSchema = z.looseObject({
  type: z.literal('websocket'),
  uri: z.url({ protocol: /^wss?$/ }),
  'content-type': z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  authorization: z
    .discriminatedUnion('type', [
      z.object({ type: z.literal('vonage') }),
      z.object({ type: z.literal('custom'), value: z.string() }),
    ])
    .optional(),
});
const PhoneSchema = z.looseObject({ type: z.literal('phone'), number: z.string().regex(/^[1-9]\d{6,14}$/) });
const EventsSchema = z.looseObject({
  eventType: z.literal('synchronous').optional(),
  eventUrl: z.array(z.url()).min(1),
});
const EndpointSchema = z.looseObject({ endpoint: z.array(z.unknown()).length(1) });

/** The stream in the first action that connects one; null: there is none. */
export function readConnect(body: string): StreamPlace | null {
  const connect = actionsIn(body)?.find(({ action }) => action === 'connect');
  const endpoint = EndpointSchema.safeParse(connect).data?.endpoint[0];
  const stream = WebSocketSchema.safeParse(endpoint).data;
  if (!connect || !stream) return null;
  const { uri: url, headers, authorization } = stream;
  const signed = authorization?.type === 'vonage' ? ({ signed: true } as const) : authorization?.value;
  return {
    url,
    parameters: headers,
    statusUrl: EventsSchema.safeParse(connect).data?.eventUrl[0] ?? null,
    authorization: signed,
    wrong: wrongOf(stream),
  };
}

function wrongOf(stream: z.infer<typeof WebSocketSchema>): string[] {
  const { headers } = stream;
  const type = stream['content-type'];
  const bytes = Buffer.byteLength(JSON.stringify(headers));
  const taken = TAKEN.find((name) => name in headers);
  return brokenRules([
    [type === CONTENT_TYPE, `the stream’s content-type is ${type}; this simulator’s lines have 8000 Hz`],
    [bytes <= MAX_HEADERS, `the stream’s headers have ${bytes} bytes, the most is ${MAX_HEADERS}`],
    [taken === undefined, `a header of the stream is named ${taken}, as a field of its first message is`],
  ]);
}

/** Where the end of the stream is told such that the answer can say what is next; null: nowhere. */
export function synchronousEventUrl(body: string): string | null {
  const connect = actionsIn(body)?.find(({ action }) => action === 'connect');
  const events = EventsSchema.safeParse(connect).data;
  return events?.eventType === 'synchronous' ? (events.eventUrl[0] ?? null) : null;
}

/** An answer without an action leaves the call to the actions behind the stream; Greenroom's NCCO has none. */
export function readNextNcco(status: number, body: string): NextStep | null {
  if (status < 200 || status > 299) return null;
  const actions = body.trim() === '' ? [] : actionsIn(body);
  if (!actions) return null;
  const [first] = actions;
  if (!first) return { decision: 'hang-up', number: null };
  const phone = PhoneSchema.safeParse(EndpointSchema.safeParse(first).data?.endpoint[0]).data;
  if (first.action === 'connect') return phone ? { decision: 'transfer', number: phone.number } : null;
  return { decision: 'continue', number: null };
}

const actionsIn = (body: string): z.infer<typeof NccoSchema> | null =>
  NccoSchema.safeParse(parseJson(body)).data ?? null;
