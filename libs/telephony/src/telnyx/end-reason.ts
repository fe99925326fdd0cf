import type { EndReason } from '@greenroom/contracts';

/**
 * `hangup_cause` of a hang-up: call_rejected, normal_clearing, originator_cancel, timeout, time_limit, user_busy,
 * not_found or unspecified (telnyx-node `src/resources/webhooks.ts`, CallHangupWebhookEvent). TeXML's `HangupCause` has
 * the same.
 */
const CAUSES: ReadonlyMap<string, EndReason> = new Map([
  ['normal_clearing', 'completed'],
  // connected, and cut off by the limit that it was dialled with
  ['time_limit', 'completed'],
  ['user_busy', 'busy'],
  // of dialling: nobody has answered
  ['timeout', 'no-answer'],
  ['originator_cancel', 'canceled'],
  ['call_rejected', 'rejected'],
  ['not_found', 'failed'],
]);

/** `sip_hangup_cause`, for causes that say nothing themselves; it is `unspecified` too on most incoming calls. */
const SIP_CODES: ReadonlyMap<string, EndReason> = new Map([
  ['200', 'completed'],
  ['408', 'no-answer'],
  ['480', 'no-answer'],
  ['486', 'busy'],
  ['487', 'canceled'],
  ['600', 'busy'],
  ['603', 'rejected'],
]);

/** @returns `failed` for what nobody knows */
export function reasonOfCause(cause: string | null, sipCode: string | null): EndReason {
  return CAUSES.get(cause ?? '') ?? SIP_CODES.get(sipCode ?? '') ?? 'failed';
}

/** `CallStatus` of a TeXML call that is over (developers.telnyx.com, TeXML `Hangup`). */
const STATUSES: ReadonlyMap<string, EndReason> = new Map([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['no-answer', 'no-answer'],
  ['canceled', 'canceled'],
  ['failed', 'failed'],
]);

/** Null: the call is not over. The cause of one that has failed may say more. */
export function reasonOfStatus(status: string, cause: string | null): EndReason | null {
  const reason = STATUSES.get(status) ?? null;
  return reason === 'failed' ? reasonOfFailure(cause) : reason;
}

function reasonOfFailure(cause: string | null): EndReason {
  const reason = reasonOfCause(cause, null);
  return reason === 'completed' ? 'failed' : reason;
}

const ISO = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
const RFC_2822 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)$/;

/** Unix ms of any of Telnyx's ways to write a time; null for anything else, and for a time without its zone. */
export function readTime(text: string | null): number | null {
  if (text === null || !(ISO.test(text) || RFC_2822.test(text))) return null;
  const time = Date.parse(text);
  return time > 0 ? time : null;
}
