import { PAGE_COLOURS } from './page-colours';

const TEXT = `
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 2.5vw, 2.5rem) 4rem; max-width: 120rem;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--paper); -webkit-text-size-adjust: 100%; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; text-wrap: balance;
  overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1.1rem; font-weight: 650; }
section { margin-top: 2.5rem; }
p { margin: 0; }
small { font-size: .85em; color: var(--soft); font-weight: 400; }
.summary { margin-top: .35rem; color: var(--soft); font-variant-numeric: tabular-nums; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .9rem 2rem; margin: 1.5rem 0 0; }
dl > div { min-width: 0; }
dt { font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; font-weight: 550; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
kbd { padding: 0 .4em; border: 1px solid currentColor; border-radius: 4px; font: 600 .9em ui-monospace, "Cascadia Mono",
  "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
del { color: var(--soft); text-decoration: line-through; text-decoration-thickness: 1px; }
i { color: var(--soft); }
.summary b { font-weight: 650; }
.none { padding: .5rem 0; color: var(--soft); }
.spoken-only { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.caller { color: var(--caller); --tint: var(--caller-tint); }
.assistant { color: var(--assistant); --tint: var(--assistant-tint); }
.trouble { color: var(--trouble); }
.plain { color: var(--ink); }
:focus-visible { outline: 2px solid var(--caller); outline-offset: 2px; }
`;

const CHART = `
.timeline { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
.timeline > * { grid-column: 1 / -1; min-width: 0; }
.timeline > h2 { grid-column: 1; }
.timeline > .zoom { grid-column: 2; grid-row: 1; }
.defined { position: absolute; }
.zoom { display: flex; gap: .25rem; align-items: center; margin: 0 0 .75rem; padding: 0; border: 0; font-size: .85rem; }
.zoom legend { float: left; margin-right: .35rem; padding: 0; color: var(--soft); }
.zoom input { position: absolute; opacity: 0; }
.zoom label { padding: .1rem .6rem; border: 1px solid var(--rule); border-radius: 99px; cursor: pointer;
  font-variant-numeric: tabular-nums; }
.zoom input:checked + label { border-color: var(--ink); background: var(--ink); color: var(--paper); }
.zoom input:focus-visible + label { outline: 2px solid var(--caller); outline-offset: 2px; }
.timeline:has(#zoom-2:checked) { --zoom: 2; }
.timeline:has(#zoom-4:checked) { --zoom: 4; }
.player { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; margin-bottom: .75rem; font-size: .9rem;
  color: var(--soft); }
.player audio { flex: 1 1 22rem; max-width: 46rem; height: 40px; }
.scripted { display: none; }
.running .scripted { display: inline; }
.overview { display: block; margin-top: .5rem; border-radius: 6px; background: var(--sheet); }
.overview.whole { display: none; }
.running .overview { cursor: pointer; }
.band { fill: currentColor; }
.band.empty { fill: none; stroke: currentColor; stroke-dasharray: 2 2; }
.window { fill: var(--ink); fill-opacity: .08; stroke: var(--ink); stroke-width: 1.5; }
.on-screen, .line-of-print { display: grid; grid-template-columns: auto minmax(0, 1fr); }
.names { display: block; font-size: 12px; }
.name { font-weight: 600; fill: var(--ink); }
.aside { font-size: 11px; fill: var(--soft); }
.swatch { fill: currentColor; }
.scroller { display: flex; overflow-x: auto; padding-bottom: 2px; scrollbar-width: thin; }
.scroller::before, .scroller::after { content: ""; flex: 0 0 10px; }
.chart { display: block; flex: none; width: calc(max(100% - 20px, var(--width) * 1px) * var(--zoom, 1)); overflow: visible;
  font-size: 11.5px; font-variant-numeric: tabular-nums; user-select: none; -webkit-user-select: none; }
.running .on-screen .chart { cursor: crosshair; }
.grid { stroke: var(--rule); stroke-width: 1; }
.tick { fill: var(--soft); font-size: 11px; }
.lane { fill: var(--sheet); fill-opacity: .75; }
.wait rect { fill: var(--waited); }
.wait text { fill: var(--ink); }
.shade { fill: var(--tint); fill-opacity: .55; }
.wave { fill: currentColor; }
.zero { stroke: currentColor; stroke-opacity: .45; }
.block { fill: var(--tint); }
.empty .block, .rest { fill: var(--paper); stroke: currentColor; stroke-dasharray: 3 3; stroke-opacity: .8; }
.turn:hover .block { stroke: currentColor; }
.edge { stroke: currentColor; stroke-width: 3; }
.edge.trouble { stroke-dasharray: 4 3; }
foreignObject { pointer-events: none; }
.turn-text { height: 100%; padding: 4px 6px 0; overflow: hidden; font-size: 11.5px; line-height: 14px; color: var(--ink); }
.turn-text b { display: block; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; font-size: 11px; }
.turn-text b span { font-weight: 400; }
.turn-text p { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 4;
  overflow-wrap: break-word; text-align: left; }
.caller b, .assistant b, .player b { color: inherit; }
.player b.caller { color: var(--caller); }
.player b.assistant { color: var(--assistant); }
.turning { stroke: currentColor; stroke-width: 1.5; stroke-dasharray: 2 3; stroke-opacity: .75; }
.flag .key { fill: currentColor; stroke: none; font-weight: 700; font-size: 11px; }
.flag text:not(.key) { fill: var(--ink); unicode-bidi: isolate; stroke: var(--paper); stroke-width: 3; paint-order: stroke; }
.solid { fill: currentColor; stroke: currentColor; stroke-width: 1; stroke-linejoin: round; }
.line { fill: var(--paper); stroke: currentColor; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
.dots { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round; }
.cut { fill: none; stroke: var(--paper); stroke-width: 1.8; stroke-linecap: round; }
.playhead { visibility: hidden; stroke: var(--ink); stroke-width: 1.5; pointer-events: none; }
.running .playhead { visibility: visible; }
.on-paper { display: none; }
.legend { display: flex; flex-wrap: wrap; gap: .35rem 1.25rem; margin: .75rem 0 0; padding: 0; list-style: none;
  font-size: .87rem; }
.legend li { display: flex; gap: .4rem; align-items: center; }
.legend span:not(.patch) { color: var(--ink); }
.patch { width: 18px; height: 12px; border-radius: 3px; background: currentColor; }
.patch.rest { background: none; border: 1px dashed currentColor; }
.patch.waited { background: var(--waited); }
.glyph { width: 18px; height: 18px; flex: none; vertical-align: -4px; }
`;

