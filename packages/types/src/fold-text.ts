// No schema here: the console imports this without TypeBox.

const marks = /\p{M}/gu;

/** Letters that Unicode does not decompose, with their usual spelling in ASCII. */
const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  ø: 'o',
  ł: 'l',
  ı: 'i',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ŋ: 'n',
  ĸ: 'k',
  ə: 'e',
  ƒ: 'f',
  ς: 'σ',
};

const undecomposed = new RegExp(`[${Object.keys(letters).join('')}]`, 'g');
// eslint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\u0000-\u007f]*$/;

/** Folds case, accents and letters such as `ß`, `ø` and `ł` for forgiving searches and orders. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  if (ascii.test(lower)) return lower;
  return lower
    .normalize('NFKD')
    .replace(marks, '')
    .toLowerCase()
    .replace(undecomposed, (letter) => letters[letter] ?? letter);
}
