import { webhookAdapters } from '@greenroom/telephony';
import type { Account } from '@greenroom/platform';
import { loadFile } from '../dialogue/load-file';
import { nameOf } from './check-accounts';
import { notChecked, ok, wrong, type Check, type NamedVerdict, type Verdict } from './finding';
import type { Setup } from './setup';

/** Those that accounts name: they exist, and have nothing in them that the gateway would refuse to boot with. */
export const dialogueChecks = (setup: Setup): Check[] => [
  { group: 'dialogues', name: 'dialogues', run: () => Promise.resolve(judgeDialogues(setup)) },
];

function judgeDialogues({ accounts, dialoguesDir, environment }: Setup): Verdict | NamedVerdict[] {
  const scripts = new Map<string, Account[]>();
  for (const account of accounts) {
    if (account.agent === 'echo' || 'echo' in account.agent) continue;
    const { script } = account.agent;
    scripts.set(script, [...(scripts.get(script) ?? []), account]);
  }
  if (accounts.length === 0) return notChecked('there are no accounts that could name one');
  if (scripts.size === 0) return notChecked('no account names a dialogue');
  const speaks = (language: string) => Boolean(environment['SPEECH_URL']) || /^en\b/i.test(language);
  return [...scripts].map(([script, users]) => ({
    name: script,
    ...judgeDialogue(script, { folder: dialoguesDir, users, speaks }),
  }));
}

interface Use {
  folder: string;
  /** accounts that name it */
  users: readonly Account[];
  /** is there a voice for this language? */
  speaks: (language: string) => boolean;
}

export function judgeDialogue(script: string, { folder, users, speaks }: Use): Verdict {
  const loaded = loadFile(script, folder);
  if (!loaded.ok) return wrong(`${loaded.problems} (in ${folder}, DIALOGUES_DIR)`);
  const { language, synthesized, steps, transfers } = loaded.dialogue;
  if (synthesized.includes(language) && !speaks(language)) {
    return wrong(
      `it is in "${language}", which the built-in voice does not speak: set SPEECH_URL, or record every text`,
    );
  }
  const without = users.find(
    ({ provider, transferTo }) =>
      transferTo === undefined && webhookAdapters[provider].transfersTo === 'number',
  );
  if (transfers && without) {
    return wrong(
      `it hands callers to a person, but ${nameOf(without)} does not say to whom: set its transferTo`,
    );
  }
  return ok(`${steps.size} steps, for ${users.map(nameOf).join(', ')}`);
}
