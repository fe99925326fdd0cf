import { mulawFromPcm } from '@greenroom/telephony';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { voiceOf } from '../conversation/voice';

/** `echo` says back what it hears, at once; `talk` asks, and asks again, for as long as it is answered. */
export type Assistant = 'echo' | 'talk';

/** What each caller of `talk` says now and then, ms. */
const ANSWER_MS = 700;

export const TALK = {
  language: 'en',
  start: 'ask',
  // between two windows nobody says anything: that is no reason to ask once more
  defaults: { endSilenceMs: 500, noInputMs: 60_000 },
  steps: {
    ask: {
      say: 'And the next one?',
      ask: { answers: [{ anything: true, goto: 'ask' }], otherwise: 'goodbye' },
    },
    goodbye: { say: 'Goodbye.', hangup: true },
  },
};

const AGENTS: Readonly<Record<Assistant, object>> = {
  // held back it would be played ahead of time first, and no message could be told to be late
  echo: { echo: { delayMs: 0 } },
  talk: { script: 'talk.yaml' },
};

export const answerFileIn = (folder: string): string => join(folder, 'answer.ulaw');

/** Writes accounts of Twilio, the dialogue, and what callers say. @returns the accounts file */
export function writeAccounts(folder: string): string {
  const accounts = Object.entries(AGENTS).map(([name, agent]) => ({
    ...{ name, provider: 'twilio', country: 'US', agent },
    credentials: { authTokens: [randomBytes(16).toString('hex')] },
  }));
  const file = join(folder, 'accounts.yaml');
  writeFileSync(file, stringify(accounts), { mode: 0o600 });
  writeFileSync(join(folder, 'talk.yaml'), stringify(TALK));
  writeFileSync(answerFileIn(folder), mulawFromPcm(voiceOf(ANSWER_MS)));
  return file;
}
