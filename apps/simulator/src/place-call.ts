import { setTimeout as sleep } from 'node:timers/promises';
import type { CallOptions, CallResult } from './call-options';
import { prepareScript, type Script } from './caller/script';
import { concludeCall } from './conclude-call';
import { tellFailedStream } from './failed-stream';
import { keepCall } from './keep-call';
import { listenForCommands } from './listen-for-commands';
import { MediaLine, type LineEnd } from './media-line';
import { askNext, awaitNext } from './next-step';
import { Playout } from './playout';
import { prepareCall, type Call } from './prepare-call';
import type { Next, StreamEnded } from './provider-side';
import { pickOne } from './send-request';
import { readSessionRecord } from './session-record';
import { inOrder } from './start-order';
import type { StreamPlace } from './stream-place';
import { findPlace, sendEndWebhooks, sendLateWebhook } from './webhooks';

/**
 * By so much Greenroom hears of the stream's end after it has been asked what is next, where it is asked before. In
 * steps, between which the question goes out even where this process was held up for longer than all of it.
 */
const ASKED_AHEAD = { steps: 5, stepMs: 10 };

/** at the end of a stream's URL; timelines are shown to people */
const TOKEN = /\/[\w-]{60,}$/;

/**
 * Makes one call as the provider would, from its webhook to what Greenroom has recorded of it.
 * @param script of these same options, where it has been prepared already
 * @throws {UsageError} if the options name a file that cannot be read, or the stack lacks what such a call needs
 */
export async function placeCall(options: CallOptions, script?: Script): Promise<CallResult> {
  const call = prepareCall(options, script ?? (await prepareScript(options)));
  const stopListening = await listenForCommands(call);
  try {
    return await callOut(call);
  } finally {
    await Promise.all(call.notes.telling);
    await stopListening();
  }
}

async function callOut(call: Call): Promise<CallResult> {
  const place = await findPlace(call);
  const stream = place && (await inOrder(call, place, () => openStream(call, place)));
  const end = stream && (await talk(call, stream.line));
  if (end) await afterStream(call, stream, end);
  else if (place) await tellFailedStream(call, place);
  const reading = end && (await readSessionRecord(call.stack, call.key));
  const result = concludeCall(call, end, reading);
  keepCall(call, result, reading?.record ?? null);
  return result;
}

interface Stream {
  place: StreamPlace;
  line: MediaLine;
  /** the question what is next, where it has been asked before the stream's end */
  asked: Promise<Next | null> | null;
}

async function openStream(call: Call, place: StreamPlace): Promise<Stream | null> {
  if (call.plan.noStream) return noStream(call);
  const headers = call.side.upgradeHeaders(call.known, place);
  for (let attempt = 1; attempt <= call.side.handshakes; attempt += 1) {
    const url = addressOf(call, place);
    call.timeline.add('provider', `stream: ${url.replace(/\?.*$/, '').replace(TOKEN, '/TOKEN')}`);
    const stream = newStream(call, place, { url, headers });
    const handshake = await stream.line.handshake;
    call.timeline.add('gateway', handshake.open ? 'accepts the stream' : `no stream: ${handshake.reason}`);
    if (handshake.open) {
      startLine(call, stream.line);
      return stream;
    }
    const outcome = handshake.status === null ? 'failed' : 'refused';
    call.notes.trouble = { outcome, why: handshake.reason };
  }
  return null;
}

function noStream({ timeline }: Call): null {
  timeline.add('provider', 'the stream cannot be connected');
  return null;
}

function newStream(
  call: Call,
  place: StreamPlace,
  at: { url: string; headers: Record<string, string> },
): Stream {
  const { plan, side, known, audio, caller, handset, rules, timeline } = call;
  const quirks = {
    stringNumbers: plan.stringNumbers ?? false,
    mediaFormat: plan.mediaFormat ?? 'raw',
    audio,
  };
  const askFirst = async (onLineMs: number): Promise<void> => {
    stream.asked = askNext(call, streamEnded(place, { onLineMs, hungUpBy: 'caller' }));
    for (let step = 0; step < ASKED_AHEAD.steps; step += 1) await sleep(ASKED_AHEAD.stepMs);
  };
  const line = new MediaLine(at.url, at.headers, {
    audio,
    messages: side.messages(known, place, quirks),
    caller,
    handset,
    playout: new Playout(audio.bytesPerMs, side.clears),
    rules,
    timeline,
    loseMarks: plan.loseMarks,
    reorder: plan.reorder ?? 1,
    limitMs: plan.limitMs,
    beforeStop: plan.afterBotBeforeClose ? askFirst : null,
    onHangUp: () => call.commanded?.over(),
    signal: plan.signal,
  });
  const stream: Stream = { place, line, asked: null };
  return stream;
}

function startLine(call: Call, line: MediaLine): void {
  call.notes.trouble = null;
  line.start();
  call.commanded?.onHangUp(() => line.hangUpByCommand());
  const { saidMs } = call.caller;
  const first = saidMs > 0 ? `says ${saidMs} ms of speech` : 'listens';
  call.timeline.add('provider', `connected, start; caller ${first}`);
}

async function talk(call: Call, line: MediaLine): Promise<LineEnd> {
  const told = line.ended.then((end) => {
    call.timeline.add('gateway', `closed: ${end.close.code} ${end.close.reason}`.trimEnd());
    return end;
  });
  const [end] = await Promise.all([told, sendLateWebhook(call)]);
  return end;
}

async function afterStream(call: Call, { place, asked }: Stream, end: LineEnd): Promise<void> {
  const { commanded, side } = call;
  const ended = streamEnded(place, end);
  const endedAt = performance.now();
  const byCommand = side.controlledBy === 'commands';
  call.notes.next = await (byCommand
    ? awaitNext(call, end.hungUpBy, endedAt)
    : (asked ?? askNext(call, ended)));
  await Promise.all(call.notes.telling);
  await sendEndWebhooks(call, { ...ended, transfer: commanded?.transfer ?? null });
  commanded?.over();
}

function streamEnded(
  place: StreamPlace,
  { onLineMs, hungUpBy }: Pick<LineEnd, 'onLineMs' | 'hungUpBy'>,
): StreamEnded {
  return { place, endedAt: new Date(), streamSeconds: Math.round(onLineMs / 1000), hungUpBy };
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
