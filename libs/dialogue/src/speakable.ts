/** A name has at most 200 letters, an attribute 1024: nobody listens to them to the end. */
const MAX_VALUE = 200;

/** Not to be heard, and some of it steers what shows the text. Indic and Persian words need the two joiners. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}]/gu;
/** Some voices obey markup; braces would read as placeholders that were not filled in. */
const MARKUP = /[{}<>]/g;

/** Text of the dialogue's author: white space as one blank, nothing invisible. */
export const plainSentence = (text: string): string =>
  text.replace(/\s+/gu, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim();

/** Is there anything to be heard? Punctuation and pictures alone are silent, or worse. */
export const isSpeakable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/**
 * A value that came from outside as it can be said: on one line, without braces and markup, at most 200 letters long.
 * @returns null if nothing of it can be heard
 */
export function speakable(value: string | null | undefined): string | null {
  const plain = plainSentence((value ?? '').normalize('NFC').replace(MARKUP, ' '));
  const short = plain.length > MAX_VALUE ? cut(plain) : plain;
  return isSpeakable(short) ? short : null;
}

/** After the last whole word. */
function cut(text: string): string {
  const start = text.slice(0, MAX_VALUE).replace(/[\ud800-\udbff]$/, '');
  const blank = start.lastIndexOf(' ');
  return blank > 0 ? start.slice(0, blank) : start;
}

/** Digit by digit: as a number, a telephone number would be billions. */
export const digitByDigit = (digits: string): string | null =>
  speakable([...digits.replace(/\D/g, '')].join(' '));
