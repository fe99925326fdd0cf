import { type CallerTurn, type Question } from '@greenroom/conversation';

export type Typed =
  | { kind: 'turn'; turn: CallerTurn }
  | { kind: 'hang-up' }
  /** the caller's data comes late */
  | { kind: 'known' }
  | { kind: 'not-understood' };

/** What a line means that was typed as an answer to a question. */
export function typedTurn(line: string, question: Question): Typed {
  const text = line.trim();
  if (text === '') return { kind: 'turn', turn: { kind: 'silent' } };
  if (/^\/hang ?up$/i.test(text)) return { kind: 'hang-up' };
  if (text.toLowerCase() === '/known') return { kind: 'known' };
  if (text.startsWith('/')) return { kind: 'not-understood' };
  if (/^[0-9*#]+$/.test(text)) return answered({ digits: keysOf(text, question) });
  return answered({ words: /^(\.\.\.|…)$/.test(text) ? null : text });
}

/** As a call collects them: up to the finish key (not a lone one) or the full length; one where none are awaited. */
function keysOf(pressed: string, { digits }: Question): string {
  const end = digits?.finishKey ? pressed.indexOf(digits.finishKey, 1) : -1;
  return pressed.slice(0, Math.min(end < 0 ? pressed.length : end, digits?.length ?? 1));
}

function answered({ digits = null, words }: { digits?: string | null; words?: string | null }): Typed {
  const speech =
    words === undefined ? null : { pcm: new Int16Array(0), sampleRate: 8000, durationMs: 1000, words };
  return { kind: 'turn', turn: { kind: 'answered', speech, digits, interrupted: null } };
}
