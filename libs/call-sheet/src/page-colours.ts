const LIGHT = `
  --paper: #ffffff; --sheet: #f5f6f7; --rule: #dcdfe3; --ink: #1b2026; --soft: #56606b;
  --caller: #0060a8; --caller-tint: #d9eafa; --assistant: #a85400; --assistant-tint: #fce8d2;
  --trouble: #b3003c; --waited: #c9ced4;`;

const DARK = `
  --paper: #14181d; --sheet: #1c2228; --rule: #343c45; --ink: #e8ebee; --soft: #a3adb8;
  --caller: #6fb9f3; --caller-tint: #17395a; --assistant: #f3a85c; --assistant-tint: #4c3013;
  --trouble: #ff85a3; --waited: #4a545f;`;

/**
 * Blue for the caller and orange for the assistant, in every part of the page: the pair that all common kinds of
 * colour blindness leave apart. Text has at least 4.5:1 on whatever it stands on. Paper is always light.
 */
export const PAGE_COLOURS = `
:root { color-scheme: light dark;${LIGHT} }
@media (prefers-color-scheme: dark) { :root {${DARK} } }
@media print { :root { color-scheme: light;${LIGHT} --sheet: #ffffff; } }
`;
