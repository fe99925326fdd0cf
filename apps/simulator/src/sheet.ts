import type { CallSheet, SheetEvent } from '@greenroom/call-sheet';
import type { CallResult } from './call-options';
import type { Channels } from './recording';
import type { SessionRecord } from './session-record';
import type { TimelineEntry } from './timeline';

export interface SheetParts {
  result: CallResult;
  /** null: Greenroom has none, or nobody could ask */
  record: SessionRecord | null;
  channels: Channels;
  /** unix ms of the timeline's zero */
  beganAt: number;
}

/** Where the sheet's axis lies. Its zero is the stream's `start`; of a call without one, the call's beginning. */
interface Axis {
  /** ms of its zero on the timeline */
  zeroMs: number;
  /** the same in unix ms */
  startedAt: number;
}

/** All that is known of a call on one page: what was said, what Greenroom recorded, what the provider saw. */
export function sheetOf({ result, record, channels, beganAt }: SheetParts): CallSheet {
  const { provider, account, callId, conversation, timeline, turns } = result;
  const zeroMs = conversation.startedAtMs ?? 0;
  const axis = { zeroMs, startedAt: beganAt + zeroMs };
  const audioMs = (Math.max(channels.caller.length, channels.assistant.length) * 1000) / channels.sampleRate;
  const lastMs = Math.max(0, ...timeline.map(({ atMs }) => atMs - zeroMs));
  return {
    title: `${provider}/${account} ${callId}`,
    facts: factsOf(result, record),
    startedAt: axis.startedAt,
    durationMs: Math.round(conversation.startedAtMs === null ? lastMs : audioMs),
    audio: channels,
    wait: waitOf(result, record),
    turns,
    events: [
      ...timeline.map((entry) => eventOf(entry, axis)),
      ...bargeIns(result, axis),
      ...noInputs(result, axis),
      ...faults(result, axis),
    ].toSorted((a, b) => a.atMs - b.atMs),
  };
}

function factsOf(result: CallResult, record: SessionRecord | null): [string, string][] {
  const { ok, why, marks } = result;
  const facts: [string, string | null][] = [
    ['Outcome', record?.call?.outcome ?? result.outcome],
    ['As expected', ok ? 'yes' : `no: ${why ?? ''}`],
    ['Customer', customerText(result)],
    ['Webhook', result.webhook && statusText(result.webhook)],
    ['Webhooks sent again', result.retries === 0 ? null : String(result.retries)],
    ['Commands', commandsText(result)],
    ['Session', sessionText(result)],
    ['Prompts', promptsText(result)],
    ['Marks', `${marks.returned} of ${marks.received} returned`],
    ['Closed', closeText(result)],
    ['After the stream', nextText(result)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

const customerText = ({ customer }: CallResult): string | null =>
  customer && (customer.fullName ?? 'known by number only');

const statusText = ({ status }: { status: number | null }): string => `answered ${status ?? 'with nothing'}`;

const commandsText = ({ commands }: CallResult): string | null =>
  commands.map(({ kind, status }) => `${kind} ${statusText({ status })}`).join(', ') || null;

const nextText = ({ next }: CallResult): string | null =>
  next && `${next.decision ?? 'no decision'}, ${statusText(next)} after ${next.answeredInMs} ms`;

const closeText = ({ close }: CallResult): string | null =>
  close && `${close.code} ${close.reason}`.trimEnd();

function promptsText({ conversation }: CallResult): string {
  const { prompts, bargeIns } = conversation;
  const stopped = bargeIns.map(({ stoppedAfterMs }) => `, ${stoppedText(stoppedAfterMs)}`).join('');
  return `${prompts.length}, ${bargeIns.length} of them interrupted${stopped}`;
}

const stoppedText = (ms: number): string => `silent after ${Math.round(ms)} ms`;

function sessionText({ found, waitedMs }: CallResult): string | null {
  const after = waitedMs === null ? '' : ` after ${waitedMs} ms`;
  if (found === null) return waitedMs === null ? null : `not found${after}`;
  return `found by ${found}${after}`;
}

/** Greenroom begins to wait with `start`, which is the axis' zero. */
function waitOf({ found, waitedMs }: CallResult, record: SessionRecord | null): CallSheet['wait'] {
  if (waitedMs === null) return null;
  const outcome = found === null ? (record?.call?.outcome ?? 'not found') : `found by ${found}`;
  return { fromMs: 0, toMs: waitedMs, outcome };
}

function eventOf({ atMs, who, what, kind }: TimelineEntry, { zeroMs }: Axis): SheetEvent {
  return { atMs: atMs - zeroMs, kind: kind ?? 'note', who, what };
}

function bargeIns({ conversation }: CallResult, { zeroMs }: Axis): SheetEvent[] {
  return conversation.bargeIns.map(({ kind, spokeAtMs, stoppedAfterMs }) => ({
    atMs: spokeAtMs - zeroMs,
    kind: 'barge-in',
    who: 'provider',
    what: `${kind} over the prompt, ${stoppedText(stoppedAfterMs)}`,
  }));
}

/** Greenroom's own clock. */
function noInputs({ turns }: CallResult, { startedAt }: Axis): SheetEvent[] {
  return turns
    .filter(({ endedBy }) => endedBy === 'no-input')
    .map(({ endedAt, number }) => ({
      atMs: endedAt - startedAt,
      kind: 'no-input',
      who: 'record',
      what: `turn ${number}: nothing came`,
    }));
}

/** They are known when the call is over, and stand at its end. */
function faults({ timeline, violations, why }: CallResult, { zeroMs }: Axis): SheetEvent[] {
  const atMs = Math.max(0, ...timeline.map((entry) => entry.atMs - zeroMs));
  return [...(why === null ? [] : [why]), ...violations].map((what) => ({
    atMs,
    kind: 'fault',
    who: 'provider',
    what,
  }));
}
