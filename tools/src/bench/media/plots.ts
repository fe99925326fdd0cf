import { type Plot, type Point } from '../plot';
import { median } from '../statistics';
import { LogHistogram } from './log-histogram';
import { type ServerKind } from './rig';
import { NAMES, usPerFrame } from './rows';
import { type Settings, type Size } from './settings';
import { type Window, type Windows } from './windows';

const SIZES: readonly Size[] = ['few', 'some', 'many'];

export function plotsOf(windows: Windows, settings: Settings): Plot[] {
  const bySize = (kind: ServerKind, figure: (window: Window) => number): Plot['series'][number] => ({
    name: NAMES[kind],
    points: SIZES.map((size): Point => [
      settings.sizes[size],
      median(windows.of(kind, size).map((window) => figure(window))),
    ]),
  });
  return [
    {
      title: `Audio that is said back, ${settings.sizes.many} calls at once`,
      ...{ x: 'from the last frame of a message to its arrival, ms', y: 'messages, %', logX: true },
      series: (['echo', 'full'] as const).map((kind) => ({
        name: NAMES[kind],
        points: LogHistogram.together(
          windows.of(kind, 'many').map(({ latency }) => LogHistogram.of(latency)),
        ).distribution(),
      })),
    },
    {
      title: 'What a frame costs',
      ...{ x: 'calls at once', y: 'processor per frame, us' },
      series: (['echo', 'full', 'slice'] as const).map((kind) => bySize(kind, usPerFrame)),
    },
    {
      title: 'How late the event loop is',
      ...{ x: 'calls at once', y: 'event-loop lag p99, ms' },
      series: (['echo', 'full'] as const).map((kind) => bySize(kind, ({ lag }) => lag.p99Ms)),
    },
  ];
}
