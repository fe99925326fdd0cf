import { EventEmitter } from 'node:events';
import { createLogger, Registry } from '@greenroom/platform';
import { mediaAdapters } from '@greenroom/telephony';
import type { WebSocket } from 'ws';
import { createGatewayMetrics } from './gateway-metrics';
import type { StreamEvent } from './inbound-buffer';
import { MediaConnection } from './media-connection';

class Socket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: unknown[] = [];
  send(message: unknown): void {
    this.sent.push(message);
  }
  close(code: number): void {
    this.readyState = 2;
    queueMicrotask(() => this.emit('close', code));
  }
  terminate(): void {}
}

const none = () => 0;

function setUp(provider: 'telnyx' | 'twilio' | 'vonage') {
  const socket = new Socket();
  const registry = new Registry();
  const readings = { waiters: none, openStreams: none, unstarted: none, bufferedBytes: none };
  const connection = new MediaConnection(socket as unknown as WebSocket, mediaAdapters[provider], {
    ...{ startTimeoutMs: 5000, audioRingMs: 5000, maxUnsentBytes: 1_000_000 },
    metrics: createGatewayMetrics(registry, readings),
    logger: createLogger('spec', 'silent'),
  });
  const receive = (message: object) => socket.emit('message', Buffer.from(JSON.stringify(message)), false);
  const events: StreamEvent[] = [];
  const dropped = async () => {
    const metric = await registry.getSingleMetric('greenroom_gateway_dropped_messages_total')?.get();
    return metric?.values.map(({ labels, value }) => [labels['why'], value]);
  };
  return { socket, connection, receive, events, dropped };
}

const start = {
  event: 'start',
  sequence_number: '1',
  stream_id: 's-1',
  start: {
    call_control_id: 'v3:a-call-of-telnyx',
    media_format: { encoding: 'PCMU', sample_rate: 8000, channels: 1 },
  },
};
const media = (chunk: number) => ({
  event: 'media',
  sequence_number: String(chunk + 1),
  media: { track: 'inbound', chunk: String(chunk), payload: Buffer.alloc(160, chunk).toString('base64') },
});
/** What was heard, by its first byte. */
const told = (events: readonly StreamEvent[]) =>
  events.map((event) => (event.kind === 'audio' ? event.payload[0] : event.kind));

describe('audio that does not come in order', () => {
  it('is heard in order, and digits and marks wait for none of it', () => {
    const { connection, receive, events } = setUp('telnyx');
    receive(start);
    connection.listen((event) => events.push(event));
    for (const chunk of [1, 3]) receive(media(chunk));
    receive({ event: 'dtmf', stream_id: 's-1', sequence_number: '9', dtmf: { digit: '5' } });
    receive({ event: 'mark', stream_id: 's-1', sequence_number: '10', mark: { name: 'm' } });
    for (const chunk of [4, 2, 5]) receive(media(chunk));
    expect(told(events)).toEqual([1, 'dtmf', 'mark', 2, 3, 4, 5]);
  });

  it('is put in order also while nobody listens', () => {
    const { connection, receive, events } = setUp('telnyx');
    receive(start);
    for (const chunk of [2, 1, 3]) receive(media(chunk));
    connection.listen((event) => events.push(event));
    expect(told(events)).toEqual([1, 2, 3]);
  });

  it('is counted when it comes too late, and the connection goes on', async () => {
    const { connection, receive, events, dropped } = setUp('telnyx');
    receive(start);
    connection.listen((event) => events.push(event));
    for (const chunk of [1, 3, 4, 5, 6, 7, 8, 2, 9]) receive(media(chunk));
    expect(told(events)).toEqual([1, 3, 4, 5, 6, 7, 8, 9]);
    expect(await dropped()).toEqual([['late-audio', 1]]);
    expect(connection.closedBy).toBeNull();
  });

  it('is all heard when the stream ends, before it ends', () => {
    const { connection, receive, events } = setUp('telnyx');
    receive(start);
    connection.listen((event) => {
      expect(connection.ended.aborted).toBe(false);
      events.push(event);
    });
    for (const chunk of [1, 4, 3]) receive(media(chunk));
    receive({ event: 'stop', stream_id: 's-1', sequence_number: '9', stop: {} });
    expect(told(events)).toEqual([1, 3, 4]);
    expect([connection.ended.aborted, connection.stopped]).toEqual([true, true]);
  });
});

it('a line that goes away without a word has not stopped', () => {
  const { socket, connection, receive } = setUp('telnyx');
  receive(start);
  socket.emit('close', 1006);
  expect([connection.ended.aborted, connection.stopped, connection.closeCode]).toEqual([true, false, 1006]);
});

it('binary audio is heard as it came', () => {
  const { socket, connection, receive, events } = setUp('vonage');
  receive({
    event: 'websocket:connected',
    'content-type': 'audio/l16;rate=8000',
    call_uuid: 'aaaaaaaa-bbbb-cccc-dddd-0123456789ab',
  });
  connection.listen((event) => events.push(event));
  socket.emit('message', Buffer.alloc(320, 7), true);
  expect(events).toMatchObject([{ kind: 'audio', durationMs: 20 }]);
  expect(told(events)).toEqual([7]);
  connection.send(connection.codec.encodeAudio(new Uint8Array(320)));
  expect(socket.sent).toEqual([new Uint8Array(320)]);
});

it('audio before its stream closes the connection, in whichever order', () => {
  const { connection, receive } = setUp('telnyx');
  receive(media(1));
  expect(connection.closedBy).toBe('mediaBeforeStart');
});
