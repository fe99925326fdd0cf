import { type Turn, type TurnEnd } from '@greenroom/contracts';
import { lengthText } from './time-words';

/** A turn's words, parted where the caller stopped hearing them. */
export interface Words {
  heard: string;
  unheard: string;
}

/**
 * Where `text` goes on after `heard`. Both tell the same words, but maybe not the same blanks: then as many letters are
 * counted, and the word at which that ends is taken as heard.
 */
function endOf(heard: string, text: string): number {
  if (text.startsWith(heard)) return heard.length;
  let letters = heard.replace(/\s/g, '').length;
  let end = 0;
  while (letters > 0 && end < text.length) {
    if (/\S/.test(text.charAt(end))) letters -= 1;
    end += 1;
  }
  return end === 0 ? 0 : end + text.slice(end).split(/\s/, 1).join('').length;
}

/** Null where there are no words, or none that are known. */
export function wordsOf(turn: Turn): Words | null {
  if (!turn.text) return null;
  if (turn.who === 'caller') return { heard: turn.text, unheard: '' };
  if (turn.endedBy === 'withdrawn') return { heard: '', unheard: turn.text };
  if (turn.heardText === null) return { heard: turn.text, unheard: '' };
  const rest = turn.text.slice(endOf(turn.heardText, turn.text));
  const unheard = rest.trimStart();
  return { heard: turn.text.slice(0, turn.text.length - unheard.length), unheard };
}

const lasting = (ms: number | null): string => (ms === null ? '' : `, ${lengthText(ms)}`);

/** ` after 1.2 s of 4.0 s`; nothing for the caller's turns. */
function after({ heardMs, lengthMs }: Turn): string {
  return heardMs === null || lengthMs === null
    ? ''
    : ` after ${lengthText(heardMs)} of ${lengthText(lengthMs)}`;
}

const ENDS: Readonly<Record<TurnEnd, (turn: Turn) => string>> = {
  played: ({ lengthMs }) => `played to its end${lasting(lengthMs)}`,
  'mark-lost': ({ lengthMs }) => `must have been played${lasting(lengthMs)}; the provider never said so`,
  'barge-in': (turn) => `caller interrupted${after(turn)}`,
  withdrawn: () => 'taken back before any of it was heard: the caller went on',
  'end-silence': ({ speechMs }) =>
    `caller stopped speaking${speechMs === null ? '' : ` after ${lengthText(speechMs)} of speech`}`,
  'too-long': ({ speechMs }) => `caller spoke for as long as one may${lasting(speechMs)}`,
  'digits-complete': () => 'all the digits were pressed',
  'digits-paused': () => 'no further digit came in time',
  'no-input': () => 'neither a word nor a digit came in time',
  'line-closed': (turn) => `the line was closed${after(turn)}`,
};

/** Why the turn ended, in plain words. */
export const endOfTurn = (turn: Turn): string => ENDS[turn.endedBy](turn);

const SHORT_ENDS: Readonly<Record<TurnEnd, (turn: Turn) => string>> = {
  played: () => 'played',
  'mark-lost': () => 'mark lost',
  'barge-in': ({ heardMs }) => `cut${heardMs === null ? '' : ` at ${lengthText(heardMs)}`}`,
  withdrawn: () => 'withdrawn',
  'end-silence': () => 'stopped',
  'too-long': () => 'too long',
  'digits-complete': () => 'digits',
  'digits-paused': () => 'digits paused',
  'no-input': () => 'no input',
  'line-closed': () => 'line closed',
};

/** The same for the head of a block, where there is room for a word or two. */
export const shortEndOfTurn = (turn: Turn): string => SHORT_ENDS[turn.endedBy](turn);

/** Nothing of it was heard. */
export const isEmpty = ({ endedBy }: Turn): boolean => endedBy === 'no-input' || endedBy === 'withdrawn';

export const speakerOf = (turn: Turn): 'caller' | 'assistant' =>
  turn.who === 'caller' ? 'caller' : 'assistant';

/** For a turn without words. */
export function wordlessText(turn: Turn): string {
  if (turn.digits) return '';
  return turn.who === 'caller' && turn.speechMs === null ? 'nothing was said' : 'no words known';
}
