import { type CallSheet } from './call-sheet';
import { exampleEvent, exampleSheet, exampleTurn } from './example-sheet';
import { renderCallSheet } from './render-call-sheet';

const HOSTILE = [
  ['a script', '<script>alert(1)</script>'],
  ['the end of our script', '</script><script>alert(1)</script>'],
  ['the end of our style', '</style><img src=x onerror=alert(1)>'],
  ['the end of what it stands in', '</title></svg></foreignObject><iframe src="https://example.org">'],
  ['the end of an attribute', '"><svg onload=alert(1)>'],
  ['an attribute in single quotes', `' onmouseover='alert(1)`],
  ['an attribute in double quotes', '"onfocus="alert(1)" autofocus="'],
  ['a comment', '<!-- ]]> <![CDATA[ <?php -->'],
  ['what is escaped already', '&lt;b&gt; &amp; &#60;i&#62; &'],
  ['characters that nobody sees', '\u202e)1(trela \u0000\ud800 שלום'],
  ['templates', '`${alert(1)}` {{7*7}}'],
  ['8000 characters', `${'<b>'.repeat(2000)}${'x'.repeat(2000)}`],
];

/** Every text of a sheet is this one. */
const filledWith = (text: string): CallSheet =>
  exampleSheet({
    title: text,
    facts: [
      [text, text],
      ['Outcome', text],
    ],
    wait: { fromMs: 0, toMs: 1000, outcome: text },
    turns: [
      exampleTurn('assistant', [1000, 4000], { text, heardText: text, step: text, digits: text }),
      exampleTurn('assistant', [4000, 5000], {
        text: `heard ${text}`,
        heardText: 'heard',
        heardMs: 500,
        endedBy: 'barge-in',
        step: text,
      }),
      exampleTurn('caller', [5000, 6000], { text, digits: text, step: text }),
      exampleTurn('caller', [7000, 8000], { text: null, digits: text }),
    ],
    events: (['mark', 'mark-lost', 'barge-in', 'no-input', 'digit', 'clear', 'note', 'fault'] as const).map(
      (kind, index) => exampleEvent(kind, index * 1000, { who: text, what: text }),
    ),
  });

const VOID = new Set(['meta', 'input', 'hr', 'img', 'br']);
const TAG =
  /<(?<closing>\/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<attributes>(?:\s+[a-zA-Z][-:a-zA-Z0-9]*(?:="[^"<>]*")?)*)\s*(?<empty>\/?)>/g;

interface Parsed {
  /** each tag with the names of its attributes, in their order */
  tags: string[];
  /** what is left when all tags are taken away */
  texts: string;
  unbalanced: string[];
}

/** A parser that knows no mercy: every tag must be closed, every attribute in double quotes. */
function parse(page: string): Parsed {
  const body = page
    .replace(/^<!doctype html>/, '')
    .replace(/<(style|script)>.*?<\/\1>/gs, (_, name: string) => `<${name}></${name}>`);
  const open: string[] = [];
  const tags: string[] = [];
  const unbalanced: string[] = [];
  for (const { groups: tag = {} } of body.matchAll(TAG)) {
    const { closing, name = '', attributes = '', empty } = tag;
    if (closing) {
      if (open.pop() !== name) unbalanced.push(name);
      continue;
    }
    tags.push(`${name}${attributes.replace(/="[^"]*"/g, '').replace(/\s+/g, ' ')}`);
    if (!empty && !VOID.has(name)) open.push(name);
  }
  const texts = body.replace(TAG, '\n');
  return { tags, texts, unbalanced: [...unbalanced, ...open] };
}

/** As a browser would show it. */
const shown = (texts: string): string =>
  texts
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

const printable = (text: string): string => text.replace(/[\u202e\u0000\ud800]/g, '\ufffd');

describe('texts from people', () => {
  const harmless = new Set(parse(renderCallSheet(filledWith('Monday'))).tags);

  it.each(HOSTILE)('with %s add nothing to the page but text', (_, text = '') => {
    const page = renderCallSheet(filledWith(text));
    const { tags, texts, unbalanced } = parse(page);
    expect(texts).not.toMatch(/[<>]/);
    expect(unbalanced).toEqual([]);
    expect(tags.filter((tag) => !harmless.has(tag))).toEqual([]);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<\/script/g)).toHaveLength(1);
  });

  it.each(HOSTILE)('with %s are all there', (_, text = '') => {
    const { texts } = parse(renderCallSheet(filledWith(text)));
    // title twice; facts; turns and events in their tooltips, on screen and on paper, and in the tables
    expect(shown(texts).split(printable(text)).length - 1).toBeGreaterThan(30);
  });

  it('hold the parser of this spec to its word', () => {
    expect(parse('<p class="a">x</p>')).toEqual({ tags: ['p class'], texts: '\nx\n', unbalanced: [] });
    expect(parse('<p onclick=alert(1)>x</p>').texts).toMatch(/[<>]/);
    expect(parse('<p>x</b>').unbalanced).not.toEqual([]);
  });
});
