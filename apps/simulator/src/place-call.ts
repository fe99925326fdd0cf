import type { CallOptions, CallResult } from './call-options';
import { concludeCall } from './conclude-call';
import { MediaLine, type LineEnd } from './media-line';
import { Playout } from './playout';
import { prepareCall, type Call } from './prepare-call';
import type { StreamPlace } from './provider-side';
import { pickOne } from './send-request';
import { readSessionRecord } from './session-record';
import { writeSpeech } from './speech';
import { findPlace, sendEndWebhooks, sendLateWebhook } from './webhooks';

/** Makes one call as the provider would, from its webhook to what Greenroom has recorded of it. */
export async function placeCall(options: CallOptions): Promise<CallResult> {
  const call = prepareCall(options);
  const place = await findPlace(call);
  const line = place && (await openLine(call, place));
  const end = line && (await talk(call, line));
  if (end) await sendEndWebhooks(call, place, end);
  const reading = end && (await readSessionRecord(call.stack, call.key));
  if (options.record !== undefined) writeSpeech(options.record, call.caller.heard(), call.audio);
  return concludeCall(call, end, reading);
}

async function openLine(call: Call, place: StreamPlace): Promise<MediaLine | null> {
  const headers = call.side.upgradeHeaders(call.known, place);
  for (let attempt = 1; attempt <= call.side.handshakes; attempt += 1) {
    const url = addressOf(call, place);
    call.timeline.add('provider', `stream: ${url.replace(/\?.*$/, '')}`);
    const line = newLine(call, place, { url, headers });
    const handshake = await line.handshake;
    call.timeline.add('gateway', handshake.open ? 'accepts the stream' : `no stream: ${handshake.reason}`);
    if (handshake.open) return line;
    const outcome = handshake.status === null ? 'failed' : 'refused';
    call.notes.trouble = { outcome, why: handshake.reason };
  }
  return null;
}

function newLine(
  call: Call,
  place: StreamPlace,
  at: { url: string; headers: Record<string, string> },
): MediaLine {
  const { plan, side, known, audio, caller, rules, timeline } = call;
  const quirks = {
    stringNumbers: plan.stringNumbers ?? false,
    mediaFormat: plan.mediaFormat ?? 'raw',
    audio,
  };
  return new MediaLine(at.url, at.headers, {
    audio,
    messages: side.messages(known, place, quirks),
    caller,
    playout: new Playout(audio.bytesPerMs, side.clears),
    rules,
    timeline,
    hangsUp: (onLineMs) =>
      onLineMs >= plan.limitMs || (caller.done && caller.heardBack && onLineMs >= plan.holdMs),
    signal: plan.signal,
  });
}

async function talk(call: Call, line: MediaLine): Promise<LineEnd> {
  call.notes.trouble = null;
  line.start();
  call.timeline.add('provider', `connected, start; caller says ${call.caller.saidMs} ms of speech`);
  const told = line.ended.then((end) => {
    call.timeline.add('gateway', `closed: ${end.close.code} ${end.close.reason}`.trimEnd());
    return end;
  });
  const [end] = await Promise.all([told, sendLateWebhook(call)]);
  return end;
}

/** The public URL may lead through a proxy that is not there; what lies below it is asked of the gateway itself. */
function addressOf({ stack }: Call, place: StreamPlace): string {
  const wanted = new URL(place.url);
  const told = new URL(stack.publicMediaUrl);
  if (wanted.host !== told.host)
    return `${wanted.protocol}//${wanted.host}${wanted.pathname}${wanted.search}`;
  const below = wanted.pathname.slice(told.pathname === '/' ? 0 : told.pathname.length);
  return pickOne(stack.mediaUrl) + below + wanted.search;
}
