import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DialogueError, parseDialogue, type Dialogue } from '@greenroom/dialogue';
import { ConfigError, type Account, type Accounts } from '@greenroom/platform';
import { webhookAdapters } from '@greenroom/telephony';

/**
 * The dialogues that the accounts name, by their file.
 * @param speaks is there a voice for this language?
 * @throws {ConfigError} if one is missing or wrong, or cannot be spoken, or hands callers to a person whom an account does
 *   not name
 */
export function loadDialogues(
  accounts: Accounts,
  folder: string,
  speaks: (language: string) => boolean,
): ReadonlyMap<string, Dialogue> {
  const dialogues = new Map<string, Dialogue>();
  for (const account of accounts.list) {
    if (account.agent === 'echo' || 'echo' in account.agent) continue;
    const { script } = account.agent;
    const dialogue = dialogues.get(script) ?? load(join(folder, script), account);
    dialogues.set(script, dialogue);
    checkTransfers(dialogue, account);
    checkVoice(dialogue, speaks);
  }
  return dialogues;
}

/** A caller who was told "I am connecting you" must not be hung up on. */
function checkTransfers(dialogue: Dialogue, { provider, name, transferTo }: Account): void {
  if (!dialogue.transfers || transferTo !== undefined || webhookAdapters[provider].transfersTo === 'flow')
    return;
  throw new ConfigError(
    `${dialogue.fileName} hands callers to a person, but account ${provider}/${name} does not say to whom. ` +
      'Set its transferTo to a phone number, or its agent to a dialogue without a transfer.',
  );
}

/** Other languages are left out for want of a voice; the one that everybody else hears cannot be. */
function checkVoice(
  { fileName, language, synthesized }: Dialogue,
  speaks: (language: string) => boolean,
): void {
  if (!synthesized.includes(language) || speaks(language)) return;
  throw new ConfigError(
    `${fileName} is in "${language}", which the built-in voice does not speak. ` +
      'Set SPEECH_URL to a service that does, or give every text of it a recording.',
  );
}

function load(file: string, { provider, name }: Account): Dialogue {
  try {
    return parseDialogue(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof DialogueError) throw new ConfigError(error.message);
    throw new ConfigError(
      `The dialogue of account ${provider}/${name} cannot be read: ${(error as Error).message}. ` +
        'Dialogues are looked for in DIALOGUES_DIR.',
    );
  }
}
