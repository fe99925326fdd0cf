/** The words of a text that were heard when so much of its audio was: by their share of the length, whole words only. */
export function heardWords(text: string, heardMs: number, lengthMs: number): string {
  if (heardMs < 0) return '';
  if (heardMs >= lengthMs) return text;
  const end = Math.floor((text.length * heardMs) / lengthMs);
  const cut = text.slice(0, end);
  const inWord = /\S/.test(text[end] ?? '');
  return (inWord ? cut.replace(/\S+$/, '') : cut).trimEnd();
}
