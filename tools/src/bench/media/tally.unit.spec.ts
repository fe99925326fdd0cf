import { LogHistogram } from './log-histogram';
import { Tally } from './tally';

it('counts what was sent in the window, and what comes back of it later', () => {
  const tally = new Tally();
  tally.frameSent(5, false);
  tally.begin(10);
  tally.ticked(10, 0.5);
  tally.frameSent(10, false);
  tally.frameSent(19, true);
  tally.end(20);
  tally.frameSent(20, false);
  tally.ticked(21, 100);
  for (const sentAt of [5, 10, 20]) tally.frameHeard(sentAt);
  expect(tally.whole).toBe(false);
  tally.frameHeard(19);
  expect(tally.whole).toBe(true);
  tally.messageHeard(5, 500);
  tally.messageHeard(19, 27);
  // whatever it was, of what came in the window
  tally.audioHeard(15, 80);
  tally.audioHeard(27, 80);
  const seen = tally.seen();
  expect(seen).toMatchObject({ tookMs: 10, sent: 2, heard: 2, messages: 1, audioMs: 80, blocked: 1 });
  expect(LogHistogram.of(seen.latency).count).toBe(1);
  expect(LogHistogram.of(seen.latency).percentile(1)).toBeCloseTo(8, 0);
  expect(LogHistogram.of(seen.late).count).toBe(1);
});

it('counts nothing before its window, and nothing that was never sent', () => {
  const tally = new Tally();
  tally.frameSent(1, false);
  tally.strangeHeard(1);
  tally.begin(2);
  tally.frameHeard(NaN);
  tally.messageHeard(NaN, 3);
  tally.end(4);
  expect(tally.seen()).toMatchObject({ sent: 0, heard: 0, messages: 0, strange: 0 });
  tally.strangeHeard(5);
  expect(tally.seen()).toMatchObject({ strange: 1 });
});
