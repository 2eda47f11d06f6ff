import { randomBytes } from 'node:crypto';

const minLength = 12;
/** The maximum number of characters of a password. */
const maxLength = 1024;
/** A word in lower case that most common passwords are made of. */
const commonWords = [
  'password',
  'passwort',
  'administrator',
  'qwertz',
  'qwerty',
  'letmein',
  'welcome',
  'aether-v',
  'hyper-v',
];

/** Returns the reason why a password must not be used; null if it may be. */
export function passwordProblem(password: string, user: string): string | null {
  const lower = password.normalize('NFKC').toLowerCase();
  const length = Array.from(lower).length;
  if (length < minLength) return `The password needs at least ${minLength} characters.`;
  if (length > maxLength) return `The password must not be longer than ${maxLength} characters.`;
  if (user.length >= 4 && lower.includes(user.toLowerCase()))
    return 'The password must not contain the user name.';
  const rest = commonWords.reduce((text, word) => text.replaceAll(word, ''), lower);
  if (rest.length < lower.length && rest.length < minLength / 2) {
    return 'The password is a common word with few other characters. Use several unrelated words.';
  }
  if (new Set(lower).size < 5) return 'The password repeats too few different characters.';
  if (isSequence(lower)) return 'The password is a sequence of neighbouring characters.';
  return null;
}

/** Returns a new password of 120 random bits, without characters that look alike. */
export function generatePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789-_';
  // 32 of the letters, so that the bits are spread evenly.
  const characters = [...randomBytes(24)].map((byte) => letters[byte % 32]);
  return characters.join('');
}

/** Returns whether each character follows the one before in the alphabet, forwards or backwards. */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => Math.abs(code - (codes[at] ?? 0))));
  // 1234567890: the step from 9 to 0 is 9.
  return [...steps].every((step) => step === 1 || step === 9);
}
