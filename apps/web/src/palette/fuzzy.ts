/** The beginning of a word within a text: after a separator, or a digit after a letter. */
function beginsWord(text: string, at: number): boolean {
  return at === 0 || /[\s\-_.:/(]/.test(text[at - 1] ?? '');
}

const perLetter = 1;
const perWord = 8;
const perNext = 6;
const perWhole = 10;
const perGap = 0.1;

/**
 * Returns how well a text matches what was typed, higher is better; null if it does not contain its letters in order.
 * Beginnings of words and letters that follow each other count most, so that `aw1` finds `APP-WEB-01`.
 */
export function fuzzyScore(typed: string, text: string): number | null {
  const wanted = typed.toLowerCase().replaceAll(' ', '');
  const within = text.toLowerCase();
  const whole = within.indexOf(typed.toLowerCase());
  if (whole >= 0) {
    const bonus = beginsWord(within, whole) ? perWord + perWhole : 0;
    return wanted.length * (perLetter + perNext) + bonus - within.length * perGap;
  }
  let score = 0;
  let at = -1;
  for (const letter of wanted) {
    const next = bestNext(within, letter, at);
    if (next < 0) return null;
    score += perLetter;
    if (beginsWord(within, next)) score += perWord;
    else if (next === at + 1) score += perNext;
    else score -= (next - at) * perGap;
    at = next;
  }
  return score - within.length * perGap;
}

/** Returns the place of a letter after another: the next one, or the beginning of a later word. */
function bestNext(text: string, letter: string, after: number): number {
  const next = text.indexOf(letter, after + 1);
  if (next < 0 || next === after + 1 || beginsWord(text, next)) return next;
  for (let at = next; at >= 0; at = text.indexOf(letter, at + 1)) if (beginsWord(text, at)) return at;
  return next;
}
