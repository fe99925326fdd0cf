import { AccountSchema, createLogger, Registry, systemClock } from '@greenroom/platform';
import { newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { mediaAdapters } from '@greenroom/telephony';
import type { AnswerPorts, Line, OwnedCall } from './call';
import { converse } from './converse';
import { createGatewayMetrics } from './gateway-metrics';
import type { StreamEvent } from './inbound-buffer';
import { Recordings } from './recordings';

it('an agent that throws ends its own call only, and the call is written down as failed', async () => {
  const none = () => 0;
  const key = newKey();
  const gone = new AbortController();
  let closedBy: string | null = null;
  let tell: (event: StreamEvent) => void = () => undefined;
  const connection = {
    codec: mediaAdapters.exotel.open(),
    buffer: { audioMs: 0 },
    ended: gone.signal,
    get closedBy() {
      return closedBy;
    },
    closeCode: 1011,
    listen: (listener: typeof tell) => (tell = listener),
    send: () => true,
    close: (why: string) => {
      closedBy ??= why;
      gone.abort();
    },
  };
  const line = {
    connection,
    key,
    logger: createLogger('spec', 'silent'),
    route: { account: AccountSchema.parse({ name: 'a', provider: 'exotel' }), adapter: mediaAdapters.exotel },
    start: { format: { encoding: 'pcm_s16le', sampleRate: 8000 } },
  } as unknown as Line;
  const claim = { lost: new AbortController().signal, holds: true };
  const call = {
    session: sessionOf(key),
    claim,
    changed: { notify: () => undefined },
  } as unknown as OwnedCall;
  const broken = () => {
    throw new Error('broken agent');
  };
  const ports = {
    clock: systemClock,
    maxCallMs: 60_000,
    leadMs: 400,
    metrics: createGatewayMetrics(new Registry(), {
      waiters: none,
      openStreams: none,
      unstarted: none,
      bufferedBytes: none,
    }),
    recordings: new Recordings(null),
    assistants: {
      converse: () => ({
        heard: broken,
        pressed: broken,
        played: broken,
        sessionChanged: broken,
        ended: none,
      }),
    },
  } as unknown as AnswerPorts;
  const ending = converse(line, call, ports);
  expect(() => tell({ kind: 'dtmf', digit: '1' })).not.toThrow();
  expect(await ending).toEqual({ outcome: 'failed', closeCode: 1011 });
});
