import type { CallCommand, CallKey, CloseName } from '@greenroom/contracts';
import { AccountSchema } from '@greenroom/platform';
import type { Ending } from '@greenroom/rendezvous';
import { newKey, sessionOf } from '@greenroom/rendezvous/contract';
import { mediaAdapters } from '@greenroom/telephony';
import type { Line } from './call';
import { endAtProvider } from './end-at-provider';

const TO = '+18005550199';

interface Told {
  key: CallKey;
  command: CallCommand;
}

function setUp(more: { provider?: 'telnyx' | 'twilio'; transferTo?: string | undefined } = {}) {
  const { provider = 'telnyx', transferTo = TO } = more;
  const key = newKey({ provider });
  const told: Told[] = [];
  const ports = {
    commands: {
      start: (of: CallKey, command: CallCommand) => void told.push({ key: of, command }),
      drain: () => Promise.resolve(),
    },
  };
  const account = AccountSchema.parse({ name: 'default', provider, transferTo, api: { key: 'k' } });
  const lineWith = (connection: { closedBy?: CloseName | null; stopped?: boolean }): Line =>
    ({
      connection: { closedBy: null, stopped: false, ...connection },
      route: { account, adapter: mediaAdapters[provider] },
      key,
    }) as unknown as Line;
  return { key, told, ports, lineWith };
}

const endingOf = (outcome: Ending['outcome']): Ending => ({ outcome, closeCode: 1000 });

describe('a call that outlives its stream', () => {
  it.each(['hung-up', 'failed', 'dropped-by-drain'] as const)(
    'is hung up when it has ended as %s',
    (outcome) => {
      const { key, told, ports, lineWith } = setUp();
      endAtProvider(lineWith({}), { ending: endingOf(outcome), session: sessionOf(key) }, ports);
      expect(told).toEqual([{ key, command: { kind: 'hang-up', callId: key.callId } }]);
    },
  );

  it('is connected with the person of the account when it was transferred', () => {
    const { key, told, ports, lineWith } = setUp();
    endAtProvider(lineWith({}), { ending: endingOf('transferred'), session: sessionOf(key) }, ports);
    expect(told).toEqual([{ key, command: { kind: 'transfer', callId: key.callId, to: TO } }]);
  });

  it('is left to whoever drives it now', () => {
    const { key, told, ports, lineWith } = setUp();
    endAtProvider(lineWith({}), { ending: endingOf('superseded'), session: sessionOf(key) }, ports);
    expect(told).toEqual([]);
  });

  it.each([
    ['has ended its stream', true, 0],
    ['has only lost its line', false, 1],
  ])('is over when its provider %s', (_, stopped, commands) => {
    const { key, told, ports, lineWith } = setUp();
    endAtProvider(lineWith({ stopped }), { ending: endingOf('completed'), session: sessionOf(key) }, ports);
    expect(told).toHaveLength(commands);
  });

  it.each([
    ['noCustomerData', 1],
    ['failed', 1],
    ['notOwner', 0],
    ['callOver', 0],
    ['badMessages', 0],
    ['finished', 0],
    [null, 0],
  ] as const)(
    'that nobody has driven, and whose stream was closed with %s, is hung up: %i',
    (closedBy, commands) => {
      const { told, ports, lineWith } = setUp();
      endAtProvider(lineWith({ closedBy }), null, ports);
      expect(told.map(({ command }) => command.kind)).toEqual(
        Array.from({ length: commands }, () => 'hang-up'),
      );
    },
  );

  it('is not told twice what comes next, where a document goes on with it', () => {
    const { key, told, ports, lineWith } = setUp();
    const session = sessionOf(key, { attributes: { api: 'texml' } });
    endAtProvider(lineWith({}), { ending: endingOf('transferred'), session }, ports);
    expect(told).toEqual([]);
  });
});

it('a call whose flow goes on is left to its flow', () => {
  const { key, told, ports, lineWith } = setUp({ provider: 'twilio' });
  endAtProvider(lineWith({}), { ending: endingOf('transferred'), session: sessionOf(key) }, ports);
  endAtProvider(lineWith({ closedBy: 'noCustomerData' }), null, ports);
  expect(told).toEqual([]);
});
