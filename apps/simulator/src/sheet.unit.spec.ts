import type { Turn } from '@greenroom/contracts';
import type { CallResult } from './call-options';
import { sheetOf } from './sheet';

const channels = { sampleRate: 8000, caller: new Int16Array(16_000), assistant: new Int16Array(8000) };
const beganAt = 1_700_000_000_000;
const turn: Turn = {
  ...{ number: 1, who: 'caller', startedAt: beganAt + 1000, endedAt: beganAt + 2100, endedBy: 'no-input' },
  ...{ text: null, digits: null, lengthMs: null, heardMs: null, heardText: null, speechMs: null, step: null },
};
const result: CallResult = {
  ...{ callId: 'call-0001', provider: 'exotel', account: 'default', outcome: 'answered' },
  ...{ found: 'event', waitedMs: 120, customer: { fullName: null, phone: '+919000000001' } },
  close: { code: 1000, reason: 'Conversation finished' },
  audio: { saidMs: 2000, sentMs: 2400, receivedMs: 2200, heardBack: false },
  marks: { received: 2, returned: 1 },
  conversation: {
    startedAtMs: 100,
    prompts: [{ startedAtMs: 200, endedAtMs: 900, cleared: true }],
    opening: null,
    answers: [],
    bargeIns: [{ kind: 'interrupt', spokeAtMs: 700, audioStoppedAtMs: 900, stoppedAfterMs: 200 }],
    marks: [],
    clears: [880],
  },
  turns: [turn],
  next: { status: 302, decision: 'transfer', number: null, answeredInMs: 12 },
  commands: [{ atMs: 5, kind: 'hang-up', status: 200, repeated: false, to: null }],
  retries: 1,
  webhook: { status: 200, delayMs: 0 },
  violations: ['a binary message'],
  crossed: false,
  ok: false,
  why: 'against the provider’s rules: a binary message',
  timeline: [
    { atMs: 20, who: 'ingest', what: 'answers 200' },
    { atMs: 880, who: 'gateway', what: 'clear', kind: 'clear' },
    { atMs: 2300, who: 'gateway', what: 'closed: 1000' },
  ],
};

describe('the call sheet', () => {
  const sheet = sheetOf({ result, record: null, channels, beganAt });

  it('has its zero at the stream’s start, and everything on that axis', () => {
    expect(sheet).toMatchObject({
      title: 'exotel/default call-0001',
      startedAt: beganAt + 100,
      durationMs: 2000,
      audio: channels,
      wait: { fromMs: 0, toMs: 120, outcome: 'found by event' },
      turns: [turn],
    });
    expect(sheet.events.map(({ atMs, kind }) => [atMs, kind])).toEqual([
      [-80, 'note'],
      [600, 'barge-in'],
      [780, 'clear'],
      [2000, 'no-input'],
      [2200, 'note'],
      [2200, 'fault'],
      [2200, 'fault'],
    ]);
  });

  it('has the facts on its head, and no telephone number', () => {
    expect(Object.fromEntries(sheet.facts)).toEqual({
      Outcome: 'answered',
      'As expected': 'no: against the provider’s rules: a binary message',
      Commands: 'hang-up answered 200',
      'Webhooks sent again': '1',
      Customer: 'known by number only',
      Webhook: 'answered 200',
      Session: 'found by event after 120 ms',
      Prompts: '1, 1 of them interrupted, silent after 200 ms',
      Marks: '1 of 2 returned',
      Closed: '1000 Conversation finished',
      'After the stream': 'transfer, answered 302 after 12 ms',
    });
    expect(JSON.stringify({ ...sheet, audio: null })).not.toContain('900000');
  });

  it('of a call without a stream begins with the call', () => {
    const refused = sheetOf({
      result: {
        ...result,
        ...{ found: null, waitedMs: null, close: null, turns: [], next: null },
        conversation: { ...result.conversation, startedAtMs: null, bargeIns: [], prompts: [] },
      },
      record: null,
      channels: { sampleRate: 8000, caller: new Int16Array(), assistant: new Int16Array() },
      beganAt,
    });
    expect(refused).toMatchObject({ startedAt: beganAt, durationMs: 2300, wait: null });
    expect(refused.events[0]).toMatchObject({ atMs: 20 });
  });
});
