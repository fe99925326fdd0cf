import { type Axis, onAxis } from './axis';
import { type SheetEvent } from './call-sheet';
import { EVENT_KINDS, symbolInText } from './event-kinds';
import { markup, type Markup } from './markup';
import { timeText } from './time-words';

/** By time; in the order of the sheet where that is the same, or unknown. */
function byTime(events: readonly SheetEvent[]): SheetEvent[] {
  const order = ({ atMs }: SheetEvent) => (Number.isNaN(atMs) ? 0 : atMs);
  return [...events].sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
}

function row(event: SheetEvent, axis: Axis): Markup {
  const { name, tone } = EVENT_KINDS[event.kind];
  return markup`<tr><td class="time" data-at="${onAxis(axis, event.atMs) / 1000}">${timeText(axis, event.atMs)}</td><th scope="row" class="kind ${tone}">${symbolInText(event.kind)} ${name}</th><td><bdi>${event.who}</bdi></td><td class="words"><p dir="auto">${event.what}</p></td></tr>
`;
}

export function eventTable(events: readonly SheetEvent[], axis: Axis): Markup {
  if (events.length === 0) return markup`<p class="none">Nothing is on record.</p>`;
  return markup`<div class="table" tabindex="0" role="region" aria-labelledby="events"><table><thead><tr><th scope="col" class="time">Time</th><th scope="col">Event</th><th scope="col">Told by</th><th scope="col" class="words">What</th></tr></thead><tbody>
${byTime(events).map((event) => row(event, axis))}</tbody></table></div>`;
}
