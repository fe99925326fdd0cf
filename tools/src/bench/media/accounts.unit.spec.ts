import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAccounts } from '@greenroom/platform';
import { parseDialogue } from '@greenroom/dialogue';
import { stringify } from 'yaml';
import { answerFileIn, TALK, writeAccounts } from './accounts';

it('the dialogue is one that the gateway accepts', () => {
  expect(() => parseDialogue(stringify(TALK), 'talk.yaml')).not.toThrow();
});

it('the accounts are ones that the gateway accepts, and the answer is as long as it should be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-spec-'));
  try {
    const accounts = loadAccounts(writeAccounts(folder), {}, { demo: false });
    expect(accounts.find('twilio', 'echo')?.agent).toEqual({ echo: { delayMs: 0 } });
    expect(accounts.find('twilio', 'talk')?.agent).toEqual({ script: 'talk.yaml' });
    expect(Math.round(readFileSync(answerFileIn(folder)).length / 800)).toBe(7);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
