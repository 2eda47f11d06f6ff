import { createHash, randomBytes } from 'node:crypto';
import { erase } from './held-document.ts';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const maxSaltLength = 16;
// libxcrypt accepts no longer password, so that its owner could never log in.
const maxPasswordBytes = 511;
const defaultRounds = 5_000;
const minRounds = 1_000;
const maxRounds = 999_999_999;

/**
 * Returns the hash of a Linux user's password for crypt(3), as `passwordHash` of a document needs it: SHA-512 crypt
 * (Ulrich Drepper, Unix crypt using SHA-256 and SHA-512, version 0.6). 5,000 rounds take some milliseconds, in which
 * the process does nothing else.
 *
 * @param password At most 511 bytes in UTF-8.
 * @param salt Of `./0-9A-Za-z`; characters after the 16th do not count. Random if omitted.
 * @param rounds Kept between 1,000 and 999,999,999 and named in the hash. 5,000 if omitted.
 * @throws RangeError without the password if an argument is unusable.
 */
export function sha512Crypt(password: string, salt: string = newSalt(), rounds?: number): string {
  if (!/^[./0-9A-Za-z]+$/.test(salt)) throw new RangeError('A salt has only the characters ./0-9A-Za-z.');
  if (rounds !== undefined && !Number.isSafeInteger(rounds)) throw new RangeError('Rounds are an integer.');
  const usedSalt = salt.slice(0, maxSaltLength);
  const usedRounds = Math.min(Math.max(rounds ?? defaultRounds, minRounds), maxRounds);
  const key = passwordBytes(password);
  const digest = cryptDigest(key, Buffer.from(usedSalt), usedRounds);
  erase(key);
  const named = rounds === undefined ? '' : `rounds=${usedRounds}$`;
  return `$6$${named}${usedSalt}$${encode(digest)}`;
}

function newSalt(): string {
  return Array.from(randomBytes(maxSaltLength), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

function passwordBytes(password: string): Buffer {
  // crypt(3) takes a C string.
  if (!password.isWellFormed() || password.includes('\0')) {
    throw new RangeError('A password has no character U+0000 and no lone surrogate.');
  }
  const bytes = Buffer.from(password);
  if (bytes.length > maxPasswordBytes) {
    erase(bytes);
    throw new RangeError(`A password has at most ${maxPasswordBytes} bytes in UTF-8.`);
  }
  return bytes;
}

const sha512 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Steps 1 to 21 of the specification; its names are in the comments. */
function cryptDigest(key: Buffer, salt: Buffer, rounds: number): Buffer {
  // Digest B (steps 4 to 8).
  const inner = sha512(key, salt, key);
  // Digest A (steps 1 to 12).
  let digest = sha512(
    key,
    salt,
    stretch(inner, key.length),
    ...bitsOf(key.length).map((bit) => (bit ? inner : key)),
  );
  // The sequences P and S (steps 13 to 20).
  const keySequence = stretch(sha512(...new Array<Buffer>(key.length).fill(key)), key.length);
  const saltTimes = 16 + (digest[0] ?? 0);
  const saltSequence = stretch(sha512(...new Array<Buffer>(saltTimes).fill(salt)), salt.length);
  for (let round = 0; round < rounds; round += 1) {
    const isOdd = round % 2 === 1;
    digest = sha512(
      isOdd ? keySequence : digest,
      ...(round % 3 === 0 ? [] : [saltSequence]),
      ...(round % 7 === 0 ? [] : [keySequence]),
      isOdd ? digest : keySequence,
    );
  }
  erase(inner, keySequence);
  return digest;
}

/** Returns the bits of a length from the lowest to the highest that is set. */
function bitsOf(length: number): boolean[] {
  const bits: boolean[] = [];
  for (let rest = length; rest > 0; rest >>= 1) bits.push((rest & 1) === 1);
  return bits;
}

/** Repeats a digest up to a length. */
function stretch(digest: Buffer, length: number): Buffer {
  return Buffer.alloc(length, digest);
}

/** Step 22: three bytes give four characters, the lowest six bits first. The last byte gives two characters. */
function encode(digest: Buffer): string {
  let [high, middle, low] = [0, 21, 42];
  let text = '';
  for (let group = 0; group < 21; group += 1) {
    text += characters(((digest[high] ?? 0) << 16) | ((digest[middle] ?? 0) << 8) | (digest[low] ?? 0), 4);
    [high, middle, low] = [middle + 1, low + 1, high + 1];
  }
  return text + characters(digest[63] ?? 0, 2);
}

function characters(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => alphabet.charAt((value >> (6 * index)) & 63)).join('');
}
