export { type Dialogue } from './dialogue';
export { DialogueError, type Problem } from './dialogue-error';
export { parseDialogue } from './parse-dialogue';
export { scriptedAgent, type DialogueMemory } from './scripted-agent';
