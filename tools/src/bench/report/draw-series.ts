import { type Point } from '../plot';
import { figure } from '../print';
import { type Markup, markup } from './markup';

/** Lines differ by their dashes and their markers: colours alone are not told apart by everybody, nor on paper. */
const DASHES = ['', '7 4', '2 3', '10 3 2 3', '4 2', '1 4'];
const COLOURS = 6;
/** More than so many points are a curve, on which a few markers tell which one it is. */
const MARKED = 24;
const MARKERS_OF_A_CURVE = 5;
/** px, half of a marker's width */
const HALF = 4.2;

const dashOf = (index: number): string => DASHES[index % DASHES.length] ?? '';

export const colourOf = (index: number): string => `s${index % COLOURS}`;

export function drawLine(places: readonly Point[], index: number): Markup | null {
  if (places.length < 2) return null;
  const steps = places.map(([x, y], at) => markup`${at === 0 ? 'M' : 'L'}${x} ${y}`);
  return markup`<path class="line" stroke-dasharray="${dashOf(index)}" d="${steps}"/>`;
}

export const drawMarkers = (
  points: readonly Point[],
  place: (point: Point) => Point,
  index: number,
): Markup =>
  markup`${markedOf(points, index).map((point) => {
    const tooltip = `${figure(point[0])}: ${figure(point[1])}`;
    return drawMarker(place(point), index, tooltip);
  })}`;

/** Curves that lie upon each other have their markers in different places. */
function markedOf(points: readonly Point[], index: number): readonly Point[] {
  if (points.length <= MARKED) return points;
  const each = points.length / MARKERS_OF_A_CURVE;
  const first = ((index % 4) + 0.5) / 4;
  return Array.from({ length: MARKERS_OF_A_CURVE }, (_, at) =>
    points.slice(Math.floor((at + first) * each)).slice(0, 1),
  ).flat();
}

function drawMarker([x, y]: Point, index: number, tooltip: string | null): Markup {
  const title = tooltip === null ? null : markup`<title>${tooltip}</title>`;
  return markup`<path class="marker" d="${outline(x, y, index)}">${title}</path>`;
}

/** A circle, a square, a triangle or a diamond. */
function outline(x: number, y: number, index: number): Markup {
  const [left, right, top, bottom] = [x - HALF, x + HALF, y - HALF, y + HALF];
  switch (index % 4) {
    case 0:
      return markup`M${left} ${y}a${HALF} ${HALF} 0 1 0 ${2 * HALF} 0a${HALF} ${HALF} 0 1 0 ${-2 * HALF} 0z`;
    case 1:
      return markup`M${left} ${top}H${right}V${bottom}H${left}z`;
    case 2:
      return markup`M${x} ${top}L${right} ${bottom}H${left}z`;
    default:
      return markup`M${x} ${top - 1}L${right + 1} ${y}L${x} ${bottom + 1}L${left - 1} ${y}z`;
  }
}

/** The series' line and marker, for the legend. */
export const drawSwatch = (index: number): Markup =>
  markup`<svg class="swatch ${colourOf(index)}" viewBox="0 0 36 14" aria-hidden="true">${drawLine(
    [
      [1, 7],
      [35, 7],
    ],
    index,
  )}${drawMarker([18, 7], index, null)}</svg>`;
