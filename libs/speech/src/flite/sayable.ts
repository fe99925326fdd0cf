/** Characters of a text: three minutes of speech. */
const LONGEST = 2000;
/** Characters of a piece: 20 s of speech. A whole text of 2000 takes the 16 kHz voices 400 MB, a piece 60 MB. */
const PIECE = 300;
/** The time that flite takes to spell a word grows with the square of its length. */
const WORD = 40;

const CURRENCIES: readonly [RegExp, string][] = [
  [amountAfter('₹|\\bRs\\b\\.?|\\bINR\\b'), '$1 rupees'],
  [amountAfter('€|\\bEUR\\b'), '$1 euros'],
  [amountAfter('£|\\bGBP\\b'), '$1 pounds'],
];

function amountAfter(sign: string): RegExp {
  const magnitude = '(?:\\s*(?:lakhs?|crores?|thousand|million|billion)\\b)?';
  return new RegExp(`(?:${sign})\\s*(\\d+(?:,\\d{2,3})*(?:\\.\\d+)?${magnitude})`, 'gi');
}

/**
 * A text as flite 2.3 says it right, in pieces of at most 300 characters, cut between sentences where that can be: printable
 * ASCII only, amounts of money with their currency, and numbers such as "1,00,000" (of which it would say "one") grouped by
 * thousands. None if there is nothing to say.
 * @throws {RangeError} if the text has more than 2000 characters
 * @throws {Error} if it has letters, but none that flite can say
 */
export function sayable(text: string): string[] {
  if (text.length > LONGEST) throw new RangeError(`A text of ${text.length} characters: ${LONGEST} at most`);
  const said = numbers(latin(text)).trim();
  if (/[a-z0-9]/i.test(said)) return pieces(said);
  if (/[\p{L}\p{N}]/u.test(text)) throw new Error('The text is in a script that the voice cannot say');
  return [];
}

function latin(text: string): string {
  let said = text;
  for (const [amount, words] of CURRENCIES) said = said.replace(amount, words);
  return said
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/\s[\u2013\u2014]\s/g, ', ')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/&/g, ' and ')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(new RegExp(`\\S{${WORD}}`, 'g'), '$& ');
}

/** What is too long for an amount is a telephone number or the like, and said digit by digit. */
const numbers = (text: string): string =>
  text
    .replace(/\d{10,}/g, (digits) => [...digits].join(' '))
    .replace(/(?<![\d,])\d{1,3}(?:,\d{2,3})+(?!\d)/g, (amount) =>
      amount.replace(/,/g, '').replace(/\B(?=(?:\d{3})+$)/g, ','),
    );

/** Each ends after a sentence, or else after a word. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let rest = text;
  while (rest.length > PIECE) {
    const room = rest.slice(0, PIECE);
    const sentence = Math.max(...['. ', '! ', '? '].map((end) => room.lastIndexOf(end) + 1));
    const end = sentence || room.lastIndexOf(' ') + 1 || PIECE;
    found.push(rest.slice(0, end).trim());
    rest = rest.slice(end).trim();
  }
  return [...found, rest].filter((piece) => /[a-z0-9]/i.test(piece));
}
