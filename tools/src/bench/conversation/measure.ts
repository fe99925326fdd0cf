import { type StackOptions } from '../../stack';
import { type Findings, type Group } from '../group';
import { withOwnStack } from '../own-stack';
import { measureAnswerDelay } from './answer-delay';
import { writeAssistants } from './assistants';
import { LEAD_MS, measurePacing } from './pacing';
import { measureScriptedCalls } from './scripted-calls';
import { ALONE, BRIEF, type Size } from './size';
import { writeStalling } from './stalls';

/** All of it on one gateway, one thing after another. */
const measure = (say: (line: string) => void, size: Size): Promise<Findings> =>
  withOwnStack({ prepare: (folder) => stackOptions(folder, size), say }, async (own) => {
    const found: Findings[] = [];
    for (const each of [measureAnswerDelay, measurePacing, measureScriptedCalls])
      found.push(await each(own, size, say));
    return {
      rows: found.flatMap(({ rows }) => rows),
      notes: found.flatMap(({ notes }) => notes),
      plots: found.flatMap(({ plots = [] }) => plots),
    };
  });

const stackOptions = (folder: string, size: Size): Partial<StackOptions> => ({
  accountsFile: writeAssistants(folder, size),
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
  about: 'how soon callers are answered, how exactly audio is sent, what a hundred calls cost',
  longestMs: 600_000,
  measure: (say, { brief }) => measure(say, brief ? BRIEF : ALONE),
};
