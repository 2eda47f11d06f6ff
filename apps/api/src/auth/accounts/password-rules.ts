import { randomBytes } from 'node:crypto';

const minLength = 12;
/** The maximum number of characters of a password. */
const maxLength = 1024;
/** Words of common passwords, in lower case. */
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

/** Returns the reason why a password is too weak; null if it is accepted. */
export function passwordProblem(password: string, user: string): string | null {
  const lower = password.normalize('NFKC').toLowerCase();
  const length = Array.from(lower).length;
  if (length < minLength) return `The password must have at least ${minLength} characters.`;
  if (length > maxLength) return `The password must have at most ${maxLength} characters.`;
  if (user.length >= 4 && lower.includes(user.toLowerCase()))
    return 'The password must not contain the user name.';
  const rest = commonWords.reduce((text, word) => text.replaceAll(word, ''), lower);
  if (rest.length < lower.length && rest.length < minLength / 2) {
    return 'The password is a common word with few other characters. Use several unrelated words.';
  }
  if (new Set(lower).size < 5) return 'The password has too few different characters. Use at least five.';
  if (isSequence(lower))
    return 'The password is a sequence such as abcdefgh or 12345678. Use several unrelated words.';
  return null;
}

/** Returns a new password of 120 random bits, without characters that look alike. */
export function generatePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789-_';
  // 32 of the letters, so that the bits are spread evenly.
  const characters = [...randomBytes(24)].map((byte) => letters[byte % 32]);
  return characters.join('');
}

/** Returns whether each character is next to the previous one in the alphabet, forwards or backwards. */
function isSequence(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, at) => Math.abs(code - (codes[at] ?? 0))));
  // 1234567890: the step from 9 to 0 is 9.
  return [...steps].every((step) => step === 1 || step === 9);
}
