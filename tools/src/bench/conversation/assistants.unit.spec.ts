import { parseDialogue } from '@greenroom/dialogue';
import { stringify } from 'yaml';
import { DIALOGUES, PROMPT_MS } from './assistants';

it.each(Object.entries(DIALOGUES))('the dialogue %s is one that the gateway takes', (name, dialogue) => {
  expect(() => parseDialogue(stringify(dialogue), `${name}.yaml`)).not.toThrow();
});

it.each([80, 200])('the prompt is no whole number of messages of %i ms', (messageMs) => {
  expect(PROMPT_MS % messageMs).not.toBe(0);
});
