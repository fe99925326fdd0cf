import { type StackOptions } from '../../stack';
import { type Findings, type Group } from '../group';
import { withOwnStack } from '../own-stack';
import { measureAnswerDelay } from './answer-delay';
import { writeAssistants } from './assistants';
import { LEAD_MS, measurePacing } from './pacing';
import { measureScriptedCalls } from './scripted-calls';
import { writeStalling } from './stalls';

/** All of it on one gateway, one thing after another. */
const measure = (say: (line: string) => void): Promise<Findings> =>
  withOwnStack({ prepare: stackOptions, say }, async (own) => {
    const found: Findings[] = [];
    for (const each of [measureAnswerDelay, measurePacing, measureScriptedCalls])
      found.push(await each(own, say));
    return { rows: found.flatMap(({ rows }) => rows), notes: found.flatMap(({ notes }) => notes) };
  });

const stackOptions = (folder: string): Partial<StackOptions> => ({
  accountsFile: writeAssistants(folder),
  env: {
    gateway: {
      DIALOGUES_DIR: folder,
      PLAYBACK_LEAD_MS: String(LEAD_MS),
      NODE_OPTIONS: writeStalling(folder),
    },
  },
});

export const CONVERSATION: Group = {
  name: 'conversation',
  about: 'how soon callers are answered, how exactly audio is sent, what a hundred calls cost (6 minutes)',
  longestMs: 900_000,
  measure,
};
