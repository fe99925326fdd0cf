import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Size } from './size';
import { voiceOf, wavOf } from './voice';

/** Silence that ends what the caller of `turns` says, ms. */
export const END_SILENCE_MS = 500;
/** What the accounts of these names say, one of each provider. */
export type Assistant = 'turns' | 'prompt' | 'scripted';

const GOODBYE = { say: 'Thank you. Goodbye.', hangup: true };

export const dialoguesOf = ({ questions }: Pick<Size, 'questions'>): Record<Assistant, object> => ({
  /** asks, and asks again, for as long as it is answered */
  turns: {
    language: 'en',
    start: 'ask',
    defaults: { endSilenceMs: END_SILENCE_MS, noInputMs: 10_000 },
    steps: {
      ask: {
        say: 'And the next one?',
        ask: { answers: [{ anything: true, goto: 'ask' }], otherwise: 'goodbye' },
      },
      goodbye: GOODBYE,
    },
  },
  /** one long prompt, whose length is known to the sample */
  prompt: {
    language: 'en',
    start: 'prompt',
    steps: { prompt: { say: { audio: 'prompt.wav', text: 'A long one.' }, hangup: true } },
  },
  /** an ordinary call, of some 4 s for each question */
  scripted: {
    language: 'en',
    start: 'question-1',
    steps: {
      ...Object.fromEntries(
        Array.from({ length: questions }, (_, index) => questionAt(index + 1, questions)),
      ),
      goodbye: GOODBYE,
    },
  },
});

function questionAt(number: number, questions: number): [string, object] {
  const goto = number < questions ? `question-${number + 1}` : 'goodbye';
  return [
    `question-${number}`,
    {
      say: `Question ${number}. What do you think?`,
      ask: { answers: [{ anything: true, goto }], noInput: 'I did not hear you.', otherwise: 'goodbye' },
    },
  ];
}

/** Whoever is not announced is spoken with as well: the lines that only listen announce nobody. */
const SESSIONS: Readonly<Record<Assistant, object>> = {
  turns: {},
  prompt: { timeoutMs: 500, onTimeout: 'continue' },
  scripted: {},
};

/** What the simulated callers say. */
export const answerFileIn = (folder: string): string => join(folder, 'answer.wav');

/** Writes accounts, dialogues, which are found in the same folder, and sounds. @returns the accounts file */
export function writeAssistants(folder: string, size: Size): string {
  const write = (name: string, content: string | Buffer): void =>
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  for (const [name, dialogue] of Object.entries(dialoguesOf(size)))
    write(`${name}.yaml`, stringify(dialogue));
  write('prompt.wav', wavOf(repeated(voiceOf(1000), size.promptMs * 8)));
  write('accounts.yaml', stringify(accounts()));
  writeFileSync(answerFileIn(folder), wavOf(voiceOf(700)));
  return join(folder, 'accounts.yaml');
}

const secret = (): string => randomBytes(16).toString('hex');

function accounts(): object[] {
  return Object.entries(SESSIONS).flatMap(([name, session]) => {
    const agent = { script: `${name}.yaml` };
    const basic = [{ username: 'bench', password: secret() }];
    return [
      { name, provider: 'exotel', country: 'IN', credentials: { basic }, session, agent },
      {
        ...{ name, provider: 'twilio', country: 'US' },
        ...{ credentials: { authTokens: [secret()] }, session, agent },
      },
    ];
  });
}

const repeated = (samples: Int16Array, length: number): Int16Array =>
  Int16Array.from({ length }, (_, at) => samples[at % samples.length] ?? 0);
