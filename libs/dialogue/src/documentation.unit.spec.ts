import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, SettingsShape } from './load/read-settings';
import { parseDialogue } from './parse-dialogue';
import { VALUE_SOURCES } from './text';

const DOCUMENT = readFileSync(join(__dirname, '../../../docs/dialogues.md'), 'utf8');

const examples = [...DOCUMENT.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = ''], index) => ({
  text,
  title: `${index + 1}, ${text.split('\n', 1)[0] ?? ''}`,
  refused: /^# refused: (.*)$/m.exec(text)?.[1],
}));

describe('docs/dialogues.md', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(6);
  });

  it.each(examples.filter(({ refused }) => refused === undefined))('shows what works: $title', ({ text }) => {
    expect(parseDialogue(text, 'example.yaml').steps.size).toBeGreaterThan(0);
  });

  it.each(examples.filter(({ refused }) => refused !== undefined))(
    'shows what is refused: $title',
    (example) => {
      expect(() => parseDialogue(example.text, 'example.yaml')).toThrow(example.refused);
    },
  );

  it.each(Object.keys(SettingsShape))('tells the default of %s', (name) => {
    const row = DOCUMENT.split('\n').find((line) => line.startsWith(`| \`${name}\``));
    const written = row?.split('|')[2]?.trim();
    expect(written).toBe(String(BUILT_IN[name as keyof typeof BUILT_IN] ?? ''));
  });

  it.each(VALUE_SOURCES)('names the placeholder %s', (source) => {
    expect(DOCUMENT).toContain(`| \`{{${source.replace('*', 'NAME')}}}\``);
  });
});
