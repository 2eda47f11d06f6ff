import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';

/** PUBLICKEYSTRUC, RSAPUBKEY and the magic "RSA1" of a PUBLICKEYBLOB (MS-PSRP 2.2.2.3). */
const publicKeyHeader = Buffer.from('06020000' + '00a40000' + '52534131', 'hex');

/** PUBLICKEYSTRUC of a SIMPLEBLOB: an AES-256 key for RSA key exchange (MS-PSRP 2.2.2.4). */
const simpleBlobHeader = Buffer.from('01020000' + '10660000' + '00a40000', 'hex');

const keyBytes = 256;

/**
 * Creates the response to PUBLIC_KEY: a new session key for secure strings, encrypted for the client; undefined if the
 * public key is unusable. Without a response, clients wait and then abandon their pool. The session key is discarded at
 * once: the commands of this server accept no secure strings, and a pipeline that passes one fails.
 */
export function encryptedSessionKey(publicKey: string): string | undefined {
  const blob = Buffer.from(publicKey, 'base64');
  const header = publicKeyHeader.length + 8;
  if (blob.length !== header + keyBytes) return undefined;
  if (!blob.subarray(0, publicKeyHeader.length).equals(publicKeyHeader)) return undefined;
  const exponent = Buffer.alloc(4);
  exponent.writeUInt32BE(blob.readUInt32LE(publicKeyHeader.length + 4));
  // The numbers in the blob are little-endian.
  const modulus = Buffer.from(blob.subarray(header)).reverse();
  try {
    const key = createPublicKey({
      key: { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') },
      format: 'jwk',
    });
    const encrypted = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, randomBytes(32));
    return Buffer.concat([simpleBlobHeader, encrypted.reverse()]).toString('base64');
  } catch {
    return undefined;
  }
}
