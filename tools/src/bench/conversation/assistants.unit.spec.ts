import { parseDialogue } from '@greenroom/dialogue';
import { stringify } from 'yaml';
import { dialoguesOf } from './assistants';
import { ALONE, BRIEF } from './size';

describe.each([
  ['alone', ALONE],
  ['brief', BRIEF],
])('what is measured, %s', (_, size) => {
  it.each(Object.entries(dialoguesOf(size)))('has a dialogue %s that the gateway takes', (name, dialogue) => {
    expect(() => parseDialogue(stringify(dialogue), `${name}.yaml`)).not.toThrow();
  });

  it.each([80, 200])('has a prompt that is no whole number of messages of %i ms', (messageMs) => {
    expect(size.promptMs % messageMs).not.toBe(0);
  });
});
