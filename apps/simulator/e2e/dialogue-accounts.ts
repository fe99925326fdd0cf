import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWav } from '@greenroom/telephony';
import { BABBLE_HZ } from './babble';

/** Whom a transfer goes to: numbers with 555-01 are kept for examples. */
export const PERSON = '+12025550123';

/** An account of each provider for each dialogue, by its name; what else it has stands behind the name. */
export function accountsFor(dialogues: Readonly<Record<string, object>>): string {
  const list = Object.entries(dialogues).flatMap(([name, more]) => {
    const account = { name, agent: { script: `${name}.yaml` }, ...more };
    const basic = [{ username: 'greenroom', password: 'password-1' }];
    return [
      { ...account, provider: 'exotel', country: 'IN', credentials: { basic } },
      {
        ...{ ...account, provider: 'twilio', country: 'US', transferTo: PERSON },
        credentials: { authTokens: ['auth-token-1'] },
      },
    ];
  });
  return JSON.stringify(list);
}

/**
 * The dialogues of these specs in a folder of the file's own, gone after its tests.
 * @param recordings samples at 8 kHz for the WAV files that dialogues name
 */
export function useDialogues(recordings: Readonly<Record<string, Int16Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'greenroom-dialogues-'));
  cpSync(join(__dirname, 'dialogues'), folder, { recursive: true });
  for (const [name, samples] of Object.entries(recordings)) {
    writeFileSync(join(folder, name), writeWav({ samples, sampleRate: BABBLE_HZ, channels: 1 }));
  }
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
