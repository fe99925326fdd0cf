import { figure, oursText, ratioText } from '../print';
import { type Row } from '../row';
import { type Markup, markup } from './markup';

/** By sign and word, and in colour as well. */
function verdictOf({ holds }: Row): Markup {
  if (holds === null) return markup`<span class="none">–</span>`;
  return holds
    ? markup`<span class="held">✓ holds</span>`
    : markup`<strong class="missed">✗ not held</strong>`;
}

/** The labels are shown on a phone, where each row is a card. */
const cell = (label: string, text: string | Markup, kind: string): Markup =>
  markup`<td class="${kind}" data-label="${label}">${text}</td>`;

/** A dash as long as those of the other columns. */
const numbers = (text: string): string => (text === '-' ? '–' : text);

const line = (row: Row): Markup =>
  markup`<tr class="${row.holds === false ? 'failed' : 'fine'}"><th scope="row">${row.name}</th>${[
    cell('ours', numbers(oursText(row)), 'figure'),
    cell('baseline', numbers(figure(row.baseline)), 'figure'),
    cell('ratio', numbers(ratioText(row)), 'figure'),
    cell('goal', row.goal ?? '–', 'goal'),
    cell('', verdictOf(row), 'verdict'),
  ]}</tr>
`;

/** @param labelledBy id of its heading */
export const resultTable = (rows: readonly Row[], labelledBy: string): Markup =>
  markup`<div class="table" tabindex="0" role="region" aria-labelledby="${labelledBy}"><table>
<thead><tr><th scope="col">what</th><th scope="col" class="figure">ours</th><th scope="col" class="figure">baseline</th><th scope="col" class="figure">ratio</th><th scope="col">goal</th><th scope="col">holds</th></tr></thead>
<tbody>
${rows.map(line)}</tbody></table></div>
`;
