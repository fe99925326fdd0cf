import { AnnouncementSchema, CallIdSchema } from '@greenroom/contracts';
import type { z } from 'zod';
import { asObject, parseObject } from './json';
import { isJson, single, type ParameterMap } from './parameters';
import type { Webhook, WebhookRequest } from './port';

export type CallId = { callId: string } | { reason: string };

/** The call's id, from a parameter that has to be there exactly once. The reason never holds the value. */
export function readCallId(parameters: ParameterMap, name: string): CallId {
  const found = single(parameters, name);
  if ('problem' in found) return { reason: `${name}: ${found.problem}` };
  return checkCallId(found.value, name);
}

/**
 * As `readCallId`, for webhooks that may come as form or as JSON: there the id has to be text, since a number may have
 * been rounded.
 */
export function readRequestCallId(request: WebhookRequest, parameters: ParameterMap, name: string): CallId {
  const call = readCallId(parameters, name);
  if ('reason' in call || request.method === 'GET' || !isJson(request)) return call;
  return readCallIdAt(request.body, [name]);
}

/** The call's id at this path of a JSON body, such as `['data', 'payload', 'id']`; a reason names it `data.payload.id`. */
export function readCallIdAt(body: string, path: readonly string[]): CallId {
  let value: unknown = parseObject(body);
  for (const name of path) {
    const object = asObject(value);
    value = object !== null && Object.hasOwn(object, name) ? object[name] : undefined;
  }
  return checkCallId(value, path.join('.'));
}

export function checkCallId(value: unknown, name: string): CallId {
  if (value === undefined || value === null) return { reason: `${name}: missing` };
  if (typeof value !== 'string') return { reason: `${name}: not text` };
  const parsed = CallIdSchema.safeParse(value);
  return parsed.success
    ? { callId: parsed.data }
    : { reason: `${name}: ${parsed.error.issues[0]?.message ?? 'invalid'}` };
}

export function announce(announcement: z.input<typeof AnnouncementSchema>): Webhook {
  const parsed = AnnouncementSchema.safeParse(announcement);
  if (parsed.success) {
    return { kind: 'announcement', callId: parsed.data.callId, announcement: parsed.data };
  }
  const [issue] = parsed.error.issues;
  return {
    kind: 'refused',
    reason: `${issue?.path.join('.') ?? 'announcement'}: ${issue?.message ?? 'invalid'}`,
  };
}

/** Whole seconds as text in ms; null where there are none, or too many for a call: 6 digits are eleven days. */
export function secondsAsMs(seconds: string | null): number | null {
  const text = seconds?.trim() ?? '';
  return /^\d{1,6}$/.test(text) ? Number(text) * 1000 : null;
}

/**
 * A time that the caller has put into ISO 8601 or RFC 2822 with its zone, as unix ms; null for what is none, and for the
 * epoch and before it, which providers send for "no time".
 */
export function unixMs(time: string): number | null {
  const ms = Date.parse(time);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : null;
}

export const refused = (reason: string): Webhook => ({ kind: 'refused', reason });
