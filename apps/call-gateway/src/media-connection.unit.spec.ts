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
  const options = {
    ...{ startTimeoutMs: 5000, audioRingMs: 5000, maxUnsentBytes: 1_000_000 },
    metrics: createGatewayMetrics(registry, readings),
    logger: createLogger('spec', 'silent'),
  };
  const begun: (string | null)[] = [];
  const connection = new MediaConnection(
    socket as unknown as WebSocket,
    mediaAdapters[provider],
    options,
    (start) => begun.push(start && start.callId),
  );
  const receive = (message: object) => socket.emit('message', Buffer.from(JSON.stringify(message)), false);
  const events: StreamEvent[] = [];
  const dropped = async () => {
    const metric = await registry.getSingleMetric('greenroom_gateway_dropped_messages_total')?.get();
    return metric?.values.map(({ labels, value }) => [labels['why'], value]);
  };
  return { socket, connection, receive, events, dropped, begun };
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
const twilioStart = {
  event: 'start',
  streamSid: 'MZ1',
  start: { callSid: `CA${'0'.repeat(32)}`, streamSid: 'MZ1' },
};
const twilioMedia = (chunk: number) => ({
  event: 'media',
  sequenceNumber: String(chunk + 1),
  media: { track: 'inbound', chunk: String(chunk), timestamp: '20', payload: 'AAAA' },
  streamSid: 'MZ1',
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

describe('a connection', () => {
  it('tells its start once, whatever comes behind it', () => {
    const { socket, connection, receive, begun } = setUp('twilio');
    expect(connection.buffer).toBeNull();
    receive(twilioStart);
    receive(twilioStart);
    receive({ event: 'stop', stop: {} });
    socket.emit('close', 1000);
    expect(begun).toEqual([twilioStart.start.callSid]);
  });

  it.each<[string, (set: ReturnType<typeof setUp>) => void]>([
    ['its peer goes', ({ socket }) => socket.emit('close', 1006)],
    ['we close it', ({ connection }) => connection.close('startTimeout')],
    ['it stops', ({ receive }) => receive({ event: 'stop', stop: {} })],
  ])('tells once that there is no start, where %s before it', async (_, leave) => {
    const set = setUp('twilio');
    leave(set);
    set.receive(twilioStart);
    await new Promise((resolve) => setImmediate(resolve));
    set.socket.emit('close', 1006);
    expect(set.begun).toEqual([null]);
    expect(set.connection.ended.aborted).toBe(true);
  });

  it('aborts the signal that was asked for before its end', () => {
    const { socket, connection } = setUp('twilio');
    const { ended } = connection;
    expect(ended.aborted).toBe(false);
    socket.emit('close', 1006);
    expect([ended.aborted, connection.ended === ended]).toEqual([true, true]);
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
  expect(events).toMatchObject([{ kind: 'audio', payload: { byteLength: 320 } }]);
  expect(told(events)).toEqual([7]);
  connection.send(connection.codec.encodeAudio(new Uint8Array(320)));
  expect(socket.sent).toEqual([new Uint8Array(320)]);
});

it('audio before its stream closes the connection, in whichever order', () => {
  const { connection, receive } = setUp('telnyx');
  receive(media(1));
  expect(connection.closedBy).toBe('mediaBeforeStart');
});

describe('a listener', () => {
  afterEach(() => jest.restoreAllMocks());

  it('is told of what was kept how long ago it came, and of the rest when it comes', () => {
    const { connection, receive } = setUp('twilio');
    let now = 1000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const told: [string, number][] = [];
    receive(twilioStart);
    receive(twilioMedia(1));
    now = 3500;
    connection.listen((event, at) =>
      told.push([event.kind, event.kind === 'audio' ? at - event.cameAt : at]),
    );
    now = 4000;
    receive(twilioMedia(2));
    receive({ event: 'mark', mark: { name: 'm' } });
    expect(told).toEqual([
      ['audio', 2500],
      ['audio', 0],
      ['mark', 4000],
    ]);
  });

  it('costs one look at the clock for each message', () => {
    const { connection, receive, events } = setUp('twilio');
    receive(twilioStart);
    connection.listen((event) => events.push(event));
    const clock = jest.spyOn(performance, 'now');
    for (let chunk = 1; chunk <= 10; chunk += 1) receive(twilioMedia(chunk));
    expect([events.length, clock.mock.calls.length]).toEqual([10, 10]);
  });
});
