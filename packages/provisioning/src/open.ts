import { compactDecrypt } from 'jose';
import type { KeyObject } from 'node:crypto';
import { isDocument, sectionNames, type ProvisioningDocument } from './document.ts';
import { decodeBase64url } from './guest-items.ts';
import { verifyText, type PublicKey } from './rsa-keys.ts';
import { jweAlgorithms, protectedHeader, signedText, type Addressee } from './seal.ts';

/** The codes of refused documents. */
export const refusalCodes = [
  'version',
  'form',
  'signature',
  'wrong-vm',
  'wrong-operation',
  'wrong-epoch',
  'wrong-nonce',
  'wrong-key',
  'header',
  'decryption',
  'document',
  'section',
  'completed',
] as const;

/** The code of a refused document. */
export type RefusalCode = (typeof refusalCodes)[number];

/** The guest's side of an operation. */
export interface Opener extends Addressee {
  readonly privateKey: KeyObject;
  /** At most two. */
  readonly trusted: readonly PublicKey[];
  /** Operations that the guest has completed. */
  readonly completed: readonly string[];
}

/** The result of opening a sealed text. */
export type Opened =
  | { readonly kind: 'opened'; readonly plaintext: Uint8Array; readonly document: ProvisioningDocument }
  | { readonly kind: 'refused'; readonly code: RefusalCode };

const refused = (code: RefusalCode): Opened => ({ kind: 'refused', code });

/** Opens a sealed text as a guest does, with its checks in their order. */
export async function open(text: string, opener: Opener): Promise<Opened> {
  const parts = text.split('.');
  const signature = decodeBase64url(parts[5] ?? '');
  if (parts.length !== 6 || signature === null || parts.some((part) => decodeBase64url(part) === null)) {
    return refused('form');
  }
  const jwe = parts.slice(0, 5).join('.');
  const signer = opener.trusted.find((key) => verifyText(signedText(jwe), signature, key));
  if (signer === undefined) return refused('signature');
  const mismatch = headerProblem(parts[0] ?? '', opener, signer.digest);
  if (mismatch !== null) return refused(mismatch);
  const plaintext = await decrypt(jwe, opener.privateKey);
  return plaintext === null ? refused('decryption') : readPlaintext(plaintext, opener);
}

function headerProblem(encoded: string, opener: Opener, kid: string): RefusalCode | null {
  const given = Buffer.from(encoded, 'base64url').toString();
  const expected = protectedHeader(opener, kid);
  if (given === JSON.stringify(expected)) return null;
  const members = {
    vm: 'wrong-vm',
    op: 'wrong-operation',
    epoch: 'wrong-epoch',
    nonce: 'wrong-nonce',
    spki: 'wrong-key',
  } as const;
  for (const [member, code] of Object.entries(members)) {
    const value = expected[member as keyof typeof members];
    if (!given.includes(`,"${member}":${JSON.stringify(value)},`)) return code;
  }
  return 'header';
}

async function decrypt(jwe: string, privateKey: KeyObject): Promise<Uint8Array | null> {
  try {
    const { plaintext } = await compactDecrypt(jwe, privateKey, {
      keyManagementAlgorithms: [jweAlgorithms.alg],
      contentEncryptionAlgorithms: [jweAlgorithms.enc],
    });
    return plaintext;
  } catch {
    // One code for all failures: separate codes would be a padding oracle.
    return null;
  }
}

function readPlaintext(plaintext: Uint8Array, { operation, completed }: Opener): Opened {
  const value = parse(plaintext);
  if (value === null) return refused('document');
  const known: readonly string[] = ['version', 'reportKey', ...sectionNames];
  if (Object.keys(value).some((member) => !known.includes(member))) return refused('section');
  if (!isDocument(value)) return refused('document');
  if (completed.includes(operation)) return refused('completed');
  return { kind: 'opened', plaintext, document: value };
}

function parse(plaintext: Uint8Array): object | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(plaintext));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
