import { AnnouncementSchema, CallIdSchema } from '@greenroom/contracts';
import type { z } from 'zod';
import { single, type ParameterMap } from './parameters';
import type { Webhook } from './port';

export type CallId = { callId: string } | { reason: string };

/** The call's id, from a parameter that has to be there exactly once. The reason never holds the value. */
export function readCallId(parameters: ParameterMap, name: string): CallId {
  const found = single(parameters, name);
  if ('problem' in found) return { reason: `${name}: ${found.problem}` };
  return checkCallId(found.value, name);
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

export const refused = (reason: string): Webhook => ({ kind: 'refused', reason });
