import { JOBS, type StoreCallEvent } from './index';

const key = { provider: 'telnyx', account: 'default', callId: 'v3:a-call-of-telnyx' } as const;

describe('the data of a job', () => {
  it.each([
    { kind: 'answer', callId: key.callId, streamUrl: 'wss://voice.example.com/ws', parameters: { a: 'b' } },
    { kind: 'hang-up', callId: key.callId },
    { kind: 'transfer', callId: key.callId, to: '+14155550199' },
  ] as const)('tells what the provider is to be told: $kind', (command) => {
    expect(JOBS['run-call-command'].parse({ key, command })).toEqual({ key, command });
  });

  it.each([{}, { kind: 'answer', callId: key.callId }, { kind: 'hang-up', callId: '' }, { kind: 'sing' }])(
    'is refused for the command %j',
    (command) => {
      expect(JOBS['run-call-command'].safeParse({ key, command }).success).toBe(false);
    },
  );

  it('of an event that was spooled by an older version ends nothing', () => {
    const event: StoreCallEvent['event'] = { type: 'stream-ended', data: {}, once: 'stream-ended' };
    expect(JOBS['store-call-event'].parse({ key, event, callEnded: false })).toEqual({
      ...{ key, event, ended: null },
    });
  });
});
