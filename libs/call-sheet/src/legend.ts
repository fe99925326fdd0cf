import { type CallSheet } from './call-sheet';
import { type ChartPlan } from './chart-plan';
import { countKinds, EVENT_KINDS, symbolInText } from './event-kinds';
import { markup, type Markup } from './markup';

const swatch = (classes: string, name: string): Markup =>
  markup`<li><span class="patch ${classes}"></span>${name}</li>`;

/** Only what is to be seen in this chart. */
export function drawLegend(sheet: CallSheet, plan: ChartPlan): Markup {
  const rest = [...plan.caller.turns, ...plan.assistant.turns].some(
    ({ blockToMs, unheardToMs }) => unheardToMs > blockToMs,
  );
  const kinds = countKinds(sheet.events).map(({ kind, count }) => {
    const { name, meaning, tone } = EVENT_KINDS[kind];
    const times = count > 1 ? markup` <small>${count}×</small>` : null;
    return markup`<li class="${tone}" title="${meaning}">${symbolInText(kind)}<span>${name}${times}</span></li>`;
  });
  return markup`<ul class="legend" aria-label="Legend">${[
    swatch('caller', 'caller'),
    swatch('assistant', 'assistant'),
    rest ? swatch('assistant rest', 'not heard') : null,
    plan.wait ? swatch('waited', 'wait for the session') : null,
    kinds,
  ]}</ul>`;
}
