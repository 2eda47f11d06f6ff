import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** The cost of a hash. */
interface Cost {
  /** Memory in KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** The minimum of OWASP ASVS 5.0, appendix C, for argon2id with two passes. */
const usualCost: Cost = { memory: 19_456, passes: 2, lanes: 1 };
/** The maximum cost of a hash in a file, so that a wrong value cannot exhaust the machine. */
const maxCost: Cost = { memory: 262_144, passes: 10, lanes: 8 };
const saltBytes = 16;
const hashBytes = 32;

const format =
  /^\$argon2id\$v=19\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,3})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;

interface Parts extends Cost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Returns the argon2id hash of a password in PHC string format, which contains salt and cost. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await compute(password, { ...usualCost, salt }, hashBytes);
  const { memory, passes, lanes } = usualCost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${lanes}$${base64(salt)}$${base64(hash)}`;
}

/** Returns whether a text is a hash that `matchesPassword` accepts. */
export function isPasswordHash(text: string): boolean {
  return partsOf(text) !== undefined;
}

/** Compares a password with a stored hash. @throws TypeError if the text is not a hash. */
export async function matchesPassword(password: string, stored: string): Promise<boolean> {
  const parts = partsOf(stored);
  if (parts === undefined) throw new TypeError('The text is not a password hash.');
  return timingSafeEqual(await compute(password, parts, parts.hash.length), parts.hash);
}

function partsOf(text: string): Parts | undefined {
  const [, memory, passes, lanes, salt = '', hash = ''] = format.exec(text) ?? [];
  const parts = {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
  const isCostValid =
    // RFC 9106, 3.1: at least 8 KiB for each lane.
    parts.memory >= 8 * parts.lanes &&
    parts.memory <= maxCost.memory &&
    parts.passes >= 1 &&
    parts.passes <= maxCost.passes &&
    parts.lanes >= 1 &&
    parts.lanes <= maxCost.lanes;
  return isCostValid ? parts : undefined;
}

function compute(
  password: string,
  { memory, passes, lanes, salt }: Cost & { readonly salt: Buffer },
  length: number,
): Promise<Buffer> {
  return derive('argon2id', {
    // The same letter has several encodings, depending on the keyboard (NIST SP 800-63B, 3.1.1.2).
    message: password.normalize('NFKC'),
    nonce: salt,
    memory,
    passes,
    parallelism: lanes,
    tagLength: length,
  });
}

/** PHC strings have no padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
