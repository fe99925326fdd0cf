const LIGHT = `
  --paper: #ffffff; --sheet: #f5f6f7; --rule: #dcdfe3; --ink: #1b2026; --soft: #56606b;
  --held: #00664f; --missed: #b3003c; --missed-tint: #fdecf1;
  --s0: #0060a8; --s1: #a85400; --s2: #00755e; --s3: #8a2f8f; --s4: #6b5b00; --s5: #4a4f57;`;

const DARK = `
  --paper: #14181d; --sheet: #1c2228; --rule: #343c45; --ink: #e8ebee; --soft: #a3adb8;
  --held: #5fd0ab; --missed: #ff85a3; --missed-tint: #3a1c26;
  --s0: #6fb9f3; --s1: #f3a85c; --s2: #5fd0ab; --s3: #dc9fe3; --s4: #d8c75a; --s5: #c3cad2;`;

/** Text has at least 4.5:1 on whatever it stands on, lines of plots 3:1. Paper is always light. */
const COLOURS = `
:root { color-scheme: light dark;${LIGHT} }
@media (prefers-color-scheme: dark) { :root {${DARK} } }
@media print { :root { color-scheme: light;${LIGHT} } }
${[0, 1, 2, 3, 4, 5].map((index) => `.s${index} { color: var(--s${index}); }`).join('\n')}
`;

const TEXT = `
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 72rem;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--paper); -webkit-text-size-adjust: 100%; }
h1 { margin: 0; font-size: 1.7rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; }
h2 { margin: 0; font-size: 1.2rem; font-weight: 650; }
p { margin: 0; }
a { color: inherit; }
section { margin-top: 3rem; }
.soft, .about { color: var(--soft); }
.about { margin-bottom: .75rem; }
.goals { margin-top: 1rem; font-size: 1.25rem; }
.goals strong { font-weight: 650; }
.held { color: var(--held); font-weight: 600; }
.missed { color: var(--missed); font-weight: 700; }
.none { color: var(--soft); }
.broken { margin: .5rem 0 0; padding: .75rem 1rem; border-left: 4px solid var(--missed); background: var(--missed-tint);
  white-space: pre-wrap; overflow-wrap: anywhere; }
.outcomes, .notes { margin: .75rem 0 0; padding-left: 1.2rem; }
.notes { max-width: 56rem; color: var(--soft); font-size: .93rem; }
.outcomes li, .notes li { margin-top: .3rem; overflow-wrap: anywhere; }
.hint { margin-top: .75rem; padding: .6rem 1rem; border-left: 4px solid var(--s1); background: var(--sheet); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 45%), 1fr)); gap: .9rem 1.5rem; margin: 1rem 0 0; }
dt { font-size: .85rem; color: var(--soft); }
dd { margin: 0; font-weight: 550; overflow-wrap: anywhere; }
kbd { display: inline-block; margin-top: .25rem; padding: .3rem .7rem; border-radius: 6px; background: var(--sheet);
  font: 500 .9rem ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--s0); outline-offset: 2px; }
`;

const TABLE = `
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .93rem; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: .45rem 1.1rem .45rem 0; text-align: left; vertical-align: baseline; }
thead th { border-bottom: 1.5px solid var(--ink); font-weight: 600; white-space: nowrap; }
tbody tr { border-bottom: 1px solid var(--rule); }
tr > :first-child { padding-left: .75rem; }
tbody th { font-weight: 450; }
.failed { background: var(--missed-tint); }
.failed th { box-shadow: inset 4px 0 var(--missed); }
.figure { text-align: right; white-space: nowrap; }
.goal, .verdict { white-space: nowrap; }
@media (max-width: 46rem) {
  .table { overflow: visible; }
  table, tbody { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { display: grid; grid-template-columns: 1fr 1fr; gap: .15rem 1rem; padding: .7rem 0 .7rem .75rem; }
  tr > :first-child { padding-left: 0; }
  .failed { box-shadow: inset 4px 0 var(--missed); }
  .failed th { box-shadow: none; }
  tbody th { grid-column: 1 / -1; padding: 0; font-weight: 600; overflow-wrap: anywhere; }
  td { padding: 0; white-space: normal; overflow-wrap: anywhere; }
  .figure { text-align: left; white-space: normal; }
  td[data-label]:not([data-label=""])::before { content: attr(data-label) " "; color: var(--soft); }
  .verdict { grid-column: 1 / -1; }
  .fine .none { display: none; }
}
`;

const PLOTS = `
figure { margin: 2rem 0 0; }
figcaption { margin-bottom: .5rem; font-weight: 600; }
figure svg.wide, figure svg.narrow { display: block; width: 100%; }
svg.wide { max-width: 58rem; }
svg.narrow { display: none !important; }
.axis { max-width: 58rem; color: var(--soft); font-size: .87rem; }
.axis.x { text-align: right; }
svg text { fill: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); stroke-width: 1; }
.zero { stroke: var(--soft); stroke-width: 1; }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; }
.marker { fill: currentColor; stroke: var(--paper); stroke-width: 1; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .9rem; }
.legend li { display: flex; gap: .5rem; align-items: center; }
.swatch { flex: none; width: 36px; height: 14px; }
.remark { margin-top: .4rem; color: var(--soft); font-size: .87rem; }
@media (max-width: 46rem) {
  svg.wide { display: none !important; }
  svg.narrow { display: block !important; }
}
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  section { margin-top: 1.5rem; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  .table { overflow: visible; }
  svg, .failed, .broken { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;

export const PAGE_STYLE = [COLOURS, TEXT, TABLE, PLOTS].join('');