const TABLES = `
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; line-height: 1.45; }
th, td { padding: .45rem .9rem .45rem 0; text-align: left; vertical-align: top; }
thead th { padding-top: 0; border-bottom: 1.5px solid var(--ink); font-weight: 600; white-space: nowrap; }
tbody tr { border-bottom: 1px solid var(--rule); }
tbody th { font-weight: 500; white-space: nowrap; }
tbody th.trouble { font-weight: 650; }
.time, .kind { width: 1px; }
.time { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.who { white-space: nowrap; font-weight: 600; }
td.words { min-width: 12rem; max-width: 44rem; overflow-wrap: anywhere; }
td bdi { display: inline-block; max-width: 14rem; overflow-wrap: break-word; }
td.end { min-width: 9rem; }
.time button { padding: 0; border: 0; background: none; color: inherit; font: inherit; cursor: pointer;
  text-decoration: underline dotted; text-underline-offset: 3px; }
.time button:hover { text-decoration-style: solid; }
tr.now { background: var(--sheet); box-shadow: -6px 0 0 var(--sheet), -9px 0 0 var(--ink); }
`;

const PRINT = `
@page { margin: 12mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  section { margin-top: 1.2rem; }
  h2 { break-after: avoid; }
  .player, .zoom, .on-screen, .window, .running .playhead { display: none; }
  .timeline, .on-paper { display: block; }
  .line-of-print { margin-bottom: .8rem; break-inside: avoid; }
  dl { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .5rem 1.5rem; margin-top: 1rem; }
  .line-of-print .chart { width: 100%; }
  .line-of-print > div { padding: 0 10px; overflow: hidden; }
  td.end { min-width: 0; }
  .chart, .overview, .legend, .names { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .table { overflow: visible; }
  table { font-size: 8.5pt; }
  td.words { min-width: 0; }
  tr { break-inside: avoid; }
  .time button { text-decoration: none; }
  tr.now { background: none; box-shadow: none; }
}
`;

export const PAGE_STYLE = [PAGE_COLOURS, TEXT, CHART, TABLES, PRINT].join('');
