import { Counter, Gauge, Histogram, type Registry } from '@greenroom/platform';

/** What the gauges show is asked for when somebody reads them. */
export interface Readings {
  waiters: () => number;
  openStreams: () => number;
  unstarted: () => number;
  bufferedBytes: () => number;
}

export type GatewayMetrics = ReturnType<typeof createGatewayMetrics>;

export function createGatewayMetrics(registry: Registry, readings: Readings) {
  showReadings(registry, readings);
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name: `greenroom_gateway_${name}_total`, help, labelNames, registers });
  return {
    activeCalls: new Gauge({
      name: 'greenroom_gateway_active_calls',
      help: 'Calls in conversation',
      registers,
    }),
    wait: new Histogram({
      name: 'greenroom_gateway_wait_seconds',
      help: 'How long streams waited for their session, by outcome and by how it was found',
      labelNames: ['outcome', 'found'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 10, 15],
      registers,
    }),
    upgrades: counter('upgrades', 'WebSocket upgrades by the status they were answered with', 'status'),
    closes: counter('closes', 'Sockets that we closed, by why', 'why'),
    dropped: counter('dropped_messages', 'Messages that were not understood or came out of place', 'why'),
    droppedAudio: counter(
      'dropped_audio_ms',
      'Caller audio that the ring could not hold while a session was awaited',
    ),
    turns: counter('turns', 'Turns of conversations, by who and by how they ended', 'who', 'ended'),
    talk: counter('talk', 'What went otherwise in conversations, by what', 'what'),
    lostTurns: counter('lost_turns', 'Turns that could not be kept'),
    speechFaults: counter('speech_faults', 'Speech services that failed or were late, by where', 'where'),
    faults: counter('store_faults', 'Reads of the stores that failed; waits go on without them', 'where'),
    deadLinks: counter('dead_subscriber_links', 'Half-open pub/sub links that were found and remade'),
    foreignEvents: counter('foreign_events', 'Events that were not of this deployment, or not events at all'),
  };
}

function showReadings(registry: Registry, readings: Readings): void {
  const gauges: [string, string, () => number][] = [
    ['waiters', 'Streams that wait for their session', readings.waiters],
    ['open_streams', 'Media streams, waiting or in conversation', readings.openStreams],
    ['unstarted_sockets', 'Sockets before their start message', readings.unstarted],
    ['buffered_bytes', 'Caller audio kept for sessions that are awaited', readings.bufferedBytes],
  ];
  for (const [name, help, read] of gauges) {
    new Gauge({
      name: `greenroom_gateway_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
}
