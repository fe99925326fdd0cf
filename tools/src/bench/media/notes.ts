import { figure } from '../print';
import { median, spreadOf } from '../statistics';
import { LogHistogram } from './log-histogram';
import { framesPerSecond, type Measured } from './rows';
import { type Settings } from './settings';
import { BURST_FRAMES, type Window, type Windows } from './windows';

/** A generator that is later than this has measured itself: as long as a frame. */
const LATE_MS = 20;

export const notesOf = ({ windows, floods }: Measured, settings: Settings): string[] => [
  `Media: medians of ${settings.rounds} interleaved rounds; in each, every server gets ${settings.windowMs / 1000} s of ` +
    'audio in real time. Processor time is all of the process, to the 10 ms in which Linux tells it.',
  'Ours sends messages of 80 ms, the straightforward server one for each frame: a message is as late as the last frame ' +
    'in it. The sparing servers are there to tell the price of the work from the price of sending.',
  generatorNote(windows, settings),
  talkNote(windows, settings),
  idleNote(windows, settings),
  floodNote(floods, settings),
  "Event-loop lag is prom-client's, less its sampling interval of 10 ms; that of the bare server is measured alike.",
  ...strangeNotes(windows),
];

function generatorNote(windows: Windows, { sizes }: Settings): string {
  const busiest = windows.of('echo', 'many');
  const own = median(busiest.map(({ ownMs, sent }) => (1000 * ownMs) / sent));
  const all = windows.all().flatMap(({ windows: each }) => each);
  const late = all.map((window) => lateP99(window)).filter((ms) => ms > LATE_MS);
  const worst = Math.max(...all.map(lateP99));
  return (
    `The load generator took ${figure(own)} us of processor for a frame sent and heard, at ${sizes.many} calls, and sent ` +
    `its frames within ${figure(median(all.map(lateP99)))} ms of their time (p99, median of the windows; worst ` +
    `${figure(worst)}); in ${late.length} of ${all.length} windows it was later than a frame lasts.`
  );
}

const lateP99 = ({ late }: Window): number => LogHistogram.of(late).percentile(0.99);

function talkNote(windows: Windows, { sizes }: Settings): string {
  const shares = windows
    .of('talk', 'some')
    .map(({ audioMs, tookMs }) => (100 * audioMs) / (tookMs * sizes.some));
  return (
    'In dialogue each caller answers every 4 s, for 0.7 s, and is asked again; the assistant was heard for ' +
    `${figure(median(shares))} % of the time.`
  );
}

function idleNote(windows: Windows, { sizes }: Settings): string {
  const shares = windows.of('full', 'some').map(({ idleMs, tookMs }) => (100 * (idleMs ?? 0)) / tookMs);
  return (
    `The gateway whose ${sizes.some} callers say nothing meanwhile takes ${figure(median(shares))} % of a core: leases, pings, ` +
    'and a message now and then by which callers are known to be there. It is in all figures of ours.'
  );
}

function floodNote(floods: Measured['floods'], { floodLines }: Settings): string {
  const [one, two] = [floods.one, floods.two].map((each) => spreadOf(each.map(framesPerSecond)).median);
  const share = median(floods.two.map(({ ownMs, tookMs }) => (100 * ownMs) / tookMs));
  return (
    `A second process: ${floodLines} lines in dialogue to each, of callers who say nothing, but as fast as they are ` +
    `listened to, ${BURST_FRAMES} frames at a time, each time answered by a pong: ${figure(one ?? null)} frames a second ` +
    `by one, ${figure(two ?? null)} by two. The generator took ${figure(share)} % of a core of that.`
  );
}

const strangeNotes = (windows: Windows): string[] =>
  windows.all().flatMap(({ kind, windows: each }) => {
    const sum = (of: (window: Window) => number): number => each.reduce((total, one) => total + of(one), 0);
    const [strange, blocked] = [sum((one) => one.strange), sum((one) => one.blocked)];
    if (strange + blocked === 0) return [];
    return [
      `${kind} calls: ${strange} messages were not whole frames, ${blocked} frames had to wait to be sent.`,
    ];
  });
