import type { EndReason } from '@greenroom/contracts';
import { secondsAsMs, unixMs } from '../call';
import { text, type ParameterMap } from '../parameters';

/** What the hang-up callback tells of the end: `EndReason`, unix ms, ms from the answer to the end. */
export interface HangUp {
  reason: EndReason;
  endedAt: number | null;
  durationMs: number | null;
}

export function readHangUp(parameters: ParameterMap): HangUp {
  return {
    reason: reasonOf(parameters),
    endedAt: endedAt(parameters),
    durationMs: secondsAsMs(text(parameters, 'Duration')),
  };
}

/** `HangupCauseCode`: plivo.com/docs/voice/troubleshooting/hangup-causes. What is not here has failed, from 2000 on. */
const BY_CODE: ReadonlyMap<string, EndReason> = new Map<string, EndReason>([
  // cancelled over the API before it was answered; 1010 and 1020 are Plivo's own refusals
  ['1000', 'canceled'],
  ['3000', 'no-answer'],
  ['3010', 'busy'],
  ['3020', 'rejected'],
  ['3040', 'rejected'],
  ['3100', 'busy'],
  ['3110', 'rejected'],
  ['3130', 'rejected'],
  ['3140', 'rejected'],
  ['4000', 'completed'],
  ['4010', 'completed'],
  ['4020', 'completed'],
  ['4030', 'completed'],
  // longest duration; ringing for too long
  ['6000', 'completed'],
  ['6010', 'no-answer'],
  // another phone that rang was quicker; a machine has answered
  ['9000', 'canceled'],
  ['9100', 'completed'],
]);

/** `HangupCause`, the network's own word; plivo.com/docs/voice/xml/request calls it "standard" and lists none. */
const BY_CAUSE: ReadonlyMap<string, EndReason> = new Map<string, EndReason>([
  ['ORIGINATOR_CANCEL', 'canceled'],
  ['USER_BUSY', 'busy'],
  ['NO_ANSWER', 'no-answer'],
  ['NO_USER_RESPONSE', 'no-answer'],
  ['CALL_REJECTED', 'rejected'],
]);

/** `CallStatus`. That of an inbound call is `completed` however it ended. */
const BY_STATUS: ReadonlyMap<string, EndReason> = new Map<string, EndReason>([
  ['completed', 'completed'],
  ['busy', 'busy'],
  ['timeout', 'no-answer'],
  ['no-answer', 'no-answer'],
  ['cancel', 'canceled'],
  ['canceled', 'canceled'],
  ['rejected', 'rejected'],
]);

export const isFinal = (callStatus: string): boolean => BY_STATUS.has(callStatus) || callStatus === 'failed';

/**
 * From the most telling to the least. An inbound caller who gives up before the answer is told apart by `HangupCause`
 * alone, if at all: which code such a call has is not documented.
 */
function reasonOf(parameters: ParameterMap): EndReason {
  const find = (reasons: ReadonlyMap<string, EndReason>, name: string): EndReason | undefined =>
    reasons.get(text(parameters, name) ?? '');
  const byCode = find(BY_CODE, 'HangupCauseCode') ?? (hasOtherCode(parameters) ? 'failed' : undefined);
  const known = byCode === 'completed' ? undefined : byCode;
  return known ?? find(BY_CAUSE, 'HangupCause') ?? byCode ?? find(BY_STATUS, 'CallStatus') ?? 'failed';
}

/** 0 is "unknown". */
const hasOtherCode = (parameters: ParameterMap): boolean =>
  /^[1-9]\d{3}$/.test(text(parameters, 'HangupCauseCode') ?? '');

const QUARTER = 15 * 60_000;
/** from one day's date line to the other */
const [EARLIEST, LATEST] = [-12 * 60 * 60_000, 14 * 60 * 60_000];
/** how long after the session has begun the call may: seconds, as far as anybody has seen */
const APART = 2 * 60_000;

/**
 * `StartTime`, `AnswerTime` and `EndTime` are in the time zone that the account's owner has chosen in the console, which
 * no parameter names (plivo.com/docs/voice/api/call/the-call-object). `SessionStart` is UTC, and is the same moment as
 * `StartTime` but for seconds, so their difference, rounded to a quarter of an hour, is the zone. So it was in the two
 * callbacks that are public (bolna-ai/bolna; Vobiz, who speak Plivo's protocol); Plivo's documentation does not say it.
 */
function endedAt(parameters: ParameterMap): number | null {
  const session = asIfUtc(text(parameters, 'SessionStart'));
  const start = asIfUtc(text(parameters, 'StartTime'));
  const end = asIfUtc(text(parameters, 'EndTime'));
  if (session === null || start === null || end === null) return null;
  const apart = start - session;
  const zone = Math.round(apart / QUARTER) * QUARTER;
  // not the same moment after all: no time is better than one that is hours off
  if (zone < EARLIEST || zone > LATEST || Math.abs(apart - zone) > APART) return null;
  return end > zone ? end - zone : null;
}

/** `2025-01-07 10:21:06`, also with decimals, in unix ms as though it were UTC. */
function asIfUtc(time: string | null): number | null {
  const found = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,9})?$/.exec(time?.trim() ?? '');
  return found ? unixMs(`${found[1] ?? ''}T${found[2] ?? ''}Z`) : null;
}
