import { type Plot, type Point } from '../plot';
import { type Axis, isPlaceable, linearAxis, logAxis, tickText } from './axis';
import { type Markup, markup } from './markup';
import { colourOf, drawLine, drawMarkers, drawSwatch } from './draw-series';

/** px */
interface Size {
  width: number;
  height: number;
  /** lines across and up, about */
  lines: { x: number; y: number };
}

/** Drawn twice, since a drawing that shrinks to a phone takes its letters with it. */
const WIDE: Size = { width: 760, height: 320, lines: { x: 9, y: 6 } };
const NARROW: Size = { width: 340, height: 250, lines: { x: 5, y: 5 } };

/** px a digit takes, about, and what stands around the lines */
const DIGIT = 7.5;
const MARGIN = { top: 10, right: 20, bottom: 26, beside: 10 };

interface Frame {
  x: Axis;
  y: Axis;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const shownPoints = (points: readonly Point[]): Point[] =>
  points.filter(([x, y]) => isPlaceable(x) && isPlaceable(y));

/** The plot with its legend and all that has to be known of it; needs no script, and no colour. */
export function drawPlot(plot: Plot): Markup {
  const points = plot.series.flatMap((series) => shownPoints(series.points));
  const drawn =
    points.length === 0
      ? markup`<p class="none">There is nothing to be drawn.</p>`
      : markup`<p class="axis">↑ ${plot.y}</p>${draw(plot, WIDE, 'wide')}${draw(plot, NARROW, 'narrow')}<p class="axis x">${plot.x} →</p>
${drawLegend(plot)}`;
  return markup`<figure><figcaption>${plot.title}</figcaption>
${drawn}${remarks(plot)}</figure>
`;
}

function draw(plot: Plot, size: Size, name: 'wide' | 'narrow'): Markup {
  const frame = planFrame(plot, size);
  const place = ([x, y]: Point): Point => [
    frame.left + frame.x.placeOf(x) * (frame.right - frame.left),
    frame.bottom - frame.y.placeOf(y) * (frame.bottom - frame.top),
  ];
  const series = plot.series.map(({ name: title, points }, index) => {
    const shown = shownPoints(points);
    return markup`<g class="${colourOf(index)}"><title>${title}</title>${drawLine(shown.map(place), index)}${drawMarkers(shown, place, index)}</g>
`;
  });
  const label = `${plot.title}: ${plot.y}, against ${plot.x}`;
  return markup`<svg class="${name}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">
${drawGrid(frame)}${series}</svg>
`;
}

function planFrame({ logX = false, series }: Plot, { width, height, lines }: Size): Frame {
  const points = series.flatMap((each) => shownPoints(each.points));
  const xs = points.map(([x]) => x);
  const y = linearAxis(
    points.map((point) => point[1]),
    { lines: lines.y, fromZero: true },
  );
  const longest = Math.max(...y.ticks.map((tick) => tickText(tick).length));
  return {
    x: logX ? logAxis(xs, { lines: lines.x }) : linearAxis(xs, { lines: lines.x }),
    y,
    left: longest * DIGIT + MARGIN.beside,
    right: width - MARGIN.right,
    top: MARGIN.top,
    bottom: height - MARGIN.bottom,
  };
}

function drawGrid({ x, y, left, right, top, bottom }: Frame): Markup {
  const across = x.ticks.map((tick) => {
    const at = left + x.placeOf(tick) * (right - left);
    return markup`<line class="grid" x1="${at}" x2="${at}" y1="${top}" y2="${bottom}"/><text x="${at}" y="${bottom + 18}" text-anchor="middle">${tickText(tick)}</text>
`;
  });
  const up = y.ticks.map((tick) => {
    const at = bottom - y.placeOf(tick) * (bottom - top);
    return markup`<line class="${tick === 0 ? 'zero' : 'grid'}" x1="${left}" x2="${right}" y1="${at}" y2="${at}"/><text x="${left - 7}" y="${at + 4}" text-anchor="end">${tickText(tick)}</text>
`;
  });
  return markup`${across}${up}`;
}

const drawLegend = ({ series }: Plot): Markup =>
  markup`<ul class="legend">${series.map(({ name, points }, index) => {
    const none = shownPoints(points).length === 0 ? ' (no values)' : null;
    return markup`<li>${drawSwatch(index)}<span>${name}${none}</span></li>`;
  })}</ul>
`;

function remarks({ logX = false, series }: Plot): Markup | null {
  const all = series.flatMap(({ points }) => points);
  const shown = shownPoints(all);
  const left = all.length - shown.length;
  const atTheEdge = logX && shown.some(([x]) => x > 0) ? shown.filter(([x]) => x <= 0).length : 0;
  const texts = [
    ...(left > 0 ? [`Left out, since they are no numbers: ${left} of ${all.length} values.`] : []),
    ...(atTheEdge > 0 ? [`At the left edge, since they are not above 0: ${atTheEdge} values.`] : []),
  ];
  return texts.length === 0 ? null : markup`<p class="remark">${texts.join(' ')}</p>`;
}
