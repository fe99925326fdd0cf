import { type CallSheet } from './call-sheet';
import { exampleAudio, exampleEvent, exampleSheet, exampleTurn } from './example-sheet';
import { EVENT_KINDS } from './event-kinds';
import { renderCallSheet } from './render-call-sheet';

const KINDS = Object.keys(EVENT_KINDS) as (keyof typeof EVENT_KINDS)[];

/** The chart of the screen alone, without what is printed. */
function chartOf(page: string): string {
  const from = page.indexOf('<div class="on-screen">');
  return page.slice(from, page.indexOf('<div class="on-paper"', from));
}

const sectionOf = (page: string, id: string): string =>
  page.slice(page.indexOf(`<h2 id="${id}">`)).replace(/<\/section>.*/s, '');

/** Of each match the numbers in its groups. */
const numbersIn = (page: string, pattern: RegExp): number[][] =>
  [...page.matchAll(pattern)].map(([, ...groups]) => groups.map(Number));

const sampleSheet = (): CallSheet =>
  exampleSheet({
    audio: { sampleRate: 8000, caller: exampleAudio(8000), assistant: exampleAudio(16_000) },
    wait: { fromMs: 1000, toMs: 3000, outcome: 'ready' },
    turns: [
      exampleTurn('assistant', [4000, 5000], {
        text: 'On Monday or on Tuesday?',
        heardText: 'On Monday',
        heardMs: 1000,
        lengthMs: 4000,
        endedBy: 'barge-in',
        step: 'offer',
      }),
      exampleTurn('caller', [5000, 8000], { number: 2, text: 'Tuesday, please.' }),
      exampleTurn('caller', [12_000, 14_000], {
        number: 3,
        text: null,
        digits: '4471',
        endedBy: 'digits-complete',
      }),
    ],
    events: KINDS.map((kind, index) => exampleEvent(kind, 2000 + index * 1000)),
  });

