import { readHangUp } from './hang-up';

const read = (parameters: Record<string, string>) =>
  readHangUp(new Map(Object.entries(parameters).map(([name, value]) => [name, [value]])));

describe('why a Plivo call is over', () => {
  it.each([
    ['1000', 'canceled'],
    ['1010', 'failed'],
    ['2000', 'failed'],
    ['3000', 'no-answer'],
    ['3010', 'busy'],
    ['3020', 'rejected'],
    ['3030', 'failed'],
    ['3040', 'rejected'],
    ['3100', 'busy'],
    ['3110', 'rejected'],
    ['3130', 'rejected'],
    ['4000', 'completed'],
    ['4010', 'completed'],
    ['5010', 'failed'],
    ['6000', 'completed'],
    ['6010', 'no-answer'],
    ['6020', 'failed'],
    ['7014', 'failed'],
    ['8011', 'failed'],
    ['9100', 'completed'],
  ])('is told by the code %s: %s', (HangupCauseCode, reason) => {
    expect(read({ HangupCauseCode, CallStatus: 'completed' }).reason).toBe(reason);
  });

  it.each([
    [{ HangupCause: 'ORIGINATOR_CANCEL', HangupCauseCode: '4000', CallStatus: 'completed' }, 'canceled'],
    [{ HangupCause: 'USER_BUSY', CallStatus: 'completed' }, 'busy'],
    [{ HangupCause: 'NO_ANSWER' }, 'no-answer'],
    [{ HangupCause: 'CALL_REJECTED', HangupCauseCode: '0' }, 'rejected'],
    [{ HangupCause: 'CALL_REJECTED', HangupCauseCode: '3010' }, 'busy'],
    [{ HangupCause: 'NORMAL_CLEARING', CallStatus: 'completed' }, 'completed'],
  ])('is told by the network, where the code is of no help: %j', (parameters, reason) => {
    expect(read(parameters).reason).toBe(reason);
  });

  it.each([
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['timeout', 'no-answer'],
    ['no-answer', 'no-answer'],
    ['cancel', 'canceled'],
    ['failed', 'failed'],
    ['something-new', 'failed'],
    ['constructor', 'failed'],
    ['', 'failed'],
  ])('is told by the status %j, where nothing else is: %s', (CallStatus, reason) => {
    expect(read({ CallStatus }).reason).toBe(reason);
    expect(read({ CallStatus, HangupCauseCode: '0', HangupCause: 'x' }).reason).toBe(reason);
  });
});

describe('when a Plivo call was over', () => {
  const utc = Date.UTC(2025, 0, 7, 10, 22, 9);
  const times = (SessionStart: string, StartTime: string, EndTime: string) =>
    read({ SessionStart, StartTime, EndTime }).endedAt;

  it.each([
    ['the same zone', '2025-01-07 10:21:06', '2025-01-07 10:22:09'],
    ['India', '2025-01-07 15:51:06', '2025-01-07 15:52:09'],
    ['Nepal', '2025-01-07 16:06:06', '2025-01-07 16:07:09'],
    ['California', '2025-01-07 02:21:04', '2025-01-07 02:22:09'],
    ['the first to have a new day', '2025-01-08 00:21:06', '2025-01-08 00:22:09'],
    ['the last', '2025-01-06 22:21:06', '2025-01-06 22:22:09'],
    ['some seconds apart', '2025-01-07 15:52:36', '2025-01-07 15:52:09'],
  ])('is known in UTC: %s', (_, start, end) => {
    expect(times('2025-01-07 10:21:06.910772', start, end)).toBe(utc);
  });

  it.each([
    ['too far apart', '2025-01-07 10:21:06', '2025-01-07 10:26:06', '2025-01-07 10:27:09'],
    ['no zone on earth', '2025-01-07 10:21:06', '2025-01-08 02:21:06', '2025-01-08 02:22:09'],
    ['no such time', '2025-01-07 10:21:06', '2025-01-07 10:21:06', '2025-13-07 10:22:09'],
    ['no time', '2025-01-07 10:21:06', '2025-01-07 10:21:06', 'soon'],
    ['no session', '', '2025-01-07 10:21:06', '2025-01-07 10:22:09'],
    ['no start', '2025-01-07 10:21:06', '', '2025-01-07 10:22:09'],
    ['before time began', '1970-01-01 00:00:01', '1970-01-01 10:00:01', '1970-01-01 00:00:02'],
  ])('is not known: %s', (_, session, start, end) => {
    expect(times(session, start, end)).toBeNull();
  });

  it.each([
    ['66', 66_000],
    ['0', 0],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['9'.repeat(20), null],
  ])('it had lasted %j', (Duration, durationMs) => {
    expect(read({ Duration }).durationMs).toBe(durationMs);
  });
});