describe('the page of a call', () => {
  const page = renderCallSheet(sampleSheet());

  it('begins with the title and the facts', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toContain('<title>exotel/default 3f2a</title>');
    expect(page).toContain('<dt><bdi>Outcome</bdi></dt><dd><bdi>transferred</bdi></dd>');
    expect(page).toContain('2025-03-09 14:05:22.250 UTC, 20.0 s, 3 turns, 1 barge-in');
  });

  it('needs nothing from anywhere', () => {
    const withoutAudio = page.replace(/base64,[\w+/=]+/g, 'base64,');
    expect(withoutAudio).not.toMatch(
      /https?:|\/\/[a-z]|@import|url\(|srcset|<link|<base|<iframe|<object|<embed/i,
    );
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; media-src data:; img-src data:"`,
    );
    const references = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target = '']) => target);
    expect(references.filter((target) => !/^(#|data:audio\/wav;base64,)/.test(target))).toEqual([]);
  });

  it('refers only to what it has, and has no id twice', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [...page.matchAll(/(?:href="#|for="|labelledby="|describedby=")([^"]+)"/g)].map(
      ([, id]) => id,
    );
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('is the same for the same sheet', () => {
    expect(renderCallSheet(sampleSheet())).toBe(page);
  });

  it('has a script that is one', () => {
    const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? '';
    // eslint-disable-next-line @typescript-eslint/no-implied-eval
    expect(() => new Function(script)).not.toThrow();
    expect(script).not.toMatch(/innerHTML|eval\(|document\.write/);
  });
});

describe('the timeline', () => {
  const page = renderCallSheet(sampleSheet());
  const chart = chartOf(page);

  it('places everything by its time', () => {
    expect(numbersIn(chart, /<g class="wait">.*?<rect x="([\d.]+)%" y="\d+" width="([\d.]+)%"/gs)).toEqual([
      [5, 10],
    ]);
    expect(numbersIn(chart, /class="block" x="([\d.]+)%" y="\d+" height="\d+" width="([\d.]+)%"/g)).toEqual([
      [25, 15],
      [60, 10],
      [20, 5],
    ]);
    const marks = numbersIn(chart, /<use href="#symbol-[a-z-]+" x="([\d.]+)%"/g).flat();
    expect([...marks].sort((a, b) => a - b)).toEqual(KINDS.map((_, index) => 10 + index * 5));
  });

  it('shows what was heard, strikes what was not, and says so at the pointer', () => {
    expect(chart).toContain('On Monday <del>or on Tuesday?</del>');
    expect(chart).toContain('class="rest" x="20%"');
    expect(chart).toMatch(
      /Turn 1, assistant\n4\.000 s to 5\.000 s \(1\.0 s\)\ncaller interrupted after 1\.0 s of 4\.0 s\nStep: .offer.\nHeard: .On Monday .\nNot heard: .or on Tuesday\?./,
    );
  });

  it.each(KINDS)('has a symbol, a tooltip, a place in the legend and a row for: %s', (kind) => {
    const { name } = EVENT_KINDS[kind];
    expect(chart).toContain(`href="#symbol-${kind}"`);
    expect(chart).toMatch(
      new RegExp(`<title>${name} at \\d\\.000 s\n.${kind} it was.\nsays .gateway.</title>`),
    );
    expect(page).toMatch(
      new RegExp(`<li class="\\w+" title="[^"]+"><svg.*?#symbol-${kind}".*?<span>${name}</span>`),
    );
    expect(sectionOf(page, 'events')).toMatch(new RegExp(`${name}</th>.*${kind} it was`));
  });

  it('has a legend of what occurs, and no more', () => {
    const quiet = renderCallSheet(
      exampleSheet({ events: [exampleEvent('mark', 5), exampleEvent('mark', 9)] }),
    );
    const legend = /<ul class="legend".*?<\/ul>/s.exec(quiet)?.[0] ?? '';
    expect(
      legend
        .replace(/<svg.*?<\/svg>|<[^>]+>/g, ' ')
        .split(/\s+/)
        .filter(Boolean),
    ).toEqual(['caller', 'assistant', 'mark', '2×']);
    expect(quiet.match(/<g id="symbol-/g)).toHaveLength(1);
  });

  it('gives every kind a shape and a name of its own', () => {
    expect(new Set(KINDS.map((kind) => EVENT_KINDS[kind].shape.source)).size).toBe(KINDS.length);
    expect(new Set(KINDS.map((kind) => EVENT_KINDS[kind].name)).size).toBe(KINDS.length);
  });

  it('prints all of it, cut into lines of a page', () => {
    const long = renderCallSheet(
      exampleSheet({
        durationMs: 60_000,
        turns: [5000, 25_000, 45_000].map((ms) =>
          exampleTurn('caller', [ms, ms + 3000], { text: `at ${ms}` }),
        ),
      }),
    );
    const lines = long.split('<div class="line-of-print">').slice(1);
    expect(lines).toHaveLength(3);
    lines.forEach((line, index) => expect(line).toContain(`>at ${5000 + index * 20_000}</p>`));
  });
});

describe('the tables', () => {
  const page = renderCallSheet(sampleSheet());
  const rowsOf = (id: string) =>
    [...sectionOf(page, id).matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
      row
        .split(/<\/t[hd]>/)
        .map((cell) => cell.replace(/<[^>]+>/g, '').trim())
        .slice(0, -1),
    );

  it('tell each turn', () => {
    expect(rowsOf('turns')).toEqual([
      ['No.', 'Who', 'From', 'To', 'Said (struck: not heard)', 'Digits', 'Ended by', 'Step'],
      [
        '1',
        'assistant',
        '4.000 s',
        '5.000 s',
        'On Monday not heard: or on Tuesday?',
        '',
        'caller interrupted after 1.0 s of 4.0 s',
        'offer',
      ],
      [
        '2',
        'caller',
        '5.000 s',
        '8.000 s',
        'Tuesday, please.',
        '',
        'caller stopped speaking after 3.0 s of speech',
        '',
      ],
      ['3', 'caller', '12.000 s', '14.000 s', '', '4471', 'all the digits were pressed', ''],
    ]);
  });

  it('tell each event, by time', () => {
    const rows = rowsOf('events');
    expect(rows[0]).toEqual(['Time', 'Event', 'Told by', 'What']);
    expect(rows.slice(1).map(([time]) => time)).toEqual(KINDS.map((_, index) => `${2 + index}.000 s`));
    const late = exampleSheet({ events: [exampleEvent('note', 900), exampleEvent('mark', 5)] });
    expect(sectionOf(renderCallSheet(late), 'events')).toMatch(/mark it was.*note it was/s);
  });

  it('leave out columns that no turn has anything for', () => {
    const plain = renderCallSheet(exampleSheet({ turns: [exampleTurn('caller', [0, 900])] }));
    expect(sectionOf(plain, 'turns')).not.toMatch(/Digits|Step/);
  });

  it('say where there is nothing to tell', () => {
    const empty = renderCallSheet(exampleSheet());
    expect(empty).toContain('Nobody had a turn.');
    expect(empty).toContain('Nothing is on record.');
  });
});

describe('the audio', () => {
  const withAudio = (samples: number, sampleRate: number) =>
    renderCallSheet(
      exampleSheet({ audio: { sampleRate, caller: new Int16Array(samples), assistant: new Int16Array(0) } }),
    );

  it('is in the page', () => {
    expect(withAudio(800, 8000)).toMatch(/<audio controls [^>]*src="data:audio\/wav;base64,[\w+/=]+"/);
  });

  it('is left out beyond ten minutes, and the page says so', () => {
    const page = withAudio(601 * 10, 10);
    expect(page).not.toContain('<audio');
    expect(page).toContain('The audio is left out, since it is longer than 10 minutes.');
  });

  it('is not promised where there is none', () => {
    expect(withAudio(0, 8000)).toContain('No audio was kept.');
    expect(withAudio(800, NaN)).toContain('No audio was kept.');
  });

  it('makes the page of a minute at 8 kHz less than 3 MB', () => {
    const audio = { sampleRate: 8000, caller: exampleAudio(480_000), assistant: exampleAudio(480_000) };
    expect(renderCallSheet({ ...sampleSheet(), durationMs: 60_000, audio }).length).toBeLessThan(3_000_000);
  });
});

describe('a sheet that makes no sense', () => {
  const bad = [NaN, -1, -Infinity, Infinity, 1e300, 0];
  const sheets = bad.map((value) => ({
    ...sampleSheet(),
    startedAt: value,
    durationMs: value,
    audio: { sampleRate: value > 1e6 ? NaN : value, caller: exampleAudio(10), assistant: new Int16Array(0) },
    wait: { fromMs: value, toMs: -value, outcome: '' },
    turns: bad.map((other) =>
      exampleTurn('assistant', [value, other], {
        number: value,
        lengthMs: other,
        heardMs: value,
        heardText: '',
      }),
    ),
    events: bad.map((other) => exampleEvent('fault', other, { what: '', who: '' })),
  }));

  it.each(sheets.map((sheet, index) => [bad[index], sheet] as const))(
    'is drawn all the same: %d',
    (_, sheet) => {
      const page = renderCallSheet(sheet);
      const timeline = page.slice(page.indexOf('<section class="timeline"'), page.indexOf('<h2 id="turns">'));
      const numbers = (drawn: string) =>
        [...drawn.matchAll(/ (?:x|y|x1|x2|y1|y2|width|height|viewBox|d)="([^"]*)"/g)].map(
          ([, value = '']) => value,
        );
      expect(numbers(timeline).length).toBeGreaterThan(50);
      expect(numbers(timeline).filter((value) => /NaN|Infinity|undefined|e\+/.test(value))).toEqual([]);
      expect(timeline).not.toMatch(/(width|height)="-/);
      expect(
        numbers(chartOf(page)).filter((value) => /^-|^\d{3,}\.?\d*%/.test(value) && value !== '100%'),
      ).toEqual([]);
      expect(page).toContain('</html>');
    },
  );

  it('keeps its true times in the tables', () => {
    const page = renderCallSheet(
      exampleSheet({ events: [exampleEvent('note', -500), exampleEvent('note', 99_000)] }),
    );
    expect(sectionOf(page, 'events')).toMatch(/−0\.500 s.*99\.000 s/s);
    expect(numbersIn(chartOf(page), /<use href="#symbol-note" x="([\d.]+)%"/g)).toEqual([[0], [100]]);
  });
});
